import { pino } from 'pino';
import { describe, expect, it } from 'vitest';
import { MemoryEventLog } from '../../../src/events/memory/memory-event-log.ts';
import type { EndpointCallsDeps } from '../../../src/watch/calls/endpoint-calls.ts';
import { ObservedEndpoints } from '../../../src/watch/calls/endpoint-calls.ts';
import { observed } from '../../../src/watch/reads.ts';
import type { ResourceSet } from '../../../src/watch/resource.ts';
import { endpointsIn } from '../../../src/watch/resources/watched-endpoints.ts';

async function prepared() {
  const log = new MemoryEventLog();
  const observation = { id: 'endpoint-1', status: 'pendingAcceptance', fields: {} };
  await log.commit(endpointsIn('consumer').log, {
    ...observed(await log.now(), 'read', [observation]),
    firstSight: 'transition',
  });
  const woken: string[] = [];
  const watchers = { wake: ({ projectId }: ResourceSet) => woken.push(projectId), sets: () => [] };
  const deps = { log, watchers, logger: pino({ level: 'silent' }) } as unknown as EndpointCallsDeps;
  return { log, woken, calls: new ObservedEndpoints(deps) };
}

describe('a change from outside', () => {
  it('wakes the project that holds the endpoint, and no other', async () => {
    const { log, woken, calls } = await prepared();
    calls.noteChange(['provider', 'consumer'], ['endpoint-1', 'endpoint-2']);
    // The log answers in order, so that what was asked before is answered by now.
    await log.state(endpointsIn('consumer').log, []);
    await log.state(endpointsIn('provider').log, []);
    expect(woken).toEqual(['consumer']);
    await log.close();
  });

  it('wakes no project for unknown endpoints', async () => {
    const { log, woken, calls } = await prepared();
    calls.noteChange(['provider', 'consumer'], ['endpoint-2']);
    await log.state(endpointsIn('consumer').log, []);
    expect(woken).toEqual([]);
    await log.close();
  });

  it('is ignored when the log is unavailable', async () => {
    const { log, woken, calls } = await prepared();
    log.state = () => Promise.reject(new Error('Redis cannot be reached'));
    calls.noteChange(['consumer'], ['endpoint-1']);
    await Promise.resolve();
    expect(woken).toEqual([]);
    await log.close();
  });
});
