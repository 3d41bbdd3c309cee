/** The cost of watching: Redis per tick and per endpoint, and calls to upstream, beside the targets of the design. */
import { setTimeout as delay } from 'node:timers/promises';
import { Redis } from 'ioredis';
import { pino } from 'pino';
import type { EventLog } from '../../src/events/event-log.ts';
import { MemoryEventLog } from '../../src/events/memory/memory-event-log.ts';
import { RedisNotifications } from '../../src/events/redis/notifications.ts';
import { RedisEventLog } from '../../src/events/redis/redis-event-log.ts';
import { connectRedis } from '../../src/redis/connect.ts';
import { FIELD_CODES } from '../../src/vpcep/endpoint/fields.ts';
import { Watchers } from '../../src/watch/poll/watchers.ts';
import { endpointsIn } from '../../src/watch/resources/watched-endpoints.ts';
import { redisTarget } from '../../test/support/redis-target.ts';
import { startRedis } from '../../test/support/start-redis.ts';
import { answerFor, FakeUpstream, readsOf } from '../simulation/fake-upstream.ts';
import { figure, printTable } from '../support/figures.ts';
import { endpointId } from '../support/sample.ts';

const PROJECTS = 50;
const REPLICAS = 3;
const ENDPOINTS = 1_000;
const MANY_ENDPOINTS = 5_000;
/** Until the first wake-ups have been answered. */
const SETTLE_MS = 3_000;
/** Both together below the 30 s after which a project without news is polled less often. */
const MEASURE_MS = 17_000;
const LIST_MS = 60_000;
const ANSWER_MS = 30;

const logger = pino({ level: 'warn' });

export async function feed(): Promise<void> {
  const redis = await startRedis();
  try {
    const ticks = await redisPerTick(redis.url);
    const bytes = await redisPerEndpoint(redis.url);
    // In parallel: they only wait.
    const [moving, resting, many] = await Promise.all([
      callsPerSecond(ENDPOINTS, 5),
      callsPerSecond(ENDPOINTS, 0),
      callsPerSecond(MANY_ENDPOINTS, 5),
    ]);
    printTable(
      `Against the targets (per tick: ${PROJECTS} projects, ${REPLICAS} replicas, a poll interval of 1 s, ${MEASURE_MS / 1000} s)`,
      ['what', 'measured', 'target'],
      [
        ['Redis commands per tick, those of scripts included', figure(ticks.commands), '≤ 9'],
        ['round trips per tick (commands sent by the replicas)', figure(ticks.roundTrips), '≤ 1.3'],
        ['CPU of Redis per tick, µs', figure(ticks.cpuMicros), '-'],
        ['Redis bytes per endpoint with 3 transitions', figure(bytes.total), '≤ 1536'],
        [`upstream calls/s, ${ENDPOINTS} pending, 5 becoming ready each second`, figure(moving), '≤ 0.6'],
        [`upstream calls/s, ${ENDPOINTS} pending, no changes`, figure(resting), '≤ 0.6'],
        [`upstream calls/s, ${MANY_ENDPOINTS} pending, 5 becoming ready each second`, figure(many), '≤ 3'],
      ],
    );
    printTable(`Per tick (${ticks.ticks} ticks)`, ['command', 'calls per tick'], ticks.byCommand);
    printTable(
      `Redis memory of one endpoint (its record is ${bytes.record} bytes of JSON)`,
      ['key', 'bytes'],
      bytes.byKey,
    );
  } finally {
    await redis.stop();
  }
}

function watchersOn(log: EventLog, upstream: FakeUpstream, replica: string, onTick: () => void): Watchers {
  const shared = { log, reads: readsOf(upstream), logger, nowMs: Date.now, versionFloor: () => 0 };
  return new Watchers({ ...shared, replica, random: Math.random, onPoll: onTick, lingerMs: 0 });
}

interface Replica {
  readonly watchers: Watchers;
  close(): Promise<void>;
}

async function startReplica(url: string, name: string, onSent: () => void, onTick: () => void): Promise<Replica> {
  const connections = await connectRedis({ target: redisTarget(url), logger });
  countSent(connections.commands as Redis, onSent);
  const log = new RedisEventLog({
    fieldCodes: FIELD_CODES,
    redis: connections,
    notifications: new RedisNotifications({ ...connections, echoChannel: `echo:${name}`, logger }),
  });
  const watchers = watchersOn(log, new FakeUpstream(ANSWER_MS), name, onTick);
  return {
    watchers,
    close: async () => {
      await watchers.close();
      await log.close();
      await connections.close();
    },
  };
}

