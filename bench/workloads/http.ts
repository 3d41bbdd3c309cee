/** The cost of a request in each server, as a ratio to a bare signing proxy measured right beside it. */
import { CONTESTANTS, type Contestant, type ContestantName } from '../support/contestants.ts';
import { figure, median, printTable, spread } from '../support/figures.ts';
import { saturate, send, type Target } from '../support/load.ts';
import { cpuMicros, prepareMachine, rssMebibytes, type ServerProcess } from '../support/process.ts';
import { writeResult } from '../support/result.ts';
import type { Operation } from '../support/sample.ts';
import { startUpstream, type Upstream } from '../support/upstream.ts';

const NAMES = ['create', 'one', 'list'] as const;

export interface HttpOptions {
  /** Of each server; the floor runs all the time. */
  readonly starts: number;
  /** Of each operation and start. */
  readonly samples: number;
  readonly seconds: number;
  /** For each operation. */
  readonly warmUpSeconds: number;
  readonly servers: readonly ContestantName[];
}

interface Sample {
  readonly start: number;
  readonly operation: Operation['name'];
  readonly cpuMicros: number;
  /** Of the floor, right after. */
  readonly floorMicros: number;
  readonly perSecond: number;
  /** Of its core. */
  readonly busy: number;
  readonly upstreamCalls: number;
}

interface Memory {
  readonly firstAnswer: number;
  readonly afterLoad: number;
}

interface Measured {
  readonly name: string;
  readonly samples: Sample[];
  readonly memory: Memory[];
}

interface Running {
  readonly contestant: Contestant;
  readonly server: ServerProcess;
  readonly target: Target;
  readonly firstAnswer: number;
}

export async function http(options: HttpOptions): Promise<void> {
  prepareMachine({ wrk: 'wrk', nginx: 'nginx-light' });
  const upstream = await startUpstream();
  const floor = await CONTESTANTS.floor(upstream.url);
  const contestants: Contestant[] = [];
  for (const name of options.servers) contestants.push(await CONTESTANTS[name](upstream.url));
  const measured = new Map<string, Measured>(
    [floor, ...contestants].map(({ name }) => [name, { name, samples: [], memory: [] }]),
  );
  for (let start = 0; start < options.starts; start += 1) {
    // What a process does first decides how V8 sizes its heap, which later operations feel.
    const order = NAMES.map((_, n) => (n + start) % NAMES.length);
    const base = await launch(floor, null);
    const expected = await answers(base);
    await warmUp(base, order, options);
    // Forward, then backward, so that drift favours no place in the list.
    for (const contestant of start % 2 === 0 ? contestants : contestants.toReversed()) {
      const running = await launch(contestant, expected);
      await warmUp(running, order, options);
      const samples: Sample[] = [];
      for (let n = 0; n < options.samples; n += 1) {
        for (const at of order) {
          const own = await sample(running, at, options, upstream);
          const { cpuMicros: floorMicros } = await sample(base, at, options, upstream);
          samples.push({ ...own, start, floorMicros });
        }
      }
      const { samples: all, memory } = entry(measured, contestant);
      all.push(...samples);
      memory.push({ firstAnswer: running.firstAnswer, afterLoad: rssMebibytes(running.server.pid) });
      await running.server.stop();
      console.error(`${contestant.name}, start ${start + 1}: ${NAMES.map((one) => line(samples, one)).join(', ')}`);
    }
    entry(measured, floor).memory.push({ firstAnswer: base.firstAnswer, afterLoad: rssMebibytes(base.server.pid) });
    await base.server.stop();
  }
  for (const contestant of contestants) await contestant.close();
  await upstream.stop();
  report([...measured.values()], options);
  writeResult('http', options, { servers: [...measured.values()] });
}

/** @param expected answers of the floor; null for the floor itself */
async function launch(contestant: Contestant, expected: readonly string[] | null): Promise<Running> {
  const server = await contestant.start();
  const target = { url: `${server.url}/graphql`, headers: contestant.headers };
  await send(target, contestant.operations[1]);
  const running = { contestant, server, target, firstAnswer: rssMebibytes(server.pid) };
  if (expected === null) return running;
  for (const [n, answer] of (await answers(running)).entries()) {
    const floor = contestant.expected(expected[n] ?? '');
    if (answer !== floor) throw new Error(`${contestant.name} and the floor answer differently:\n${answer}\n${floor}`);
  }
  return running;
}

