import { connect, createServer, type Socket } from 'node:net';
import { type LoopbackServer, listenOnLoopback, pairSockets } from './loopback-server.ts';

export interface TcpProxy extends LoopbackServer {
  /** Connections made so far. */
  readonly connections: number;
  /** Existing connections stay open but carry nothing more; new connections work. */
  freeze(): void;
}

/** A proxy before a server on loopback that can make connections half-open. @param port default: a free one */
export async function startTcpProxy(targetPort: number, port = 0): Promise<TcpProxy> {
  const open = new Set<Socket>();
  let connections = 0;
  const server = createServer((near) => {
    connections++;
    const far = connect(targetPort, '127.0.0.1');
    near.pipe(far).pipe(near);
    pairSockets(open, near, far);
  });
  return {
    ...(await listenOnLoopback(server, open, port)),
    get connections() {
      return connections;
    },
    freeze: () => {
      for (const socket of open) socket.unpipe().pause();
    },
  };
}
