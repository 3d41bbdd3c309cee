/** Heap that is left after many subscriptions have ended. */
import type { ChurnResult } from '../servers/churn.ts';
import { bundle } from '../support/bundle.ts';
import { figure, printTable } from '../support/figures.ts';
import { MEASURED_CORE, OTHER_CORE, prepareMachine, run, startServer } from '../support/process.ts';

const ROUNDS = 10_000;
/** `BENCH_BLOCKS=10` makes a hundred thousand rounds of it. */
const BLOCKS = Number(process.env.BENCH_BLOCKS ?? 1);

const CHURN = new URL('../servers/churn.ts', import.meta.url).pathname;

export async function memory(): Promise<void> {
  prepareMachine();
  const stub = await startServer(await bundle('servers', 'stub'), { core: OTHER_CORE });
  try {
    const args = ['--expose-gc', '--import', 'tsx', CHURN, stub.url, String(ROUNDS), String(BLOCKS)];
    report(JSON.parse(await run('taskset', ['-c', String(MEASURED_CORE), process.execPath, ...args])) as ChurnResult);
  } finally {
    await stub.stop();
  }
}

function report({ heap, seconds, held }: ChurnResult): void {
  printTable(
    `Heap after full collections; a block is ${ROUNDS} rounds of subscribe, first event, complete (${ROUNDS * 0.3} rounds of warm-up before)`,
    ['after', 'MiB', 'bytes per round of the block'],
    heap.map((bytes, n) => [
      n === 0 ? 'warm-up' : `block ${n}`,
      figure(bytes / 1024 / 1024),
      n === 0 ? '-' : figure((bytes - (heap[n - 1] ?? 0)) / ROUNDS),
    ]),
  );
  const left = Object.entries(held).filter(([, count]) => count > 0);
  console.log(
    `\n${figure((ROUNDS * BLOCKS) / seconds)} rounds/s; still held: ${left.length === 0 ? 'nothing' : JSON.stringify(Object.fromEntries(left))}`,
  );
}
