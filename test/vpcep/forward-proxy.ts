import { createServer, type IncomingMessage } from 'node:http';
import { connect } from 'node:net';
import type { Duplex } from 'node:stream';
import { listenOnLoopback, pairSockets } from '../support/loopback-server.ts';

type Answer = 200 | 407 | 'close' | 'silence';

export interface ForwardProxy {
  readonly port: number;
  /** Every CONNECT, and what else was asked for: its target. */
  readonly targets: readonly string[];
  /** The `Proxy-Authorization` of each. */
  readonly logins: readonly (string | undefined)[];
  /** How tunnels are answered from now on: with a status, by closing the connection, or not at all. */
  answer(how: Answer): void;
  close(): Promise<void>;
}

/** A forward proxy as companies have them. `names` are known to it alone: `vpcep.test:443` and the port on loopback. */
export async function startForwardProxy(names: Readonly<Record<string, number>>, port = 0): Promise<ForwardProxy> {
  const targets: string[] = [];
  const logins: (string | undefined)[] = [];
  const open = new Set<Duplex>();
  let how: Answer = 200;
  const note = ({ url = '', headers }: IncomingMessage): void => {
    targets.push(url);
    logins.push(headers['proxy-authorization']);
  };
  const server = createServer((request, response) => {
    note(request);
    response.writeHead(405).end();
  });
  server.on('connect', (request: IncomingMessage, near: Duplex) => {
    note(request);
    open.add(near.on('error', () => near.destroy()));
    near.on('close', () => open.delete(near));
    const known = names[request.url ?? ''];
    if (how === 'silence') return;
    if (how === 'close') near.destroy();
    else if (how !== 200 || known === undefined) near.end(`HTTP/1.1 ${how === 200 ? 502 : how} Refused\r\n\r\n`);
    else {
      const far = connect(known, '127.0.0.1', () => {
        near.write('HTTP/1.1 200 Connection established\r\n\r\n');
        near.pipe(far).pipe(near);
      });
      pairSockets(open, near, far);
    }
  });
  const own = await listenOnLoopback(server, open, port);
  return {
    port: own.port,
    targets,
    logins,
    answer: (next) => {
      how = next;
    },
    close: async () => {
      server.closeAllConnections();
      await own.close();
    },
  };
}
