/** A request with its response: its address and id, routes, refusals, and which requests become WebSockets. */
import { randomUUID } from 'node:crypto';
import {
  IncomingMessage,
  type OutgoingHttpHeader,
  type OutgoingHttpHeaders,
  ServerResponse,
  STATUS_CODES,
} from 'node:http';
import type { Duplex } from 'node:stream';
import type { Arrival } from '../../graphql/core/context.ts';
import type { ErrorCode } from '../../graphql/errors/error-codes.ts';
import type { RequestLog } from '../../observability/logger.ts';
import type { Metrics } from '../../observability/metrics.ts';
import type { TracedSpan } from '../../observability/tracing.ts';

const REQUEST_ID = /^[A-Za-z0-9._-]{1,64}$/;

export function requestId(request: IncomingMessage): string {
  const given = request.headers['x-request-id'];
  return typeof given === 'string' && REQUEST_ID.test(given) ? given : randomUUID();
}

export function splitUrl(url: string): { readonly path: string; readonly search: string } {
  const mark = url.indexOf('?');
  return mark === -1 ? { path: url, search: '' } : { path: url.slice(0, mark), search: url.slice(mark) };
}

/** Name after name, each with its value. */
type FlatHeaders = readonly string[];

const ALWAYS: FlatHeaders = [
  ...['x-content-type-options', 'nosniff'],
  ...['referrer-policy', 'no-referrer'],
  ...['cache-control', 'no-store'],
  ...['vary', 'Origin'],
];

type OtherHeaders = OutgoingHttpHeaders | OutgoingHttpHeader[];

/** Every answer has the common headers. They are written with the head, because `setHeader` checks each one by itself. */
export class HttpResponse<Request extends IncomingMessage = IncomingMessage> extends ServerResponse<Request> {
  #common: string[] = [...ALWAYS];

  /** Adds a common header; one that `setHeader` sets wins over it. */
  addCommon(name: string, value: string): void {
    this.#common.push(name, value);
  }