async function redisPerTick(url: string) {
  const counted = { ticks: 0, sent: 0 };
  const replicas: Replica[] = [];
  for (let n = 0; n < REPLICAS; n += 1) {
    const onSent = (): void => {
      counted.sent += 1;
    };
    const onTick = (): void => {
      counted.ticks += 1;
    };
    replicas.push(await startReplica(url, `replica-${n}`, onSent, onTick));
  }
  const observer = new Redis(url);
  for (const { watchers } of replicas) {
    for (let n = 0; n < PROJECTS; n += 1) watchers.want(endpointsIn(`project-${n}`), [endpointId(n)]);
  }
  await delay(SETTLE_MS);
  const before = { ...counted, stats: await commandCalls(observer), cpu: await cpuSeconds(observer) };
  await delay(MEASURE_MS);
  const after = { ...counted, stats: await commandCalls(observer), cpu: await cpuSeconds(observer) };
  for (const replica of replicas) await replica.close();
  observer.disconnect();

  const ticks = after.ticks - before.ticks;
  // The reading itself is two INFOs.
  const deltas = [...after.stats].map(
    ([name, calls]) => [name, calls - (before.stats.get(name) ?? 0) - 2 * Number(name === 'info')] as const,
  );
  const commands = deltas.reduce((sum, [, calls]) => sum + calls, 0);
  return {
    ticks,
    commands: commands / ticks,
    cpuMicros: ((after.cpu - before.cpu) * 1_000_000) / ticks,
    roundTrips: (after.sent - before.sent) / ticks,
    byCommand: deltas.filter(([, calls]) => calls > 0).map(([name, calls]) => [name, figure(calls / ticks)]),
  };
}

/** Each command of a pipeline counts, so this is the upper limit of what goes over the wire. */
function countSent(redis: Redis, onSent: () => void): void {
  const send = redis.sendCommand.bind(redis);
  redis.sendCommand = (...args: Parameters<typeof send>) => {
    onSent();
    return send(...args);
  };
}

async function cpuSeconds(redis: Redis): Promise<number> {
  const text = await redis.info('cpu');
  const [user, system] = ['user', 'sys'].map((kind) =>
    Number(new RegExp(`used_cpu_${kind}:([0-9.]+)`).exec(text)?.[1]),
  );
  return (user ?? Number.NaN) + (system ?? Number.NaN);
}

async function commandCalls(redis: Redis): Promise<ReadonlyMap<string, number>> {
  const text = await redis.info('commandstats');
  return new Map(
    [...text.matchAll(/^cmdstat_([^:]+):calls=(\d+)/gm)].map((match) => [match[1] ?? '', Number(match[2])]),
  );
}

async function redisPerEndpoint(url: string) {
  const project = 'memory';
  const connections = await connectRedis({ target: redisTarget(url), logger });
  const log = new RedisEventLog({
    fieldCodes: FIELD_CODES,
    redis: connections,
    notifications: new RedisNotifications({ ...connections, echoChannel: 'echo', logger }),
  });
  for (const status of ['creating', 'pendingAcceptance', 'accepted']) {
    const answers = Array.from({ length: ENDPOINTS }, (_, n) => answerFor(endpointId(n), status));
    const observations = answers.map(({ id, rawStatus, fields }) => ({ id, status: rawStatus, fields }));
    await log.commit(project, { asOf: await log.now(), observations, source: 'read', firstSight: 'transition' });
  }
  const byKey: string[][] = [];
  let total = 0;
  for (const name of ['state', 'stream', 'meta', 'lease']) {
    const bytes = (await connections.commands.memory('USAGE', `vpcep-gateway:{${project}}:${name}`, 'SAMPLES', 0)) ?? 0;
    total += bytes / ENDPOINTS;
    byKey.push([name, figure(bytes / ENDPOINTS)]);
  }
  await log.close();
  await connections.close();
  return { total, byKey, record: JSON.stringify(answerFor(endpointId(0), 'creating').fields).length };
}

/** One watcher of a whole project in list mode, from its first list on; so many endpoints become ready each second. */
async function callsPerSecond(endpoints: number, movesPerSecond: number): Promise<number> {
  const log = new MemoryEventLog();
  const upstream = new FakeUpstream(ANSWER_MS);
  for (let n = 0; n < endpoints; n += 1) {
    upstream.endpoints.set(endpointId(n), answerFor(endpointId(n), 'creating'));
  }
  const watchers = watchersOn(log, upstream, 'replica', () => {});
  watchers.want(endpointsIn('project'), 'all');
  let next = 0;
  const moves = setInterval(() => {
    for (const end = next + movesPerSecond; next < end; next += 1) {
      upstream.endpoints.set(endpointId(next), answerFor(endpointId(next), 'accepted'));
    }
  }, 1_000);
  await delay(LIST_MS);
  clearInterval(moves);
  await watchers.close();
  await log.close();
  return upstream.calls / (LIST_MS / 1000);
}
