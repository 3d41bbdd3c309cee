import { createHash } from 'node:crypto';

/** A request as it came over the wire. */
export interface WireRequest {
  readonly method: string;
  /** Path and query as sent, still percent-encoded. */
  readonly url: string;
  /** Lower-case names. */
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Buffer;
}

export const UNSIGNED_PAYLOAD = 'UNSIGNED-PAYLOAD';

/** Server side of SIGNING.md, "Algorithm": rebuilt from what arrived, not from what a client meant to send. */
export function canonicalRequest(request: WireRequest, signedHeaders: readonly string[]): string {
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

export function sha256(data: Buffer | string): string {
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