  /** The common headers and these, when `setHeader` was not called. */
  writeWholeHead(status: number, headers: FlatHeaders): void {
    super.writeHead(status, [...this.#common, ...headers]);
  }

  override writeHead(status: number, reason?: string | OtherHeaders, headers?: OtherHeaders): this {
    for (let at = 0; at < this.#common.length; at += 2) {
      const [name = '', value = ''] = this.#common.slice(at, at + 2);
      if (!this.hasHeader(name)) this.setHeader(name, value);
    }
    return typeof reason === 'string' ? super.writeHead(status, reason, headers) : super.writeHead(status, reason);
  }
}

export function sendText(response: ServerResponse, status: number, type: string, body: string): void {
  response.writeHead(status, { 'content-type': type, 'content-length': Buffer.byteLength(body) });
  response.end(body);
}

export function sendJson(response: ServerResponse, status: number, body: unknown): void {
  sendText(response, status, JSON_TYPE, `${JSON.stringify(body)}\n`);
}

/** Why a request is refused. */
export interface Refusal {
  readonly status: number;
  readonly code: ErrorCode;
  readonly message: string;
  /** Left out: unknown for a 503; other statuses are final. */
  readonly retryAfterSeconds?: number;
}

/** In the shape of GraphQL errors, so that clients need one reader only. */
function bodyOf({ status, code, message, retryAfterSeconds }: Refusal): string {
  const retry =
    retryAfterSeconds === undefined ? { retryable: status === 503 } : { retryable: true, retryAfterSeconds };
  return `${JSON.stringify({ errors: [{ message, extensions: { code, ...retry } }] })}\n`;
}

const JSON_TYPE = 'application/json; charset=utf-8';

export function refuse(response: ServerResponse, refusal: Refusal): void {
  if (refusal.retryAfterSeconds !== undefined) {
    response.setHeader('retry-after', refusal.retryAfterSeconds);
  }
  sendText(response, refusal.status, JSON_TYPE, bodyOf(refusal));
}

/** One request with its answer. */
export interface Exchange {
  readonly request: IncomingMessage;
  readonly response: HttpResponse;
  /** Query with its question mark, or ''. */
  readonly search: string;
  /** Of the client, as told by trusted proxies (http/request/client-address.ts). */
  readonly address: string;
  readonly logger: RequestLog;
  readonly requestId: string;
  /** Called when the client leaves before its answer is written. */
  onAbandoned?: () => void;
  /** The path, or a word for many; a label of metrics. */
  readonly route: string;
  /** Null: no trace is made. */
  readonly span: TracedSpan | null;
  /**
   * The answer is an event stream, which can last for hours: it was counted when it began. A field and not a callback: with one
   * V8 kept each exchange until a full collection, and collections cost five times as much.
   */
  isStream: boolean;
}

/** Counts a request whose answer is complete, or is an event stream that begins. */
export function countAnswer(
  { route, span, response }: Exchange,
  status: number | 'aborted',
  { httpRequests }: Pick<Metrics, 'httpRequests'>,
): void {
  httpRequests.inc({ route, status });
  span?.set({ 'http.response.status_code': response.statusCode });
  span?.end(status === 'aborted' || status >= 500 ? String(status) : undefined);
}

export function arrivalOf(
  { response, address, requestId }: Exchange,
  transport: Exclude<Arrival['transport'], 'websocket'>,
): Arrival {
  const tell = (headers: Readonly<Record<string, string>>): void => {
    if (response.headersSent) return;
    for (const [name, value] of Object.entries(headers)) response.addCommon(name, value);
  };
  return { transport, address, requestId, tell };
}

type Method = 'GET' | 'POST';

export type Handler = (exchange: Exchange) => void | Promise<void>;

export interface Route {
  /** By method. A route without POST (pages, probes) answers HEAD like GET. */
  readonly methods: Readonly<Partial<Record<Method, Handler>>>;
  /** Answers to any name in the Host header. */
  readonly anyHost?: boolean;
  /** In metrics; by default the path, which has to be one of few. */
  readonly label?: string;
}

export type Routes = ReadonlyMap<string, Route>;

function isMethod(method: string | undefined): method is Method {
  return method === 'GET' || method === 'POST';
}

function takesHead(route: Route): boolean {
  return route.methods.GET !== undefined && route.methods.POST === undefined;
}

export function allowedMethods(route: Route): string {
  return [...Object.keys(route.methods), ...(takesHead(route) ? ['HEAD'] : []), 'OPTIONS'].join(', ');
}

export function dispatch(route: Route | undefined, exchange: Exchange): void | Promise<void> {
  const { request, response } = exchange;
  if (route === undefined) {
    refuse(response, { status: 404, code: 'NOT_FOUND', message: 'There is nothing here; the API is at /graphql' });
    return;
  }
  const method = request.method === 'HEAD' && takesHead(route) ? 'GET' : request.method;
  const handler = isMethod(method) ? route.methods[method] : undefined;
  if (handler === undefined) {
    response.setHeader('allow', allowedMethods(route));
    refuse(response, { status: 405, code: 'BAD_REQUEST', message: 'This address does not take that method' });
    return;
  }
  return handler(exchange);
}

/** RFC 6455 4.2.1. `ws` checks the values of the key and the version. */
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
 * Node.js passes a request to `upgrade` listeners when this property is true. Clients also offer h2c and TLS, which a
 * server may ignore (RFC 9110 7.8). See docs/decisions/0017-upgrade-offers.md.
 */
export class HttpRequest extends IncomingMessage {
  /** Set by the parser for `Upgrade` with `Connection: upgrade`, or CONNECT. Not `#`: the base constructor sets `upgrade`. */
  offered = false;

  get upgrade(): boolean {
    return this.offered && (this.method === 'CONNECT' || isHandshake(this));
  }

  set upgrade(offered: boolean | null) {
    this.offered = offered === true;
  }
}

/** Answers an upgrade request that is refused. Node.js makes no ServerResponse for it. */
export function refuseUpgrade(socket: Duplex, refusal: Refusal): void {
  const { status, retryAfterSeconds } = refusal;
  const body = bodyOf(refusal);
  socket.on('error', () => socket.destroy());
  // A client can keep its side open, and Node.js has removed its timeouts.
  socket.once('finish', () => socket.destroy());
  socket.end(
    [
      `HTTP/1.1 ${status} ${STATUS_CODES[status] ?? ''}`,
      'connection: close',
      `content-type: ${JSON_TYPE}`,
      `content-length: ${Buffer.byteLength(body)}`,
      'vary: Origin',
      ...(retryAfterSeconds === undefined ? [] : [`retry-after: ${retryAfterSeconds}`]),
      '',
      body,
    ].join('\r\n'),
  );
}
