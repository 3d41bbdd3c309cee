/**
 * What the start needs to know of a profile file (SIGNING.md, "Credentials"): is there a key pair in `[basic]`, and
 * which project. The keys themselves are read by the client, when they are first needed and again after a reload.
 */
export interface ProfileSummary {
  readonly hasAk: boolean;
  readonly hasSk: boolean;
  readonly projectId: string | undefined;
}

export function summarizeProfile(content: string): ProfileSummary {
  const basic = new Map<string, string>();
  let section = '';
  for (const line of content.split('\n').map((raw) => raw.trim())) {
    const header = /^\[(.*)\]$/.exec(line);
    if (header !== null) section = (header[1] ?? '').trim();
    const pair = /^([^#;=[][^=]*)=(.*)$/.exec(line);
    if (section === 'basic' && pair !== null) basic.set((pair[1] ?? '').trim(), (pair[2] ?? '').trim());
  }
  const value = (key: string): string | undefined => basic.get(key) || undefined;
  return { hasAk: value('ak') !== undefined, hasSk: value('sk') !== undefined, projectId: value('project_id') };
}
