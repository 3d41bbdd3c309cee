import type { Secret } from '../shared/secret.ts';

export type Right = 'read' | 'write' | 'admin';

/** By project id. */
export type Grants = ReadonlyMap<string, ReadonlySet<Right>>;

const ALL_RIGHTS: readonly Right[] = ['read', 'write', 'admin'];

/** The caller and its rights. */
export interface Identity {
  /** Stable name of the caller for records and logs, never a secret. */
  readonly subject: string;
  /** Null: every right in every configured project. */
  readonly projects: Grants | null;
  /** Milliseconds since 1970; null: never. */
  readonly expiresAt: number | null;
  /** The caller's own IAM token: upstream calls are made with it instead of the gateway's keys. */
  readonly token: Secret | null;
}

/** `AUTH_MODE=none`: every caller is the operator. */
export const ANONYMOUS: Identity = { subject: 'anonymous', projects: null, expiresAt: null, token: null };

export function mayReach(identity: Identity, projectId: string, right: Right): boolean {
  return identity.projects === null || (identity.projects.get(projectId)?.has(right) ?? false);
}

export function rightsIn(identity: Identity, projectId: string): readonly Right[] {
  return ALL_RIGHTS.filter((right) => mayReach(identity, projectId, right));
}

/** `before` itself when nothing has changed: callers compare identities by reference. */
export function unchanged(before: Identity, now: Identity): Identity {
  const isSame =
    before.subject === now.subject &&
    before.expiresAt === now.expiresAt &&
    describe(before.projects) === describe(now.projects);
  return isSame ? before : now;
}

function describe(grants: Grants | null): string {
  return JSON.stringify(
    [...(grants ?? [])].map(([id, rights]) => [id, ALL_RIGHTS.filter((right) => rights.has(right))]),
  );
}