/** `data` of each operation, without what is new in each creation. */
async function answers({ contestant, target }: Running): Promise<readonly string[]> {
  const texts: string[] = [];
  for (const operation of contestant.operations) {
    const { data } = JSON.parse(await send(target, operation)) as { data: unknown };
    const text = JSON.stringify(data);
    texts.push(operation.name === 'create' ? text.replace(/"(statusCursor|id)":"[^"]+"/g, '"$1":""') : text);
  }
  return texts;
}

function operationOf({ contestant }: Running, at: number): Operation {
  return contestant.operations[at] ?? contestant.operations[0];
}

async function warmUp(running: Running, order: readonly number[], { warmUpSeconds }: HttpOptions): Promise<void> {
  for (const at of order) await saturate(running.target, operationOf(running, at), warmUpSeconds);
}

async function sample(
  running: Running,
  at: number,
  { seconds }: HttpOptions,
  upstream: Upstream,
): Promise<Omit<Sample, 'start' | 'floorMicros'>> {
  const { server, target } = running;
  const operation = operationOf(running, at);
  const callsBefore = await upstream.requests();
  const startedAt = performance.now();
  const before = cpuMicros(server.pid);
  const count = await saturate(target, operation, seconds);
  const used = cpuMicros(server.pid) - before;
  const micros = (performance.now() - startedAt) * 1000;
  const upstreamCalls = ((await upstream.requests()) - callsBefore) / count;
  // wrk leaves its last requests unanswered, so there may be a few calls more.
  if (upstreamCalls < 1) throw new Error(`${operation.name}: only ${upstreamCalls} upstream calls per request`);
  return {
    operation: operation.name,
    cpuMicros: used / count,
    perSecond: (count / micros) * 1_000_000,
    busy: used / micros,
    upstreamCalls,
  };
}

function entry(measured: ReadonlyMap<string, Measured>, { name }: Contestant): Measured {
  const found = measured.get(name);
  if (found === undefined) throw new Error(`two servers are called ${name}`);
  return found;
}

function ratios(samples: readonly Sample[], name: Operation['name']): readonly number[] {
  const own = samples.filter(({ operation }) => operation === name);
  return own.map(({ cpuMicros: micros, floorMicros }) => micros / floorMicros);
}

function line(samples: readonly Sample[], operation: Operation['name']): string {
  return `${operation} ${figure(median(ratios(samples, operation)))}`;
}

function report(servers: readonly Measured[], { starts, samples, seconds }: HttpOptions): void {
  const all = servers.flatMap((server) => server.samples);
  const floorCells = NAMES.map((name) =>
    spread(all.filter(({ operation }) => operation === name).map(({ floorMicros }) => floorMicros)),
  );
  const size = `${starts} starts, ${samples} samples of ${seconds} s each: median (lowest-highest)`;
  const memoryCells = ({ memory }: Measured): string[] => [
    figure(median(memory.map(({ firstAnswer }) => firstAnswer))),
    figure(median(memory.map(({ afterLoad }) => afterLoad))),
  ];
  printTable(
    `CPU per request divided by the floor of the same moment; resident memory in MiB. ${size}`,
    ['server', 'create', 'one', 'list(50)', 'memory at the first answer', 'after the load'],
    servers.map((server, n) => [
      server.name,
      ...(n === 0 ? ['1', '1', '1'] : NAMES.map((one) => spread(ratios(server.samples, one)))),
      ...memoryCells(server),
    ]),
  );
  printTable(
    'CPU per request, µs, and upstream calls per request',
    ['server', 'create', 'one', 'list(50)', 'calls: create', 'one', 'list(50)'],
    servers.map((server, n) => {
      if (n === 0) return [server.name, ...floorCells];
      const own = NAMES.map((name) => server.samples.filter(({ operation }) => operation === name));
      return [
        server.name,
        ...own.map((list) => spread(list.map(({ cpuMicros: micros }) => micros))),
        ...own.map((list) => figure(median(list.map(({ upstreamCalls }) => upstreamCalls)))),
      ];
    }),
  );
}
