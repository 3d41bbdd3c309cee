/** The WebSocket side of the port: upgrade, keep-alive, close. */
import type { IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';
import { CloseCode, GRAPHQL_TRANSPORT_WS_PROTOCOL, handleProtocols } from 'graphql-ws';
import { type RawData, WebSocket, WebSocketServer } from 'ws';
import type { RequestLog } from '../../observability/logger.ts';
import type { TracedSpan } from '../../observability/tracing.ts';
import { TokenBucket, type TokenBucketLimits } from '../../shared/token-bucket.ts';
import { staggered } from '../core/staggered.ts';
import type { Release } from '../limits/connection-limits.ts';
import { GraphqlSocket, type GraphqlSocketParts } from './graphql-ws.ts';
import { SERVICE_RESTART, SocketWriter, TOO_MUCH } from './socket-writer.ts';

/** A peer that does not answer a ping before the next one is disconnected. */
const PING_MS = 12_000;
/** Sockets are pinged in so many parts of that time: all at once would block the event loop. */
const TURNS = 12;

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
  readonly span: TracedSpan | null;
  /** Called when the connection has ended, or never became a socket. */
  readonly release: Release;
  /** Null: no limit. */
  readonly rate: TokenBucketLimits | null;
}

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

/** Its listeners are methods, the same functions for all sockets: a closure would be held for each. */
class ServedSocket extends WebSocket {
  conversation!: GraphqlSocket;
  /** Null: no limit. */
  rate: TokenBucket | null = null;
  answered = true;

  /** WebSocket pings count as well, as each is answered. */
  onPing(): void {
    if (this.rate === null || this.readyState !== WebSocket.OPEN || this.rate.take(performance.now())) {
      return;
    }
    const { logger, arrival, writer } = this.conversation.facts;
    logger.info({ address: arrival.address }, 'socket closed: its client sends too many messages');
    writer.dismiss(TOO_MUCH, 'Too many messages');
  }

  onMessage(data: RawData): void {
    this.onPing();
    // Messages on a closing socket are ignored: its token may have expired.
    if (this.readyState === WebSocket.OPEN) {
      this.conversation.receive(String(data));
    }
  }

  onPong(): void {
    this.answered = true;
  }

  /** Of ws, which closes the socket itself (1009 for too large a message, 1002 for a broken frame). */
  onError(error: Error): void {
    this.conversation.facts.logger.debug({ err: error }, 'socket failed');
  }
}

export interface WsServerOptions extends GraphqlSocketParts {
  /** How long data may wait on a socket that takes none, in milliseconds. */
  readonly stallMs: number;
  /** Of one message. */
  readonly maxBytes: number;
}

export function createWsServer(options: WsServerOptions): WsServer {
  const { metrics, stallMs, maxBytes } = options;
  const server = new WebSocketServer({
    noServer: true,
    maxPayload: maxBytes,
    perMessageDeflate: false,
    handleProtocols,
    WebSocket: ServedSocket,
  });
  const turns = Array.from({ length: TURNS }, () => new Set<ServedSocket>());
  let opened = 0;
  let closed = 0;
  let pings: NodeJS.Timeout | undefined;
  let allClosed = (): void => {};

  function ping(): void {
    const turn = turns.shift() ?? new Set();
    turns.push(turn);
    for (const socket of turn) {
      if (socket.answered) {
        socket.answered = false;
        socket.ping();
      } else {
        socket.terminate();
      }
    }
  }

  function leave(socket: ServedSocket): void {
    closed += 1;
    metrics.sockets.dec();
    for (const turn of turns) {
      turn.delete(socket);
    }
    socket.conversation.leave();
    if (opened === closed) {
      clearInterval(pings);
      pings = undefined;
      allClosed();
    }
  }

  function onClose(this: WebSocket): void {
    leave(this as ServedSocket);
  }

  function serve(socket: ServedSocket, { stream, request, address, requestId, logger, span, rate }: Upgrade): void {
    const writer = new SocketWriter({ socket, stream, stallMs, metrics, logger, address });
    const arrival = { transport: 'websocket', address, requestId } as const;
    socket.conversation = new GraphqlSocket(options, { arrival, logger, span, writer }, request.headers);
    socket.rate = rate === null ? null : new TokenBucket(rate, performance.now());
    metrics.sockets.inc();
    turns[opened % TURNS]?.add(socket);
    opened += 1;
    pings ??= setInterval(ping, PING_MS / TURNS);
    socket.on('message', socket.onMessage);
    socket.on('ping', socket.onPing);
    socket.on('pong', socket.onPong);
    socket.on('error', socket.onError);
    socket.on('close', onClose);
    if (socket.protocol !== GRAPHQL_TRANSPORT_WS_PROTOCOL) {
      writer.dismiss(CloseCode.SubprotocolNotAcceptable, 'Subprotocol not acceptable');
    }
  }

  return {
    upgrade(upgrade) {
      const { request, stream, head, release } = upgrade;
      // Not `once`, whose wrapper would be held for each: further calls do nothing.
      stream.on('close', release);
      server.handleUpgrade(request, stream, head, (socket) => serve(socket, upgrade));
    },
    async restart(spreadMs) {
      const close = (client: WebSocket): void =>
        (client as ServedSocket).conversation.facts.writer.close(SERVICE_RESTART, 'Service restart');
      await staggered([...server.clients], spreadMs, close);
      if (opened > closed) {
        await new Promise<void>((resolve) => {
          allClosed = resolve;
        });
      }
    },
    terminate() {
      for (const client of server.clients) {
        client.terminate();
      }
    },
  };
}
