import { once } from 'node:events';
import type { AddressInfo, Server } from 'node:net';
import type { Duplex } from 'node:stream';

export interface LoopbackServer {
  readonly port: number;
  /** Destroys the open sockets; new connections work. */
  cut(): void;
  close(): Promise<void>;
}

/** @param open the sockets that `cut` and `close` destroy. @param port default: a free one */
export async function listenOnLoopback(server: Server, open: ReadonlySet<Duplex>, port = 0): Promise<LoopbackServer> {
  server.listen(port, '127.0.0.1');
  await once(server, 'listening');
  const cut = (): void => {
    for (const socket of open) socket.destroy();
  };
  return {
    port: (server.address() as AddressInfo).port,
    cut,
    close: async () => {
      const closed = once(server, 'close');
      server.close();
      cut();
      await closed;
    },
  };
}

/** Destroys each of the two when the other one fails or closes. */
export function pairSockets(open: Set<Duplex>, near: Duplex, far: Duplex): void {
  for (const [socket, other] of [
    [near, far],
    [far, near],
  ] as const) {
    open.add(socket);
    socket.on('error', () => other.destroy());
    socket.on('close', () => {
      open.delete(socket);
      other.destroy();
    });
  }
}
