/** Writes to one socket, and closes it when its client reads too slowly. */

import type { Duplex } from 'node:stream';
import { CloseCode } from 'graphql-ws';
import type { WebSocket } from 'ws';
import type { RequestLog } from '../../observability/logger.ts';
import type { EndReason, Metrics } from '../../observability/metrics.ts';

/** Close codes of WebSockets that this gateway chooses itself; docs/guides/subscriptions.md has all of them. */

/** RFC 6455 registry, "try again later": the client reconnects and resumes by its cursor. */
export const TRY_AGAIN_LATER = 1013;
/** RFC 6455 registry, "service restart": the client reconnects at once. */
export const SERVICE_RESTART = 1012;
/**
 * The client holds or sends too much. Not 4429, which makes clients of graphql-ws give up ("too many initialisation
 * requests"): after an unknown code they reconnect, with growing delays.
 */
export const TOO_MUCH = 4290;

/** By close code, what its subscriptions end for. */
const REASONS: Readonly<Record<number, EndReason>> = {
  [TRY_AGAIN_LATER]: 'slow',
  [SERVICE_RESTART]: 'deploy',
  [CloseCode.Forbidden]: 'expired',
};

/** How long a client may take to answer the close. */
const CLOSING_MS = 5_000;

/** FIN, opcode 1: a whole text message, not masked, no extension in use (RFC 6455, section 5.2). */
const WHOLE_TEXT = 0x81;
/** Longer messages have their length in 16 bits behind this mark. */
const SHORT = 125;
const IN_16_BITS = 126;
const IN_64_BITS = 127;
const MOST_IN_16_BITS = 0xffff;

/** What a `next` message has before its result. ASCII, as JSON can write any character. */
export function nextHead(id: string): string {
  const escaped = JSON.stringify(id).replace(/[^\0-\x7f]/g, (char) => {
    return `\\u${char.charCodeAt(0).toString(16).padStart(4, '0')}`;
  });
  return `{"id":${escaped},"type":"next","payload":`;
}

/** A `next` message with its WebSocket header, so that one write of one buffer serves every socket. */
export function nextFrame(head: string, result: string, ascii: boolean): Buffer {
  const message = `${head}${result}}`;
  const length = ascii ? message.length : Buffer.byteLength(message);
  const start = length <= SHORT ? 2 : length <= MOST_IN_16_BITS ? 4 : 10;
  const frame = Buffer.allocUnsafe(start + length);
  frame[0] = WHOLE_TEXT;
  if (start === 2) {
    frame[1] = length;
  } else if (start === 4) {
    frame[1] = IN_16_BITS;
    frame.writeUInt16BE(length, 2);
  } else {
    frame[1] = IN_64_BITS;
    frame.writeBigUInt64BE(BigInt(length), 2);
  }
  frame.write(message, start, ascii ? 'latin1' : 'utf8');
  return frame;
}

interface SocketWriterOptions {
  readonly socket: WebSocket;
  /** The connection below the socket, whose `drain` tells that the kernel has taken everything. */
  readonly stream: Duplex;
  /** How long data may wait without the socket having drained once, in milliseconds. */
  readonly stallMs: number;
  readonly metrics: Metrics;
  readonly logger: RequestLog;
  /** Of the client. */
  readonly address: string;
}

/** Bytes of events that are pushed without waiting; beyond that each event waits for the one before. */
const ENOUGH = 64 * 1024;
/** Bytes of events that may wait on one socket; each of its subscriptions can have one on its way. */
const MAX_WAITING = 1024 * 1024;
/** Bytes of answers that may wait before one more; a single answer may be larger. */
const MAX_ANSWERS = 8 * 1024 * 1024;

