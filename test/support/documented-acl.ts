import { readFileSync } from 'node:fs';
import type { Redis } from 'ioredis';

const DOCUMENT = new URL('../../docs/operations/redis.md', import.meta.url);

export const ACL_USER = 'vpcep-gateway';
export const ACL_PASSWORD = 'p@ss,w/rd';
/** As it stands in REDIS_URL. */
export const ACL_LOGIN = `${ACL_USER}:${encodeURIComponent(ACL_PASSWORD)}`;

type Server = 'server' | 'cluster' | 'sentinel';

/** Gives a server the user of docs/operations/redis.md, word for word. */
export async function applyDocumentedAcl(server: Redis, of: Server): Promise<void> {
  const rights = documentedRights(of).map((word) => (word === '>PASSWORD' ? `>${ACL_PASSWORD}` : word));
  await server.call('ACL', 'SETUSER', ACL_USER, ...rights);
}

export function documentedRights(of: Server): readonly string[] {
  const lines = readFileSync(DOCUMENT, 'utf8').split('\n');
  const acls = lines.filter((line) => line.startsWith(`ACL SETUSER ${ACL_USER} `));
  const [, , , ...rights] = (acls[['server', 'cluster', 'sentinel'].indexOf(of)] ?? '').split(' ');
  if (rights.length === 0) throw new Error(`docs/operations/redis.md has no ACL line for a ${of}`);
  return rights;
}
