/** Sockets over a real feed and a real log, without polls: the test commits what an upstream would show. */
import { pino } from 'pino';
import type { LeaseRequest, LeaseResult } from '../../src/events/event-log.ts';
import { LogReaders } from '../../src/events/follow/log-reader.ts';
import { MemoryEventLog } from '../../src/events/memory/memory-event-log.ts';
import type { HttpOptions } from '../../src/http/server.ts';
import { Feed } from '../../src/watch/feed/feed.ts';
import { FirstRead } from '../../src/watch/feed/first-read.ts';
import { Watchers } from '../../src/watch/poll/watchers.ts';
import type { ResourceSet } from '../../src/watch/resource.ts';
import { ENDPOINTS, endpointsIn } from '../../src/watch/resources/watched-endpoints.ts';
import { type FakeGateway, startFakeGateway } from '../support/fake-gateway.ts';
import { answer, FakeUpstream } from '../support/fake-upstream.ts';

/** Grants no lease, so there are no polls. */
class UnpolledLog extends MemoryEventLog {
  override async lease(_project: string, { interest }: LeaseRequest): Promise<LeaseResult> {
    const next = interest === null ? ({ kind: 'idle' } as const) : ({ kind: 'wait', waitMs: 60_000 } as const);
    return { fenced: false, woken: false, commits: [], next };
  }
}

export interface LogGateway extends FakeGateway {
  /** An observation of one endpoint, or of what else the set has. */
  move(id: string, status: string, fields?: Readonly<Record<string, unknown>>, set?: ResourceSet): Promise<void>;
  held(): { readonly [what: string]: number };
  /** How many executions, and how many events for subscribers. */
  counts(): Promise<{ readonly rendered: number; readonly sent: number }>;
}

const closers: (() => Promise<void>)[] = [];

export async function startLogGateway(options: Partial<HttpOptions> = {}): Promise<LogGateway> {
  const log = new UnpolledLog();
  const logger = pino({ level: 'silent' });
  const upstream = new FakeUpstream();
  const readers = new LogReaders({ log, logger });
  const shared = { log, reads: upstream.reads, versionFloor: () => 0, logger };
  const watchers = new Watchers({
    ...shared,
    replica: 'a',
    nowMs: () => performance.now(),
    random: () => 0.5,
    lingerMs: 0,
  });
  const realFeed = new Feed({ log, readers, watchers, firstRead: new FirstRead(shared), logger });
  const gateway = await startFakeGateway({ options, realFeed });
  closers.push(async () => {
    await gateway.http.close();
    await watchers.close();
    readers.close();
    await log.close();
  });
  const metric = async (name: string): Promise<number> => {
    const found = (await gateway.metrics.registry.getMetricsAsJSON()).find((one) => one.name === name);
    return Number(found?.values[0]?.value ?? 0);
  };
  return {
    ...gateway,
    async move(id, status, fields = {}, set = endpointsIn('project-1')) {
      upstream.set(answer(id, status));
      await log.commit(set.log, {
        asOf: await log.now(),
        observations: [{ id, status, fields }],
        source: 'read',
        firstSight: 'transition',
        sweep: set.kind !== ENDPOINTS,
      });
    },
    held: () => ({ ...readers.held(), ...watchers.held(), ...log.held(), ...gateway.http.held() }),
    counts: async () => ({
      rendered: await metric('vpcep_gateway_events_rendered_total'),
      sent: await metric('vpcep_gateway_events_sent_total'),
    }),
  };
}

/** For `afterEach`. */
export async function stopLogGateways(): Promise<void> {
  await Promise.all(closers.splice(0).map((close) => close()));
}
