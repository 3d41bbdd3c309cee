/**
 * How paths and queries are written, once, for the signature and for the wire alike (docs/upstream/SIGNING.md,
 * "Algorithm": enc, canonicalUri, canonicalQuery).
 */
import type { QueryPair } from '../http/request.ts';

const UNRESERVED = /^[A-Za-z0-9\-_.~]*$/;
const LONE_SURROGATE = /\p{Cs}/gu;
/** `encodeURIComponent` leaves these five alone; the signature wants them escaped. */
const LEFT_ALONE = /[!'()*]/g;

/**
 * UTF-8, then `%XX` in upper case for every byte outside `A-Z a-z 0-9 - _ . ~`. A lone surrogate is no UTF-8 at all
 * and becomes U+FFFD, as in every UTF-8 encoder.
 */
export function encodeComponent(text: string): string {
  if (UNRESERVED.test(text)) {
    return text;
  }
  return encodeURIComponent(text.replace(LONE_SURROGATE, '\uFFFD')).replace(
    LEFT_ALONE,
    (char) => `%${char.charCodeAt(0).toString(16).toUpperCase()}`,
  );
}

/** A literal path: `/` separates segments, each is encoded once, a `%` is a percent sign. */
export function encodePath(path: string): string {
  return path.split('/').map(encodeComponent).join('/');
}

/** `k=v` joined with `&`, sorted by unencoded key, then by unencoded value. The same text goes on the wire. */
export function encodeQuery(pairs: readonly QueryPair[]): string {
  if (pairs.length === 0) {
    return '';
  }
  return [...pairs]
    .sort((a, b) => compareText(a[0], b[0]) || compareText(a[1], b[1]))
    .map(([key, value]) => `${encodeComponent(key)}=${encodeComponent(value)}`)
    .join('&');
}

function compareText(a: string, b: string): number {
  if (a === b) {
    return 0;
  }
  return a < b ? -1 : 1;
}