export class SocketWriter {
  readonly #socket: WebSocket;
  readonly #stream: Duplex;
  readonly #stallMs: number;
  readonly #metrics: Metrics;
  readonly #logger: RequestLog;
  readonly #address: string;
  /** Unwritten bytes of everything but events, which have a limit of their own: a client that asks much is not slow. */
  #answers = 0;
  #stall: NodeJS.Timeout | undefined;
  #slow = false;
  /** The code with which this side closes the socket. */
  #closeCode: number | undefined;

  constructor({ socket, stream, stallMs, metrics, logger, address }: SocketWriterOptions) {
    this.#socket = socket;
    this.#stream = stream;
    this.#stallMs = stallMs;
    this.#metrics = metrics;
    this.#logger = logger;
    this.#address = address;
  }

  /** For everything but events. Resolves when the kernel has taken it. Never rejects: closing the socket ends its operations. */
  async send(message: unknown): Promise<void> {
    if (this.#answers > MAX_ANSWERS) this.#giveUp(`more than ${MAX_ANSWERS} bytes of answers wait`);
    const text = JSON.stringify(message);
    const bytes = Buffer.byteLength(text);
    this.#answers += bytes;
    await new Promise<void>((resolve) => {
      if (this.#socket.readyState !== this.#socket.OPEN) {
        resolve();
        return;
      }
      this.#socket.send(text, () => resolve());
      this.#watch();
    });
    this.#answers -= bytes;
  }

  /** Resolves when the kernel has taken it, so that a catch-up reads the log no faster than its client reads. */
  async sendEvent(frame: Buffer): Promise<void> {
    await new Promise<void>((resolve) => {
      if (!this.#write(frame, () => resolve())) {
        resolve();
      }
    });
  }

  /** Without waiting. @returns false when the next events must use `sendEvent`. */
  pushEvent(frame: Buffer): boolean {
    return !this.#write(frame) || this.#stream.writableLength - this.#answers <= ENOUGH;
  }

  /** Why this side has closed it; undefined: it has not. */
  get closedFor(): EndReason | undefined {
    return this.#closeCode === undefined ? undefined : (REASONS[this.#closeCode] ?? 'error');
  }

  close(code: number, reason: string): void {
    this.#closeCode ??= code;
    this.#socket.close(code, reason);
  }

  /** Closes the socket, also when its client does not answer. */
  dismiss(code: number, reason: string): void {
    const socket = this.#socket;
    this.close(code, reason);
    const limit = setTimeout(() => socket.terminate(), CLOSING_MS);
    socket.once('close', () => clearTimeout(limit));
  }

  /** The socket has closed. */
  leave(): void {
    clearTimeout(this.#stall);
  }

  /** Bypasses ws, which holds no frames back while no extension is in use. */
  #write(frame: Buffer, taken?: () => void): boolean {
    const stream = this.#stream;
    if (this.#socket.readyState !== this.#socket.OPEN || !this.#mayTake()) {
      return false;
    }
    stream.write(frame, taken);
    this.#watch();
    return true;
  }

  /** False: too much waits. The event is not sent, the socket closes, and its client resumes. */
  #mayTake(): boolean {
    if (this.#stream.writableLength - this.#answers <= MAX_WAITING) {
      return true;
    }
    this.#giveUp(`more than ${MAX_WAITING} bytes of events wait`);
    return false;
  }

  #watch(): void {
    if (this.#stall !== undefined || !this.#stream.writableNeedDrain) {
      return;
    }
    this.#stall = setTimeout(() => this.#giveUp(`nothing taken for ${this.#stallMs} ms`), this.#stallMs);
    this.#stream.once('drain', () => {
      clearTimeout(this.#stall);
      this.#stall = undefined;
    });
  }

  #giveUp(reason: string): void {
    if (this.#slow) {
      return;
    }
    this.#slow = true;
    this.#metrics.slowSockets.inc();
    this.#logger.info({ reason, address: this.#address }, 'socket closed: its client reads too slowly');
    this.dismiss(TRY_AGAIN_LATER, 'Too slow: resume with the last cursor');
  }
}
