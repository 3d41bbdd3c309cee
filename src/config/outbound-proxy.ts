/** `HTTP_PROXY`, `HTTPS_PROXY` and `NO_PROXY`: the way out to VPCEP, IAM and the issuer of tokens. */
import { isIPv6 } from 'node:net';
import * as z from 'zod';
import { Secret } from '../shared/secret.ts';
import type { Env } from './env.ts';

interface ProxyServer {
  /** With user and password. */
  readonly url: Secret;
  /** Host and port, for the log. */
  readonly address: string;
}

export interface OutboundProxy {
  /** For http targets; null: they are called directly. */
  readonly http: ProxyServer | null;
  /** For https targets; null: `http` serves these as well. */
  readonly https: ProxyServer | null;
  /** As undici reads it. */
  readonly noProxy: string;
}

const FIX =
  'Use the form http://proxy.example.com:3128 or http://user:password@proxy.example.com:3128; write @ : / # % in user and password as %40 %3A %2F %23 %25';

const Server = z
  .string()
  .transform((text, context): ProxyServer => {
    const url = parseProxyUrl(text);
    if (typeof url === 'string') {
      context.addIssue(`${url}. ${FIX}`);
      return z.NEVER;
    }
    const port = url.port === '' ? (url.protocol === 'https:' ? 443 : 80) : url.port;
    return { url: new Secret(url.href), address: `${url.hostname}:${port}` };
  })
  .nullable()
  .default(null);

export function readOutboundProxy(env: Env): OutboundProxy | null {
  const { http, https } = env.read({
    http: [spelling(env, 'HTTP_PROXY'), Server],
    https: [spelling(env, 'HTTPS_PROXY'), Server],
  });
  return http === null && https === null ? null : { http, https, noProxy: readNoProxy(env) };
}

/** Lower case wins, as with curl and undici. */
function spelling(env: Env, variable: string): string {
  const lower = variable.toLowerCase();
  return env.text(lower) === undefined ? variable : lower;
}

/** The rule that the text breaks when it is no such URL. */
function parseProxyUrl(text: string): URL | string {
  const url = URL.parse(text);
  if (url === null || (url.protocol !== 'http:' && url.protocol !== 'https:')) {
    return 'must be an http:// or https:// URL';
  }
  if (url.pathname !== '/' || url.search !== '' || url.hash !== '') {
    return 'must not have a path, a query or a fragment';
  }
  // undici would leave out one without the other.
  if ((url.username === '') !== (url.password === '')) return 'must hold both a user and a password, or neither';
  return [url.username, url.password].every(isDecodable) ? url : 'must hold % only in codes such as %40';
}

function isDecodable(text: string): boolean {
  try {
    decodeURIComponent(text);
    return true;
  } catch {
    return false;
  }
}

const NAME = /^(?:\*?\.)?[a-z0-9_](?:[a-z0-9._-]*[a-z0-9_])?(?::\d{1,5})?$/i;
const BRACKETED = /^\[([^\]]+)\](?::\d{1,5})?$/;
const NETWORK = /^[0-9a-f.:]+\/\d{1,3}$/i;
const NO_PROXY_RULE =
  'must be a list of host names, domains such as .example.com and IP addresses, each with or without a port, or * alone';

function readNoProxy(env: Env): string {
  const name = spelling(env, 'NO_PROXY');
  const text = env.text(name) ?? '';
  if (text === '*') return text;
  const entries = text.split(/[,\s]+/).filter((entry) => entry !== '');
  const numbers = (matches: (entry: string) => boolean) =>
    entries.flatMap((entry, index) => (matches(entry) ? [index + 1] : [])).join(', ');
  // Other programs read networks, so they are usual in the environment of a cluster.
  const networks = numbers((entry) => NETWORK.test(entry));
  if (networks !== '') {
    env.warnings.push(`${name}: networks (entry ${networks}) have no effect here; list names or addresses.`);
  }
  const wrong = numbers((entry) => !isHost(entry) && !NETWORK.test(entry));
  if (wrong !== '') env.fault(name, `${NO_PROXY_RULE}. Correct entry ${wrong}`);
  return entries.map((entry) => (isIPv6(entry) ? `[${entry}]` : entry)).join(',');
}

function isHost(entry: string): boolean {
  return NAME.test(entry) || isIPv6(BRACKETED.exec(entry)?.[1] ?? entry);
}
