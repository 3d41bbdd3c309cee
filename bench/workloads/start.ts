/** From the start of the process to its first answer, and what it holds then. */
import { CONTESTANTS, type Contestant, type ContestantName } from '../support/contestants.ts';
import { figure, median, printTable, spread } from '../support/figures.ts';
import { send } from '../support/load.ts';
import { prepareMachine, rssMebibytes } from '../support/process.ts';
import { writeResult } from '../support/result.ts';
import { startUpstream } from '../support/upstream.ts';

export interface StartOptions {
  readonly starts: number;
  readonly servers: readonly ContestantName[];
}

interface Measured {
  readonly contestant: Contestant;
  readonly milliseconds: number[];
  readonly mebibytes: number[];
}

export async function start(options: StartOptions): Promise<void> {
  prepareMachine({ nginx: 'nginx-light' });
  const upstream = await startUpstream();
  const measured: Measured[] = [];
  for (const name of ['floor', ...options.servers] as const) {
    measured.push({ contestant: await CONTESTANTS[name](upstream.url), milliseconds: [], mebibytes: [] });
  }
  // The first round fills the caches of the file system and is not counted.
  for (let n = -1; n < options.starts; n += 1) {
    for (const { contestant, milliseconds, mebibytes } of n % 2 === 0 ? measured : measured.toReversed()) {
      const startedAt = performance.now();
      const server = await contestant.start();
      await send({ url: `${server.url}/graphql`, headers: contestant.headers }, contestant.operations[1]);
      const took = performance.now() - startedAt;
      if (n >= 0) {
        milliseconds.push(took);
        mebibytes.push(rssMebibytes(server.pid));
      }
      await server.stop();
    }
  }
  for (const { contestant } of measured) await contestant.close();
  await upstream.stop();
  const rows = measured.map(({ contestant: { name }, ...samples }) => ({ name, ...samples }));
  printTable(
    `From the start to the first answer to \`one\`. ${options.starts} starts, alternating: median (lowest-highest)`,
    ['server', 'ms', 'memory at the first answer, MiB'],
    rows.map(({ name, milliseconds, mebibytes }) => [name, spread(milliseconds), figure(median(mebibytes))]),
  );
  writeResult('start', options, { servers: rows });
}
