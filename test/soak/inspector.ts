/** What a replica holds, read through the inspector of Node.js: the gateway needs no code for it. */
import { once } from 'node:events';
import { readdirSync, readFileSync } from 'node:fs';
import { WebSocket } from 'ws';

/** After a garbage collection; MiB. */
export interface Held {
  /** Without compiled code. */
  readonly heap: number;
  /** Bytecode and machine code: V8 compiles what runs often, for as long as it runs. */
  readonly code: number;
  readonly resident: number;
  /** Open file descriptors without the connections of clients. */
  readonly descriptors: number;
  /** Connections of clients. They come and go with the subscribers, which choose a replica by dice. */
  readonly clients: number;
}

interface Reply {
  readonly id?: number;
  readonly result?: { readonly result?: { readonly value?: string } };
  readonly error?: { readonly message: string };
}

export class Inspector {
  readonly #socket: WebSocket;
  readonly #served: number;
  readonly #waiting = new Map<number, { resolve(reply: Reply): void; reject(error: Error): void }>();
  #calls = 0;

  private constructor(socket: WebSocket, served: number) {
    this.#socket = socket;
    this.#served = served;
    socket.on('message', (data) => {
      const reply = JSON.parse(String(data)) as Reply;
      const call = this.#waiting.get(reply.id ?? 0);
      this.#waiting.delete(reply.id ?? 0);
      if (reply.error === undefined) call?.resolve(reply);
      else call?.reject(new Error(reply.error.message));
    });
    socket.on('close', () => {
      for (const call of this.#waiting.values()) call.reject(new Error('the replica has ended'));
    });
  }

  /**
   * @param port as in `--inspect=127.0.0.1:port`
   * @param served the port that clients connect to
   */
  static async attach(port: number, served: number): Promise<Inspector> {
    const targets = (await (await fetch(`http://127.0.0.1:${port}/json/list`)).json()) as readonly {
      readonly webSocketDebuggerUrl: string;
    }[];
    const socket = new WebSocket(targets[0]?.webSocketDebuggerUrl ?? '');
    await once(socket, 'open');
    return new Inspector(socket, served);
  }

  async held(): Promise<Held> {
    await this.#call('HeapProfiler.collectGarbage');
    const expression =
      "JSON.stringify({ pid: process.pid, ...process.memoryUsage(), ...process.getBuiltinModule('v8').getHeapCodeStatistics() })";
    const { result } = await this.#call('Runtime.evaluate', { expression });
    const { pid, heapUsed, rss, ...compiled } = JSON.parse(result?.result?.value ?? '') as Readonly<
      Record<'pid' | 'heapUsed' | 'rss' | 'code_and_metadata_size' | 'bytecode_and_metadata_size', number>
    >;
    const code = compiled.code_and_metadata_size + compiled.bytecode_and_metadata_size;
    const mebibytes = (bytes: number): number => Math.round((bytes / 2 ** 20) * 100) / 100;
    const clients = connectionsAt(this.#served);
    return {
      heap: mebibytes(heapUsed - code),
      code: mebibytes(code),
      resident: mebibytes(rss),
      descriptors: readdirSync(`/proc/${pid}/fd`).length - clients,
      clients,
    };
  }

  /** From now on V8 compiles nothing anew: what still grows is no machine code. */
  async stopCompiling(): Promise<void> {
    const expression = "process.getBuiltinModule('v8').setFlagsFromString('--no-opt --no-sparkplug')";
    await this.#call('Runtime.evaluate', { expression });
  }

  close(): void {
    this.#socket.terminate();
  }

  #call(method: string, params: object = {}): Promise<Reply> {
    const id = ++this.#calls;
    return new Promise((resolve, reject) => {
      this.#waiting.set(id, { resolve, reject });
      this.#socket.send(JSON.stringify({ id, method, params }));
    });
  }
}

/** Sockets with this local port that a process still holds, without the one that listens: see proc_pid_net(5). */
function connectionsAt(port: number): number {
  const isHeld = (line: string): boolean => {
    const [, local, , state, , , , , , inode] = line.trim().split(/\s+/);
    return Number.parseInt(local?.split(':')[1] ?? '', 16) === port && state !== '0A' && inode !== '0';
  };
  return ['tcp', 'tcp6'].flatMap((name) => readFileSync(`/proc/net/${name}`, 'utf8').split('\n').filter(isHeld)).length;
}
