/**
 * Many WebSocket clients in one process, which costs little beside the server: over raw sockets, frames are counted by
 * their heads and not parsed. The parent sends orders and gets reports.
 */
import { connect, type Socket } from 'node:net';

export interface Join {
  readonly kind: 'join';
  readonly url: string;
  /** The endpoint of each client. */
  readonly ids: readonly string[];
  /** Null: a bare WebSocket, whose path is `/<id>`. */
  readonly query: string | null;
  /** A subscription begins with an event. */
  readonly greets: boolean;
}

/** Asks for a report as soon as so many events have arrived since the last one. */
export interface Await {
  readonly kind: 'await';
  readonly events: number;
}

export interface Report {
  /** Of each event, in milliseconds of the clock of the machine. */
  readonly times: readonly number[];
  /** An event as it was sent. */
  readonly text: string;
}

/** Acknowledgements and pings are shorter, events longer. */
const SHORTEST_EVENT = 100;
const PARALLEL = 50;
const TEXT = 1;
const PING = 9;
const PONG = 10;
const NOTHING = Buffer.alloc(0);

const offset = Number(process.hrtime.bigint()) / 1e6 - performance.now();
const received = Buffer.allocUnsafe(65_536);
let times: number[] = [];
let awaited = Number.POSITIVE_INFINITY;
let text = '';

function report(): void {
  if (times.length < awaited) return;
  awaited = Number.POSITIVE_INFINITY;
  const full: Report = { times, text };
  times = [];
  process.send?.(full);
}

/** A client frame; the mask is zero, so the payload stays as it is. */
function frame(payload: string, opcode = TEXT): Buffer {
  const { length } = Buffer.from(payload);
  const size = length < 126 ? [0x80 | length] : [0x80 | 126, length >> 8, length & 0xff];
  return Buffer.concat([Buffer.from([0x80 | opcode, ...size, 0, 0, 0, 0]), Buffer.from(payload)]);
}

class Client {
  readonly #order: Join;
  readonly #id: string;
  readonly #socket: Socket;
  readonly #joined: () => void;
  #state: 'upgrading' | 'acknowledging' | 'greeting' | 'open' = 'upgrading';
  /** Bytes of a head that was cut. */
  #head: Buffer = NOTHING;
  /** Bytes to come of a payload. */
  #payload = 0;

  constructor(order: Join, id: string, joined: () => void) {
    const { hostname, port } = new URL(order.url);
    this.#order = order;
    this.#id = id;
    this.#joined = joined;
    const callback = (length: number): boolean => {
      this.#read(received.subarray(0, length));
      return true;
    };
    this.#socket = connect({ port: Number(port), host: hostname, onread: { buffer: received, callback } });
    this.#socket.once('error', (error) => fail(error.message));
    this.#socket.once('close', () => fail('the server has closed a socket'));
    const protocol = order.query === null ? '' : 'Sec-WebSocket-Protocol: graphql-transport-ws\r\n';
    this.#socket.write(
      `GET ${order.query === null ? `/${id}` : '/graphql'} HTTP/1.1\r\nHost: ${hostname}:${port}\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n${protocol}\r\n`,
    );
  }

  #read(chunk: Buffer): void {
    const data = this.#head.length === 0 ? chunk : Buffer.concat([this.#head, chunk]);
    this.#head = NOTHING;
    let at = 0;
    if (this.#state === 'upgrading') {
      const end = data.indexOf('\r\n\r\n');
      if (end === -1) {
        this.#keep(data);
        return;
      }
      if (!data.toString('latin1', 0, 12).endsWith('101')) fail(data.toString());
      at = end + 4;
      this.#upgraded();
    }
    for (;;) {
      const there = Math.min(this.#payload, data.length - at);
      this.#payload -= there;
      at += there;
      const short = (data[at + 1] ?? 0) & 127;
      const head = short < 126 ? 2 : short === 126 ? 4 : 10;
      if (data.length - at < head) {
        this.#keep(data.subarray(at));
        return;
      }
      const length = short < 126 ? short : short === 126 ? data.readUInt16BE(at + 2) : data.readUInt32BE(at + 6);
      const opcode = (data[at] ?? 0) & 15;
      at += head;
      this.#payload = length;
      if (opcode === PING) this.#socket.write(frame('', PONG));
      if (opcode === TEXT) this.#message(length, data.subarray(at, at + length));
    }
  }

  #keep(rest: Buffer): void {
    // The buffer of the socket is used again.
    this.#head = Buffer.from(rest);
  }

  #upgraded(): void {
    this.#state = 'acknowledging';
    if (this.#order.query === null) this.#open();
    else this.#socket.write(frame('{"type":"connection_init"}'));
  }

  #message(length: number, payload: Buffer): void {
    if (this.#state === 'open') {
      if (length < SHORTEST_EVENT) return;
      times.push(performance.now() + offset);
      if (this.#id === this.#order.ids[0] && payload.length === length) text = payload.toString();
      report();
    } else if (this.#state === 'greeting') {
      if (length < SHORTEST_EVENT) fail(payload.toString());
      this.#open();
    } else {
      const { query, greets } = this.#order;
      const subscribe = { id: '1', type: 'subscribe', payload: { query, variables: { id: this.#id } } };
      this.#socket.write(frame(JSON.stringify(subscribe)));
      this.#state = 'greeting';
      if (!greets) this.#open();
    }
  }

  #open(): void {
    this.#state = 'open';
    this.#joined();
  }
}

async function join(order: Join): Promise<void> {
  const ids = order.ids.values();
  const lane = async (): Promise<void> => {
    for (const id of ids) await new Promise<void>((resolve) => new Client(order, id, resolve));
  };
  await Promise.all(Array.from({ length: PARALLEL }, lane));
  const none: Report = { times: [], text };
  process.send?.(none);
}

function fail(reason: string): never {
  console.error(`crowd: ${reason}`);
  process.exit(1);
}

process.on('message', (order: Join | Await) => {
  if (order.kind === 'join') {
    void join(order);
  } else {
    awaited = order.events;
    report();
  }
});
process.once('disconnect', () => process.exit(0));
