import type { Transport } from './transport/transport.ts';

/** IAM does not say which project is meant. */
export class ProjectLookupError extends Error {
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
  let body: unknown;
  try {
    body = JSON.parse(text);
  } catch {
    throw new ProjectLookupError('IAM answered something that is not JSON');
  }
  const projects = typeof body === 'object' && body !== null && 'projects' in body ? body.projects : undefined;
  if (!Array.isArray(projects)) throw new ProjectLookupError('IAM answered without a list of projects');
  return projects.flatMap((project: unknown) =>
    typeof project === 'object' && project !== null && 'id' in project && typeof project.id === 'string'
      ? [project.id]
      : [],
  );
}
