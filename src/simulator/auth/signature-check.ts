import { createHmac, timingSafeEqual } from 'node:crypto';
import type { SimulatorCredential } from '../world/identity.ts';
import { canonicalRequest, sha256, UNSIGNED_PAYLOAD, type WireRequest } from './canonical-request.ts';

/**
 * Check of an AK/SK signature, written from SIGNING.md alone and sharing nothing with the client's signer, so that one
 * mistake cannot hide in both.
 */

/** A clock further off than this is refused, ms (SIGNING.md, "Algorithm", X-Sdk-Date). */
const MAX_SKEW = 15 * 60_000;
const ALGORITHM = 'SDK-HMAC-SHA256';
const AUTHORIZATION = /^SDK-HMAC-SHA256 Access=([^,\s]+), ?SignedHeaders=([^,\s]+), ?Signature=([0-9a-f]{64})$/;

export type SignatureVerdict =
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
