import { mkdirSync, mkdtempSync, renameSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { diskFiles, FileChanges, notingFiles } from '../../src/config/files.ts';

let dir: string;
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'config-watch-'));
});
afterEach(() => rmSync(dir, { recursive: true }));

function read(...names: readonly string[]) {
  const { files, seen } = notingFiles(diskFiles);
  for (const name of names) files.read(join(dir, name));
  return seen;
}
const write = (name: string, text: string): void => writeFileSync(join(dir, name), text);

describe('files of the configuration', () => {
  it('count as changed once a written file has settled', async () => {
    write('ak', 'a');
    write('sk', 's');
    const changes = new FileChanges(read('ak', 'sk'));
    expect([await changes.changed(), await changes.changed()]).toEqual([false, false]);
    write('ak', 'b');
    expect(await changes.changed()).toBe(false);
    write('sk', 't');
    expect(await changes.changed()).toBe(false);
    expect(await changes.changed()).toBe(true);
    changes.follow(read('ak', 'sk'));
    expect([await changes.changed(), await changes.changed()]).toEqual([false, false]);
  });

  it('may change between reading and polling', async () => {
    write('sk', 'old');
    const seen = read('sk');
    write('sk', 'new');
    const changes = new FileChanges(seen);
    expect([await changes.changed(), await changes.changed()]).toEqual([false, true]);
  });

  it('may come and go', async () => {
    const changes = new FileChanges(read('sk'));
    expect([await changes.changed(), await changes.changed()]).toEqual([false, false]);
    write('sk', 's');
    expect([await changes.changed(), await changes.changed()]).toEqual([false, true]);
    changes.follow(read('sk'));
    rmSync(join(dir, 'sk'));
    expect([await changes.changed(), await changes.changed()]).toEqual([false, true]);
  });

  it('are followed through the links that Kubernetes swaps', async () => {
    for (const [folder, text] of Object.entries({ '..one': 'same', '..two': 'size' })) {
      mkdirSync(join(dir, folder));
      write(`${folder}/sk`, text);
    }
    symlinkSync('..one', join(dir, '..data'));
    symlinkSync('..data/sk', join(dir, 'sk'));
    const changes = new FileChanges(read('sk'));
    symlinkSync('..two', join(dir, '..data_tmp'));
    renameSync(join(dir, '..data_tmp'), join(dir, '..data'));
    expect([await changes.changed(), await changes.changed()]).toEqual([false, true]);
  });
});
