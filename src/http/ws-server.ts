/** The WebSocket side of the port: upgrade, keep-alive, close. */
import type { IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';
import { CloseCode, handleProtocols, type Server } from 'graphql-ws';
import { type WebSocket, WebSocketServer } from 'ws';
import type { Logger } from '../observability/logger.ts';
import type { Metrics } from '../observability/metrics.ts';
import type { SocketState } from './graphql-ws.ts';
import { OperationTracker } from './operation-tracker.ts';

const MAX_PAYLOAD = 64 * 1024;
/** A peer that does not answer a ping within the next interval is gone. */
const PING_MS = 12_000;
/** RFC 6455 registry: "service restart"; clients come back at once. */
const SERVICE_RESTART = 1012;

export interface WsServer {
  upgrade(request: IncomingMessage, socket: Duplex, head: Buffer, logger: Logger): void;
  /**
   * Tells every client to come back. Resolves when all sockets are closed and their operations have ended; refuses
   * nothing by itself: the HTTP side stops upgrading.
   */
  restart(): Promise<void>;
  /** Ends what has not closed by itself. */
  terminate(): void;
}

function keepAlive(socket: WebSocket): () => void {
  let answered = true;
  socket.on('pong', () => {
    answered = true;
  });
  const timer = setInterval(() => {
    if (!answered) {
      socket.terminate();
      return;
    }
    answered = false;
    socket.ping();
  }, PING_MS);
  return () => clearInterval(timer);
}

/** Resolves when the kernel has taken the data: that is the backpressure a stream waits on. Never rejects: a closed socket ends its streams by itself. */
function send(socket: WebSocket, data: string): Promise<void> {
  return new Promise((resolve) => {
    if (socket.readyState !== socket.OPEN) {
      resolve();
      return;
    }
    socket.send(data, () => resolve());
  });
}

interface Served {
  readonly socket: WebSocket;
  readonly request: IncomingMessage;
  readonly metrics: Metrics;
  readonly logger: Logger;
}

/** @returns a promise that resolves when the socket is closed and everything that it held is released. */
function serve(server: Server<SocketState>, { socket, request, metrics, logger }: Served): Promise<void> {
  const operations = new OperationTracker(metrics, logger);
  const fail = (error: unknown): void => {
    logger.error({ err: error }, 'message handling failed');
    socket.close(CloseCode.InternalServerError, 'Internal server error');
  };
  metrics.sockets.inc();
  const stopPings = keepAlive(socket);
  const closed = server.opened(
    {
      protocol: socket.protocol,
      send: (data) => send(socket, data),
      close: (code, reason) => socket.close(code, reason),
      onMessage: (receive) => {
        socket.on('message', (data) => {
          receive(String(data)).catch(fail);
        });
      },
    },
    { request, logger, operations, identity: null },
  );
  // ws closes the socket itself (1009 for too large a message, 1002 for a broken frame).
  socket.on('error', (error) => logger.debug({ err: error }, 'socket failed'));
  return new Promise((resolve) => {
    socket.once('close', (code, reason) => {
      stopPings();
      metrics.sockets.dec();
      operations.endAll();
      closed(code, String(reason))
        .catch((error: unknown) => logger.error({ err: error }, 'ending a socket failed'))
        .finally(resolve);
    });
  });
}

export function createWsServer(server: Server<SocketState>, metrics: Metrics): WsServer {
  const sockets = new WebSocketServer({
    noServer: true,
    maxPayload: MAX_PAYLOAD,
    perMessageDeflate: false,
    handleProtocols,
  });
  const served = new Set<Promise<void>>();
  return {
    upgrade(request, stream, head, logger) {
      sockets.handleUpgrade(request, stream, head, (socket) => {
        const end = serve(server, { socket, request, metrics, logger }).finally(() => served.delete(end));
        served.add(end);
      });
    },
    async restart() {
      for (const client of sockets.clients) {
        client.close(SERVICE_RESTART, 'Service restart');
      }
      await Promise.all(served);
    },
    terminate() {
      for (const client of sockets.clients) {
        client.terminate();
      }
    },
  };
}
