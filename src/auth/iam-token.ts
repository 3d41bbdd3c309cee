/** Pure: where a caller's IAM token stands, and what IAM's word about it makes of the caller. */

import type { Secret } from '../shared/secret.ts';
import { type Credentials, UnauthenticatedError } from './authenticator.ts';
import type { Identity, Right } from './identity.ts';

/** What IAM says of a token (`GET /v3/auth/tokens`). */
export interface TokenFacts {
  /** Milliseconds since 1970. */
  readonly expiresAt: number;
  readonly userId: string;
  /** Null: it is not scoped to a project. */
  readonly projectId: string | null;
  /** Names, such as `te_admin`. */
  readonly roles: readonly string[];
}

/** Visible ASCII, as a header can carry it. Node takes 16 KiB of headers; longer ones are not worth hashing. */
const TOKEN = /^[\x21-\x7e]{1,16384}$/;
const NAME = 'x-auth-token';

/**
 * The text of the token. What a payload says counts more than the header: a browser cannot set headers on a WebSocket,
 * and a payload can be newer than the upgrade.
 * @throws UnauthenticatedError unless there is exactly one
 */
export function iamToken({ headers, connectionParams = {} }: Credentials): string {
  const [given, ...more] = Object.keys(connectionParams).filter((name) => name.toLowerCase() === NAME);
  const value = given === undefined ? headers[NAME] : connectionParams[given];
  if (value === undefined) {
    throw new UnauthenticatedError('A token is needed: send an IAM token of your project as X-Auth-Token');
  }
  if (typeof value !== 'string' || more.length > 0 || !TOKEN.test(value)) {
    throw new UnauthenticatedError('X-Auth-Token must be one IAM token: up to 16384 visible ASCII characters');
  }
  return value;
}

/** @throws UnauthenticatedError when it has expired, or is good for no project */
export function identityOf(token: Secret, facts: TokenFacts, nowMs: number): Identity {
  const { expiresAt, userId, projectId, roles } = facts;
  if (expiresAt <= nowMs) throw new UnauthenticatedError('The token has expired: fetch a new one');
  if (projectId === null) {
    throw new UnauthenticatedError(
      'The token is scoped to an account and not to a project: fetch one with scope.project, see POST /v3/auth/tokens of IAM',
    );
  }
  return { subject: `iam:${userId}`, projects: new Map([[projectId, rightsOf(roles)]]), expiresAt, token };
}

/** Whether a caller is who it was, and may do what it might. */
export function isSame(one: Identity, other: Identity): boolean {
  return (
    one.subject === other.subject &&
    one.expiresAt === other.expiresAt &&
    describeProjects(one) === describeProjects(other)
  );
}

function describeProjects({ projects }: Identity): string {
  return JSON.stringify([...(projects ?? [])].map(([id, rights]) => [id, [...rights]]));
}

const EVERYTHING: ReadonlySet<Right> = new Set<Right>(['read', 'write', 'admin']);
const WRITING: ReadonlySet<Right> = new Set<Right>(['read', 'write']);
const READING: ReadonlySet<Right> = new Set<Right>(['read']);
/** Tenant Administrator and Security Administrator. */
const ADMINS: ReadonlySet<string> = new Set(['te_admin', 'secu_admin']);
/** Not roles but switches: what an account has been let try out. */
const FEATURE = /^op_/;
/** Tenant Guest, and policies such as `VPCEndpointReadOnlyAccess`. */
const READ_ONLY = /^te_guest$|readonly/;

/**
 * Coarse, because IAM's policies are kept upstream: calls are made with the caller's own token. Who has nothing but roles
 * that read may read; administrators may everything; everybody else may write as far as upstream lets them.
 */
function rightsOf(names: readonly string[]): ReadonlySet<Right> {
  const roles = names.map((name) => name.toLowerCase()).filter((name) => !FEATURE.test(name));
  if (roles.some((role) => ADMINS.has(role))) return EVERYTHING;
  return roles.length > 0 && roles.every((role) => READ_ONLY.test(role)) ? READING : WRITING;
}
