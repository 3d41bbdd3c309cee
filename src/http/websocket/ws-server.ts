/** The WebSocket side of the port: upgrade, keep-alive, close. */
import type { IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { CloseCode, handleProtocols, type Server } from 'graphql-ws';
import { type RawData, type WebSocket, WebSocketServer } from 'ws';
import type { Logger } from '../../observability/logger.ts';
import type { Metrics } from '../../observability/metrics.ts';
import { TokenBucket, type TokenBucketLimits } from '../../shared/token-bucket.ts';
import { inTurn } from '../core/staggered.ts';
import type { Release } from '../limits/connection-limits.ts';
import { OperationTracker } from '../operation/tracking.ts';
import { SocketSession, type SocketSessionParts } from './socket-session.ts';
import { dismiss, Outlet, SERVICE_RESTART, TOO_MUCH } from './socket-writer.ts';

/** A peer that does not answer a ping within the next interval is gone. */
const PING_MS = 12_000;

/** A request that has been let through, and is to become a WebSocket. */
interface Upgrade {
  readonly request: IncomingMessage;
  /** The connection of the request. */
  readonly stream: Duplex;
  /** What has been read beyond the request. */
  readonly head: Buffer;
  /** Of the client, as far as proxies can be trusted to know it. */
  readonly address: string;
  readonly requestId: string;
  readonly logger: Logger;
  /** Called when the connection has ended, or never became a socket. */
  readonly release: Release;
  /** Null: as many messages as the client likes. */
  readonly rate: TokenBucketLimits | null;
}

/** What graphql-ws throws when a client sends `next`, `error` or `connection_ack`: no fault of ours. */
const SERVERS_WORDS = /^Unexpected message of type /;

export interface WsServer {
  upgrade(upgrade: Upgrade): void;
  /**
   * Tells every client to come back, one after the other within `spreadMs`, so that they do not all arrive elsewhere at
   * the same moment. Resolves when all sockets are closed and their operations have ended; refuses
   * nothing by itself: the HTTP side stops upgrading.
   */
  restart(spreadMs: number): Promise<void>;
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

/**
 * Lets what a `complete` ends come to its end before the next message is looked at: graphql-ws would take the end of the
 * old operation for that of a new one with the same id, when both messages arrive together.
 */
function settlingCompletes(receive: (text: string) => void): (data: RawData) => void {
  let settled: Promise<void> | undefined;
  return (data) => {
    const text = String(data);
    const before = settled;
    if (before === undefined) {
      receive(text);
    } else {
      void before.then(() => receive(text));
    }
    if (!text.includes('"complete"')) {
      return;
    }
    const after = (before ?? Promise.resolve()).then(nextTurn).then(() => {
      if (settled === after) {
        settled = undefined;
      }
    });
    settled = after;
  };
}

/** Pings of the protocol count as well: each is answered. */
function limitRate(socket: WebSocket, limits: TokenBucketLimits | null, onExcess: () => void): void {
  if (limits === null) {
    return;
  }
  const rate = new TokenBucket(limits, performance.now());
  const count = (): void => {
    if (socket.readyState === socket.OPEN && !rate.take(performance.now())) {
      onExcess();
    }
  };
  socket.on('message', count);
  socket.on('ping', count);
}

/** @returns a promise that resolves when the socket is closed and everything that it held is released. */
function serve(
  options: WsServerOptions,
  socket: WebSocket,
  { stream, request, address, requestId, logger, rate }: Upgrade,
): Promise<void> {
  const { server, metrics } = options;
  const operations = new OperationTracker(metrics, logger);
  const close = (code: number, reason: string): void => dismiss(socket, code, reason);
  const fail = (error: unknown): void => {
    if (error instanceof Error && SERVERS_WORDS.test(error.message)) {
      socket.close(CloseCode.BadRequest, 'Only a server sends messages of this type');
      return;
    }
    logger.error({ err: error }, 'message handling failed');
    close(CloseCode.InternalServerError, 'Internal server error');
  };
  const outlet = new Outlet({
    socket,
    stream,
    stallMs: options.stallMs,
    onSlow: (reason) => {
      metrics.slowSockets.inc();
      logger.info({ reason }, 'a client does not keep up: its socket is closed');
    },
  });
  metrics.sockets.inc();
  const stopPings = keepAlive(socket);
  const arrival = { transport: 'websocket', address, requestId } as const;
  const session = new SocketSession(options.session, { request, arrival, logger, outlet, operations, close });
  limitRate(socket, rate, () => {
    logger.info({ address }, 'a client sends too many messages: its socket is closed');
    close(TOO_MUCH, 'Too many messages');
  });
  const closed = server.opened(
    {
      protocol: socket.protocol,
      send: (data) => outlet.send(data),
      close,
      // The protocol lets a client send null for nothing.
      onPing: (payload) => session.ping(payload ?? undefined),
      onMessage: (receive) => {
        socket.on(
          'message',
          settlingCompletes((text) => {
            // What a client still sends to a socket that is being closed is not done: its token may have ended.
            if (socket.readyState === socket.OPEN) void receive(text).catch(fail);
          }),
        );
      },
    },
    session,
  );
  // ws closes the socket itself (1009 for too large a message, 1002 for a broken frame).
  socket.on('error', (error) => logger.debug({ err: error }, 'socket failed'));
  return new Promise((resolve) => {
    socket.once('close', (code, reason) => {
      stopPings();
      metrics.sockets.dec();
      session.leave();
      operations.endAll();
      closed(code, String(reason))
        .catch((error: unknown) => logger.error({ err: error }, 'ending a socket failed'))
        .finally(resolve);
    });
  });
}

export interface WsServerOptions {
  readonly server: Server<SocketSession>;
  readonly session: SocketSessionParts;
  readonly metrics: Metrics;
  /** How long data may wait on a socket that takes none, in milliseconds. */
  readonly stallMs: number;
  /** Of one message. */
  readonly maxBytes: number;
}

export function createWsServer(options: WsServerOptions): WsServer {
  const sockets = new WebSocketServer({
    noServer: true,
    maxPayload: options.maxBytes,
    perMessageDeflate: false,
    handleProtocols,
  });
  const served = new Set<Promise<void>>();
  return {
    upgrade(upgrade) {
      const { request, stream, head, release } = upgrade;
      stream.once('close', release);
      sockets.handleUpgrade(request, stream, head, (socket) => {
        const end = serve(options, socket, upgrade).finally(() => served.delete(end));
        served.add(end);
      });
    },
    async restart(spreadMs) {
      await inTurn([...sockets.clients], spreadMs, (client) => client.close(SERVICE_RESTART, 'Service restart'));
      await Promise.all(served);
    },
    terminate() {
      for (const client of sockets.clients) {
        client.terminate();
      }
    },
  };
}
