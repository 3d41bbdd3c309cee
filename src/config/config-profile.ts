/** The profile file of the official SDKs (docs/upstream/SIGNING.md, "Credentials"): INI, section `[basic]`. */
import { Secret } from '../shared/secret.ts';
import type { ServiceKeys } from './types.ts';

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
