import type { Values } from './env.ts';

/** What one client may hold open, and send over it. */
export interface SocketSettings {
  /** WebSockets and event streams together. */
  readonly perCaller: number;
  readonly perAddress: number;
  /** Subscriptions on one WebSocket, or on one event stream. */
  readonly subscriptions: number;
  /** Of one WebSocket message. */
  readonly messageBytes: number;
  /** On one WebSocket. */
  readonly messagesPerSecond: number;
  readonly messageBurst: number;
  /** Of the whole process; null: as many as the system gives. */
  readonly maxConnections: number | null;
}

const MOST = 1_000_000;
/** A message is held in memory as a whole. */
const MOST_BYTES = 16 * 1024 * 1024;

/** The defaults are explained in docs/CONFIGURATION.md. */
export function readSockets(values: Values): SocketSettings {
  return {
    perCaller: values.count('MAX_SOCKETS_PER_CALLER', 1000, MOST),
    perAddress: values.count('MAX_SOCKETS_PER_ADDRESS', 1000, MOST),
    subscriptions: values.count('MAX_SUBSCRIPTIONS_PER_SOCKET', 100, MOST),
    messageBytes: values.count('MAX_MESSAGE_BYTES', 65_536, MOST_BYTES),
    messagesPerSecond: values.factor('MAX_MESSAGES_PER_SECOND', 50, MOST),
    messageBurst: values.count('MAX_MESSAGE_BURST', 500, MOST),
    maxConnections: values.text('MAX_CONNECTIONS') === undefined ? null : values.count('MAX_CONNECTIONS', MOST, MOST),
  };
}
