/** A proxy before a Redis server that drops pub/sub messages while all connections stay open. */
import { connect, createServer, type Socket } from 'node:net';
import { listenOnLoopback, pairSockets } from '../support/loopback-server.ts';
import { ReplySplitter } from './resp.ts';

export interface DroppingProxy {
  readonly port: number;
  readonly dropped: number;
  readonly heard: number;
  /** The share of messages to lose from now on, 0 to 1. */
  drop(share: number): void;
  close(): Promise<void>;
}

/** A notification of the event log. Echoes pass: a lost echo would make the gateway reconnect and notice. */
const NOTIFICATION = /^[*>]\d+\r\n\$\d+\r\nmessage\r\n[\s\S]*\r\n(?:moved |lease\r\n)/;

export async function startDroppingProxy(targetPort: number, random: () => number): Promise<DroppingProxy> {
  const open = new Set<Socket>();
  let share = 0;
  let dropped = 0;
  let heard = 0;
  const passes = (reply: Buffer): boolean => {
    if (!NOTIFICATION.test(reply.toString('latin1'))) return true;
    heard++;
    if (random() >= share) return true;
    dropped++;
    return false;
  };
  const server = createServer((near) => {
    const far = connect(targetPort, '127.0.0.1');
    const splitter = new ReplySplitter();
    near.pipe(far);
    far.on('data', (chunk: Buffer) => {
      for (const reply of splitter.push(chunk)) if (passes(reply)) near.write(reply);
    });
    pairSockets(open, near, far);
  });
  const { port, close } = await listenOnLoopback(server, open);
  return {
    port,
    get dropped() {
      return dropped;
    },
    get heard() {
      return heard;
    },
    drop: (next) => {
      share = next;
    },
    close,
  };
}
