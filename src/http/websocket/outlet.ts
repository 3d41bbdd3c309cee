/** What goes out on one socket, and the end of a socket whose client does not take it. */
import type { Duplex } from 'node:stream';
import type { WebSocket } from 'ws';
import { TRY_AGAIN_LATER } from './close-codes.ts';
import { dismiss } from './dismiss.ts';
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

/** Bytes of events that are taken without anybody waiting for them; after that they are sent one by one. */
const ENOUGH = 64 * 1024;
/** Bytes of events that may wait on one socket: many subscriptions may each have one on its way. */
const MAX_WAITING = 1024 * 1024;

export class Outlet {
  readonly #options: OutletOptions;
  /** Bytes of answers that have not been written: their number and size are no sign of a slow client. */
  #answers = 0;
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

  /** Whatever is no event. Resolves when the kernel has taken it. Never rejects: a socket that closes ends its streams. */
  async send(text: string): Promise<void> {
    const bytes = Buffer.byteLength(text);
    this.#answers += bytes;
    await this.#write(text);
    this.#answers -= bytes;
  }

  /** Resolves when the kernel has taken it, so that whoever reads from the log reads no faster than the client does. */
  async sendEvent(text: string): Promise<void> {
    if (this.#mayTake()) {
      await this.#write(text);
    }
  }

  /** Without waiting. `ascii`: the text holds nothing else. False: the next ones are to be sent with `sendEvent`. */
  pushEvent(text: string, ascii: boolean): boolean {
    const { socket, stream } = this.#options;
    if (socket.readyState !== socket.OPEN || !this.#mayTake()) {
      return true;
    }
    if (ascii && text.length <= MAX_FRAME_TEXT) {
      // Past ws, which writes each of its frames in one go as well and holds none back: no extension is in use.
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

  /** What does not fit in memory any more is not sent: the socket closes, and its client resumes. */
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
