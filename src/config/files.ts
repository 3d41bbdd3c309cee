/** Which files the configuration came out of, and when one of them has become another. */
import { type BigIntStats, statSync } from 'node:fs';
import { stat } from 'node:fs/promises';
import type { ConfigFiles } from './types.ts';

/** By path: what the file was just before it was read. Files that were not there are among them: they may come. */
export type SeenFiles = ReadonlyMap<string, string>;

/** The same files; what is read of them is noted. */
export function notingFiles(files: ConfigFiles): { readonly files: ConfigFiles; readonly seen: SeenFiles } {
  const seen = new Map<string, string>();
  const read: ConfigFiles['read'] = (path) => {
    seen.set(path, lookNow(path));
    return files.read(path);
  };
  return { files: { ...files, read }, seen };
}

/**
 * Looks at files instead of being told of changes: notices of the system follow a file and not its name, and so miss
 * what Kubernetes does (it makes a link point to another folder), and they do not come at all on network disks.
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

  /** From now on these are the files, and what they are. */
  follow(seen: SeenFiles): void {
    this.#seen = seen;
  }

  /**
   * To be asked at an even pace. False for a change until nothing has moved between two questions: an access key and
   * its secret may lie in two files, which are not written at the same moment.
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

/** Of what links lead to. Inode and nanoseconds tell files of one size apart that were written in the same second. */
function markOf({ dev, ino, size, mtimeNs }: BigIntStats): string {
  return `${dev} ${ino} ${size} ${mtimeNs}`;
}
