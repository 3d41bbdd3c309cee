/** What the claims of a verified token say about its bearer. Pure. */
import { UnauthenticatedError } from './authenticator.ts';
import type { Grants, Right } from './identity.ts';

export type Claims = Readonly<Record<string, unknown>>;

export interface ClaimRules {
  /** The claim that names projects: its name, or a JSON Pointer (RFC 6901) into the claims. */
  readonly projectsClaim: string;
  /** The claim with the rights in listed projects; null: `read`. */
  readonly rightsClaim: string | null;
}

/** The projects of this gateway, by the ids and names that tokens may use. */
export interface ServedProjects {
  readonly ids: readonly string[];
  /** By id. */
  readonly names: ReadonlyMap<string, string>;
}

/** OpenID Connect Core, section 2: `sub` has at most 255 characters. */
const MAX_SUBJECT = 255;

const IMPLIED: Readonly<Record<string, readonly Right[]>> = {
  read: ['read'],
  write: ['read', 'write'],
  admin: ['read', 'write', 'admin'],
};

/**
 * The stable name of a caller. Both parts are encoded, so that a `sub` can imitate neither another issuer nor a line of
 * the log.
 * @throws UnauthenticatedError
 */
export function subjectOf(issuer: string, sub: unknown): string {
  if (typeof sub !== 'string' || sub === '' || sub.length > MAX_SUBJECT || /\p{Surrogate}/u.test(sub)) {
    throw new UnauthenticatedError(`The token must have a sub of 1 to ${MAX_SUBJECT} characters`);
  }
  return `jwt:${encodeURIComponent(issuer)}:${encodeURIComponent(sub)}`;
}

/**
 * Rights by the token's name of a project. The claim is `{project: rights}`, or a list of projects that all get the rights
 * of the other claim. Any other form grants nothing.
 */
export function grantsOf(claims: Claims, { projectsClaim, rightsClaim }: ClaimRules): Grants {
  const projects = claimAt(claims, projectsClaim);
  if (isRecord(projects)) {
    return new Map(Object.entries(projects).map(([project, words]) => [project, rightsFrom(words)]));
  }
  const rights = rightsClaim === null ? rightsFrom('read') : rightsFrom(claimAt(claims, rightsClaim));
  return new Map(wordsOf(projects).map((project) => [project, rights]));
}

/** A name counts only if it names exactly one project and is the id of none, so that it never grants another project. */
export function grantsById(grants: Grants, { ids, names }: ServedProjects): Grants {
  const byId = new Map<string, ReadonlySet<Right>>();
  for (const [project, rights] of grants) {
    const [id, ...more] = ids.includes(project) ? [project] : ids.filter((own) => names.get(own) === project);
    if (id !== undefined && more.length === 0) byId.set(id, new Set([...(byId.get(id) ?? []), ...rights]));
  }
  return byId;
}

function claimAt(claims: Claims, path: string): unknown {
  if (!path.startsWith('/')) return own(claims, path);
  const steps = path.slice(1).split('/');
  return steps.reduce<unknown>((at, step) => own(at, step.replaceAll('~1', '/').replaceAll('~0', '~')), claims);
}

function own(value: unknown, name: string): unknown {
  return isRecord(value) && Object.hasOwn(value, name) ? value[name] : undefined;
}

function rightsFrom(words: unknown): ReadonlySet<Right> {
  return new Set(wordsOf(words).flatMap((word) => (Object.hasOwn(IMPLIED, word) ? (IMPLIED[word] ?? []) : [])));
}

/** A list of texts, or one text with spaces between words as in `scope`. */
function wordsOf(value: unknown): readonly string[] {
  if (typeof value === 'string') return value.split(' ').filter((word) => word !== '');
  return Array.isArray(value) ? value.filter((word): word is string => typeof word === 'string') : [];
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
