/** The files that the configuration is read from, and when one of them changes. */
import { type BigIntStats, readFileSync, statSync } from 'node:fs';
import { stat } from 'node:fs/promises';
import { homedir } from 'node:os';
import { join } from 'node:path';

export interface ConfigFiles {
  readonly defaultProfile: string;
  /** Undefined when there is no such file; throws when it exists and cannot be read. */
  readonly read: (path: string) => string | undefined;
}

export const diskFiles: ConfigFiles = {
  defaultProfile: join(homedir(), '.huaweicloud', 'credentials'),
  read: (path) => {
    try {
      return readFileSync(path, 'utf8');
    } catch (error) {
      if (error instanceof Error && 'code' in error && (error.code === 'ENOENT' || error.code === 'ENOTDIR'))
        return undefined;
      throw error;
    }
  },
};

/** The one line of a file with a secret, or the fault of the file. */
export function readSecretFile(files: ConfigFiles, path: string): { text: string } | { fault: string } {
  let content: string | undefined;
  try {
    content = files.read(path);
  } catch {
    return { fault: 'cannot be read. Give the user of this process the right to read it' };
  }
  if (content === undefined) return { fault: 'does not exist. Correct the path, or mount the file' };
  const text = content.trim();
  if (text === '') return { fault: 'is empty. Write the secret into it' };
  // Certificates and profiles have several lines, so this is some other file.
  return /[\r\n]/.test(text) ? { fault: 'has more than one line. Write the secret alone into it' } : { text };
}

/** Fingerprints of files from just before each was read, by path. Missing files are included, since they may appear. */
export type SeenFiles = ReadonlyMap<string, string>;

/** The same files, with a record of what was read. */
export function notingFiles(files: ConfigFiles): { readonly files: ConfigFiles; readonly seen: SeenFiles } {
  const seen = new Map<string, string>();
  const read: ConfigFiles['read'] = (path) => {
    seen.set(path, lookNow(path));
    return files.read(path);
  };
  return { files: { ...files, read }, seen };
}

/**
 * Polls the files. Change notifications follow a file and not its name, so they miss the links that Kubernetes swaps, and
 * they do not come at all on network disks.
 */
export class FileChanges {
  #seen: SeenFiles;
  #before = '';

  constructor(seen: SeenFiles) {
    this.#seen = seen;
  }

  get seen(): SeenFiles {
    return this.#seen;
  }

  follow(seen: SeenFiles): void {
    this.#seen = seen;
  }

  /**
   * Call at a regular interval. A change counts once two calls have seen the same files: an access key and its secret may
   * lie in two files, which are not written at the same moment.
   */
  async changed(): Promise<boolean> {
    const seen = this.#seen;
    const now = (await Promise.all([...seen.keys()].map(look))).join('\n');
    const hasSettled = now === this.#before;
    this.#before = now;
    return hasSettled && now !== [...seen.values()].join('\n') && seen === this.#seen;
  }
}

const NONE = 'none';

async function look(path: string): Promise<string> {
  return await stat(path, { bigint: true }).then(markOf, () => NONE);
}

function lookNow(path: string): string {
  try {
    return markOf(statSync(path, { bigint: true }));
  } catch {
    return NONE;
  }
}

/** Follows links. Inode and nanoseconds distinguish files of one size that were written in the same second. */
function markOf({ dev, ino, size, mtimeNs }: BigIntStats): string {
  return `${dev} ${ino} ${size} ${mtimeNs}`;
}
