/** A WebSocket with raw messages, for tests of what a client library would hide. */
import { WebSocket } from 'ws';

export interface SocketMessage {
  readonly type: string;
  readonly id?: string;
  readonly payload?: unknown;
}

export interface Closed {
  readonly code: number;
  readonly reason: string;
}

export class SocketClient {
  readonly closed: Promise<Closed>;
  readonly #socket: WebSocket;
  readonly #messages: SocketMessage[] = [];
  readonly #waiting: ((message: SocketMessage) => void)[] = [];

  constructor(url: string, headers: Record<string, string> = {}, protocol = 'graphql-transport-ws') {
    this.#socket = new WebSocket(`${url.replace('http', 'ws')}/graphql`, protocol, { headers });
    this.#socket.on('message', (data) => {
      const message: SocketMessage = JSON.parse(String(data));
      const waiting = this.#waiting.shift();
      if (waiting === undefined) {
        this.#messages.push(message);
      } else {
        waiting(message);
      }
    });
    this.closed = new Promise((resolve) => {
      this.#socket.on('close', (code, reason) => resolve({ code, reason: String(reason) }));
    });
    this.#socket.on('error', () => {});
  }

  opened(): Promise<void> {
    return new Promise((resolve, reject) => {
      this.#socket.once('open', resolve);
      this.#socket.once('error', reject);
    });
  }

  get extensions(): string {
    return this.#socket.extensions;
  }

  send(message: SocketMessage): void {
    this.#socket.send(JSON.stringify(message));
  }

  sendText(text: string): void {
    this.#socket.send(text);
  }

  next(): Promise<SocketMessage> {
    const message = this.#messages.shift();
    return message === undefined ? new Promise((resolve) => this.#waiting.push(resolve)) : Promise.resolve(message);
  }

  /** Received messages that `next` has not returned yet. */
  received(): SocketMessage[] {
    return this.#messages.splice(0);
  }

  /** Opens, and is accepted. */
  async init(payload?: unknown): Promise<void> {
    await this.opened();
    this.send({ type: 'connection_init', ...(payload === undefined ? {} : { payload }) });
    const answer = await this.next();
    if (answer.type !== 'connection_ack') {
      throw new Error(`expected connection_ack, got ${answer.type}`);
    }
  }

  subscribe(id: string, query: string, variables?: unknown): void {
    this.send({ type: 'subscribe', id, payload: { query, variables } });
  }

  /** Stops reading, like a client that hangs; the kernel's buffer still fills. */
  pause(): void {
    this.#socket.pause();
  }

  resume(): void {
    this.#socket.resume();
  }

  close(): void {
    this.#socket.close(1000);
  }

  terminate(): void {
    this.#socket.terminate();
  }
}
