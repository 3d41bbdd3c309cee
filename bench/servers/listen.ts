import type { Server } from 'node:http';

/** Any free port; the address goes to the parent process. */
export function listen(server: Server): void {
  server.listen(0, '127.0.0.1', () => {
    const address = server.address();
    if (typeof address === 'object' && address !== null) ready(`http://127.0.0.1:${address.port}`);
  });
}

/** Also for servers that listen by themselves. */
export function ready(url: string): void {
  console.log(JSON.stringify({ url }));
  process.once('SIGTERM', () => process.exit(0));
}
