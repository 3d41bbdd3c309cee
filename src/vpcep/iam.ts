import * as z from 'zod';
import type { TokenFacts } from '../auth/iam-token.ts';
import type { Secret } from '../shared/secret.ts';
import { json } from './core/answers.ts';
import { isRecord, records } from './core/values.ts';
import { UpstreamError } from './errors/upstream-error.ts';
import { tokenCredential } from './signing/credentials.ts';
import type { Transport } from './transport/transport.ts';

/** IAM names no project or several. */
class ProjectLookupError extends Error {
  override readonly name = 'ProjectLookupError' as const;
}

/**
 * The id of the one project of that name: a signed `GET {iam}/v3/projects?name=…` without `X-Project-Id`
 * (docs/upstream/SIGNING.md, "Credentials"). None is ever created.
 * @param iam a transport whose target is the IAM host.
 * @throws ProjectLookupError when there is not exactly one or IAM does not answer
 */
export async function lookUpProject(iam: Transport, name: string): Promise<string> {
  const request = {
    operation: 'KeystoneListProjects',
    method: 'GET',
    projectId: '',
    segments: ['v3', 'projects'],
  } as const;
  let text: string;
  try {
    ({ text } = await iam.call({ ...request, query: [['name', name]] }));
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    throw new ProjectLookupError(`IAM could not be asked for the project ${name} (${why}); give its id instead`, {
      cause: error,
    });
  }
  const ids = idsIn(text);
  const [id] = ids;
  if (id === undefined || ids.length > 1) {
    throw new ProjectLookupError(`IAM knows ${ids.length} projects named ${name}; one must be chosen by its id`);
  }
  return id;
}

function idsIn(text: string): readonly string[] {
  const body = json(text);
  if (!isRecord(body)) throw new ProjectLookupError('IAM answered something that is not a JSON object');
  if (!Array.isArray(body.projects)) throw new ProjectLookupError('IAM answered without a list of projects');
  return records(body.projects).flatMap(({ id }) => (typeof id === 'string' ? [id] : []));
}

/** Short, because callers wait for it, also those with an invalid token. */
const DEADLINE_MS = 5_000;
/** IAM's answers about a token that it does not accept (docs/upstream/NOTES.md, "Hosts, identity"). */
const REFUSALS: ReadonlySet<number> = new Set([400, 401, 403, 404]);

const Named = z.object({ id: z.string().min(1) });
const Answer = z.object({
  token: z.object({
    expires_at: z.string(),
    user: Named,
    project: Named.optional(),
    roles: z.array(z.object({ name: z.string() })).optional(),
  }),
});

/**
 * What IAM says of a token: `GET {iam}/v3/auth/tokens?nocatalog=true`, sent with the token itself, which needs no right.
 * Null when IAM does not accept it.
 * @param iam a transport whose target is the IAM host.
 * @throws UpstreamError when IAM cannot be reached or answers something else
 */
export async function lookUpToken(iam: Transport, token: Secret): Promise<TokenFacts | null> {
  const request = {
    operation: 'KeystoneValidateToken',
    method: 'GET',
    projectId: '',
    segments: ['v3', 'auth', 'tokens'],
    query: [['nocatalog', 'true']],
    subjectToken: token,
  } as const;
  try {
    const options = { credential: tokenCredential(token), deadlineMs: DEADLINE_MS };
    return factsIn((await iam.call(request, options)).text);
  } catch (error) {
    if (error instanceof UpstreamError && error.status !== undefined && REFUSALS.has(error.status)) return null;
    throw error;
  }
}

function factsIn(text: string): TokenFacts {
  const parsed = Answer.safeParse(json(text));
  const expiresAt = parsed.success ? Date.parse(parsed.data.token.expires_at) : Number.NaN;
  if (!parsed.success || Number.isNaN(expiresAt)) {
    const message = 'IAM answered something else than a token.';
    throw new UpstreamError({ kind: 'malformed', outcome: 'refused', message, retryable: false });
  }
  const { user, project, roles = [] } = parsed.data.token;
  return { expiresAt, userId: user.id, projectId: project?.id ?? null, roles: roles.map(({ name }) => name) };
}
