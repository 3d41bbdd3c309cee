/**
 * The profile file of the official SDKs (docs/upstream/SIGNING.md, "Credentials"): INI, section `[basic]`.
 * `credentials` of a project in PROJECTS_FILE: where its keys are. The keys themselves never stand there.
 * PROJECTS_FILE: several projects, in several regions, with credentials by reference. YAML, and so JSON as well.
 */

import { type Document, isNode, LineCounter, parseDocument } from 'yaml';
import { z } from 'zod';
import { Secret } from '../shared/secret.ts';
import { AK_FORM, baseUrlFaults, type Form, readSecretFile, SECURITY_TOKEN_FORM, type Values } from './env.ts';
import { publicUrl, REGIONS } from './regions.ts';
import type { ConfigFiles, CredentialSource, ProjectSettings, ServiceKeys } from './types.ts';

export interface Profile {
  /** Undefined: without both `ak` and `sk` there is no key. */
  readonly keys: ServiceKeys | undefined;
  /** There is an `ak` or an `sk`: somebody meant this file to hold a key. */
  readonly meant: boolean;
  readonly projectId: string | undefined;
}

export function parseProfile(content: string): Profile {
  const section = parseIni(content).get('basic');
  const ak = section?.get('ak');
  const sk = section?.get('sk');
  const token = section?.get('security_token');
  const securityToken = token === undefined ? undefined : new Secret(token);
  return {
    keys: ak === undefined || sk === undefined ? undefined : { source: 'keys', ak, sk: new Secret(sk), securityToken },
    meant: ak !== undefined || sk !== undefined,
    projectId: section?.get('project_id'),
  };
}

/** Section → key → value, all names in lower case; empty values are left out. Lines that fit nothing are ignored. */
function parseIni(content: string): ReadonlyMap<string, ReadonlyMap<string, string>> {
  const sections = new Map<string, Map<string, string>>();
  let current = new Map<string, string>();
  for (const raw of content.replace(/^\uFEFF/, '').split(/\r\n|\n|\r/)) {
    const line = raw.trim();
    const header = /^\[([^\]]*)\]$/.exec(line)?.[1];
    if (header !== undefined) {
      const name = header.trim().toLowerCase();
      current = sections.get(name) ?? new Map<string, string>();
      sections.set(name, current);
      continue;
    }
    // Only a whole line is a comment: a secret may hold `#` or `;`.
    const at = line.indexOf('=');
    if (at > 0 && !line.startsWith('#') && !line.startsWith(';')) {
      const value = line.slice(at + 1).trim();
      if (value !== '') current.set(line.slice(0, at).trim().toLowerCase(), value);
    }
  }
  return sections;
}

const TEXT = z.string().min(1, 'must not be empty');
const VARIABLE = z.string().regex(/^[A-Za-z_][A-Za-z0-9_]*$/, 'must be the name of an environment variable');

const CREDENTIALS_RULE =
  'must be one of environment: {ak, sk}, files: {ak, sk}, file: PATH or metadata: true; keys themselves do not belong in this file';

const CredentialReference = z.union(
  [
    z.strictObject({ environment: z.strictObject({ ak: VARIABLE, sk: VARIABLE, securityToken: VARIABLE.optional() }) }),
    z.strictObject({ files: z.strictObject({ ak: TEXT, sk: TEXT, securityToken: TEXT.optional() }) }),
    z.strictObject({ file: TEXT }),
    z.strictObject({ metadata: z.literal(true) }),
  ],
  CREDENTIALS_RULE,
);
type CredentialReference = z.infer<typeof CredentialReference>;

type Path = readonly (string | number)[];

interface ReferenceContext {
  readonly values: Values;
  readonly files: ConfigFiles;
  /** Of `credentials` in the file. */
  readonly path: Path;
  readonly fault: (path: Path, rule: string, fix: string) => void;
}

/** Follows the reference. What is wrong goes to `fault`, and the result is then of no use. */
function followReference(reference: CredentialReference, context: ReferenceContext): CredentialSource {
  if ('metadata' in reference) return { source: 'metadata' };
  if ('file' in reference) return fromProfile(reference.file, context);
  const [kind, names, read] =
    'files' in reference
      ? (['files', reference.files, fromFile] as const)
      : (['environment', reference.environment, fromVariable] as const);
  const part = (member: 'ak' | 'sk' | 'securityToken', form?: Form): Secret | undefined => {
    const name = names[member];
    return name === undefined ? undefined : read(name, form, { ...context, path: [...context.path, kind, member] });
  };
  const ak = part('ak', AK_FORM)?.reveal() ?? '';
  return {
    source: 'keys',
    ak,
    sk: part('sk') ?? new Secret(''),
    securityToken: part('securityToken', SECURITY_TOKEN_FORM),
  };
}

function fromProfile(name: string, { files, path, fault }: ReferenceContext): CredentialSource {
  let profile: Profile | undefined;
  try {
    const content = files.read(name);
    profile = content === undefined ? undefined : parseProfile(content);
  } catch {
    profile = undefined;
  }
  if (profile?.keys !== undefined) return profile.keys;
  const rule =
    profile === undefined ? 'must be a profile file that can be read' : 'must hold ak and sk in its section [basic]';
  fault([...path, 'file'], rule, profile === undefined ? 'Correct the path' : 'Correct the file');
  return { source: 'metadata' };
}

function fromVariable(name: string, form: Form | undefined, { values, path, fault }: ReferenceContext) {
  if (!values.has(name)) fault(path, `names ${name}, which is not set`, `Set ${name} or ${name}_FILE`);
  return values.secret(name, form);
}

function fromFile(name: string, form: Form | undefined, { files, path, fault }: ReferenceContext) {
  const content = readSecretFile(files.read, name);
  if (typeof content !== 'string') fault(path, `names a file that ${content.rule}`, content.fix);
  else if (form !== undefined && !form.pattern.test(content))
    fault(path, `names a file whose content ${form.rule}`, form.fix);
  else return new Secret(content);
  return undefined;
}

const ID = z.string().regex(/^[A-Za-z0-9_-]{1,64}$/, 'must be 1 to 64 letters, digits, - or _');

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

interface ConfiguredProjects {
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
      this.fault(issue.path as (string | number)[], ruleOf(issue), 'See docs/guides/projects.md for the form');
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
