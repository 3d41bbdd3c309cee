/** The profile file of the official SDKs (docs/upstream/SIGNING.md, "Credentials"): INI, section `[basic]`. */
import { readFile } from 'node:fs/promises';
import { type AkSkCredential, type CredentialSource, NoCredentialError } from './credentials.ts';

export interface ProfileOptions {
  /** `~/.huaweicloud/credentials` or what `HUAWEICLOUD_SDK_CREDENTIALS_FILE` names, already made absolute. */
  readonly path: string;
}

/** Reads the file again for every call that finds nothing, and keeps what it has found. */
export function profileCredential({ path }: ProfileOptions): CredentialSource {
  let found: AkSkCredential | undefined;
  return {
    async get() {
      found ??= parseProfile(await contentOf(path));
      return found;
    },
  };
}

async function contentOf(path: string): Promise<string> {
  try {
    return await readFile(path, 'utf8');
  } catch {
    throw new NoCredentialError('the profile file cannot be read');
  }
}

/**
 * Pure part of the above.
 * @throws NoCredentialError when there is no section `[basic]` with both `ak` and `sk`.
 */
export function parseProfile(content: string): AkSkCredential {
  const section = parseIni(content).get('basic');
  const ak = section?.get('ak');
  const sk = section?.get('sk');
  if (ak === undefined || sk === undefined) {
    throw new NoCredentialError('the profile file has no section [basic] with ak and sk');
  }
  const securityToken = section?.get('security_token');
  return { kind: 'aksk', ak, sk, ...(securityToken === undefined ? {} : { securityToken }) };
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
