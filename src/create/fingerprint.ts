/** Names that stay the same when what they name is the same. Pure. */
import { createHash } from 'node:crypto';

export interface KeyScope {
  readonly projectId: string;
  /** The caller's stable name: a key means nothing to another caller. */
  readonly subject: string;
  readonly operation: string;
  readonly idempotencyKey: string;
}

/** SHA-256 of the record key, in hex. The client's text itself is kept nowhere. */
export function keyHash({ projectId, subject, operation, idempotencyKey }: KeyScope): string {
  return sha256(JSON.stringify([projectId, subject, operation, sha256(idempotencyKey)]));
}

/** What a resource is marked with upstream: enough to be unique, short enough for any tag. */
export function markOf(hash: string): string {
  return hash.slice(0, 32);
}

/** SHA-256 of canonical JSON, in hex: equal for equal values, in whatever order their members came. */
export function valueHash(value: unknown): string {
  return sha256(canonicalJson(value));
}

/** JSON with sorted member names, and without members that are undefined. */
export function canonicalJson(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map((item) => canonicalJson(item ?? null)).join(',')}]`;
  if (typeof value !== 'object' || value === null) return JSON.stringify(value) ?? 'null';
  const members = Object.entries(value)
    .filter(([, member]) => member !== undefined)
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([name, member]) => `${JSON.stringify(name)}:${canonicalJson(member)}`);
  return `{${members.join(',')}}`;
}

function sha256(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}
