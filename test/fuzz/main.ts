/**
 * `npm run fuzz`: 20,000 cases, or what the arguments say: `npm run fuzz -- --cases 100000 --seed 7 --only 2,4`. Ends with
 * code 1 at the first answer that is not documented, end of the process, or fault that it logs itself.
 */
import { parseArgs } from 'node:util';
import { attacks } from './attacks.ts';
import { type Attack, fuzz } from './run.ts';
import { startTarget } from './target.ts';

const { values } = parseArgs({
  options: { cases: { type: 'string', default: '20000' }, seed: { type: 'string' }, only: { type: 'string' } },
});
const seed = values.seed === undefined ? Date.now() % 1_000_000 : Number(values.seed);
const chosen = values.only?.split(',').map(Number);
const say = (line: string): void => void process.stdout.write(`${line}\n`);
const mib = (bytes: number): string => `${(bytes / 1024 / 1024).toFixed(1)} MiB`;

// Child processes end in the exit handler, which a signal alone would not run.
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => process.exit(130));

async function attack<Case>(name: string, one: Attack<Case>, cases: number): Promise<boolean> {
  const target = await startTarget(one.env);
  try {
    const { cases: done, fault, heap } = await fuzz(target, one, { cases, seed });
    say(`${fault === null ? 'ok    ' : 'FAILED'}  ${name}: ${done} cases, heap ${mib(heap.early)} → ${mib(heap.late)}`);
    if (fault !== null) say(fault);
    return fault === null;
  } finally {
    await target.stop();
    await one.stop?.();
  }
}

const all = attacks.filter((_, n) => chosen?.includes(n + 1) ?? true);
say(`seed ${seed}`);
let well = true;
for (const { name, make } of all)
  well = (await make((one) => attack(name, one, Math.ceil(Number(values.cases) / all.length)))) && well;
process.exit(well ? 0 : 1);
