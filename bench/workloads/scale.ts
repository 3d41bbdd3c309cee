/**
 * What many projects cost: the real watchers, feeds and event log of several replicas over a simulated clock, in one
 * process. The plan in docs/operations/scaling.md multiplies these figures.
 */
import { pino } from 'pino';
import { LogReaders } from '../../src/events/follow/log-reader.ts';
import { MemoryEventLog } from '../../src/events/memory/memory-event-log.ts';
import { Feed } from '../../src/watch/feed/feed.ts';
import { FirstRead } from '../../src/watch/feed/first-read.ts';
import { Watchers } from '../../src/watch/poll/watchers.ts';
import { endpointsIn } from '../../src/watch/resources/watched-endpoints.ts';
import { type Counts, countedLog } from '../simulation/counted-log.ts';
import { FakeUpstream } from '../simulation/fake-upstream.ts';
import { Creations, Delivered, type Life, routed, strictly } from '../simulation/scale-model.ts';
import { SimulatedTime } from '../simulation/simulated-time.ts';
import { figure, percentile, printTable } from '../support/figures.ts';

interface Scenario {
  readonly projects: number;
  readonly replicas: number;
  readonly subscribersPerProject: number;
  /** Replicas over which the subscribers of one project are spread. */
  readonly replicasPerProject: number;
}

const PLAN = { projects: 500, replicas: 10, subscribersPerProject: 10 };
const SCENARIOS: readonly Scenario[] = [
  { ...PLAN, replicasPerProject: 10 },
  { ...PLAN, replicasPerProject: 2 },
  { ...PLAN, replicasPerProject: 1 },
  { ...PLAN, projects: 1_000, replicasPerProject: 2 },
];
const LIFE: Life = { everyMs: 600_000, readyMs: 90_000, endpoints: 10 };
const SETTLE_MS = 120_000;
const MEASURE_MS = 600_000;
const STEP_MS = 20;
const ANSWER_MS = 60;

const logger = pino({ level: 'error' });

export async function scale(): Promise<void> {
  const rows: string[][] = [];
  for (const scenario of SCENARIOS) rows.push(await simulate(scenario));
  printTable(
    `Per 1,000 projects with ${LIFE.endpoints} endpoints and ${PLAN.subscribersPerProject} subscribers, one creation per project in ${LIFE.everyMs / 60_000} minutes (${MEASURE_MS / 60_000} simulated minutes)`,
    [
      'projects, replicas, replicas per project',
      'polls/s',
      'upstream calls/s',
      'log round trips/s',
      'of these: lease requests',
      'reads by readers',
      'events delivered/s',
      'seen after, ms: p50',
      'p99',
      'owned per replica: least',
      'most',
      'CPU ms/s',
    ],
    rows,
  );
}

async function simulate(scenario: Scenario): Promise<string[]> {
  const time = new SimulatedTime(STEP_MS);
  const counts: Counts = new Map();
  const upstreams = Array.from({ length: scenario.projects }, () => new FakeUpstream(ANSWER_MS));
  const log = countedLog(new MemoryEventLog({ now: strictly(() => Date.now() * 1000) }), counts);
  const delivered = new Delivered(time.nowMs);
  const owned = new Map<string, string>();
  let polls = 0;
  const replicas = Array.from({ length: scenario.replicas }, (_, n) => {
    const readers = new LogReaders({ log, logger });
    const versionFloor = (name: string): number => readers.versionFloor(name);
    const shared = { log, reads: routed(upstreams), versionFloor, logger, nowMs: time.nowMs };
    const watchers = new Watchers({
      ...shared,
      replica: `replica-${n}`,
      random: Math.random,
      onPoll: ({ set: { projectId } }) => {
        polls += 1;
        owned.set(projectId, `replica-${n}`);
      },
    });
    return {
      readers,
      watchers,
      feed: new Feed({ log, readers, watchers, firstRead: new FirstRead(shared), logger }),
    };
  });

  const lives = upstreams.map((upstream, p) => new Creations(upstream, String(p), LIFE, p / scenario.projects));
  for (let p = 0; p < scenario.projects; p += 1) {
    for (let s = 0; s < scenario.subscribersPerProject; s += 1) {
      const replica = replicas[(p + (s % scenario.replicasPerProject)) % scenario.replicas];
      if (replica !== undefined)
        void delivered.read(replica.feed.follow({ set: endpointsIn(`${p}`), scope: { kind: 'all' } }));
    }
    // Spread over a poll interval, as arrivals are.
    if (p % 20 === 0) await time.advance(STEP_MS);
  }
  await time.advance(SETTLE_MS);
  const before = { polls, counts: new Map(counts), calls: callsOf(upstreams), events: delivered.events };
  delivered.delays.length = 0;
  const began = time.nowMs();
  const cpu = process.cpuUsage();
  for (let elapsed = 0; elapsed < MEASURE_MS; elapsed += STEP_MS) {
    for (const [p, life] of lives.entries()) {
      // Through any replica, as a load balancer sends it.
      if (life.step(time.nowMs() - began, delivered))
        replicas[p % scenario.replicas]?.watchers.wake(endpointsIn(String(p)));
    }
    await time.advance(STEP_MS);
  }
  const used = process.cpuUsage(cpu);
  const perSecond = (n: number): string => figure((n * 1_000_000) / (MEASURE_MS * scenario.projects));
  const made = (...names: readonly string[]): number =>
    names.reduce((sum, name) => sum + (counts.get(name) ?? 0) - (before.counts.get(name) ?? 0), 0);
  const shares = replicas.map((_, n) => [...owned.values()].filter((owner) => owner === `replica-${n}`).length);
  const row = [
    `${scenario.projects}, ${scenario.replicas}, ${scenario.replicasPerProject}`,
    perSecond(polls - before.polls),
    perSecond(callsOf(upstreams) - before.calls),
    perSecond(made(...counts.keys())),
    perSecond(made('lease')),
    perSecond(made('entries', 'position', 'state')),
    perSecond(delivered.events - before.events),
    figure(percentile(delivered.delays, 0.5)),
    figure(percentile(delivered.delays, 0.99)),
    String(Math.min(...shares)),
    String(Math.max(...shares)),
    perSecond((used.user + used.system) / 1000),
  ];
  const closing = Promise.all(replicas.map(({ watchers }) => watchers.close()));
  await time.advance(5_000);
  await closing;
  for (const { readers } of replicas) readers.close();
  time.end();
  return row;
}

function callsOf(upstreams: readonly FakeUpstream[]): number {
  return upstreams.reduce((sum, { calls }) => sum + calls, 0);
}
