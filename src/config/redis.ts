/** The forms of REDIS_URL: one server, a primary that Sentinels watch, or a Cluster. */
import { Secret } from '../shared/secret.ts';
import type { ConfigFault } from './env.ts';

export interface RedisNode {
  readonly host: string;
  readonly port: number;
}

export interface RedisLogin {
  readonly username: string | undefined;
  readonly password: Secret | undefined;
}

interface Shared {
  readonly login: RedisLogin;
  readonly tls: boolean;
}

export type RedisTarget =
  | (Shared & { readonly kind: 'single'; readonly node: RedisNode; readonly database: number })
  | (Shared & {
      readonly kind: 'sentinel';
      readonly sentinels: readonly RedisNode[];
      /** What the Sentinels call the primary. */
      readonly primary: string;
      readonly database: number;
      /** At the Sentinels themselves. */
      readonly sentinelLogin: RedisLogin;
    })
  | (Shared & { readonly kind: 'cluster'; readonly nodes: readonly RedisNode[] });

export type RedisUrlFault = Pick<ConfigFault, 'rule' | 'fix'>;

const FIX =
  'The forms are in docs/operations/redis.md; write @ : / , % # ? in a password as %40 %3A %2F %2C %25 %23 %3F';

const RULES = {
  form: 'must have the form redis://[user:password@]host[:port][/database], or rediss:// for TLS',
  entry: 'must name each server as host or host:port',
  mixed: 'must not mix redis:// and rediss:// in one list',
  logins: 'must have the same user and password in all entries of the list, or only in the first',
  database: 'must not name a database: a Redis Cluster has only database 0',
  sentinel: 'must have the form redis+sentinel://[user:password@]host[:port],…/primary-name[/database]',
  query: 'must not have a query or a fragment, but for sentinelUsername and sentinelPassword with redis+sentinel://',
} as const;

class Refused extends Error {}

/** What REDIS_URL says, or what is wrong with it. The fault never repeats the value: it may hold a password. */
export function parseRedisUrl(text: string): RedisTarget | RedisUrlFault {
  try {
    return parse(text);
  } catch (error) {
    if (error instanceof Refused) return { rule: error.message, fix: FIX };
    throw error;
  }
}

function parse(text: string): RedisTarget {
  const [, scheme = '', sentinel, rest = ''] = /^(rediss?)(\+sentinel)?:\/\/(.*)$/s.exec(text) ?? [];
  if (scheme === '') throw new Refused(RULES.form);
  // In a list the scheme may stand before each entry.
  const schemes = rest.matchAll(/,\s*([a-z+]+):\/\//g);
  for (const [, other] of schemes) if (other !== scheme + (sentinel ?? '')) throw new Refused(RULES.mixed);
  const plain = rest.replaceAll(/,\s*[a-z+]+:\/\//g, ',');
  const [, servers = '', path = '', after = ''] = /^([^/?#]*)(?:\/([^?#]*))?(.*)$/s.exec(plain) ?? [];
  const query = sentinel === undefined ? undefined : sentinelQuery(after);
  if (after !== '' && query === undefined) throw new Refused(RULES.query);
  const list = servers.includes(',');
  const { nodes, login } = readServers(servers, sentinel === undefined ? 6379 : 26_379);
  const shared = { login, tls: scheme === 'rediss' };
  if (sentinel !== undefined) {
    const [, name = '', database = '0'] = /^([^/]+)(?:\/(\d*))?$/.exec(path) ?? [];
    if (name === '') throw new Refused(RULES.sentinel);
    const sentinelLogin = query ?? { username: undefined, password: undefined };
    return {
      kind: 'sentinel',
      sentinels: nodes,
      primary: decoded(name),
      database: Number(database),
      sentinelLogin,
      ...shared,
    };
  }
  if (!/^\d*$/.test(path)) throw new Refused(RULES.form);
  if (list && Number(path) !== 0) throw new Refused(RULES.database);
  const [node] = nodes;
  if (list || node === undefined) return { kind: 'cluster', nodes, ...shared };
  return { kind: 'single', node, database: Number(path), ...shared };
}

/** An empty entry is left out: a comma at the end makes a list of one. */
function readServers(text: string, port: number): { readonly nodes: readonly RedisNode[]; readonly login: RedisLogin } {
  const nodes: RedisNode[] = [];
  let login: RedisLogin | undefined;
  for (const entry of text.split(',').map((part) => part.trim())) {
    if (entry === '') continue;
    const url = URL.parse(`redis://${entry}`);
    if (url === null || url.hostname === '') throw new Refused(RULES.entry);
    const own = { username: decoded(url.username), password: secretOf(decoded(url.password)) };
    const has = own.username !== undefined || own.password !== undefined;
    if (
      has &&
      login !== undefined &&
      (own.username !== login.username || own.password?.reveal() !== login.password?.reveal())
    )
      throw new Refused(RULES.logins);
    login ??= own;
    nodes.push({ host: url.hostname.replace(/^\[(.*)\]$/, '$1'), port: url.port === '' ? port : Number(url.port) });
  }
  if (login === undefined) throw new Refused(RULES.entry);
  return { nodes, login };
}

function sentinelQuery(after: string): RedisLogin | undefined {
  if (!/^\?[^#]*$/.test(after)) return undefined;
  const query = new URLSearchParams(after);
  if ([...query.keys()].some((name) => name !== 'sentinelUsername' && name !== 'sentinelPassword')) return undefined;
  return {
    username: query.get('sentinelUsername') ?? undefined,
    password: secretOf(query.get('sentinelPassword') ?? undefined),
  };
}

function secretOf(text: string | undefined): Secret | undefined {
  return text === undefined ? undefined : new Secret(text);
}

function decoded(text: string): string;
function decoded(text: string): string | undefined {
  if (text === '') return undefined;
  try {
    return decodeURIComponent(text);
  } catch {
    throw new Refused(RULES.entry);
  }
}
