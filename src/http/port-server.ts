/** The port itself: how long a client may take with a request, how large its head may be, and how many there may be. */
import { createServer, type RequestListener, type Server } from 'node:http';
import { sendError } from './core/respond.ts';
import { HttpRequest } from './core/upgrade.ts';

/** Milliseconds. */
export interface PatienceOptions {
  /** For the head of a request, also for the first one of a connection that says nothing. */
  readonly headMs: number;
  /** For a request with its body (at most 1 MiB). */
  readonly requestMs: number;
  /** Between two requests. Longer than load balancers keep idle connections (60 s), so that it is they that close them. */
  readonly idleMs: number;
  /** For a client that takes nothing of its answer. Streams send something every 12 s; WebSockets have a limit of their own. */
  readonly stallMs: number;
  /** How late all this may be noticed. */
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

export interface PortOptions {
  readonly patience?: Partial<PatienceOptions> | undefined;
  /** Null: as many connections as the system gives. Beyond that new ones are closed without an answer. */
  readonly maxConnections: number | null;
}

export function createPortServer({ patience, maxConnections }: PortOptions, listener: RequestListener): Server {
  const { headMs, requestMs, idleMs, stallMs, checkMs } = { ...PATIENCE, ...patience };
  const server = createServer(
    {
      IncomingMessage: HttpRequest,
      headersTimeout: headMs,
      requestTimeout: requestMs,
      keepAliveTimeout: idleMs,
      connectionsCheckingInterval: checkMs,
      maxHeaderSize: MAX_HEAD_BYTES,
      // Otherwise the second of two Authorization headers would go unseen.
      joinDuplicateHeaders: true,
    },
    (request, response) => {
      if (request.rawHeaders.length > 2 * MAX_HEADERS) {
        response.setHeader('connection', 'close');
        sendError(response, 431, 'BAD_REQUEST', `A request may have ${MAX_HEADERS} headers`);
        return;
      }
      listener(request, response);
    },
  );
  // Node would drop what comes beyond a limit without a word: better to refuse the request.
  server.maxHeadersCount = 0;
  server.timeout = stallMs;
  if (maxConnections !== null) {
    server.maxConnections = maxConnections;
  }
  return server;
}
