/** PROJECTS_FILE: several projects, in several regions, with credentials by reference. YAML, and so JSON as well. */
import { isNode, LineCounter, parseDocument } from 'yaml';
import * as z from 'zod';
import { CREDENTIALS_RULE, type CredentialSource, credentialReference } from './access-keys.ts';
import { baseUrl, type Env } from './env.ts';
import { DEFAULT_REGION, publicUrl, REGIONS } from './regions.ts';

export interface ProjectSettings {
  /** Null: looked up at IAM by its name. */
  readonly id: string | null;
  /** IAM's name of the project; that of a region's own project is the region. */
  readonly name: string;
  /** Null: unknown, because the URL is configured and the region is not. */
  readonly region: string | null;
  /** Base URLs are origins: no path, no slash at the end. */
  readonly url: string;
  readonly iamUrl: string;
  /** Null: calls are made with the callers' tokens only. */
  readonly credentials: CredentialSource | null;
}

export interface ConfiguredProjects {
  readonly projects: readonly ProjectSettings[];
  /** Index of the project for requests that name none; null: there must be only one. */
  readonly defaultProject: number | null;
}

interface Rules {
  readonly production: boolean;
  /** `AUTH_MODE=iam-token`: callers send their own tokens. */
  readonly keysOptional: boolean;
}

export const ProjectId = z
  .string()
  .regex(
    /^[A-Za-z0-9_-]{1,64}$/,
    'must be 1 to 64 letters, digits, - or _. Copy it from "My Credentials" in the console',
  );
const Text = z.string().min(1, 'must not be empty');

function projectsFile(env: Env, { production, keysOptional }: Rules) {
  const Project = z
    .strictObject({
      id: ProjectId.optional(),
      name: Text.optional(),
      region: Text.optional(),
      url: baseUrl(production),
      iamUrl: baseUrl(production),
      credentials: credentialReference(env).optional(),
    })
    .superRefine(({ id, region = DEFAULT_REGION, url, iamUrl, credentials }, context) => {
      const fault = (member: string, message: string) =>
        context.addIssue({ code: 'custom', path: [member], message, continue: true });
      if (!REGIONS.includes(region) && (url === undefined || (iamUrl === undefined && id === undefined))) {
        fault('region', 'must be a region of the public cloud, such as cn-north-4. Correct it, or give url and id');
      }
      if (credentials !== undefined) return;
      if (!keysOptional) fault('credentials', `${CREDENTIALS_RULE}. Only AUTH_MODE=iam-token does without`);
      else if (id === undefined) fault('id', 'must be given where no credentials can look it up. Give id');
    });
  return z
    .strictObject({ default: Text.optional(), projects: z.array(Project).min(1, 'must name at least one project') })
    .superRefine(({ default: byDefault, projects }, context) => {
      const fault = (path: (string | number)[], message: string) =>
        context.addIssue({ code: 'custom', path, message, continue: true });
      for (const member of ['id', 'name'] as const) {
        const values = projects.map((project) => project[member]);
        for (const [i, value] of values.entries()) {
          if (value !== undefined && values.indexOf(value) < i) {
            fault(['projects', i, member], 'stands in the file twice. Keep one of them');
          }
        }
      }
      if (byDefault !== undefined && !projects.some(({ id, name }) => id === byDefault || name === byDefault)) {
        fault(['default'], 'must be the id or the name of one of the projects. Correct it or leave it out');
      }
    })
    .transform(({ default: byDefault, projects }): ConfiguredProjects => {
      const index = projects.findIndex(({ id, name }) => byDefault !== undefined && [id, name].includes(byDefault));
      const settings = projects.map(({ region, ...project }): ProjectSettings => {
        const place = region !== undefined && REGIONS.includes(region) ? region : DEFAULT_REGION;
        return {
          id: project.id ?? null,
          // IAM names a region's own project after the region.
          name: project.name ?? region ?? DEFAULT_REGION,
          region: region ?? (project.url === undefined ? DEFAULT_REGION : null),
          url: project.url ?? publicUrl('vpcep', place),
          iamUrl: project.iamUrl ?? publicUrl('iam', place),
          credentials: project.credentials ?? null,
        };
      });
      return { projects: settings, defaultProject: index === -1 ? null : index };
    });
}

/** Undefined when PROJECTS_FILE is not set, or has faults (which are then in `env`). */
export function readProjects(env: Env, rules: Rules): ConfiguredProjects | undefined {
  const path = env.text('PROJECTS_FILE');
  if (path === undefined) return undefined;
  let text: string | undefined;
  try {
    text = env.files.read(path);
  } catch {}
  if (text === undefined) {
    env.fault('PROJECTS_FILE', 'must be a file that can be read. Correct the path');
    return undefined;
  }
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines });
  for (const { pos, code } of document.errors) {
    const { line } = lines.linePos(pos[0]);
    env.fault(`PROJECTS_FILE line ${line}`, `is not valid YAML or JSON. The parser says ${code}`);
  }
  if (document.errors.length > 0) return undefined;
  const { data, error } = projectsFile(env, rules).safeParse(document.toJS());
  for (const issue of error?.issues ?? []) {
    env.fault(`PROJECTS_FILE line ${lineOf(issue.path)}, ${issue.path.join('.') || 'the file'}`, messageOf(issue));
  }
  return data;

  /** The line of the member, or of its nearest parent in the file. */
  function lineOf(path: readonly PropertyKey[]): number {
    for (let length = path.length; length >= 0; length--) {
      const node = document.getIn(path.slice(0, length), true);
      if (isNode(node) && node.range != null) return lines.linePos(node.range[0]).line;
    }
    return 1;
  }
}

/** Never repeats a value: it may be a key in the place of its name. */
function messageOf(issue: z.core.$ZodIssue): string {
  const fix = 'See docs/guides/projects.md for the form';
  if (issue.code === 'unrecognized_keys') return `has members that are not known: ${issue.keys.join(', ')}. ${fix}`;
  if (issue.code === 'invalid_type') return `must be given as ${issue.expected}. ${fix}`;
  return issue.message.includes('. ') ? issue.message : `${issue.message}. ${fix}`;
}
