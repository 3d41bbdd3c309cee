/** One scenario from start to verdict. */
import { setTimeout as delay } from 'node:timers/promises';
import { SERVICES } from '../../src/watch/resources/watched-services.ts';
import { until } from '../support/until.ts';
import { startBackend } from './backends.ts';
import { openClocks } from './clock.ts';
import { Cloud } from './cloud.ts';
import { connectionFeed, endpointFeed, type Feed, serviceFeed } from './feeds.ts';
import { Fleet } from './fleet.ts';
import { HistoryReader } from './history-reader.ts';
import { completeHistory, isBehind, judge, type LogHistory } from './oracle.ts';
import { Dice } from './random.ts';
import type { Scenario } from './scenarios.ts';
import { Subscriber, type SubscriberOptions } from './subscriber.ts';
import { startTenants } from './tenants.ts';
import type { World } from './world.ts';

export interface Size {
  readonly projects: number;
  readonly endpoints: number;
  readonly subscribers: number;
  readonly replicas: number;
  readonly movesPerSecond: number;
  readonly seconds: number;
}

export interface Report {
  readonly name: string;
  readonly figures: ReadonlyMap<string, number>;
  /** Empty when the promise was kept. */
  readonly violations: readonly string[];
}

/** How often a subscriber loses its connection, or leaves for a while and returns at another replica. */
const CHURN_MS = 150;
const AWAY_MS = 4_000;
const CONVERGE_MS = 90_000;
/** The share of subscribers that come later, to follow what was created meanwhile. */
const NEWCOMERS = 0.1;
type Draw = (project: string, cloud: Cloud, dice: Dice) => Feed;
const someConnections: Draw = (project, cloud, dice) => connectionFeed(project, dice.pick(cloud.services(project)).id);
/** What the subscribers follow, in turn. */
const MIX: readonly (readonly [draw: Draw, scope: 'one' | 'some' | 'all'])[] = [
  [endpointFeed, 'one'],
  [serviceFeed, 'one'],
  [endpointFeed, 'one'],
  [someConnections, 'all'],
  [endpointFeed, 'some'],
  [serviceFeed, 'some'],
  [endpointFeed, 'one'],
  [someConnections, 'all'],
  [endpointFeed, 'some'],
  [serviceFeed, 'all'],
  [endpointFeed, 'all'],
  [serviceFeed, 'one'],
];

export async function runScenario(scenario: Scenario, size: Size, seed: number): Promise<Report> {
  const startedAt = performance.now();
  const dice = new Dice(seed);
  const projects = Array.from({ length: size.projects }, (_, n) => `chaos-project-${n}`);
  const closers: (() => Promise<void>)[] = [];
  const notes = new Map<string, number>();
  try {
    const settable = scenario.clocks === true ? openClocks() : undefined;
    closers.push(async () => settable?.close());
    const clocks = settable === undefined ? [] : Array.from({ length: 1 + size.replicas }, () => settable.make());
    const backend = await startBackend(scenario.backend, dice.next, clocks[0]?.env ?? {});
    closers.push(() => backend.stop());
    const endpointsPerProject = Math.ceil(size.endpoints / size.projects);
    const cloud = await Cloud.start({ projects, endpointsPerProject, movesPerSecond: size.movesPerSecond, dice });
    closers.push(() => cloud.stop());
    const fleet = await Fleet.start({
      replicas: size.replicas,
      projects,
      upstreamUrl: cloud.url,
      redisUrl: backend.url,
      env: clocks.slice(1).map(({ env }) => env),
    });
    closers.push(() => fleet.stop());
    const reader = await HistoryReader.start(backend.directUrl);
    closers.push(() => reader.stop());
    const subscribers: Subscriber[] = [];
    const subscribe = (options: Omit<SubscriberOptions, 'replicas'>): void => {
      const one = new Subscriber({ ...options, replicas: fleet.urls });
      subscribers.push(one);
      reader.copy(one.log);
      one.begin(dice.below(size.replicas));
    };
    closers.push(async () => void (await Promise.all(subscribers.map((one) => one.leave()))));
    for (let n = 0; n < size.subscribers; n++) subscribe(drawSubscriber(n, projects, cloud, dice));
    await until(
      async () => subscribers.every((one) => one.statuses.size > 0),
      'every subscriber has its first set',
      60_000,
    );

    cloud.begin();
    const churn = startChurn(subscribers, size.replicas, dice);
    const note = (what: string, count: number): void => void notes.set(what, (notes.get(what) ?? 0) + count);
    const onCreated = (feed: Feed, id: string, after: string): void => {
      if (subscribers.length >= size.subscribers * (1 + NEWCOMERS)) return;
      const name = `newcomer ${subscribers.length}`;
      subscribe({ name: `${name} of ${feed.set.log}`, feed, ids: [id], after });
      if (feed.set.kind !== SERVICES) return;
      const connections = connectionFeed(feed.set.projectId, id);
      subscribe({ name: `${name} of ${connections.set.log}`, feed: connections, ids: null });
    };
    const tenants = startTenants({ ...{ cloud, projects, dice, onCreated, note }, replicas: fleet.urls });
    const world: World = {
      ...{ backend, cloud, clocks, fleet, dice, projects, note },
      replicas: size.replicas,
      seconds: size.seconds,
      pass: (ms) => delay(ms),
    };
    await scenario.fault(world);
    await Promise.all([churn.stop(), tenants.stop()]);
    cloud.rest();
    const late = await convergence(subscribers, cloud, reader.histories);
    await reader.stop();
    const verdict = weigh(scenario, subscribers, reader);
    const figures = new Map([
      ...verdict.figures,
      ['moves upstream', cloud.moves],
      ['upstream calls', cloud.calls],
      ['of these failed', cloud.failures],
      ['connections', subscribers.reduce((sum, one) => sum + one.connections, 0)],
      ...notes,
      ['seconds', Math.round((performance.now() - startedAt) / 1_000)],
    ]);
    return { name: scenario.name, figures, violations: [...verdict.violations, ...late, ...fleet.deaths] };
  } finally {
    for (const close of closers.reverse()) await close().catch(() => {});
  }
}

