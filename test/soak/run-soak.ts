/** The processes of a soak run, its load, its faults, its samples and its verdict. */
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { setTimeout as delay } from 'node:timers/promises';
import { percentile } from '../../bench/support/figures.ts';
import { startBackend } from '../chaos/backends.ts';
import { Fleet } from '../chaos/fleet.ts';
import { HistoryReader } from '../chaos/history-reader.ts';
import { isBehind } from '../chaos/oracle.ts';
import { Dice } from '../chaos/random.ts';
import { startChurn, weigh } from '../chaos/run-scenario.ts';
import { endWithUs } from '../support/end-with-us.ts';
import { freePort } from '../support/start-redis.ts';
import { until } from '../support/until.ts';
import type { CloudOrder, CloudReady, CloudSetup } from './cloud-process.ts';
import { Creations } from './creations.ts';
import { Crowd } from './crowd.ts';
import { type Held, Inspector } from './inspector.ts';
import { type FaultTime, startRandomFaults } from './random-faults.ts';

export interface SoakSize {
  readonly minutes: number;
  readonly seed: number;
  readonly projects: number;
  readonly replicas: number;
  readonly subscribers: number;
  readonly creationsPerSecond: number;
}

export interface Sample {
  /** Since the load began. */
  readonly seconds: number;
  readonly replicas: readonly Held[];
  /** Connections that the subscribers have open. */
  readonly sockets: number;
  readonly delivered: number;
  /** Milliseconds from observation to delivery, since the sample before. */
  readonly p50: number;
  readonly p99: number;
  readonly created: number;
}

export interface SoakReport {
  readonly samples: readonly Sample[];
  /** Seconds since the load began: in the time before caches fill, and V8 compiles what runs often. */
  readonly judgedFrom: number;
  /** In seconds since the load began. */
  readonly faults: readonly FaultTime[];
  readonly figures: Readonly<Record<string, number>>;
  readonly violations: readonly string[];
}

const ENDPOINTS_PER_PROJECT = 100;
const MOVES_PER_SECOND = 5;
const SAMPLE_MS = 10_000;
/** The part of a run before the one that is judged. */
const WARM_UP = 0.5;
const FILL_MS = 1_000;
const FAULT_SECONDS = 5;
const START_MS = 120_000;
/** Longer than a creation or deletion under way and the next poll take. */
const SETTLE_MS = 10_000;
const CONVERGE_MS = 90_000;

