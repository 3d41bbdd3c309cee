/** Access keys: from the environment, a profile file, or the reference in PROJECTS_FILE. */
import * as z from 'zod';
import { Secret } from '../shared/secret.ts';
import type { Env } from './env.ts';
import { type ConfigFiles, readSecretFile } from './files.ts';

export interface ServiceKeys {
  readonly source: 'keys';
  readonly ak: string;
  readonly sk: Secret;
  readonly securityToken: Secret | undefined;
}

export type CredentialSource =
  | ServiceKeys
  /** ECS instance metadata: temporary keys of the machine's agency. */
  | { readonly source: 'metadata' };

/** Visible ASCII: what a header can carry. The comma ends the key in `Authorization`. */
export const AccessKey = z
  .string()
  .regex(/^[\x21-\x2b\x2d-\x7e]+$/, 'must be visible ASCII without spaces and commas. Copy it again');
const SecurityToken = z.string().regex(/^[\x21-\x7e]+$/, 'must be visible ASCII without spaces. Copy it again');
const FORMS = { ak: AccessKey, sk: z.string(), securityToken: SecurityToken };
type KeyPart = keyof typeof FORMS;

/** Missing parts are faults already, and the result is then not used. */
function keysFrom(part: (name: KeyPart, form: z.ZodString) => Secret | undefined): ServiceKeys {
  const [ak, sk, securityToken] = (['ak', 'sk', 'securityToken'] as const).map((name) => part(name, FORMS[name]));
  return { source: 'keys', ak: ak?.reveal() ?? '', sk: sk ?? new Secret(''), securityToken };
}

/** The profile file of the official SDKs (docs/upstream/SIGNING.md, "Credentials"): INI, section `[basic]`. */
export interface Profile {
  /** Undefined: without both `ak` and `sk` there is no key. */
  readonly keys: ServiceKeys | undefined;
  /** There is an `ak` or an `sk`, so the file was meant to hold a key. */
  readonly meant: boolean;
  readonly projectId: string | undefined;
}

