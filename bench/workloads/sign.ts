/** The cost of a signature in our code, as a part of the official SDK's, in one process pinned like a server. */
import { bundle } from '../support/bundle.ts';
import { figure, median, printTable, spread } from '../support/figures.ts';
import { MEASURED_CORE, prepareMachine, run } from '../support/process.ts';
import { writeResult } from '../support/result.ts';

export interface SignOptions {
  readonly starts: number;
  readonly samples: number;
}

interface Measured {
  readonly name: string;
  /** Microseconds. */
  readonly times: { readonly ours: number; readonly theirs: number }[];
}

export async function sign({ starts, samples }: SignOptions): Promise<void> {
  prepareMachine();
  const entry = await bundle('peers', 'sign');
  const cases: Measured[] = [];
  for (let start = 0; start < starts; start += 1) {
    const args = ['-c', String(MEASURED_CORE), process.execPath, entry, String(samples)];
    for (const { name, times } of JSON.parse(await run('taskset', args)) as Measured[]) {
      const known = cases.find((one) => one.name === name);
      if (known === undefined) cases.push({ name, times });
      else known.times.push(...times);
    }
  }
  printTable(
    `One signature, µs. ${starts} starts, ${samples} samples each: median (lowest-highest)`,
    ['request', 'this gateway', 'official SDK', 'SDK / gateway'],
    cases.map(({ name, times }) => [
      name,
      spread(times.map(({ ours }) => ours)),
      spread(times.map(({ theirs }) => theirs)),
      figure(median(times.map(({ ours, theirs }) => theirs / ours))),
    ]),
  );
  writeResult('sign', { starts, samples }, { cases });
}
