/** Which requests become WebSockets, and the answer to those that may not. */
import { IncomingMessage, type ServerResponse, STATUS_CODES } from 'node:http';
import type { Duplex } from 'node:stream';
import type { Arrival } from '../../graphql/core/context.ts';
import type { ErrorCode } from '../../graphql/errors/error-codes.ts';
import type { Logger } from '../../observability/logger.ts';

const ALWAYS = {
  'x-content-type-options': 'nosniff',
  'referrer-policy': 'no-referrer',
  'cache-control': 'no-store',
} as const;

/** Set before anything can answer, so that every answer has them. */
export function setSecurityHeaders(response: ServerResponse): void {
  for (const [name, value] of Object.entries(ALWAYS)) {
    response.setHeader(name, value);
  }
}

export function sendText(response: ServerResponse, status: number, type: string, body: string): void {
  response.writeHead(status, { 'content-type': type, 'content-length': Buffer.byteLength(body) });
  response.end(body);
}

export function sendJson(response: ServerResponse, status: number, body: unknown): void {
  sendText(response, status, 'application/json; charset=utf-8', `${JSON.stringify(body)}\n`);
}

/** The caller has caused, or holds, as much as it may. */
export function sendTooMany(response: ServerResponse, message: string, retryAfterSeconds: number): void {
  response.setHeader('retry-after', retryAfterSeconds);
  const extensions = { code: 'RATE_LIMITED' satisfies ErrorCode, retryable: true, retryAfterSeconds };
  sendJson(response, 429, { errors: [{ message, extensions }] });
}

/** Faults of the HTTP layer have the shape of GraphQL errors: clients need one reader only. */
export function sendError(response: ServerResponse, status: number, code: ErrorCode, message: string): void {
  // Whatever is answered with 503 here passes: a shutdown, a full table, an issuer that is away.
  sendJson(response, status, { errors: [{ message, extensions: { code, retryable: status === 503 } }] });
}

/** One request with its answer. */
export interface Exchange {
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
  /** Query with its question mark, or ''. */
  readonly search: string;
  /** Of the client, as far as proxies can be trusted to know it (http/request/client-address.ts). */
  readonly address: string;
  readonly logger: Logger;
  readonly requestId: string;
}

export function arrivalOf(
  { response, address, requestId }: Exchange,
  transport: Exclude<Arrival['transport'], 'websocket'>,
): Arrival {
  const tell = (headers: Readonly<Record<string, string>>): void => {
    if (response.headersSent) return;
    for (const [name, value] of Object.entries(headers)) response.setHeader(name, value);
  };
  return { transport, address, requestId, tell };
}

type Method = 'GET' | 'POST' | 'PUT' | 'DELETE';

export type Handler = (exchange: Exchange) => void | Promise<void>;

export interface Route {
  /** By method. HEAD goes with GET where nothing is posted: for pages and probes. */
  readonly methods: Readonly<Partial<Record<Method, Handler>>>;
  /** Answers whatever name the Host header has. */
  readonly anyHost?: boolean;
}

export type Routes = ReadonlyMap<string, Route>;

function isMethod(method: string | undefined): method is Method {
  return method === 'GET' || method === 'POST' || method === 'PUT' || method === 'DELETE';
}

function takesHead(route: Route): boolean {
  return route.methods.GET !== undefined && route.methods.POST === undefined;
}

export function allowedMethods(route: Route): string {
  return [...Object.keys(route.methods), ...(takesHead(route) ? ['HEAD'] : []), 'OPTIONS'].join(', ');
}

export async function dispatch(route: Route | undefined, exchange: Exchange): Promise<void> {
  const { request, response } = exchange;
  if (route === undefined) {
    sendError(response, 404, 'NOT_FOUND', 'There is nothing here; the API is at /graphql');
    return;
  }
  const method = request.method === 'HEAD' && takesHead(route) ? 'GET' : request.method;
  const handler = isMethod(method) ? route.methods[method] : undefined;
  if (handler === undefined) {
    response.setHeader('allow', allowedMethods(route));
    sendError(response, 405, 'BAD_REQUEST', 'This address does not take that method');
    return;
  }
  await handler(exchange);
}

/** RFC 6455 4.2.1. `ws` checks the values of the key and the version, and names what is wrong with them. */
function isHandshake({ method, httpVersion, headers }: IncomingMessage): boolean {
  return (
    method === 'GET' &&
    httpVersion === '1.1' &&
    headers.upgrade?.toLowerCase() === 'websocket' &&
    headers['sec-websocket-key'] !== undefined &&
    (headers['content-length'] ?? '0') === '0' &&
    headers['transfer-encoding'] === undefined
  );
}

/**
 * Node.js hands a request over to `upgrade` listeners when this property is true. Clients also offer h2c and TLS, which
 * a server that does not take them ignores (RFC 9110 7.8). See docs/decisions/0017-upgrade-offers.md.
 */
export class HttpRequest extends IncomingMessage {
  /** By the parser: `Upgrade` with `Connection: upgrade`, or CONNECT. Not `#`: the base constructor sets `upgrade`. */
  offered = false;

  get upgrade(): boolean {
    return this.offered && (this.method === 'CONNECT' || isHandshake(this));
  }

  set upgrade(offered: boolean | null) {
    this.offered = offered === true;
  }
}

export interface UpgradeRefusal {
  readonly status: number;
  readonly code: ErrorCode;
  readonly message: string;
  /** When trying again can help; undefined: it is not known for a 503, and never for others. */
  readonly retryAfterSeconds?: number;
}

/** Answers an upgrade request that is not let through: there is no ServerResponse yet, so by hand. */
export function refuseUpgrade(socket: Duplex, { status, code, message, retryAfterSeconds }: UpgradeRefusal): void {
  const later =
    retryAfterSeconds === undefined ? { retryable: status === 503 } : { retryable: true, retryAfterSeconds };
  const body = `${JSON.stringify({ errors: [{ message, extensions: { code, ...later } }] })}\n`;
  socket.on('error', () => socket.destroy());
  socket.end(
    [
      `HTTP/1.1 ${status} ${STATUS_CODES[status] ?? ''}`,
      'connection: close',
      'content-type: application/json; charset=utf-8',
      `content-length: ${Buffer.byteLength(body)}`,
      'vary: Origin',
      ...(retryAfterSeconds === undefined ? [] : [`retry-after: ${retryAfterSeconds}`]),
      '',
      body,
    ].join('\r\n'),
  );
}
