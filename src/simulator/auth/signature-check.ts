/**
 * Check of an AK/SK signature, written from SIGNING.md alone and sharing nothing with the client's signer, so that one
 * mistake cannot hide in both.
 */
import { createHash, createHmac, timingSafeEqual } from 'node:crypto';
import type { SimulatorCredential } from '../world/identity.ts';

/** A request as it came over the wire. */
export interface WireRequest {
  readonly method: string;
  /** Path and query as sent, still percent-encoded. */
  readonly url: string;
  /** Lower-case names. */
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Buffer;
}

const UNSIGNED_PAYLOAD = 'UNSIGNED-PAYLOAD';

/** Server side of SIGNING.md, "Algorithm": rebuilt from what arrived, not from what a client meant to send. */
function canonicalRequest(request: WireRequest, signedHeaders: readonly string[]): string {
  const [path = '', query = ''] = splitOnce(request.url, '?');
  return [
    request.method,
    canonicalPath(path),
    canonicalQuery(query),
    ...signedHeaders.map((name) => `${name}:${(request.headers[name] ?? '').trim()}`),
    '',
    signedHeaders.join(';'),
    payloadHash(request),
  ].join('\n');
}

function sha256(data: Buffer | string): string {
  return createHash('sha256').update(data).digest('hex');
}

/** Each segment decoded and encoded again, so that every legal way to write it on the wire counts as the same. */
function canonicalPath(path: string): string {
  const encoded = path
    .split('/')
    .map((segment) => encode(decode(segment)))
    .join('/');
  return encoded.endsWith('/') ? encoded : `${encoded}/`;
}

/** Sorted by the unencoded name, then the unencoded value; a value that is empty keeps its `=`. */
function canonicalQuery(query: string): string {
  if (query === '') return '';
  const pairs = query.split('&').map((pair) => {
    const [name = '', value = ''] = splitOnce(pair, '=');
    return [decode(name), decode(value)] as const;
  });
  pairs.sort(([a, x], [b, y]) => compare(a, b) || compare(x, y));
  return pairs.map(([name, value]) => `${encode(name)}=${encode(value)}`).join('&');
}

function payloadHash(request: WireRequest): string {
  return request.headers['x-sdk-content-sha256'] ?? sha256(request.body);
}

/** `encodeURIComponent` leaves five characters alone that the algorithm escapes. */
function encode(text: string): string {
  return encodeURIComponent(text).replace(
    /[!'()*]/g,
    (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`,
  );
}

/** A `+` is a plus here, never a space. Broken escapes stay as they are, and the signature will not match. */
function decode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

function compare(a: string, b: string): number {
  return Buffer.compare(Buffer.from(a), Buffer.from(b));
}

function splitOnce(text: string, separator: string): readonly [string, string] {
  const at = text.indexOf(separator);
  return at === -1 ? [text, ''] : [text.slice(0, at), text.slice(at + separator.length)];
}

/** A clock further off than this is refused, ms (SIGNING.md, "Algorithm", X-Sdk-Date). */
const MAX_SKEW = 15 * 60_000;
const ALGORITHM = 'SDK-HMAC-SHA256';
const AUTHORIZATION = /^SDK-HMAC-SHA256 Access=([^,\s]+), ?SignedHeaders=([^,\s]+), ?Signature=([0-9a-f]{64})$/;

type SignatureVerdict =
  | { readonly kind: 'ok'; readonly credential: SimulatorCredential }
  /** `mismatch` is the only one that counts towards the lock of a key. */
  | { readonly kind: 'refused' | 'mismatch'; readonly ak: string | null; readonly reason: string };

export function checkSignature(
  request: WireRequest,
  find: (ak: string) => SimulatorCredential | undefined,
  now: number,
): SignatureVerdict {
  const [, ak, list, signature] = AUTHORIZATION.exec(request.headers.authorization ?? '') ?? [];
  if (ak === undefined || list === undefined || signature === undefined)
    return refused(null, 'Authorization format is incorrect');
  const credential = find(ak);
  if (credential === undefined) return refused(ak, 'access key does not exist');
  const fault =
    faultOfHeaders(request, list.split(';'), now) ?? faultOfToken(request, credential) ?? faultOfHash(request);
  if (fault !== null) return refused(ak, fault);
  const expected = sign(request, list.split(';'), credential.sk);
  if (!timingSafeEqual(Buffer.from(signature), Buffer.from(expected))) {
    return { kind: 'mismatch', ak, reason: 'verify aksk signature fail' };
  }
  return { kind: 'ok', credential };
}

function sign(request: WireRequest, signedHeaders: readonly string[], sk: string): string {
  const date = request.headers['x-sdk-date'] ?? '';
  const text = `${ALGORITHM}\n${date}\n${sha256(canonicalRequest(request, signedHeaders))}`;
  return createHmac('sha256', sk).update(text).digest('hex');
}

function faultOfHeaders(request: WireRequest, signedHeaders: readonly string[], now: number): string | null {
  const sorted = [...signedHeaders].sort();
  if (signedHeaders.some((name, index) => name !== sorted[index] || name !== name.toLowerCase())) {
    return 'SignedHeaders must be lower case and sorted';
  }
  const absent = signedHeaders.find((name) => request.headers[name] === undefined);
  if (absent !== undefined) return `signed header ${absent} is missing`;
  const date = request.headers['x-sdk-date'];
  if (date === undefined || !signedHeaders.includes('x-sdk-date')) return 'x-sdk-date must be sent and signed';
  const sentAt = parseSdkDate(date);
  if (sentAt === null) return 'x-sdk-date format is incorrect';
  return Math.abs(now - sentAt) > MAX_SKEW ? 'signature expired' : null;
}

function faultOfToken(request: WireRequest, credential: SimulatorCredential): string | null {
  if (credential.securityToken === undefined) return null;
  return request.headers['x-security-token'] === credential.securityToken
    ? null
    : 'the security token is missing or wrong';
}

/** The header takes the place of the hash, so it has to be true when it is one. */
function faultOfHash(request: WireRequest): string | null {
  const declared = request.headers['x-sdk-content-sha256'];
  if (declared === undefined || declared === UNSIGNED_PAYLOAD) return null;
  return declared === sha256(request.body) ? null : 'x-sdk-content-sha256 does not match the body';
}

function parseSdkDate(text: string): number | null {
  const parts = /^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z$/.exec(text);
  if (parts === null) return null;
  const [, year, month, day, hour, minute, second] = parts.map(Number);
  const time = Date.UTC(year ?? 0, (month ?? 0) - 1, day, hour, minute, second);
  return Number.isNaN(time) ? null : time;
}

function refused(ak: string | null, reason: string): SignatureVerdict {
  return { kind: 'refused', ak, reason };
}
