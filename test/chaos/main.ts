/**
 * `npm run chaos`: every scenario once, or what the arguments say:
 * `npm run chaos -- --only 3,4 --seconds 20 --seed 7 --times 10`. Ends with code 1 at the first violation of the
 * promise in docs/operations/reliability.md.
 */
import { parseArgs } from 'node:util';
import { runScenario, type Size } from './run-scenario.ts';
import { SCENARIOS } from './scenarios.ts';

const { values } = parseArgs({
  options: {
    only: { type: 'string' },
    seconds: { type: 'string', default: '12' },
    seed: { type: 'string' },
    times: { type: 'string', default: '1' },
    list: { type: 'boolean', default: false },
  },
});
const size: Size = {
  projects: 10,
  endpoints: 1_000,
  subscribers: 200,
  replicas: 3,
  movesPerSecond: 50,
  seconds: Number(values.seconds),
};
const chosen = values.only?.split(',').map(Number);
const firstSeed = values.seed === undefined ? Date.now() % 1_000_000 : Number(values.seed);
const say = (line: string): void => void process.stdout.write(`${line}\n`);

// Child processes end in the exit handler, which a signal alone would not run.
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => process.exit(130));

if (values.list) {
  for (const [n, { name, backend }] of SCENARIOS.entries()) say(`${n + 1}  ${name} (${backend})`);
  process.exit(0);
}

const { projects, endpoints, subscribers, replicas } = size;
say(
  `${replicas} replicas, ${subscribers} subscribers, ${endpoints} endpoints in ${projects} projects, seed ${firstSeed}`,
);
for (let time = 0; time < Number(values.times); time++) {
  for (const [n, scenario] of SCENARIOS.entries()) {
    if (chosen !== undefined && !chosen.includes(n + 1)) continue;
    const seed = firstSeed + time;
    const { name, figures, violations } = await runScenario(scenario, size, seed);
    const told = [...figures].map(([what, count]) => `${what} ${count}`).join(', ');
    say(`${violations.length === 0 ? 'ok    ' : 'FAILED'}  ${n + 1} ${name}: ${told}`);
    if (violations.length > 0) {
      say(violations.slice(0, 20).join('\n'));
      say(`again with: npm run chaos -- --only ${n + 1} --seconds ${values.seconds} --seed ${seed}`);
      process.exit(1);
    }
  }
}
