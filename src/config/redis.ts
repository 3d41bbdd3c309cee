/** The forms of REDIS_URL: one server, a primary that Sentinels watch, or a Cluster. */
import * as z from 'zod';
import { Secret } from '../shared/secret.ts';
import type { Env } from './env.ts';

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
      /** The primary's name at the Sentinels. */
      readonly primary: string;
      readonly database: number;
      /** For the Sentinels themselves. */
      readonly sentinelLogin: RedisLogin;
    })
  | (Shared & { readonly kind: 'cluster'; readonly nodes: readonly RedisNode[] });

const FIX =
  'The forms are in docs/operations/redis.md; write @ : / , % # ? in a password as %40 %3A %2F %2C %25 %23 %3F';
const FORM = 'must have the form redis://[user:password@]host[:port][/database], or rediss:// for TLS';
const ENTRY = 'must name each server as host or host:port';

class Refused extends Error {}

/** Faults never repeat the value: it may hold a password. */
export const RedisUrl = z.string().transform((text, context): RedisTarget => {
  try {
    return parse(text);
  } catch (error) {
    if (!(error instanceof Refused)) throw error;
    context.addIssue(`${error.message}. ${FIX}`);
    return z.NEVER;
  }
});

/** Null: all state is kept in this process. */
export function readRedis(env: Env): RedisTarget | null {
  const url = env.secret('REDIS_URL');
  if (url === undefined) return null;
  const { data, error } = RedisUrl.safeParse(url.reveal());
  for (const { message } of error?.issues ?? []) env.fault('REDIS_URL', message);
  return data ?? null;
}

function parse(text: string): RedisTarget {
  const [, scheme = '', sentinel, rest = ''] = /^(rediss?)(\+sentinel)?:\/\/(.*)$/s.exec(text) ?? [];
  if (scheme === '') throw new Refused(FORM);
  // In a list the scheme may stand before each entry.
  const schemes = [...rest.matchAll(/,\s*([a-z+]+):\/\//g)].map(([, other]) => other);
  if (schemes.some((other) => other !== scheme + (sentinel ?? ''))) {
    throw new Refused('must not mix redis:// and rediss:// in one list');
  }
  const plain = rest.replaceAll(/,\s*[a-z+]+:\/\//g, ',');
  const [, servers = '', path = '', after = ''] = /^([^/?#]*)(?:\/([^?#]*))?(.*)$/s.exec(plain) ?? [];
  const query = sentinel === undefined ? undefined : sentinelQuery(after);
  if (after !== '' && query === undefined) {
    throw new Refused(
      'must not have a query or a fragment, but for sentinelUsername and sentinelPassword with redis+sentinel://',
    );
  }
  const { nodes, login } = readServers(servers, sentinel === undefined ? 6379 : 26_379);
  const shared = { login, tls: scheme === 'rediss' };
  if (sentinel !== undefined) {
    const [, name = '', database = '0'] = /^([^/]+)(?:\/(\d*))?$/.exec(path) ?? [];
    if (name === '') {
      throw new Refused('must have the form redis+sentinel://[user:password@]host[:port],…/primary-name[/database]');
    }
    const sentinelLogin = query ?? { username: undefined, password: undefined };
    return {
      kind: 'sentinel',
      sentinels: nodes,
      primary: decodedPart(name),
      database: Number(database),
      sentinelLogin,
      ...shared,
    };
  }
  if (!/^\d*$/.test(path)) throw new Refused(FORM);
  const list = servers.includes(',');
  if (list && Number(path) !== 0) throw new Refused('must not name a database: a Redis Cluster has only database 0');
  const [node] = nodes;
  if (list || node === undefined) return { kind: 'cluster', nodes, ...shared };
  return { kind: 'single', node, database: Number(path), ...shared };
}

/** An empty entry is left out: a comma at the end makes a list of one. */
function readServers(text: string, port: number): { readonly nodes: readonly RedisNode[]; readonly login: RedisLogin } {
  const urls = text.split(',').flatMap((entry) => (entry.trim() === '' ? [] : [URL.parse(`redis://${entry.trim()}`)]));
  const logins: RedisLogin[] = [];
  const nodes = urls.map((url) => {
    if (url === null || url.hostname === '') throw new Refused(ENTRY);
    logins.push(loginOf(decodedPart(url.username), decodedPart(url.password)));
    return { host: url.hostname.replace(/^\[(.*)\]$/, '$1'), port: url.port === '' ? port : Number(url.port) };
  });
  const [login, ...others] = logins;
  if (login === undefined) throw new Refused(ENTRY);
  const same = ({ username, password }: RedisLogin) =>
    (username === undefined && password === undefined) ||
    (username === login.username && password?.reveal() === login.password?.reveal());
  if (!others.every(same)) {
    throw new Refused('must have the same user and password in all entries of the list, or only in the first');
  }
  return { nodes, login };
}

function sentinelQuery(after: string): RedisLogin | undefined {
  if (!/^\?[^#]*$/.test(after)) return undefined;
  const query = new URLSearchParams(after);
  if ([...query.keys()].some((name) => name !== 'sentinelUsername' && name !== 'sentinelPassword')) return undefined;
  return loginOf(query.get('sentinelUsername') ?? '', query.get('sentinelPassword') ?? '');
}

function loginOf(username: string, password: string): RedisLogin {
  return { username: username || undefined, password: password === '' ? undefined : new Secret(password) };
}

function decodedPart(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    throw new Refused(ENTRY);
  }
}
