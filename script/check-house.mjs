// The rules of the layout that dependency-cruiser cannot hold (docs/design/architecture.md): files per folder, lines per file,
// circles of folders, files of one name.
import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';

const MOST_FILES = 12;
const MOST_LINES = 400;
const FEWEST_FILES = 150;

/** Names that several folders may share, with the reason. Any other name stands once. */
const SHARED_NAMES = {
  'client.ts': 'the calls about one noun, and the package for frontends',
  'model.ts': 'the shapes of one noun',
  'parse.ts': 'the answers about one noun',
  'request.ts': 'the requests about one noun, and the shape of them all',
  'main.ts': 'the process of the gateway and its commands, and of the simulator',
  'config.ts': 'the settings of a process: gateway or simulator',
  'server.ts': 'listens: gateway or simulator',
  'iam.ts': 'calls IAM, and plays it in the simulator',
  'identity.ts': 'the caller of the gateway, and of the simulator',
  'authenticate.ts': 'finds the caller of the gateway, and of the simulator',
  'upstream.ts': 'settings, and what is composed from them',
  'outbound-proxy.ts': 'settings, and what is done with them',
  'trusted-documents.ts': 'settings, and what is done with them',
};

const files = execFileSync('git', ['ls-files', '--cached', '--others', '--exclude-standard', 'src'], {
  encoding: 'utf8',
})
  .split('\n')
  .filter((file) => file.endsWith('.ts') && !file.includes('/generated/') && existsSync(file));
const faults = [];

function groups(nameOf) {
  const map = new Map();
  for (const file of files) map.set(nameOf(file), [...(map.get(nameOf(file)) ?? []), file]);
  return map;
}

for (const [folder, inside] of groups(dirname)) {
  if (inside.length > MOST_FILES)
    faults.push(
      `${folder} holds ${inside.length} files, at most ${MOST_FILES} are allowed: merge two, or give a noun its own folder`,
    );
}

for (const [name, places] of groups((file) => basename(file))) {
  if (places.length > 1 && !(name in SHARED_NAMES))
    faults.push(
      `${places.join(' and ')} share a name: name each after its main export, or give the reason in SHARED_NAMES`,
    );
}

const imports = new Map();
for (const file of files) {
  const text = readFileSync(file, 'utf8');
  const lines = text.split('\n').length - 1;
  if (lines > MOST_LINES)
    faults.push(
      `${file} has ${lines} lines, at most ${MOST_LINES} are allowed: remove code, or move one job to a file of its own`,
    );
  const from = dirname(file);
  for (const [, specifier] of text.matchAll(/^(?:import|export) (?:[^;]*?from )?'(\.[^']+)';$/gms)) {
    const to = dirname(join(from, specifier));
    if (to !== from) imports.set(from, (imports.get(from) ?? new Set()).add(to));
  }
}

/** @returns the folders from `start` back to itself, or null. */
function circleFrom(start) {
  const cameFrom = new Map([[start, null]]);
  for (const folder of cameFrom.keys()) {
    for (const next of imports.get(folder) ?? []) {
      if (next === start) {
        const path = [start];
        for (let step = folder; step !== null; step = cameFrom.get(step)) path.unshift(step);
        return path;
      }
      if (!cameFrom.has(next)) cameFrom.set(next, folder);
    }
  }
  return null;
}

const circle = [...imports.keys()].map(circleFrom).find((path) => path !== null);
if (circle !== undefined)
  faults.push(`circle of folders ${circle.join(' -> ')}: move what the lower folder imports down to it, or pass it in`);
if (files.length < FEWEST_FILES)
  faults.push(
    `only ${files.length} files of src were read, at least ${FEWEST_FILES} were expected: run it in a git work tree`,
  );

for (const fault of faults) console.error(fault);
process.exitCode = faults.length > 0 ? 1 : 0;
