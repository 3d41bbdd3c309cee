/** The cost of an event in each server, as a ratio to a bare `ws` broadcast of the same text in the same run. */
import type { HeapProbe, LoopProbe } from '../servers/probe.ts';
import { bundle } from '../support/bundle.ts';
import { Crowd } from '../support/crowd.ts';
import { figure, median, percentile, printTable, spread } from '../support/figures.ts';
import { cpuMicros, prepareMachine, rssMebibytes } from '../support/process.ts';
import { PEERS, type Publisher, startFloor, startOurs, startPeer } from '../support/publishers.ts';
import { writeResult } from '../support/result.ts';
import { endpointId } from '../support/sample.ts';

interface Case {
  readonly subscribers: number;
  /** Subscribers of one endpoint: each event goes to so many. */
  readonly group: number;
  /** In which every endpoint has one event. */
  readonly rounds: number;
  readonly withPeers: boolean;
}

const CASES: readonly Case[] = [
  { subscribers: 2_000, group: 2_000, rounds: 20, withPeers: true },
  { subscribers: 10_000, group: 10_000, rounds: 6, withPeers: false },
  { subscribers: 2_000, group: 100, rounds: 10, withPeers: true },
  { subscribers: 2_000, group: 1, rounds: 5, withPeers: true },
];

export interface FanoutOptions {
  readonly starts: number;
  readonly samples: number;
}

interface Measured extends Pick<Case, 'subscribers' | 'group'> {
  readonly name: string;
  /** Of an event, as it is sent. */
  bytes: number;
  /** Microseconds per delivery, a sample each. */
  readonly cpu: number[];
  /** Milliseconds from the cause of the round. */
  readonly p50: number[];
  readonly p99: number[];
  /** The longest block of the event loop in each sample. */
  readonly blockedMs: number[];
  /** KiB per subscriber, one for each start. */
  readonly heap: number[];
  readonly resident: number[];
}

interface Side {
  readonly publisher: Publisher;
  readonly crowd: Crowd;
  readonly ids: readonly string[];
  readonly measured: Measured;
}

export async function fanout(options: FanoutOptions): Promise<void> {
  prepareMachine();
  const probe = ['--expose-gc', '--require', await bundle('servers', 'probe')];
  const all: Measured[] = [];
  for (const one of CASES) {
    const rows: Measured[] = [];
    for (let start = 0; start < options.starts; start += 1) await measure(one, probe, options, rows);
    all.push(...rows);
    report(one, rows, options);
  }
  writeResult('fanout', options, { cases: all });
}

async function measure(one: Case, probe: readonly string[], { samples }: FanoutOptions, rows: Measured[]) {
  const { subscribers, group, rounds } = one;
  const ids = Array.from({ length: subscribers / group }, (_, n) => endpointId(n));
  const publishers = [
    await startOurs(probe, ids.length),
    await startFloor(probe),
    ...(await Promise.all((one.withPeers ? PEERS : []).map(([name, file]) => startPeer(name, file, probe)))),
  ];
  // The gateway is the first: the others send the text of its event.
  let text = '';
  const sides: Side[] = [];
  for (const publisher of publishers) {
    const side = await join(publisher, one, ids, text, rows);
    text ||= side.text;
    sides.push(side);
  }
  for (let n = 0; n < samples; n += 1) {
    // Forward, then backward, so that drift favours no side.
    for (const { publisher, crowd, measured } of n % 2 === 0 ? sides : sides.toReversed()) {
      const times: number[] = [];
      await blocked(publisher);
      const before = cpuMicros(publisher.server.pid);
      for (let round = 0; round < rounds; round += 1)
        times.push(...(await deliver(publisher, crowd, ids, text)).delays);
      measured.cpu.push((cpuMicros(publisher.server.pid) - before) / (rounds * subscribers));
      measured.blockedMs.push(await blocked(publisher));
      measured.p50.push(percentile(times, 0.5));
      measured.p99.push(percentile(times, 0.99));
    }
  }
  for (const { publisher, crowd } of sides) {
    crowd.leave();
    await publisher.stop();
  }
}

/** Subscribes the crowd, warms up, and notes what the subscribers hold. */
async function join(
  publisher: Publisher,
  { subscribers, group, rounds }: Case,
  ids: readonly string[],
  text: string,
  rows: Measured[],
): Promise<Side & { readonly text: string }> {
  const { name, server, query, greets } = publisher;
  const crowd = new Crowd();
  const before = { heap: await heap(publisher), resident: rssMebibytes(server.pid) };
  const subscribed = Array.from({ length: subscribers }, (_, n) => ids[Math.floor(n / group)] ?? '');
  await crowd.join({ url: server.url, ids: subscribed, query, greets });
  let event = '';
  for (let round = 0; round < rounds; round += 1) event = (await deliver(publisher, crowd, ids, text)).text;
  const after = { heap: await heap(publisher), resident: rssMebibytes(server.pid) };
  let measured = rows.find((row) => row.name === name);
  if (measured === undefined) {
    measured = { name, subscribers, group, bytes: 0, cpu: [], p50: [], p99: [], blockedMs: [], heap: [], resident: [] };
    rows.push(measured);
  }
  measured.bytes = event.length;
  measured.heap.push((after.heap - before.heap) / 1024 / subscribers);
  measured.resident.push(((after.resident - before.resident) * 1024) / subscribers);
  return { publisher, crowd, ids, measured, text: event };
}

async function deliver(publisher: Publisher, crowd: Crowd, ids: readonly string[], text: string) {
  const from = Number(process.hrtime.bigint()) / 1e6;
  const arrived = crowd.arrived(1);
  await publisher.publish(ids, text);
  const { times, text: event } = await arrived;
  return { delays: times.map((time) => time - from), text: event };
}

async function heap({ server }: Publisher): Promise<number> {
  return (JSON.parse(await server.answerTo('SIGUSR2', '{"probe"')) as { readonly probe: HeapProbe }).probe.heap;
}

async function blocked({ server }: Publisher): Promise<number> {
  return (JSON.parse(await server.answerTo('SIGWINCH', '{"probe"')) as { readonly probe: LoopProbe }).probe.blockedMs;
}

function report(one: Case, rows: readonly Measured[], { starts, samples }: FanoutOptions): void {
  const floor = rows.find(({ name }) => name.startsWith('floor'));
  printTable(
    `${one.subscribers} subscribers, ${one.group} of each endpoint. ${starts} starts, ${samples} samples of ${one.rounds} events each: median (lowest-highest)`,
    [
      'server',
      'bytes',
      'CPU per delivery, µs',
      '/ floor',
      'p50, ms',
      'p99, ms',
      'event loop blocked at most, ms',
      'heap per subscriber, KiB',
      'resident, KiB',
    ],
    rows.map(({ name, bytes, cpu, p50, p99, blockedMs, ...memory }) => [
      name,
      String(bytes),
      spread(cpu),
      figure(median(cpu) / median(floor?.cpu ?? [])),
      figure(median(p50)),
      spread(p99),
      figure(Math.max(...blockedMs)),
      figure(median(memory.heap)),
      figure(median(memory.resident)),
    ]),
  );
}
