import { readFileSync } from 'node:fs';
import type { Redis } from 'ioredis';

const DOCUMENT = new URL('../../docs/operations/redis.md', import.meta.url);

export const ACL_USER = 'vpcep-gateway';
export const ACL_PASSWORD = 'p@ss,w/rd';
/** As it stands in REDIS_URL. */
export const ACL_LOGIN = `${ACL_USER}:${encodeURIComponent(ACL_PASSWORD)}`;

/** Gives a server the user of docs/operations/redis.md, word for word. */
export async function applyDocumentedAcl(server: Redis, of: 'server' | 'cluster' | 'sentinel'): Promise<void> {
  const lines = readFileSync(DOCUMENT, 'utf8').split('\n');
  const acls = lines.filter((line) => line.startsWith(`ACL SETUSER ${ACL_USER} `));
  const [, ...words] = (acls[['server', 'cluster', 'sentinel'].indexOf(of)] ?? '').split(' ');
  if (words.length < 3) throw new Error(`docs/operations/redis.md has no ACL line for a ${of}`);
  await server.call('ACL', ...words.map((word) => (word === '>PASSWORD' ? `>${ACL_PASSWORD}` : word)));
}
