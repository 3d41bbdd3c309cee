/** The cost of a request in the gateway, as a ratio to a bare signing proxy in the same run. */
import { isDeepStrictEqual } from 'node:util';
import { figure, median, percentile, printTable, spread } from '../support/figures.ts';
import { startGateway } from '../support/gateway.ts';
import { Load } from '../support/load.ts';
import { cpuMicros, rssKilobytes, type ServerProcess, startServer } from '../support/process.ts';
import { CREATE, LIST, ONE, type Operation } from '../support/sample.ts';

const CONNECTIONS = 16;
/** Enough requests for the compiler to be done, bounded for a busy machine. */
const WARM_UP_REQUESTS = 4_000;
const WARM_UP_MS = 8_000;
const PASSES = 5;
const PASS_MS = 1_000;
const RATE = 100;
const RATE_MS = 3_000;

const STUB = new URL('../servers/stub.ts', import.meta.url).pathname;
const FLOOR = new URL('../servers/floor-http.ts', import.meta.url).pathname;

class Side {
  readonly name: string;
  readonly server: ServerProcess;
  readonly load: Load;

  constructor(name: string, server: ServerProcess) {
    this.name = name;
    this.server = server;
    this.load = new Load(server.url, CONNECTIONS);
  }
}

/** What was measured of one operation on one side. */
interface Cell {
  readonly side: Side;
  readonly cpu: number[];
  readonly perSecond: number[];
  readonly upstreamCalls: number[];
  latencies: readonly number[];
}

interface Case {
  readonly label: string;
  readonly operation: Operation;
  readonly gateway: Cell;
  readonly floor: Cell;
}

export async function http(): Promise<void> {
  const stub = await startServer(STUB);
  const floor = new Side('floor', await startServer(FLOOR, { args: [stub.url] }));
  const reads = new Side('gateway, reads only', await startGateway(stub.url));
  // A creation makes a gateway watch its project for minutes: its own process keeps that out of the reads.
  const creates = new Side('gateway, creations too', await startGateway(stub.url));
  const sides = [floor, reads, creates];
  const cases: Case[] = [
    { label: 'create', operation: CREATE, gateway: cell(creates), floor: cell(floor) },
    { label: 'one', operation: ONE, gateway: cell(reads), floor: cell(floor) },
    { label: 'list(50)', operation: LIST, gateway: cell(reads), floor: cell(floor) },
    { label: 'one, project watched', operation: ONE, gateway: cell(creates), floor: cell(floor) },
  ];
  try {
    for (const one of cases) await compareAnswers(one);
    for (const { operation, gateway } of cases) {
      for (const side of [gateway.side, floor]) await side.load.saturate(operation, WARM_UP_MS, WARM_UP_REQUESTS);
    }
    for (let pass = 0; pass < PASSES; pass += 1) {
      for (const { operation, ...one } of cases) {
        // A/B, then B/A, so that drift favours neither side.
        const order = pass % 2 === 0 ? [one.gateway, one.floor] : [one.floor, one.gateway];
        for (const which of order) await measure(which, operation, stub);
      }
    }
    for (const { operation, ...one } of cases) {
      for (const which of [one.gateway, one.floor]) {
        which.latencies = await which.side.load.atRate(operation, RATE, RATE_MS);
      }
    }
    report(cases);
    printTable(
      'Resident memory after the run',
      ['process', 'MiB'],
      sides.map(({ name, server }) => [name, figure(rssKilobytes(server.pid) / 1024)]),
    );
  } finally {
    await Promise.all(sides.map((side) => side.load.close()));
    await Promise.all([stub, ...sides.map((side) => side.server)].map((server) => server.stop()));
  }
}

function cell(side: Side): Cell {
  return { side, cpu: [], perSecond: [], upstreamCalls: [], latencies: [] };
}

/** The floor must give the same answer as the gateway. */
async function compareAnswers({ label, operation, gateway, floor }: Case): Promise<void> {
  const answers = [];
  for (const { side } of [gateway, floor]) {
    const data = (JSON.parse(await side.load.send(operation)) as { data: unknown }).data;
    // Ids of the creation differ.
    answers.push(JSON.parse(JSON.stringify(data, (key, value: unknown) => (isOwn(key, label) ? '' : value))));
  }
  if (!isDeepStrictEqual(answers[0], answers[1])) {
    throw new Error(`${label}: the floor answers something else\n${JSON.stringify(answers, null, 1)}`);
  }
}

function isOwn(key: string, label: string): boolean {
  return label === 'create' && (key === 'id' || key === 'statusCursor');
}

async function measure(one: Cell, operation: Operation, stub: ServerProcess): Promise<void> {
  const { pid } = one.side.server;
  const callsBefore = await upstreamCalls(stub);
  const startedAt = performance.now();
  const before = cpuMicros(pid);
  const count = await one.side.load.saturate(operation, PASS_MS);
  one.cpu.push((cpuMicros(pid) - before) / count);
  one.perSecond.push((count / (performance.now() - startedAt)) * 1000);
  one.upstreamCalls.push(((await upstreamCalls(stub)) - callsBefore) / count);
}

async function upstreamCalls(stub: ServerProcess): Promise<number> {
  const counts = (await (await fetch(`${stub.url}/control`)).json()) as Readonly<Record<string, number>>;
  return Object.values(counts).reduce((sum, count) => sum + count, 0);
}

function report(cases: readonly Case[]): void {
  printTable(
    `CPU per request in the server, µs: median (lowest-highest) of ${PASSES} interleaved passes of ${PASS_MS} ms, ${CONNECTIONS} connections`,
    [
      'operation',
      'gateway',
      'floor',
      'gateway / floor',
      'requests/s',
      'floor requests/s',
      'upstream calls per request',
    ],
    cases.map(({ label, gateway, floor }) => [
      label,
      spread(gateway.cpu),
      spread(floor.cpu),
      figure(median(gateway.cpu) / median(floor.cpu)),
      figure(median(gateway.perSecond)),
      figure(median(floor.perSecond)),
      figure(median(gateway.upstreamCalls)),
    ]),
  );
  printTable(
    `Latency at ${RATE} requests/s, ms (${(RATE * RATE_MS) / 1000} samples each)`,
    ['operation', 'gateway p50', 'p99', 'floor p50', 'p99', 'p50 ratio'],
    cases.map(({ label, gateway, floor }) => {
      const [ours, theirs] = [gateway.latencies, floor.latencies];
      const p50s = [percentile(ours, 0.5), percentile(theirs, 0.5)] as const;
      return [
        label,
        figure(p50s[0]),
        figure(percentile(ours, 0.99)),
        figure(p50s[1]),
        figure(percentile(theirs, 0.99)),
        figure(p50s[0] / p50s[1]),
      ];
    }),
  );
}
