export type Right = 'read' | 'write' | 'admin';

const ALL_RIGHTS: readonly Right[] = ['read', 'write', 'admin'];

/** Who is asking, and what they may do where. */
export interface Identity {
  /** Stable name of the caller for records and logs, never a secret. */
  readonly subject: string;
  /** Null: every configured project. */
  readonly projects: ReadonlyMap<string, ReadonlySet<Right>> | null;
}

/** `AUTH_MODE=none`: everybody who reaches the port is the operator. */
export const ANONYMOUS: Identity = { subject: 'anonymous', projects: null };

export function mayReach(identity: Identity, projectId: string, right: Right): boolean {
  return identity.projects === null || (identity.projects.get(projectId)?.has(right) ?? false);
}

export function rightsIn(identity: Identity, projectId: string): readonly Right[] {
  return ALL_RIGHTS.filter((right) => mayReach(identity, projectId, right));
}
