/** What goes out on one socket, and the end of a socket whose client does not take it. */
import type { Duplex } from 'node:stream';
import type { WebSocket } from 'ws';
import { MAX_FRAME_TEXT, textFrame } from './text-frame.ts';

export interface OutletOptions {
  readonly socket: WebSocket;
  /** Below the socket: knows when the kernel has taken everything. */
  readonly stream: Duplex;
  /** How long data may wait without the socket having drained once, in milliseconds. */
  readonly stallMs: number;
  /** Called once, when the client was too slow. */
  readonly onSlow: (reason: string) => void;
}

/** Text that nobody waits for may take this much memory, in bytes, for one socket. */
const MAX_WAITING = 1024 * 1024;
/** RFC 6455 registry: "try again later"; clients come back and resume by their cursor. */
const TRY_AGAIN_LATER = 1013;
/** How long a client may take to answer the close. */
const CLOSING_MS = 5_000;

export class Outlet {
  readonly #options: OutletOptions;
  /** Bytes handed to `send` that have not been written: each has somebody who waits, and is no reason to close. */
  #awaited = 0;
  #stall: NodeJS.Timeout | undefined;
  #slow = false;

  constructor(options: OutletOptions) {
    this.#options = options;
    const calm = (): void => {
      clearTimeout(this.#stall);
      this.#stall = undefined;
    };
    options.stream.on('drain', calm);
    options.socket.once('close', calm);
  }

  /**
   * Resolves when the kernel has taken the data: that is the backpressure a stream waits on. Never rejects: a closed
   * socket ends its streams by itself.
   */
  send(text: string): Promise<void> {
    const { socket } = this.#options;
    return new Promise((resolve) => {
      if (socket.readyState !== socket.OPEN) {
        resolve();
        return;
      }
      const bytes = Buffer.byteLength(text);
      this.#awaited += bytes;
      socket.send(text, () => {
        this.#awaited -= bytes;
        resolve();
      });
      this.#watch();
    });
  }

  /**
   * Without waiting. What does not fit in memory any more is not sent: the socket closes, and its client resumes.
   * `ascii`: it holds nothing else.
   */
  push(text: string, ascii: boolean): void {
    const { socket, stream } = this.#options;
    if (socket.readyState !== socket.OPEN) {
      return;
    }
    if (stream.writableLength - this.#awaited > MAX_WAITING) {
      this.#close(`more than ${MAX_WAITING} bytes wait`);
      return;
    }
    if (ascii && text.length <= MAX_FRAME_TEXT) {
      // Past ws, which writes each of its frames in one go as well and holds none back: no extension is in use.
      stream.write(textFrame(text), 'latin1');
    } else {
      socket.send(text);
    }
    this.#watch();
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
    socket.close(TRY_AGAIN_LATER, 'Too slow: resume with the last cursor');
    const limit = setTimeout(() => socket.terminate(), CLOSING_MS);
    socket.once('close', () => clearTimeout(limit));
  }
}
