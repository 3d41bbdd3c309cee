/** `HTTP_PROXY`, `HTTPS_PROXY` and `NO_PROXY`: the way out to VPCEP, IAM and the issuer of tokens. */
import { isIPv6 } from 'node:net';
import { Secret } from '../shared/secret.ts';
import type { Values } from './env.ts';

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

export function readOutboundProxy(values: Values, warnings: string[]): OutboundProxy | null {
  const http = readServer(values, 'HTTP_PROXY');
  const https = readServer(values, 'HTTPS_PROXY');
  return http === null && https === null ? null : { http, https, noProxy: readNoProxy(values, warnings) };
}

/** Lower case wins, as with curl and undici. */
function read(values: Values, variable: string): { readonly name: string; readonly text: string } | undefined {
  for (const name of [variable.toLowerCase(), variable]) {
    const text = values.text(name);
    if (text !== undefined) return { name, text };
  }
  return undefined;
}

function readServer(values: Values, variable: string): ProxyServer | null {
  const given = read(values, variable);
  if (given === undefined) return null;
  const url = parseProxyUrl(given.text);
  if (typeof url === 'string') {
    values.fault(given.name, url, FIX);
    return null;
  }
  const port = url.port === '' ? (url.protocol === 'https:' ? 443 : 80) : url.port;
  return { url: new Secret(url.href), address: `${url.hostname}:${port}` };
}

const FIX =
  'Use the form http://proxy.example.com:3128 or http://user:password@proxy.example.com:3128; write @ : / # % in user and password as %40 %3A %2F %23 %25';

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

function readNoProxy(values: Values, warnings: string[]): string {
  const given = read(values, 'NO_PROXY');
  if (given === undefined || given.text === '*') return given?.text ?? '';
  const { name, text } = given;
  const entries = text.split(/[,\s]+/).filter((entry) => entry !== '');
  const numbers = (matches: (entry: string) => boolean) =>
    entries.flatMap((entry, index) => (matches(entry) ? [index + 1] : [])).join(', ');
  // Other programs read networks, so they are usual in the environment of a cluster.
  const networks = numbers((entry) => NETWORK.test(entry));
  if (networks !== '')
    warnings.push(`${name}: networks (entry ${networks}) have no effect here; list names or addresses.`);
  const wrong = numbers((entry) => !isHost(entry) && !NETWORK.test(entry));
  if (wrong !== '') {
    values.fault(
      name,
      'must be a list of host names, domains such as .example.com and IP addresses, each with or without a port, or * alone',
      `Correct entry ${wrong}`,
    );
  }
  return entries.map((entry) => (isIPv6(entry) ? `[${entry}]` : entry)).join(',');
}

function isHost(entry: string): boolean {
  return NAME.test(entry) || isIPv6(BRACKETED.exec(entry)?.[1] ?? entry);
}
