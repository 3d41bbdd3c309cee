import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Socket } from 'node:net';

/** What becomes of every command: an error in place of an answer, half an answer and a reset, no connection at all. */
export type RespFault =
  | { readonly kind: 'error'; readonly text: string }
  | { readonly kind: 'half' }
  | { readonly kind: 'refuse' };

export interface RespProxy {
  readonly url: string;
  /** Null: the server answers. What is connected stays so, except when connections are refused. */
  fault: RespFault | null;
  /** Commands that the fault has hit. */
  readonly hits: number;
  /** Breaks what is connected. */
  cut(): void;
  close(): Promise<void>;
}

/** Stands before a Redis on loopback and says what the server would say in a state that is hard to bring it into. */
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
    for (const [one, other] of [
      [near, far],
      [far, near],
    ] as const) {
      open.add(one);
      one.on('error', () => other.destroy());
      one.on('close', () => {
        open.delete(one);
        other.destroy();
      });
    }
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const cut = (): void => {
    for (const socket of open) socket.destroy();
  };
  return {
    url: `redis://127.0.0.1:${(server.address() as AddressInfo).port}`,
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
    close: async () => {
      cut();
      const closed = once(server, 'close');
      server.close();
      await closed;
    },
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
