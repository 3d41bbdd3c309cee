/** Which sites may call this server, over HTTP and WebSocket alike, and the CORS headers for those that may. */
import type { IncomingMessage, ServerResponse } from 'node:http';
import { LRUCache } from 'lru-cache';
import { isLoopback } from '../../shared/net.ts';
import type { HttpResponse, Refusal } from '../core/http-exchange.ts';
import type { ClientAddress } from './client-address.ts';

/** A token of RFC 9110 5.6.2 without `*`, which alone would grant every header. */
const HEADER_NAME = /^[\w!#$%&'+.^`|~-]+$/;
const EXPOSED_HEADERS = [
  'x-request-id',
  'ratelimit-limit',
  'ratelimit-remaining',
  'ratelimit-reset',
  'retry-after',
].join(', ');
/** Chrome caches no preflight for longer. */
const PREFLIGHT_SECONDS = '7200';

export function setCorsHeaders(request: IncomingMessage, response: HttpResponse): void {
  if (request.headers.origin !== undefined) {
    response.addCommon('access-control-allow-origin', request.headers.origin);
    response.addCommon('access-control-expose-headers', EXPOSED_HEADERS);
  }
}

/** An allowed origin may send any header: only the origin decides, and no header gives more rights. */
export function answerPreflight(request: IncomingMessage, response: ServerResponse, methods: string): void {
  const asked = request.headers['access-control-request-headers'] ?? '';
  const names = asked.split(',').flatMap((name) => (HEADER_NAME.test(name.trim()) ? [name.trim()] : []));
  response.setHeader('vary', 'Origin, Access-Control-Request-Headers');
  response.setHeader('access-control-allow-methods', methods);
  if (names.length > 0) response.setHeader('access-control-allow-headers', names.join(', '));
  response.setHeader('access-control-max-age', PREFLIGHT_SECONDS);
  response.setHeader('allow', methods);
  response.writeHead(204);
  response.end();
}

interface OriginRules {
  readonly allowedOrigins: readonly string[];
  /** The configured listen address. */
  readonly host: string;
  readonly checkHost: boolean;
}

/** Host name of a Host header, lower case, without port; null when malformed. */
function hostName(header: string): string | null {
  const url = URL.parse(`http://${header}`);
  return url !== null && url.pathname === '/' && url.username === '' && url.search === '' ? url.hostname : null;
}

/** @param protocol of the client; undefined: unknown, as TLS can end at a proxy that does not tell. */
function isOwn(origin: URL, host: string, protocol: ClientAddress['protocol']): boolean {
  const schemes = protocol === undefined ? ['http:', 'https:'] : [`${protocol}:`];
  // The origin's scheme decides which port is the default one.
  const own = URL.parse(`${origin.protocol}//${host}`);
  return schemes.includes(origin.protocol) && own !== null && own.host === origin.host;
}

type RequestHeaders = Readonly<Partial<Record<'origin' | 'host' | 'sec-fetch-site' | 'sec-fetch-mode', unknown>>> & {
  readonly origin?: string | undefined;
  readonly host?: string | undefined;
};

/** Host and scheme of the client's request. */
type AskedFor = Pick<ClientAddress, 'host' | 'protocol'>;

/**
 * True when script or markup of another site made this request without an Origin: a simple GET, whose answer that site
 * cannot read, but which would start a subscription. Following a link is allowed.
 */
function isFromElsewhere(headers: RequestHeaders): boolean {
  const site = headers['sec-fetch-site'];
  return (site === 'cross-site' || site === 'same-site') && headers['sec-fetch-mode'] !== 'navigate';
}

/** True for requests of no site, of the gateway's own origin or of a listed one. `null` (sandboxes, files) is foreign. */
function mayCall(headers: RequestHeaders, forwarded: AskedFor, allowed: readonly string[]): boolean {
  const { origin } = headers;
  if (origin === undefined) {
    return !isFromElsewhere(headers);
  }
  if (allowed.includes(origin)) {
    return true;
  }
  const { host = headers.host, protocol } = forwarded;
  const url = URL.parse(origin);
  return url !== null && host !== undefined && url.origin === origin && isOwn(url, host, protocol);
}

/** A page can point its own name at 127.0.0.1 (DNS rebinding), so without authentication only known names are answered. */
function isKnownHost(host: string, rules: OriginRules): boolean {
  const name = hostName(host);
  if (name === null) {
    return false;
  }
  const configured = rules.host.includes(':') ? `[${rules.host}]` : rules.host.toLowerCase();
  return (
    isLoopback(name) ||
    name === configured ||
    rules.allowedOrigins.some((origin) => URL.parse(origin)?.hostname === name)
  );
}

/**
 * @param forwarded as told by a trusted proxy. Not used for known names: a rebound page can set the header, and can reach
 * the gateway from loopback, which can count as a proxy.
 * @param anyHost the route needs no protection (probes ask by IP address).
 */
export type OriginPolicy = (headers: RequestHeaders, forwarded: AskedFor, anyHost: boolean) => Refusal | null;

/** Values of the Host header that are remembered: clients of one gateway send a few. */
const MAX_HOSTS = 100;

export function createOriginPolicy(rules: OriginRules): OriginPolicy {
  const known = new LRUCache<string, boolean>({ max: MAX_HOSTS, memoMethod: (host) => isKnownHost(host, rules) });
  return (headers, forwarded, anyHost) => {
    if (rules.checkHost && !anyHost && !known.memo(headers.host ?? '')) return UNKNOWN_HOST;
    return mayCall(headers, forwarded, rules.allowedOrigins) ? null : FOREIGN;
  };
}

const UNKNOWN_HOST: Refusal = {
  status: 421,
  code: 'FORBIDDEN',
  message:
    'This gateway runs without authentication and answers to loopback names and its configured HOST only. ' +
    'Add the origin that you use to ALLOWED_ORIGINS.',
};
const FOREIGN: Refusal = {
  status: 403,
  code: 'FORBIDDEN',
  message: 'This origin may not call the gateway. Its operator can add it to ALLOWED_ORIGINS.',
};
