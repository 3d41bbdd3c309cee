/** `credentials` of a project in PROJECTS_FILE: where its keys are. The keys themselves never stand there. */
import { z } from 'zod';
import { Secret } from '../shared/secret.ts';
import { type Profile, parseProfile } from './config-profile.ts';
import { AK_FORM, type Form, readSecretFile, SECURITY_TOKEN_FORM, type Values } from './env.ts';
import type { ConfigFiles, CredentialSource } from './types.ts';

const TEXT = z.string().min(1, 'must not be empty');
const VARIABLE = z.string().regex(/^[A-Za-z_][A-Za-z0-9_]*$/, 'must be the name of an environment variable');

export const CREDENTIALS_RULE =
  'must be one of environment: {ak, sk}, files: {ak, sk}, file: PATH or metadata: true; keys themselves do not belong in this file';

export const CredentialReference = z.union(
  [
    z.strictObject({ environment: z.strictObject({ ak: VARIABLE, sk: VARIABLE, securityToken: VARIABLE.optional() }) }),
    z.strictObject({ files: z.strictObject({ ak: TEXT, sk: TEXT, securityToken: TEXT.optional() }) }),
    z.strictObject({ file: TEXT }),
    z.strictObject({ metadata: z.literal(true) }),
  ],
  CREDENTIALS_RULE,
);
export type CredentialReference = z.infer<typeof CredentialReference>;

type Path = readonly (string | number)[];

export interface ReferenceContext {
  readonly values: Values;
  readonly files: ConfigFiles;
  /** Of `credentials` in the file. */
  readonly path: Path;
  readonly fault: (path: Path, rule: string, fix: string) => void;
}

/** Follows the reference. What is wrong goes to `fault`, and the result is then of no use. */
export function followReference(reference: CredentialReference, context: ReferenceContext): CredentialSource {
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
