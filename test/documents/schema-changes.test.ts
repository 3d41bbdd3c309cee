import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';

const SCRIPT = new URL('../../script/check-schema-changes.mjs', import.meta.url).pathname;
const BEFORE = 'type Query { list(first: Int): [String!] name: String! kind: Kind } enum Kind { A }';
const BROKEN = 'type Query { list(first: Int!): [String!] name: String kind: Kind } enum Kind { A }';

let folder: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'schema-changes-'));
  for (const name of ['schema', '.changeset']) mkdirSync(join(folder, name));
  write('schema/schema.graphql', BEFORE);
  write('.changeset/README.md', 'Breaking: Query.list.first, Query.name: the form, not a change');
  git('init', '--quiet');
  git('add', '.');
  commit();
});
afterEach(() => rmSync(folder, { recursive: true }));

const write = (name: string, text: string): void => writeFileSync(join(folder, name), text);
const commit = (): void => git('commit', '--quiet', '--allow-empty', '--message', 'change');

function git(...args: readonly string[]): void {
  const identity = ['-c', 'user.name=test', '-c', 'user.email=test@example.com'];
  const { status, stderr } = spawnSync('git', [...identity, ...args], { cwd: folder, encoding: 'utf8' });
  expect(status, stderr).toBe(0);
}

function check(): { code: number | null; out: string; err: string } {
  const { status, stdout, stderr } = spawnSync(process.execPath, [SCRIPT], { cwd: folder, encoding: 'utf8' });
  return { code: status, out: stdout, err: stderr };
}

/** Release 0.1.0, a commit behind it, and the SDL after that. */
function release(after: string): void {
  write('CHANGELOG.md', '# Changelog\n\n## 0.1.0\n\n- Breaking: Query.name, Query.list.first: an old note\n');
  git('tag', 'v0.1.0');
  commit();
  write('schema/schema.graphql', after);
}

it('without a release tag there is nothing to compare with', () => {
  git('tag', 'other');
  write('schema/schema.graphql', BROKEN);
  expect(check()).toMatchObject({ code: 0, out: expect.stringMatching(/^Nothing to compare with/), err: '' });
});

it('breaking changes fail, each with its coordinate', () => {
  release(BROKEN);
  const { code, err } = check();
  expect(code).toBe(1);
  expect(err).toMatch(/^Query\.list\.first: .*'Int' to 'Int!'$/m);
  expect(err).toMatch(/^Query\.name: .*'String!' to 'String'$/m);
  expect(err).toMatch(/ v0\.1\.0: name each in a changeset/);
});

it('breaking changes pass when changesets name all of them with replacements', () => {
  release(BROKEN);
  write('.changeset/one.md', "---\n'x': minor\n---\n\nPages.\n\n- Breaking: Query.list.first: always pass `first`\n");
  expect(check()).toMatchObject({ code: 1, err: expect.not.stringContaining('Query.list') });
  write('.changeset/two.md', "---\n'x': minor\n---\n\nBreaking: `Query.name`\n");
  expect(check().code).toBe(1);
  write('.changeset/two.md', "---\n'x': minor\n---\n\nBreaking: `Query.name`: expect null\n");
  expect(check()).toEqual({ code: 0, out: '', err: '' });
});

it('after `changeset version`, the new section of the changelog counts until it is tagged', () => {
  release(BROKEN);
  const note =
    '### Minor Changes\n\n- 0a1b2c3: - Breaking: Query.name: expect null\n  - Breaking: Query.list.first: always pass `first`\n';
  write('CHANGELOG.md', `# Changelog\n\n## 0.2.0\n\n${note}\n## 0.1.0\n`);
  expect(check()).toEqual({ code: 0, out: '', err: '' });
});

it('a changed default fails', () => {
  release(BEFORE.replace('first: Int', 'first: Int = 5'));
  expect(check()).toMatchObject({ code: 1, err: expect.stringMatching(/^Query\.list\.first: Default value/m) });
});

it('other changes pass: a field, an enum value', () => {
  release('type Query { list(first: Int): [String!] name: String! kind: Kind more: Int } enum Kind { A B }');
  expect(check()).toEqual({ code: 0, out: '', err: '' });
});
