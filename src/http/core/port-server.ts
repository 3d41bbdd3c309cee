/** How long a client may take with a request, how large its head may be, and how many connections there may be. */
import { createServer, type IncomingMessage, type RequestListener, type Server } from 'node:http';
import { HttpRequest, HttpResponse, refuse } from './http-exchange.ts';

/** Milliseconds. */
export interface PatienceOptions {
  /** For the head of a request, also on a new connection that sends nothing. */
  readonly headMs: number;
  /** For a request with its body (at most 1 MiB). */
  readonly requestMs: number;
  /** Between two requests. Longer than load balancers keep idle connections (60 s), so that they close them first. */
  readonly idleMs: number;
  /** For a client that reads nothing of its answer. Streams have a heartbeat of 12 s; WebSockets have their own limit. */
  readonly stallMs: number;
  /** Between two checks of these limits. */
  readonly checkMs: number;
}

const PATIENCE: PatienceOptions = {
  headMs: 10_000,
  requestMs: 30_000,
  idleMs: 65_000,
  stallMs: 120_000,
  checkMs: 2_000,
};
const MAX_HEAD_BYTES = 16 * 1024;
const MAX_HEADERS = 100;

interface PortOptions {
  readonly patience?: Partial<PatienceOptions> | undefined;
  /** Beyond it new connections are closed without an answer. Null: no limit. */
  readonly maxConnections: number | null;
}

export function createPortServer(
  { patience, maxConnections }: PortOptions,
  listener: RequestListener<typeof IncomingMessage, typeof HttpResponse>,
): Server {
  const { headMs, requestMs, idleMs, stallMs, checkMs } = { ...PATIENCE, ...patience };
  const server = createServer(
    {
      IncomingMessage: HttpRequest,
      ServerResponse: HttpResponse,
      headersTimeout: headMs,
      requestTimeout: requestMs,
      keepAliveTimeout: idleMs,
      connectionsCheckingInterval: checkMs,
      maxHeaderSize: MAX_HEAD_BYTES,
      // Otherwise Node.js drops the second of two Authorization headers.
      joinDuplicateHeaders: true,
    },
    (request, response) => {
      if (request.rawHeaders.length > 2 * MAX_HEADERS) {
        response.setHeader('connection', 'close');
        refuse(response, { status: 431, code: 'BAD_REQUEST', message: `A request may have ${MAX_HEADERS} headers` });
        return;
      }
      listener(request, response);
    },
  );
  // Node.js would drop the headers beyond a limit; the listener above refuses the request instead.
  server.maxHeadersCount = 0;
  server.timeout = stallMs;
  if (maxConnections !== null) {
    server.maxConnections = maxConnections;
  }
  return server;
}
