import { once } from 'node:events';
import { connect } from 'node:net';

export interface RawAnswer {
  readonly status: number;
  readonly head: string;
  readonly body: string;
}

const open: RawConnection[] = [];

/** One connection that stays open. Answers come one after the other; each ends by its length. */
export class RawConnection {
  readonly socket;
  #text = '';

  constructor(url: string) {
    this.socket = connect(Number(new URL(url).port), '127.0.0.1').setEncoding('latin1');
    this.socket.on('data', (chunk) => {
      this.#text += chunk;
    });
    open.push(this);
  }

  /** @param hasBody false for an answer to HEAD: its length is that of no body. */
  async next(hasBody = true): Promise<RawAnswer> {
    for (;;) {
      const answer = /^HTTP\/1\.1 (\d+) .*?\r\n\r\n/s.exec(this.#text);
      const [head = '', status] = answer ?? [];
      const length = hasBody ? Number(/content-length: (\d+)/i.exec(head)?.[1] ?? 0) : 0;
      const end = head.length + length;
      if (answer !== null && this.#text.length >= end) {
        const body = this.#text.slice(head.length, end);
        this.#text = this.#text.slice(end);
        return { status: Number(status), head, body };
      }
      if (this.socket.closed) throw new Error(`the connection ended after: ${this.#text}`);
      await Promise.race([once(this.socket, 'data'), once(this.socket, 'close')]);
    }
  }

  async ask(text: string): Promise<RawAnswer> {
    this.socket.write(text);
    return await this.next(!text.startsWith('HEAD'));
  }
}

/** For `afterEach`. */
export function closeRawConnections(): void {
  for (const { socket } of open.splice(0)) socket.destroy();
}
