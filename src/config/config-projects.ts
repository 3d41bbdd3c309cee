/** PROJECTS_FILE: several projects, in several regions, with credentials by reference. YAML, and so JSON as well. */
import { type Document, isNode, LineCounter, parseDocument } from 'yaml';
import { z } from 'zod';
import { CREDENTIALS_RULE, CredentialReference, followReference } from './config-project-keys.ts';
import { baseUrlFaults, type Values } from './env.ts';
import { publicUrl, REGIONS } from './regions.ts';
import type { ConfigFiles, ProjectSettings } from './types.ts';

const ID = z.string().regex(/^[A-Za-z0-9_-]{1,64}$/, 'must be 1 to 64 letters, digits, - or _');
const TEXT = z.string().min(1, 'must not be empty');

const Project = z.strictObject({
  id: ID.optional(),
  name: TEXT.optional(),
  region: TEXT.optional(),
  url: TEXT.optional(),
  iamUrl: TEXT.optional(),
  credentials: CredentialReference.optional(),
});

const ProjectsFile = z.strictObject({
  default: TEXT.optional(),
  projects: z.array(Project).min(1, 'must name at least one project'),
});
type ProjectsFile = z.infer<typeof ProjectsFile>;
type ProjectEntry = z.infer<typeof Project>;

export interface ConfiguredProjects {
  readonly projects: readonly ProjectSettings[];
  readonly defaultProject: number | null;
}

interface Rules {
  readonly production: boolean;
  /** Callers bring tokens of their own (`AUTH_MODE=iam-token`). */
  readonly keysOptional: boolean;
}

/** Undefined when PROJECTS_FILE is not set, or has faults (which are then in `values`). */
export function readProjects(values: Values, files: ConfigFiles, rules: Rules): ConfiguredProjects | undefined {
  const path = values.text('PROJECTS_FILE');
  if (path === undefined) return undefined;
  const file = new FaultyFile(values);
  const parsed = file.parse(path, files);
  if (parsed === undefined) return undefined;
  const projects = parsed.projects.map((entry, i) => toSettings(entry, ['projects', i], { file, files, ...rules }));
  const names = parsed.projects.map(({ id, name }) => [id, name]);
  checkUnique(parsed.projects, file);
  const index = parsed.default === undefined ? -1 : names.findIndex((own) => own.includes(parsed.default));
  if (parsed.default !== undefined && index === -1) {
    file.fault(['default'], 'must be the id or the name of one of the projects', 'Correct it or leave it out');
  }
  return { projects, defaultProject: index === -1 ? null : index };
}

function toSettings(
  entry: ProjectEntry,
  path: readonly (string | number)[],
  { file, files, production, keysOptional }: Rules & { readonly file: FaultyFile; readonly files: ConfigFiles },
): ProjectSettings {
  const region = entry.region ?? 'cn-north-4';
  const isPublic = REGIONS.includes(region);
  if (!isPublic && !(entry.url !== undefined && (entry.iamUrl !== undefined || entry.id !== undefined))) {
    file.fault(
      [...path, 'region'],
      'must be a region of the public cloud, such as cn-north-4',
      'Correct it, or give url and id',
    );
  }
  for (const name of ['url', 'iamUrl'] as const) {
    const faults = entry[name] === undefined ? [] : baseUrlFaults(entry[name], production);
    for (const { rule, fix } of faults) file.fault([...path, name], rule, fix);
  }
  if (entry.credentials === undefined && !keysOptional) {
    file.fault([...path, 'credentials'], CREDENTIALS_RULE, 'Only AUTH_MODE=iam-token does without');
  } else if (entry.credentials === undefined && entry.id === undefined) {
    file.fault([...path, 'id'], 'must be given where there are no credentials to look it up with', 'Give id');
  }
  return {
    id: entry.id ?? null,
    // IAM names a region's own project after the region.
    name: entry.name ?? region,
    region,
    url: originOf(entry.url) ?? publicUrl('vpcep', isPublic ? region : 'cn-north-4'),
    iamUrl: originOf(entry.iamUrl) ?? publicUrl('iam', isPublic ? region : 'cn-north-4'),
    credentials:
      entry.credentials === undefined
        ? null
        : followReference(entry.credentials, {
            values: file.values,
            files,
            path: [...path, 'credentials'],
            fault: (where, rule, fix) => file.fault(where, rule, fix),
          }),
  };
}

function checkUnique(entries: ProjectsFile['projects'], file: FaultyFile): void {
  for (const member of ['id', 'name'] as const) {
    const seen = new Set<string>();
    for (const [i, entry] of entries.entries()) {
      const value = entry[member];
      if (value !== undefined && seen.has(value))
        file.fault(['projects', i, member], 'stands in the file twice', 'Keep one of them');
      if (value !== undefined) seen.add(value);
    }
  }
}

function originOf(url: string | undefined): string | undefined {
  return url === undefined ? undefined : (URL.parse(url)?.origin ?? undefined);
}

/** Faults with the line they are on. */
class FaultyFile {
  readonly values: Values;
  readonly #lines = new LineCounter();
  #document: Document | undefined;

  constructor(values: Values) {
    this.values = values;
  }

  parse(path: string, files: ConfigFiles): ProjectsFile | undefined {
    let text: string | undefined;
    try {
      text = files.read(path);
    } catch {
      text = undefined;
    }
    if (text === undefined) {
      this.values.fault('PROJECTS_FILE', 'must be a file that can be read', 'Correct the path');
      return undefined;
    }
    const document = parseDocument(text, { lineCounter: this.#lines });
    this.#document = document;
    for (const error of document.errors) {
      const line = this.#lines.linePos(error.pos[0]).line;
      this.values.fault(`PROJECTS_FILE line ${line}`, 'is not valid YAML or JSON', `The parser says ${error.code}`);
    }
    if (document.errors.length > 0) return undefined;
    const parsed = ProjectsFile.safeParse(document.toJS());
    if (parsed.success) return parsed.data;
    for (const issue of parsed.error.issues) {
      this.fault(issue.path as (string | number)[], ruleOf(issue), 'See docs/CONFIGURATION.md for the form');
    }
    return undefined;
  }

  fault(path: readonly (string | number)[], rule: string, fix: string): void {
    const line = this.#lineOf(path);
    this.values.fault(`PROJECTS_FILE line ${line}, ${path.join('.') || 'the file'}`, rule, fix);
  }

  /** The line of the member, or of the nearest thing around it that is there. */
  #lineOf(path: readonly (string | number)[]): number {
    for (let length = path.length; length >= 0; length--) {
      const node = this.#document?.getIn(path.slice(0, length), true);
      if (isNode(node) && node.range != null) return this.#lines.linePos(node.range[0]).line;
    }
    return 1;
  }
}

/** Never repeats a value: somebody may have put a key where its name belongs. */
function ruleOf(issue: z.core.$ZodIssue): string {
  if (issue.code === 'unrecognized_keys') return `has members that are not known: ${issue.keys.join(', ')}`;
  if (issue.code === 'invalid_type') return `must be given as ${issue.expected}`;
  return issue.message;
}
