/** One scenario from start to verdict. */
import { setTimeout as delay } from 'node:timers/promises';
import { until } from '../support/until.ts';
import { startBackend } from './backends.ts';
import { openClocks } from './clock.ts';
import { Cloud } from './cloud.ts';
import { Fleet } from './fleet.ts';
import { HistoryReader } from './history-reader.ts';
import { completeHistory, isBehind, judge, type ProjectHistory } from './oracle.ts';
import { Dice } from './random.ts';
import type { Scenario } from './scenarios.ts';
import { Subscriber } from './subscriber.ts';
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
/** Every so many subscribers follow one endpoint, some, or a whole project. */
const KINDS = ['one', 'one', 'one', 'some', 'some', 'project'] as const;

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
    const reader = await HistoryReader.start(backend.directUrl, projects);
    closers.push(() => reader.stop());
    const subscribers = Array.from({ length: size.subscribers }, (_, n) =>
      makeSubscriber(n, projects, cloud, fleet, dice),
    );
    closers.push(async () => void (await Promise.all(subscribers.map((one) => one.leave()))));
    for (const one of subscribers) one.begin(dice.below(size.replicas));
    await until(
      async () => subscribers.every((one) => one.statuses.size > 0),
      'every subscriber has its first set',
      60_000,
    );

    cloud.begin();
    const churn = startChurn(subscribers, size.replicas, dice);
    const note = (what: string, count: number): void => void notes.set(what, (notes.get(what) ?? 0) + count);
    const world: World = {
      ...{ backend, cloud, clocks, fleet, dice, projects, note },
      replicas: size.replicas,
      seconds: size.seconds,
      pass: (ms) => delay(ms),
    };
    await scenario.fault(world);
    await churn.stop();
    cloud.rest();
    const late = await convergence(subscribers, cloud, reader.histories);
    await reader.stop();
    const verdict = weigh(scenario, subscribers, reader);
    const figures = new Map([
      ...verdict.figures,
      ['moves upstream', cloud.moves],
      ['upstream calls', cloud.calls],
      ['connections', subscribers.reduce((sum, one) => sum + one.connections, 0)],
      ...notes,
      ['seconds', Math.round((performance.now() - startedAt) / 1_000)],
    ]);
    return { name: scenario.name, figures, violations: [...verdict.violations, ...late, ...fleet.deaths] };
  } finally {
    for (const close of closers.reverse()) await close().catch(() => {});
  }
}

function makeSubscriber(n: number, projects: readonly string[], cloud: Cloud, fleet: Fleet, dice: Dice): Subscriber {
  const project = dice.pick(projects);
  const all = [...cloud.truth(project).keys()];
  const kind = KINDS[n % KINDS.length];
  const some = Array.from({ length: 10 }, () => dice.pick(all));
  const ids = kind === 'project' ? null : kind === 'one' ? some.slice(0, 1) : [...new Set(some)];
  return new Subscriber({ name: `${kind} ${n} of ${project}`, project, ids, replicas: fleet.urls });
}

function startChurn(subscribers: readonly Subscriber[], replicas: number, dice: Dice): { stop(): Promise<void> } {
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
  histories: ReadonlyMap<string, ProjectHistory>,
): Promise<readonly string[]> {
  const isDone = (one: Subscriber): boolean =>
    differences(one, cloud).length === 0 && !isBehind(one, histories.get(one.project) ?? new Map());
  try {
    await until(async () => subscribers.every(isDone), '', CONVERGE_MS);
    return [];
  } catch {
    return subscribers.flatMap((one) => differences(one, cloud).slice(0, 1));
  }
}

function differences(one: Subscriber, cloud: Cloud): readonly string[] {
  const truth = cloud.truth(one.project);
  const gone = (id: string): boolean => !truth.has(id);
  if (one.state === 'completed') return [...(one.ids ?? ['?'])].every(gone) ? [] : [`${one.name} was ended too early`];
  if (one.state === 'failed') {
    const last = one.steps.at(-1);
    return [...(one.ids ?? ['?'])].every(gone)
      ? []
      : [`${one.name} failed: ${last?.step === 'end' ? last.reason : ''}`];
  }
  const wrong = [...truth].filter(([id, status]) => (one.ids?.has(id) ?? true) && one.statuses.get(id) !== status);
  const undead = [...one.statuses].filter(([id, status]) => gone(id) && status !== 'deleted');
  return [
    ...wrong.map(([id, status]) => `${one.name} believes that ${id} is ${one.statuses.get(id)}, it is ${status}`),
    ...undead.map(([id, status]) => `${one.name} believes that ${id} is ${status}, it is gone`),
  ];
}

function weigh(
  scenario: Scenario,
  subscribers: readonly Subscriber[],
  reader: HistoryReader,
): { readonly figures: ReadonlyMap<string, number>; readonly violations: readonly string[] } {
  const sum = { transitions: 0, resyncs: 0, lost: 0, duplicated: 0, reordered: 0, wrong: 0 };
  const violations: string[] = [];
  let observed = 0;
  for (const [project, history] of reader.histories) {
    const traces = subscribers.filter((one) => one.project === project);
    violations.push(...completeHistory(history, traces));
    for (const epoch of history.values()) observed += epoch.size;
    for (const trace of traces) {
      const verdict = judge(trace, history);
      for (const what of Object.keys(sum) as (keyof typeof sum)[]) sum[what] += verdict[what];
      if (verdict.first !== undefined) violations.push(verdict.first);
      if (verdict.resyncs > 0 && !scenario.resync)
        violations.push(`${trace.name}: ${verdict.resyncs} RESYNC without need`);
    }
  }
  const { transitions, resyncs, ...faults } = sum;
  const figures = new Map([
    ['observed', observed],
    ['delivered', transitions],
    ...Object.entries(faults),
    ['RESYNC', resyncs],
  ]);
  return { figures, violations };
}
