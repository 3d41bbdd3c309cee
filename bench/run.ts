/**
 * `npm run bench -- http` measures one table, without names all of them. It prints figures and asserts nothing but equal
 * answers: docs/operations/benchmarks.md says how to read them.
 */
import { parseArgs } from 'node:util';
import { CONTESTANTS, type ContestantName } from './support/contestants.ts';
import { fanout } from './workloads/fanout.ts';
import { feed } from './workloads/feed.ts';
import { http } from './workloads/http.ts';
import { memory } from './workloads/memory.ts';
import { scale } from './workloads/scale.ts';
import { sign } from './workloads/sign.ts';
import { start } from './workloads/start.ts';

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    starts: { type: 'string', default: '3' },
    samples: { type: 'string', default: '3' },
    seconds: { type: 'string', default: '1' },
    'warm-up': { type: 'string', default: '5' },
    without: { type: 'string', default: '' },
    redis: { type: 'boolean', default: false },
  },
});
const without = values.without.split(',').filter((name) => name !== '');
const left = ['floor', ...without, ...(values.redis ? [] : ['redis'])];
const size = { starts: Number(values.starts), samples: Number(values.samples), seconds: Number(values.seconds) };
const names = Object.keys(CONTESTANTS) as ContestantName[];
const servers = names.filter((name) => !left.includes(name));

const WORKLOADS: ReadonlyMap<string, () => Promise<void>> = new Map([
  ['http', () => http({ ...size, servers, warmUpSeconds: Number(values['warm-up']) })],
  ['start', () => start({ starts: 3 * size.starts, servers })],
  ['fanout', () => fanout(size)],
  ['sign', () => sign(size)],
  ['feed', feed],
  ['memory', memory],
  ['scale', scale],
]);

refuse('workload', positionals, [...WORKLOADS.keys()]);
refuse('server', without, names);

for (const [name, run] of WORKLOADS) {
  if (positionals.length > 0 && !positionals.includes(name)) continue;
  const startedAt = performance.now();
  console.log(`\n## ${name}`);
  await run();
  console.log(`\n${name} took ${Math.round((performance.now() - startedAt) / 1000)} s`);
}

function refuse(what: string, asked: readonly string[], known: readonly string[]): void {
  const unknown = asked.filter((name) => !known.includes(name));
  if (unknown.length === 0) return;
  console.error(`No such ${what}: ${unknown.join(', ')}. There are: ${known.join(', ')}`);
  process.exit(1);
}
