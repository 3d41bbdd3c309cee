import { connect, createServer, type Socket } from 'node:net';
import { listenOnLoopback, pairSockets } from '../support/loopback-server.ts';

/** For every command: an error in place of an answer, half an answer and a reset, or a refused connection. */
export type RespFault =
  | { readonly kind: 'error'; readonly text: string }
  | { readonly kind: 'half' }
  | { readonly kind: 'refuse' };

export interface RespProxy {
  readonly url: string;
  /** Null: the server answers. Only `refuse` closes existing connections. */
  fault: RespFault | null;
  /** Commands that the fault has hit. */
  readonly hits: number;
  /** Closes existing connections. */
  cut(): void;
  close(): Promise<void>;
}

/** A proxy before a Redis server that answers as the server would in states that are hard to bring about. */
export async function startRespProxy(targetPort: number): Promise<RespProxy> {
  const open = new Set<Socket>();
  let fault: RespFault | null = null;
  let hits = 0;
  const answer = (near: Socket, commands: number): void => {
    hits += commands;
    if (fault?.kind === 'error') near.write(`-${fault.text}\r\n`.repeat(commands));
    else if (commands > 0) near.write('$100\r\nhalf of an ans', () => near.resetAndDestroy());
  };
  const server = createServer((near) => {
    if (fault?.kind === 'refuse') {
      hits++;
      near.resetAndDestroy();
      return;
    }
    const far = connect(targetPort, '127.0.0.1');
    let rest = Buffer.alloc(0);
    near.on('data', (chunk: Buffer) => {
      const { commands, complete } = countCommands(Buffer.concat([rest, chunk]));
      if (fault === null) far.write(chunk);
      else answer(near, commands);
      rest = Buffer.concat([rest, chunk]).subarray(complete);
    });
    far.pipe(near);
    pairSockets(open, near, far);
  });
  const { port, cut, close } = await listenOnLoopback(server, open);
  return {
    url: `redis://127.0.0.1:${port}`,
    get fault() {
      return fault;
    },
    set fault(next) {
      fault = next;
      if (next?.kind === 'refuse') cut();
    },
    get hits() {
      return hits;
    },
    cut,
    close,
  };
}

/** Whole commands (arrays of bulk strings) in what a client has sent, and where the last of them ends. */
function countCommands(sent: Buffer): { readonly commands: number; readonly complete: number } {
  let commands = 0;
  let complete = 0;
  for (let at = 0; ; ) {
    const head = lineAt(sent, at);
    if (head === null) return { commands, complete };
    at = head.next;
    for (let left = Number(head.text.slice(1)); left > 0; left--) {
      const length = lineAt(sent, at);
      if (length === null) return { commands, complete };
      at = length.next + Number(length.text.slice(1)) + 2;
    }
    if (at > sent.length) return { commands, complete };
    commands++;
    complete = at;
  }
}

function lineAt(sent: Buffer, from: number): { readonly text: string; readonly next: number } | null {
  const end = sent.indexOf('\r\n', from);
  return end === -1 ? null : { text: sent.toString('latin1', from, end), next: end + 2 };
}