export async function runSoak(size: SoakSize, say: (line: string) => void): Promise<SoakReport> {
  const dice = new Dice(size.seed);
  const projects = Array.from({ length: size.projects }, (_, n) => `soak-project-${n}`);
  const closers: (() => unknown)[] = [];
  try {
    const backend = await startBackend('alone', dice.next, {});
    closers.push(() => backend.stop());
    const cloud = await startCloud({
      projects,
      endpointsPerProject: ENDPOINTS_PER_PROJECT,
      movesPerSecond: MOVES_PER_SECOND,
      seed: dice.below(1_000_000),
    });
    closers.push(cloud.stop);
    const ports: number[] = [];
    for (let n = 0; n < size.replicas; n++) ports.push(await freePort());
    const env = ports.map((port) => ({ NODE_OPTIONS: `--inspect=127.0.0.1:${port}`, AUDIT_LOG: 'off' }));
    const fleet = await Fleet.start({
      ...{ projects, env, replicas: size.replicas, upstreamUrl: cloud.url },
      redisUrl: backend.url,
    });
    closers.push(() => fleet.stop());
    const inspectors = await Promise.all(
      ports.map((port, n) => Inspector.attach(port, Number(new URL(fleet.urls[n] ?? '').port))),
    );
    closers.push(() => inspectors.forEach((one) => void one.close()));
    const reader = await HistoryReader.start(backend.directUrl);
    closers.push(() => reader.stop());
    const crowd = new Crowd({ projects, dice, reader, size: size.subscribers, replicas: fleet.urls });
    closers.push(() => crowd.leave());
    await until(async () => crowd.isGuided, 'the endpoints of every project are known', START_MS);
    crowd.fill();
    await until(
      async () => crowd.active.every(({ statuses, state }) => statuses.size > 0 || state === 'failed'),
      'every subscriber has its first set',
      START_MS,
    );
    say(`${crowd.active.length} subscribers follow, ${size.minutes} minutes begin`);

    cloud.order('begin');
    const begunAt = performance.now();
    const filling = setInterval(() => crowd.fill(), FILL_MS);
    const churn = startChurn(crowd.active, size.replicas, dice);
    const creations = new Creations({
      ...{ projects, dice, replicas: fleet.urls, perSecond: size.creationsPerSecond },
      onCreated: (project, id, after) => crowd.follow(project, id, after),
    });
    const notes: Record<string, number> = {};
    const faults = startRandomFaults(
      {
        ...{ backend, fleet, dice, projects, clocks: [], replicas: size.replicas, seconds: FAULT_SECONDS },
        cloud: { sicken: () => cloud.order('sicken'), heal: () => cloud.order('heal') },
        pass: (ms) => delay(ms),
        note: (what, count) => {
          notes[what] = (notes[what] ?? 0) + count;
        },
      },
      crowd.active,
    );
    const samples: Sample[] = [];
    const seconds = (): number => Math.round((performance.now() - begunAt) / 1_000);
    let judgedFrom = Number.POSITIVE_INFINITY;
    while (seconds() < size.minutes * 60) {
      if (judgedFrom > seconds() && seconds() >= size.minutes * 60 * WARM_UP) {
        await Promise.all(inspectors.map((one) => one.stopCompiling()));
        judgedFrom = seconds();
      }
      await delay(SAMPLE_MS);
      const latencies = crowd.takeLatencies();
      const sample = {
        seconds: seconds(),
        replicas: await Promise.all(inspectors.map((one) => one.held())),
        sockets: crowd.members.reduce((sum, one) => sum + one.sockets, 0),
        delivered: crowd.members.reduce((sum, { steps }) => sum + steps.length, 0),
        p50: percentile(latencies, 0.5),
        p99: percentile(latencies, 0.99),
        created: creations.created,
      };
      samples.push(sample);
      const held = sample.replicas.map(
        ({ heap, code, resident, descriptors, clients }) =>
          `${heap}+${code}/${resident} MiB ${descriptors}+${clients} fds`,
      );
      say(
        `${sample.seconds} s: ${held.join(', ')}; p50 ${sample.p50} ms, p99 ${sample.p99} ms; ${sample.delivered} events`,
      );
    }
    await faults.stop();
    await Promise.all([churn.stop(), creations.stop()]);
    clearInterval(filling);
    cloud.order('rest');
    await delay(SETTLE_MS);
    const late = await until(
      async () => crowd.members.every((one) => !isBehind(one, reader.histories.get(one.log) ?? new Map())),
      '',
      CONVERGE_MS,
    ).then(
      () => [],
      () => ['not every transition has arrived'],
    );
    await reader.stop();
    const { figures, violations } = weigh({ resync: false }, crowd.members, reader);
    const { members } = crowd;
    return {
      samples,
      judgedFrom,
      faults: faults.times.map(({ name, from, to }) => ({
        name,
        from: (from - begunAt) / 1_000,
        to: (to - begunAt) / 1_000,
      })),
      figures: {
        ...Object.fromEntries(figures),
        ...notes,
        subscriptions: members.length,
        connections: members.reduce((sum, one) => sum + one.connections, 0),
        created: creations.created,
        deleted: creations.deleted,
        'given up': creations.givenUp,
        ...Object.fromEntries(creations.repeated),
      },
      violations: [...violations, ...late, ...failuresOf(crowd), ...fleet.deaths],
    };
  } finally {
    for (const close of closers.reverse()) await Promise.resolve(close()).catch(() => {});
  }
}

/** A subscriber may fail only because its endpoint was deleted before it subscribed. */
function failuresOf({ members }: Crowd): readonly string[] {
  return members.flatMap(({ name, state, steps }) => {
    const last = steps.at(-1);
    const reason = last?.step === 'end' ? last.reason : '';
    return state === 'failed' && !/does not exist|not found/i.test(reason) ? [`${name} failed: ${reason}`] : [];
  });
}

async function startCloud(setup: CloudSetup): Promise<{
  readonly url: string;
  order(order: CloudOrder): void;
  stop(): void;
}> {
  const child = endWithUs(
    fork(new URL('cloud-process.ts', import.meta.url), [JSON.stringify(setup)], { execArgv: ['--import', 'tsx'] }),
  );
  const [{ url }] = (await once(child, 'message')) as [CloudReady];
  return { url, order: (order) => void child.send(order), stop: () => void child.kill() };
}
