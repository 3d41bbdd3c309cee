/** The WebSocket side of the port: upgrade, keep-alive, close. */
import type { IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { CloseCode, handleProtocols, type Server } from 'graphql-ws';
import { type RawData, type WebSocket, WebSocketServer } from 'ws';
import type { RequestLog } from '../../observability/logger.ts';
import type { Metrics } from '../../observability/metrics.ts';
import { TokenBucket, type TokenBucketLimits } from '../../shared/token-bucket.ts';
import { staggered } from '../core/staggered.ts';
import type { Release } from '../limits/connection-limits.ts';
import { SocketSession, type SocketSessionParts } from './socket-session.ts';
import { dismiss, SERVICE_RESTART, SocketWriter, TOO_MUCH } from './socket-writer.ts';

/** A peer that does not answer a ping before the next one is disconnected. */
const PING_MS = 12_000;

/** An accepted upgrade request. */
interface Upgrade {
  readonly request: IncomingMessage;
  /** The connection of the request. */
  readonly stream: Duplex;
  /** Bytes read beyond the request. */
  readonly head: Buffer;
  /** Of the client, as told by trusted proxies. */
  readonly address: string;
  readonly requestId: string;
  readonly logger: RequestLog;
  /** Called when the connection has ended, or never became a socket. */
  readonly release: Release;
  /** Null: no limit. */
  readonly rate: TokenBucketLimits | null;
}

/** graphql-ws throws this when a client sends `next`, `error` or `connection_ack`. */
const SERVERS_WORDS = /^Unexpected message of type /;

export interface WsServer {
  upgrade(upgrade: Upgrade): void;
  /**
   * Closes all sockets within `spreadMs`, so that their clients do not reconnect at the same moment. Resolves when all are
   * closed and their operations have ended. New upgrades are refused by the HTTP server.
   */
  restart(spreadMs: number): Promise<void>;
  /** Ends sockets that have not closed. */
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
 * Lets an operation that a `complete` ends settle before the next message is handled: graphql-ws would take its end for
 * that of a new operation with the same id, when both messages arrive together.
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

/** WebSocket pings count as well, as each is answered. */
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
  const close = (code: number, reason: string): void => dismiss(socket, code, reason);
  const fail = (error: unknown): void => {
    if (error instanceof Error && SERVERS_WORDS.test(error.message)) {
      socket.close(CloseCode.BadRequest, 'Only a server sends messages of this type');
      return;
    }
    logger.error({ err: error }, 'message handling failed');
    close(CloseCode.InternalServerError, 'Internal server error');
  };
  const writer = new SocketWriter({
    socket,
    stream,
    stallMs: options.stallMs,
    onSlow: (reason) => {
      metrics.slowSockets.inc();
      logger.info({ reason }, 'socket closed: its client reads too slowly');
    },
  });
  metrics.sockets.inc();
  const stopPings = keepAlive(socket);
  const arrival = { transport: 'websocket', address, requestId } as const;
  const session = new SocketSession(options.session, { request, arrival, logger, writer, close });
  limitRate(socket, rate, () => {
    logger.info({ address }, 'socket closed: its client sends too many messages');
    close(TOO_MUCH, 'Too many messages');
  });
  const closed = server.opened(
    {
      protocol: socket.protocol,
      send: (data) => writer.send(data),
      close,
      // The protocol lets a client send null for nothing.
      onPing: (payload) => session.ping(payload ?? undefined),
      onMessage: (receive) => {
        socket.on(
          'message',
          settlingCompletes((text) => {
            // Messages on a closing socket are ignored: its token may have expired.
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
      await staggered([...sockets.clients], spreadMs, (client) => client.close(SERVICE_RESTART, 'Service restart'));
      await Promise.all(served);
    },
    terminate() {
      for (const client of sockets.clients) {
        client.terminate();
      }
    },
  };
}
