/** What IAM's answer about a token says about its bearer. Pure. */
import type { Secret } from '../shared/secret.ts';
import { type Credentials, sentToken, UnauthenticatedError } from './authenticator.ts';
import type { Identity, Right } from './identity.ts';

/** IAM's answer about a token (`GET /v3/auth/tokens`). */
export interface TokenFacts {
  /** Milliseconds since 1970. */
  readonly expiresAt: number;
  readonly userId: string;
  /** Null: it is not scoped to a project. */
  readonly projectId: string | null;
  /** Names, such as `te_admin`. */
  readonly roles: readonly string[];
}

/** Visible ASCII, as a header can carry it. Node.js accepts 16 KiB of headers. */
const TOKEN = /^[\x21-\x7e]{1,16384}$/;

/** @throws UnauthenticatedError unless there is exactly one */
export function iamToken(credentials: Credentials): string {
  const token = sentToken(credentials, 'x-auth-token');
  if (token === undefined) {
    throw new UnauthenticatedError('A token is needed: send an IAM token of your project as X-Auth-Token');
  }
  if (token === null || !TOKEN.test(token)) {
    throw new UnauthenticatedError('X-Auth-Token must be one IAM token: up to 16384 visible ASCII characters');
  }
  return token;
}

/** @throws UnauthenticatedError when the token is for no project */
export function identityOf(token: Secret, { expiresAt, userId, projectId, roles }: TokenFacts): Identity {
  if (projectId === null) {
    throw new UnauthenticatedError(
      'The token is scoped to an account and not to a project: fetch one with scope.project, see POST /v3/auth/tokens of IAM',
    );
  }
  return { subject: `iam:${userId}`, projects: new Map([[projectId, rightsOf(roles)]]), expiresAt, token };
}

const EVERYTHING: ReadonlySet<Right> = new Set<Right>(['read', 'write', 'admin']);
const WRITING: ReadonlySet<Right> = new Set<Right>(['read', 'write']);
const READING: ReadonlySet<Right> = new Set<Right>(['read']);
/** Tenant Administrator and Security Administrator. */
const ADMINS: ReadonlySet<string> = new Set(['te_admin', 'secu_admin']);
/** Not roles but switches: the trial features of an account. */
const FEATURE = /^op_/;
/** Tenant Guest, and policies such as `VPCEndpointReadOnlyAccess`. */
const READ_ONLY = /^te_guest$|readonly/;

/**
 * Coarse, because IAM's policies are enforced upstream: calls are made with the caller's own token. Read-only roles alone
 * give `read`, administrator roles everything, all others `write`.
 */
function rightsOf(names: readonly string[]): ReadonlySet<Right> {
  const roles = names.map((name) => name.toLowerCase()).filter((name) => !FEATURE.test(name));
  if (roles.some((role) => ADMINS.has(role))) return EVERYTHING;
  return roles.length > 0 && roles.every((role) => READ_ONLY.test(role)) ? READING : WRITING;
}
