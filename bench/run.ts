/**
 * `npm run bench` runs every workload, `npm run bench -- http feed` only those. It prints figures and asserts nothing:
 * docs/operations/benchmarks.md says how to read them.
 */
import { fanout } from './workloads/fanout.ts';
import { feed } from './workloads/feed.ts';
import { http } from './workloads/http.ts';
import { memory } from './workloads/memory.ts';
import { scale } from './workloads/scale.ts';

const WORKLOADS: ReadonlyMap<string, () => Promise<void>> = new Map([
  ['http', http],
  ['fanout', fanout],
  ['feed', feed],
  ['memory', memory],
  ['scale', scale],
]);

const asked = process.argv.slice(2);
const unknown = asked.filter((name) => !WORKLOADS.has(name));
if (unknown.length > 0) {
  console.error(`No such workload: ${unknown.join(', ')}. There are: ${[...WORKLOADS.keys()].join(', ')}`);
  process.exit(1);
}

for (const [name, run] of WORKLOADS) {
  if (asked.length > 0 && !asked.includes(name)) continue;
  const startedAt = performance.now();
  console.log(`\n## ${name}`);
  await run();
  console.log(`\n${name} took ${Math.round((performance.now() - startedAt) / 1000)} s`);
}