function drawSubscriber(
  n: number,
  projects: readonly string[],
  cloud: Cloud,
  dice: Dice,
): Omit<SubscriberOptions, 'replicas'> {
  const [draw = endpointFeed, scope = 'one'] = MIX[n % MIX.length] ?? [];
  const feed = draw(dice.pick(projects), cloud, dice);
  const all = [...(feed.truth(cloud.world)?.keys() ?? [])];
  const some = Array.from({ length: 10 }, () => dice.pick(all));
  const ids = scope === 'all' ? null : scope === 'one' ? some.slice(0, 1) : [...new Set(some)];
  return { name: `${scope} ${n} of ${feed.set.log}`, feed, ids };
}

export function startChurn(
  subscribers: readonly Subscriber[],
  replicas: number,
  dice: Dice,
): { stop(): Promise<void> } {
  const away = new Set<Promise<void>>();
  let stopped = false;
  const goAway = async (one: Subscriber): Promise<void> => {
    await one.leave();
    if (!stopped) await delay(dice.below(AWAY_MS));
    one.begin(dice.below(replicas));
  };
  const timer = setInterval(() => {
    const one = dice.pick(subscribers);
    if (dice.next() < 0.5) return one.cut();
    if (one.state !== 'running') return;
    const trip = goAway(one).finally(() => away.delete(trip));
    away.add(trip);
  }, CHURN_MS);
  return {
    stop: async () => {
      stopped = true;
      clearInterval(timer);
      await Promise.all(away);
    },
  };
}

/**
 * After recovery every subscriber must come to know the current state. A status that has come back to what it was
 * looks the same before those transitions have arrived, so none may be on its way either.
 */
async function convergence(
  subscribers: readonly Subscriber[],
  cloud: Cloud,
  histories: ReadonlyMap<string, LogHistory>,
): Promise<readonly string[]> {
  const isDone = (one: Subscriber): boolean =>
    differences(one, cloud).length === 0 && !isBehind(one, histories.get(one.log) ?? new Map());
  try {
    await until(async () => subscribers.every(isDone), '', CONVERGE_MS);
    return [];
  } catch {
    return subscribers.flatMap((one) => differences(one, cloud).slice(0, 1));
  }
}

function differences(one: Subscriber, cloud: Cloud): readonly string[] {
  const now = one.feed.truth(cloud.world);
  const truth = now ?? new Map<string, string>();
  const gone = (id: string): boolean => !truth.has(id);
  if (one.state === 'completed' || one.state === 'failed') {
    const mayEnd = now === null || (one.ids?.size === 1 && [...one.ids].every(gone));
    const last = one.steps.at(-1);
    return mayEnd ? [] : [`${one.name} was ended too early: ${last?.step === 'end' ? last.reason : ''}`];
  }
  const wrong = [...truth].filter(([id, status]) => (one.ids?.has(id) ?? true) && one.statuses.get(id) !== status);
  const undead = [...one.statuses].filter(([id, status]) => gone(id) && status !== 'deleted');
  return [
    ...wrong.map(([id, status]) => `${one.name} believes that ${id} is ${one.statuses.get(id)}, it is ${status}`),
    ...undead.map(([id, status]) => `${one.name} believes that ${id} is ${status}, it is gone`),
  ];
}

/** Judges what every subscriber saw. */
export function weigh(
  scenario: Pick<Scenario, 'resync'>,
  subscribers: readonly Subscriber[],
  reader: Pick<HistoryReader, 'histories'>,
): { readonly figures: ReadonlyMap<string, number>; readonly violations: readonly string[] } {
  const sum = { transitions: 0, resyncs: 0, tooOld: 0, lost: 0, duplicated: 0, reordered: 0, wrong: 0 };
  const violations: string[] = [];
  let observed = 0;
  const delivered = new Map<string, number>();
  for (const [log, history] of reader.histories) {
    const traces = subscribers.filter((one) => one.log === log);
    violations.push(...completeHistory(history, traces));
    for (const epoch of history.values()) observed += epoch.size;
    for (const trace of traces) {
      const verdict = judge(trace, history);
      for (const what of Object.keys(sum) as (keyof typeof sum)[]) sum[what] += verdict[what];
      const kind = trace.feed.set.kind.name;
      delivered.set(kind, (delivered.get(kind) ?? 0) + verdict.transitions);
      if (verdict.first !== undefined) violations.push(verdict.first);
      if (verdict.resyncs > verdict.tooOld && !scenario.resync)
        violations.push(`${trace.name}: ${verdict.resyncs} RESYNC without need, the last ${verdict.resynced}`);
    }
  }
  const { transitions, resyncs, tooOld, ...faults } = sum;
  const figures = new Map([
    ['observed', observed],
    ['delivered', transitions],
    ...[...delivered].map(([kind, count]) => [`of ${kind}`, count] as const),
    ...Object.entries(faults),
    ['RESYNC', resyncs],
    ['of an old cursor', tooOld],
  ]);
  return { figures, violations };
}
