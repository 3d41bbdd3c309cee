/**
 * SDK-HMAC-SHA256 (docs/upstream/SIGNING.md, "Algorithm"), and the form of paths and queries, which is the same in the
 * signature and on the wire.
 */

import { createHmac, createSecretKey, hash, type KeyObject } from 'node:crypto';
import type { QueryPair } from '../http/request.ts';
import type { AkSkCredential } from './credentials.ts';

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

const ALGORITHM = 'SDK-HMAC-SHA256';
const EMPTY_BODY_HASH = 'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855';
const UNSIGNED = 'UNSIGNED-PAYLOAD';

export type HeaderPair = readonly [name: string, value: string];

export interface SigningInput {
  /** Upper case. */
  readonly method: string;
  /** As on the wire: lower case, with the port unless it is the scheme's default. */
  readonly host: string;
  /** As on the wire: `encodePath` of the literal path. */
  readonly path: string;
  /** As on the wire: `encodeQuery` of the literal pairs. */
  readonly query: string;
  /** The caller's own headers; Host, X-Sdk-Date, X-Project-Id, X-Security-Token and Authorization are added here. */
  readonly headers: readonly HeaderPair[];
  readonly projectId?: string | undefined;
  /** The exact bytes that will be sent; text is hashed as UTF-8. */
  readonly body?: string | Uint8Array | undefined;
}

interface Signed {
  /** Everything to send but Host, which the HTTP client derives from the same origin: lower-case names. */
  readonly headers: Record<string, string>;
  readonly authorization: string;
  readonly canonicalRequest: string;
  readonly stringToSign: string;
  readonly signedHeaders: string;
}

/** Of the last signature: many calls share a second, and formatting the date is a tenth of a signature. */
let lastDate = { second: Number.NaN, text: '' };

/** `YYYYMMDDTHHmmssZ` in UTC, the form of `X-Sdk-Date`. */
export function sdkDate(epochMs: number): string {
  const second = Math.floor(epochMs / 1000);
  if (second !== lastDate.second) {
    const iso = new Date(second * 1000).toISOString();
    lastDate = { second, text: iso.replace(/[-:]|\.\d+/g, '') };
  }
  return lastDate.text;
}

/** @param date value of `X-Sdk-Date`, see `sdkDate`. */
export function sign(input: SigningInput, credential: AkSkCredential, date: string): Signed {
  const headers: Record<string, string> = { 'x-sdk-date': date };
  for (const [name, value] of input.headers) {
    headers[name.toLowerCase()] = value.trim();
  }
  if (input.projectId !== undefined) {
    headers['x-project-id'] = input.projectId;
  }
  if (credential.securityToken !== undefined) {
    headers['x-security-token'] = credential.securityToken.reveal();
  }
  const payload = payloadHash(input.body, headers);

  const names = signedNames(headers);
  const signedHeaders = names.join(';');
  let block = '';
  for (const name of names) {
    block += `${name}:${name === 'host' ? input.host : headers[name]}\n`;
  }
  const uri = input.path.endsWith('/') ? input.path : `${input.path}/`;
  const canonicalRequest = `${input.method}\n${uri}\n${input.query}\n${block}\n${signedHeaders}\n${payload}`;
  const stringToSign = `${ALGORITHM}\n${date}\n${hash('sha256', canonicalRequest, 'hex')}`;
  const signature = createHmac('sha256', secretKeyOf(credential)).update(stringToSign).digest('hex');
  const authorization = `${ALGORITHM} Access=${credential.ak}, SignedHeaders=${signedHeaders}, Signature=${signature}`;

  headers.authorization = authorization;
  return { headers, authorization, canonicalRequest, stringToSign, signedHeaders };
}

/** In order. There are few of them, so that this is cheaper than `sort`. */
function signedNames(headers: Record<string, string>): readonly string[] {
  const names = ['host'];
  for (const name in headers) {
    // Gateways drop or rewrite names with an underscore, so no SDK but Node's signs them.
    if (name.includes('_')) continue;
    let at = names.push(name) - 1;
    for (let before = names[at - 1]; before !== undefined && before > name; before = names[at - 1]) {
      names[at] = before;
      at--;
    }
    names[at] = name;
  }
  return names;
}

/** Adds `X-Sdk-Content-Sha256` where the rules want it: a body that is not JSON is not hashed. */
function payloadHash(body: string | Uint8Array | undefined, headers: Record<string, string>): string {
  const given = headers['x-sdk-content-sha256'];
  if (given !== undefined) {
    return given;
  }
  if (body === undefined || body.length === 0) {
    return EMPTY_BODY_HASH;
  }
  const type = headers['content-type'];
  if (type !== undefined && type !== 'application/json') {
    headers['x-sdk-content-sha256'] = UNSIGNED;
    return UNSIGNED;
  }
  return hash('sha256', body, 'hex');
}

/** Importing the key costs about a quarter of a signature, so it is done once per credential object. */
const keys = new WeakMap<AkSkCredential, KeyObject>();

function secretKeyOf(credential: AkSkCredential): KeyObject {
  let key = keys.get(credential);
  if (key === undefined) {
    key = createSecretKey(credential.sk.reveal(), 'utf8');
    keys.set(credential, key);
  }
  return key;
}
