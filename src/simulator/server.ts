import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Authenticator } from './auth/authenticate.ts';
import { answerControl, isControlPath } from './control.ts';
import { ApiError, errorReply, type Reply } from './core/api-error.ts';
import { type InFlight, type RecordedRequest, RequestLog } from './core/request-log.ts';
import { Faults } from './faults.ts';
import { answerRequest, type ExchangeObserver, type Parts } from './pipeline.ts';
import {
  DEFAULT_CREDENTIAL,
  SIMULATOR_TOKEN,
  type SimulatorCredential,
  type SimulatorToken,
} from './world/identity.ts';
import { World, type WorldOptions } from './world/world.ts';

export interface SimulatorOptions extends WorldOptions {
  /** Default 127.0.0.1. */
  readonly host?: string;
  /** Default 0: a free one. */
  readonly port?: number;
  /** Default: the obviously fake pair of simulator/world/identity.ts. */
  readonly credentials?: readonly SimulatorCredential[];
  /** Default: the fake token of simulator/world/identity.ts, scoped to `projectId`. */
  readonly tokens?: readonly SimulatorToken[];
  /** What DELETE answers; default 204. */
  readonly deleteStatus?: 200 | 202 | 204;
  /** Offers `/_simulator/…` without authentication; default false. */
  readonly control?: boolean;
  /** Seed of the generator behind `probability`; default 1. */
  readonly faultSeed?: number;
  /** How many requests are kept in `requests`; default 10,000. */
  readonly recordedRequests?: number;
  /** Sees every request to the API and its answer, for checks; not those to `/_simulator/…`. */
  readonly onExchange?: ExchangeObserver;
}

export interface Simulator {
  /** Without a trailing slash. */
  readonly url: string;
  readonly port: number;
  readonly world: World;
  readonly faults: Faults;
  /** Everything that came in, oldest first; grows in place. */
  readonly requests: readonly RecordedRequest[];
  readonly inFlight: InFlight;
  /** Resolves once `condition` holds; checked at every arrival, fault and answer. */
  until(condition: (requests: readonly RecordedRequest[]) => boolean): Promise<void>;
  clearRequests(): void;
  /** From now on IAM and the API know this token. */
  issueToken(token: SimulatorToken): void;
  /** From now on neither does any more. */
  revokeToken(token: string): void;
  /** Cuts every connection and ends every waiting request. */
  close(): Promise<void>;
}

/** The gateway takes bodies up to 12 MB (NOTES.md, "Hosts, identity"). */
const MAX_BODY = 12 * 1024 * 1024;

export async function startSimulator(options: SimulatorOptions = {}): Promise<Simulator> {
  const world = new World(options);
  const stopping = new AbortController();
  const parts: Parts = {
    world,
    faults: new Faults(options.faultSeed ?? 1),
    log: new RequestLog(options.recordedRequests ?? 10_000),
    authenticator: new Authenticator(
      world,
      options.credentials ?? [DEFAULT_CREDENTIAL],
      options.tokens ?? [{ token: SIMULATOR_TOKEN, projectId: world.projectId }],
    ),
    deleteStatus: options.deleteStatus ?? 204,
    onExchange: options.onExchange,
    signal: stopping.signal,
  };
  const server = createServer((request, response) => {
    // Reading fails when the client disconnects early: no answer can reach it.
    serve(parts, options.control ?? false, request, response).catch(() => request.socket.destroy());
  });
  server.keepAliveTimeout = 60_000;
  const host = options.host ?? '127.0.0.1';
  server.listen(options.port ?? 0, host);
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://${host.includes(':') ? `[${host}]` : host}:${port}`,
    port,
    world,
    faults: parts.faults,
    requests: parts.log.requests,
    inFlight: parts.log,
    until: (condition) => parts.log.until(condition),
    clearRequests: () => parts.log.clear(),
    issueToken: (token) => parts.authenticator.issue(token),
    revokeToken: (token) => parts.authenticator.revoke(token),
    close: async () => {
      if (stopping.signal.aborted) return;
      stopping.abort();
      const closed = once(server, 'close');
      server.close();
      server.closeAllConnections();
      await closed;
    },
  };
}

async function serve(
  parts: Parts,
  control: boolean,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const body = await readBody(request);
  const { url = '/', method = 'GET' } = request;
  if (body === null) {
    const tooLarge = new ApiError(413, 'APIGW.0201', 'The request body is too large.');
    send(parts, response, errorReply(tooLarge, 'oversized'), 'oversized');
  } else if (control && isControlPath(url)) {
    send(parts, response, answerControl(parts, method, url, body), 'control');
  } else {
    const whenClosed = (gone: () => void): unknown => response.once('close', gone);
    const wire = { method, url, headers: headersOf(request), body };
    const { requestId, reply } = await answerRequest(parts, wire, whenClosed);
    if (reply === null) request.socket.resetAndDestroy();
    else if (parts.signal.aborted) request.socket.destroy();
    else send(parts, response, reply, requestId);
  }
}

function send(parts: Parts, response: ServerResponse, reply: Reply, requestId: string): void {
  response.statusCode = reply.status;
  // Callers correct their clock by this one.
  response.setHeader('Date', new Date(parts.world.clock.now()).toUTCString());
  response.setHeader('X-Request-Id', requestId);
  if (reply.contentType !== undefined) response.setHeader('Content-Type', reply.contentType);
  if (reply.retryAfter !== undefined) response.setHeader('Retry-After', reply.retryAfter);
  response.end(reply.text);
}

/** Null when it is too large; the rest is still read, so that the client can read the answer. */
async function readBody(request: IncomingMessage): Promise<Buffer | null> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (size <= MAX_BODY) chunks.push(chunk);
  }
  return size > MAX_BODY ? null : Buffer.concat(chunks);
}

function headersOf(request: IncomingMessage): Record<string, string> {
  const headers: Record<string, string> = {};
  for (const [name, value] of Object.entries(request.headers)) {
    if (value !== undefined) headers[name] = Array.isArray(value) ? value.join(', ') : value;
  }
  return headers;
}
