// Fails when the SDL breaks that of the last release tag, unless a changeset says so (.changeset/README.md has the form).
import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { ChangeType, CriticalityLevel, diff } from '@graphql-inspector/core';
import { buildSchema } from 'graphql';

const SDL = 'schema/schema.graphql';
/** `Breaking: Type.field, Type.other: what to write instead`; a changelog puts list marks and a commit before it. */
const BREAKING = /^\s*(?:- |[0-9a-f]{7,40}: )*Breaking: ([^:\n]+): \S/gm;

/** Valid operations stay valid, but mean something else. */
const DEFAULTS = [ChangeType.FieldArgumentDefaultChanged, ChangeType.InputFieldDefaultValueChanged];
const isBreaking = ({ type, criticality }) =>
  criticality.level === CriticalityLevel.Breaking || DEFAULTS.includes(type);

function git(...args) {
  const { status, stdout, stderr } = spawnSync('git', args, { encoding: 'utf8', maxBuffer: 1 << 26 });
  return status === 0 ? stdout : { fault: stderr.trim() };
}

/** What waits for the next release: the changesets, and a section of the changelog that has no tag yet. */
function unreleasedNotes(tag) {
  const changesets = readdirSync('.changeset').filter((name) => name.endsWith('.md') && name !== 'README.md');
  const changelog = existsSync('CHANGELOG.md') ? readFileSync('CHANGELOG.md', 'utf8') : '';
  const [, top = ''] = changelog.split(/^## /m);
  return [
    ...changesets.map((name) => readFileSync(`.changeset/${name}`, 'utf8')),
    ...(`v${top.split('\n')[0].trim()}` === tag ? [] : [top]),
  ].join('\n');
}

async function undeclaredChanges(tag) {
  const before = git('show', `${tag}:${SDL}`);
  if (typeof before !== 'string') return [before.fault];
  const changes = await diff(buildSchema(before), buildSchema(readFileSync(SDL, 'utf8')));
  const declared = new Set(
    [...unreleasedNotes(tag).matchAll(BREAKING)].flatMap(([, names]) => names.replaceAll('`', '').split(/,\s*/)),
  );
  return changes
    .filter((change) => isBreaking(change) && !declared.has(change.path))
    .map(({ path, message }) => `${path}: ${message}`);
}

const tag = git('describe', '--tags', '--abbrev=0', '--match', 'v[0-9]*');
if (typeof tag !== 'string') {
  console.log(`Nothing to compare with, because no release tag is reachable from HEAD. ${tag.fault}`);
} else {
  const faults = await undeclaredChanges(tag.trim());
  for (const fault of faults) console.error(fault);
  if (faults.length > 0) {
    console.error(`These break clients of ${tag.trim()}: name each in a changeset, as .changeset/README.md says.`);
    process.exitCode = 1;
  }
}
