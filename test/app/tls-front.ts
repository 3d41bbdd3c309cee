import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { type AddressInfo, connect } from 'node:net';
import { createSecureContext, createServer, type TLSSocket } from 'node:tls';
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
  const open = new Set<TLSSocket>();
  let connections = 0;
  const server = createServer(
    {
      ...(name === null ? pem : {}),
      SNICallback: (asked, done) =>
        asked === name ? done(null, context) : done(new Error(`no certificate for ${asked}`)),
    },
    (near) => {
      connections++;
      open.add(near);
      const far = connect(targetPort, '127.0.0.1');
      near.pipe(far).pipe(near);
      near.on('error', () => far.destroy());
      far.on('error', () => near.destroy());
      near.on('close', () => {
        open.delete(near);
        far.destroy();
      });
    },
  );
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    port: (server.address() as AddressInfo).port,
    get connections() {
      return connections;
    },
    close: async () => {
      for (const socket of open) socket.destroy();
      const closed = once(server, 'close');
      server.close();
      await closed;
    },
  };
}
