/** Writes to one socket, and closes it when its client reads too slowly. */

import type { Duplex } from 'node:stream';
import type { WebSocket } from 'ws';

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

/** How long a client may take to answer the close. */
const CLOSING_MS = 5_000;

/** Closes a socket, also when its client does not answer. */
export function dismiss(socket: WebSocket, code: number, reason: string): void {
  socket.close(code, reason);
  const limit = setTimeout(() => socket.terminate(), CLOSING_MS);
  socket.once('close', () => clearTimeout(limit));
}

/** Longer messages need another form of header; ws writes those. */
const MAX_FRAME_TEXT = 65_535;
const SHORT = 125;
/** FIN, opcode 1: a whole text message, not masked, no extension in use (RFC 6455, section 5.2). */
const WHOLE_TEXT = 0x81;

/**
 * A text message with its WebSocket header in one string of bytes, to be written as `latin1`: one write of one string
 * costs a third less than header and text apart. ASCII only, at most MAX_FRAME_TEXT characters.
 */
function textFrame(ascii: string): string {
  const { length } = ascii;
  return length <= SHORT
    ? String.fromCharCode(WHOLE_TEXT, length) + ascii
    : String.fromCharCode(WHOLE_TEXT, SHORT + 1, length >> 8, length & 0xff) + ascii;
}

interface SocketWriterOptions {
  readonly socket: WebSocket;
  /** The connection below the socket, whose `drain` tells that the kernel has taken everything. */
  readonly stream: Duplex;
  /** How long data may wait without the socket having drained once, in milliseconds. */
  readonly stallMs: number;
  /** Called once, when the client was too slow. */
  readonly onSlow: (reason: string) => void;
}

/** Bytes of events that are pushed without waiting; beyond that each event waits for the one before. */
const ENOUGH = 64 * 1024;
/** Bytes of events that may wait on one socket; each of its subscriptions can have one on its way. */
const MAX_WAITING = 1024 * 1024;

export class SocketWriter {
  readonly #options: SocketWriterOptions;
  /** Unwritten bytes of everything but events, which do not count: a client that asks much is not slow. */
  #answers = 0;
  #stall: NodeJS.Timeout | undefined;
  #slow = false;

  constructor(options: SocketWriterOptions) {
    this.#options = options;
    const calm = (): void => {
      clearTimeout(this.#stall);
      this.#stall = undefined;
    };
    options.stream.on('drain', calm);
    options.socket.once('close', calm);
  }

  /** For everything but events. Resolves when the kernel has taken it. Never rejects: closing the socket ends its operations. */
  async send(text: string): Promise<void> {
    const bytes = Buffer.byteLength(text);
    this.#answers += bytes;
    await this.#write(text);
    this.#answers -= bytes;
  }

  /** Resolves when the kernel has taken it, so that a catch-up reads the log no faster than its client reads. */
  async sendEvent(text: string): Promise<void> {
    if (this.#mayTake()) {
      await this.#write(text);
    }
  }

  /** Without waiting. @param ascii all characters are ASCII. @returns false when the next events must use `sendEvent`. */
  pushEvent(text: string, ascii: boolean): boolean {
    const { socket, stream } = this.#options;
    if (socket.readyState !== socket.OPEN || !this.#mayTake()) {
      return true;
    }
    if (ascii && text.length <= MAX_FRAME_TEXT) {
      // Bypasses ws, which holds no frames back while no extension is in use.
      stream.write(textFrame(text), 'latin1');
    } else {
      socket.send(text);
    }
    this.#watch();
    return stream.writableLength - this.#answers <= ENOUGH;
  }

  #write(text: string): Promise<void> {
    const { socket } = this.#options;
    return new Promise((resolve) => {
      if (socket.readyState !== socket.OPEN) {
        resolve();
        return;
      }
      socket.send(text, () => resolve());
      this.#watch();
    });
  }

  /** False: too much waits. The event is not sent, the socket closes, and its client resumes. */
  #mayTake(): boolean {
    if (this.#options.stream.writableLength - this.#answers <= MAX_WAITING) {
      return true;
    }
    this.#close(`more than ${MAX_WAITING} bytes wait`);
    return false;
  }

  #watch(): void {
    const { stream, stallMs } = this.#options;
    if (this.#stall !== undefined || !stream.writableNeedDrain) {
      return;
    }
    this.#stall = setTimeout(() => this.#close(`nothing taken for ${stallMs} ms`), stallMs);
  }

  #close(reason: string): void {
    if (this.#slow) {
      return;
    }
    this.#slow = true;
    const { socket, onSlow } = this.#options;
    onSlow(reason);
    dismiss(socket, TRY_AGAIN_LATER, 'Too slow: resume with the last cursor');
  }
}
