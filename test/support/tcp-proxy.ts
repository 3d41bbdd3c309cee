import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Socket } from 'node:net';

export interface TcpProxy {
  readonly port: number;
  /** Connections made so far. */
  readonly connections: number;
  /** Existing connections stay open but carry nothing more; new connections work. */
  freeze(): void;
  /** Closes existing connections; new connections work. */
  cut(): void;
  close(): Promise<void>;
}

/** Stands before a server on loopback, to make what a network makes of connections: half-open ones. */
export async function startTcpProxy(targetPort: number): Promise<TcpProxy> {
  const open = new Set<Socket>();
  let connections = 0;
  const server = createServer((near) => {
    connections++;
    const far = connect(targetPort, '127.0.0.1');
    for (const [from, to] of [
      [near, far],
      [far, near],
    ] as const) {
      open.add(from);
      from.pipe(to);
      from.on('error', () => to.destroy());
      from.on('close', () => {
        open.delete(from);
        to.destroy();
      });
    }
  });
  const cut = (): void => {
    for (const socket of open) socket.destroy();
  };
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    port: (server.address() as AddressInfo).port,
    get connections() {
      return connections;
    },
    freeze: () => {
      for (const socket of open) socket.unpipe().pause();
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
