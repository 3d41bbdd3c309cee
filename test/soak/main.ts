/**
 * `npm run soak -- --minutes 20 --seed 7`: the memory, descriptors and latency of two replicas over time, under load and random
 * faults. Ends with code 1 on a lost or repeated event, or when memory or descriptors grow. Writes docs/operations/soak.md.
 */
import { parseArgs } from 'node:util';
import { type Measured, writeReport } from './report.ts';
import { runSoak, type SoakSize } from './run-soak.ts';

const { values } = parseArgs({
  options: {
    minutes: { type: 'string', default: '20' },
    seed: { type: 'string' },
    subscribers: { type: 'string', default: '2000' },
  },
});
const size: SoakSize = {
  minutes: Number(values.minutes),
  seed: values.seed === undefined ? Date.now() % 1_000_000 : Number(values.seed),
  projects: 10,
  replicas: 2,
  subscribers: Number(values.subscribers),
  creationsPerSecond: 2,
};
const say = (line: string): void => void process.stdout.write(`${line}\n`);

// Child processes end in the exit handler, which a signal alone would not run.
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => process.exit(130));

const report = await runSoak(size, say);
const { text, growing }: Measured = writeReport(size, report);
say(text);
const faults = [...report.violations.slice(0, 20), ...growing];
say(faults.length === 0 ? 'ok' : `FAILED\n${faults.join('\n')}`);
process.exit(faults.length === 0 ? 0 : 1);
