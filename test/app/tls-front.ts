import { readFileSync } from 'node:fs';
import { connect } from 'node:net';
import type { Duplex } from 'node:stream';
import { createSecureContext, createServer } from 'node:tls';
import { listenOnLoopback, pairSockets } from '../support/loopback-server.ts';
import type { Certificate } from './certificate.ts';

export interface TlsFront {
  readonly port: number;
  /** Connections whose handshake has ended. */
  readonly connections: number;
  close(): Promise<void>;
}

/**
 * Takes TLS off before a server on loopback. It has a certificate only for clients that ask for it by this name (SNI);
 * null: only for those that send no name.
 */
export async function startTlsFront(
  targetPort: number,
  name: string | null,
  { cert, key }: Certificate,
): Promise<TlsFront> {
  const pem = { cert: readFileSync(cert), key: readFileSync(key) };
  const context = createSecureContext(pem);
  const open = new Set<Duplex>();
  let connections = 0;
  const server = createServer(
    {
      ...(name === null ? pem : {}),
      SNICallback: (asked, done) =>
        asked === name ? done(null, context) : done(new Error(`no certificate for ${asked}`)),
    },
    (near) => {
      connections++;
      const far = connect(targetPort, '127.0.0.1');
      near.pipe(far).pipe(near);
      pairSockets(open, near, far);
    },
  );
  const { port, close } = await listenOnLoopback(server, open);
  return {
    port,
    get connections() {
      return connections;
    },
    close,
  };
}