/** Names have no case. Empty values and malformed lines are ignored. */
export function parseProfile(content: string): Profile {
  const basic = new Map<string, string>();
  let section = '';
  for (const line of content.replace(/^\uFEFF/, '').split(/\r\n|\n|\r/)) {
    section = /^\[\s*([^\]]*?)\s*\]$/.exec(line.trim())?.[1]?.toLowerCase() ?? section;
    // Only a whole line is a comment: a secret may hold `#` or `;`.
    const [, name, value] = /^([^=#;][^=]*?)\s*=\s*(.+)$/.exec(line.trim()) ?? [];
    if (section === 'basic' && name !== undefined && value !== undefined) basic.set(name.toLowerCase(), value);
  }
  const [ak, sk, token] = [basic.get('ak'), basic.get('sk'), basic.get('security_token')];
  const securityToken = token === undefined ? undefined : new Secret(token);
  return {
    keys: ak === undefined || sk === undefined ? undefined : { source: 'keys', ak, sk: new Secret(sk), securityToken },
    meant: ak !== undefined || sk !== undefined,
    projectId: basic.get('project_id'),
  };
}

/** Undefined when there is no such file, `unreadable` when it cannot be read. */
function readProfile(files: ConfigFiles, path: string): Profile | undefined | 'unreadable' {
  try {
    const content = files.read(path);
    return content === undefined ? undefined : parseProfile(content);
  } catch {
    return 'unreadable';
  }
}

interface Found {
  readonly credentials: CredentialSource;
  readonly projectId?: string | undefined;
}

/** The pairs are never mixed: an AK of one and an SK of the other would only get the key locked. */
export function readCredentials(env: Env): Found | undefined {
  const [prefix] = ['HUAWEICLOUD_SDK', 'CLOUD_SDK'].filter((name) => env.has(`${name}_AK`) || env.has(`${name}_SK`));
  const tokenName = 'HUAWEICLOUD_SDK_SECURITY_TOKEN';
  const hasToken = env.has(tokenName);
  if (prefix === undefined) {
    if (hasToken) {
      const fix = 'Set HUAWEICLOUD_SDK_AK and HUAWEICLOUD_SDK_SK as well, or unset it';
      env.fault(tokenName, `belongs to a temporary key. ${fix}`);
    }
    return readProfileSetting(env);
  }
  for (const [missing, given] of [
    [`${prefix}_AK`, `${prefix}_SK`],
    [`${prefix}_SK`, `${prefix}_AK`],
  ] as const) {
    if (!env.has(missing)) env.fault(missing, `must be set because ${given} is. Set both or unset ${given}`);
  }
  const names = { ak: `${prefix}_AK`, sk: `${prefix}_SK`, securityToken: tokenName };
  return { credentials: keysFrom((part, form) => env.secret(names[part], form)) };
}

function readProfileSetting(env: Env): Found | undefined {
  const variable = 'HUAWEICLOUD_SDK_CREDENTIALS_FILE';
  const given = env.text(variable);
  const path = given ?? env.files.defaultProfile;
  const profile = readProfile(env.files, path);
  const fix =
    given === undefined
      ? `Correct ${path}, move it away, or set HUAWEICLOUD_SDK_AK and _SK`
      : 'Correct the path or the file, or unset it';
  if (profile === 'unreadable') env.fault(variable, `the profile file cannot be read. ${fix}`);
  else if (profile?.keys !== undefined) return { credentials: profile.keys, projectId: profile.projectId };
  else if (given !== undefined || profile?.meant === true) {
    env.fault(variable, `the profile file must exist and hold ak and sk in its section [basic]. ${fix}`);
  }
  return undefined;
}

export const CREDENTIALS_RULE =
  'must be one of environment: {ak, sk}, files: {ak, sk}, file: PATH or metadata: true; keys themselves do not belong in this file';

const Path = z.string().min(1, 'must not be empty');
const Variable = z.string().regex(/^[A-Za-z_][A-Za-z0-9_]*$/, 'must be the name of an environment variable');

const Reference = z.union(
  [
    z.strictObject({ environment: z.strictObject({ ak: Variable, sk: Variable, securityToken: Variable.optional() }) }),
    z.strictObject({ files: z.strictObject({ ak: Path, sk: Path, securityToken: Path.optional() }) }),
    z.strictObject({ file: Path }),
    z.strictObject({ metadata: z.literal(true) }),
  ],
  CREDENTIALS_RULE,
);

/** `credentials` of a project in PROJECTS_FILE, which never holds the keys themselves. */
export function credentialReference(env: Env) {
  return Reference.transform((reference, context): CredentialSource => {
    const fault = (path: string[], message: string): undefined => {
      // `continue`: the other checks of the file run as well.
      context.issues.push({ code: 'custom', input: reference, path, message, continue: true });
    };
    if ('metadata' in reference) return { source: 'metadata' };
    if ('file' in reference) {
      const profile = readProfile(env.files, reference.file);
      if (profile === undefined || profile === 'unreadable') {
        fault(['file'], 'must be a profile file that can be read. Correct the path');
      } else if (profile.keys === undefined) {
        fault(['file'], 'must hold ak and sk in its section [basic]. Correct the file');
      } else return profile.keys;
      return { source: 'metadata' };
    }
    return keysFrom((part, form) => {
      if ('environment' in reference) {
        const name = reference.environment[part];
        if (name === undefined) return undefined;
        if (!env.has(name))
          fault(['environment', part], `names ${name}, which is not set. Set ${name} or ${name}_FILE`);
        return env.secret(name, form);
      }
      const path = reference.files[part];
      if (path === undefined) return undefined;
      const content = readSecretFile(env.files, path);
      if ('fault' in content) return fault(['files', part], `names a file that ${content.fault}`);
      const { success, error } = form.safeParse(content.text);
      if (success) return new Secret(content.text);
      return fault(['files', part], `names a file whose content ${error.issues[0]?.message}`);
    });
  });
}
