import type { Secret } from '../shared/secret.ts';

export type Right = 'read' | 'write' | 'admin';

const ALL_RIGHTS: readonly Right[] = ['read', 'write', 'admin'];

/** Who is asking, and what they may do where. */
export interface Identity {
  /** Stable name of the caller for records and logs, never a secret. */
  readonly subject: string;
  /** Null: every configured project. */
  readonly projects: ReadonlyMap<string, ReadonlySet<Right>> | null;
  /** Milliseconds since 1970 from which on it does not hold any more; null: it holds for as long as the process lives. */
  readonly expiresAt: number | null;
  /** The caller's own IAM token: upstream calls for it are made with this and not with the gateway's keys. */
  readonly token: Secret | null;
}

/** `AUTH_MODE=none`: everybody who reaches the port is the operator. */
export const ANONYMOUS: Identity = { subject: 'anonymous', projects: null, expiresAt: null, token: null };

export function mayReach(identity: Identity, projectId: string, right: Right): boolean {
  return identity.projects === null || (identity.projects.get(projectId)?.has(right) ?? false);
}

export function rightsIn(identity: Identity, projectId: string): readonly Right[] {
  return ALL_RIGHTS.filter((right) => mayReach(identity, projectId, right));
}
