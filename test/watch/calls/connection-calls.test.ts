import { pino } from 'pino';
import { beforeEach, expect, it } from 'vitest';
import { MemoryEventLog } from '../../../src/events/memory/memory-event-log.ts';
import type { ConnectionClient } from '../../../src/vpcep/connection/client.ts';
import { parseConnections } from '../../../src/vpcep/connection/client.ts';
import { SharedCalls } from '../../../src/vpcep/transport/shared-calls.ts';
import { ObservedConnections } from '../../../src/watch/calls/connection-calls.ts';
import { ObservationRecorder, type ObservationRecorderDeps } from '../../../src/watch/calls/observation-recorder.ts';
import { observed } from '../../../src/watch/reads.ts';
import { connectionsOf } from '../../../src/watch/resources/watched-connections.ts';

const SET = connectionsOf('provider', 'service-1');
const ROW = { id: 'e1', status: 'pendingAcceptance', marker_id: 7, domain_id: 'd1', description: 'old' };

let log: MemoryEventLog;
let calls: ObservedConnections;
/** Rows of the next answer, as upstream writes them, and what happens before it comes. */
let answer: { readonly rows: readonly object[]; readonly meanwhile?: () => Promise<unknown> };

const rowsOf = (rows: readonly object[]) =>
  parseConnections(JSON.stringify({ connections: rows }), { method: 'POST', status: 200, projectId: 'provider' });
const polled = async (rows: readonly object[]) =>
  await log.commit(SET.log, {
    ...observed(
      await log.now(),
      'read',
      rowsOf(rows).map(({ endpointId: id, rawStatus, ...fields }) => ({ id, status: rawStatus, fields })),
    ),
    sweep: true,
  });

beforeEach(async () => {
  log = new MemoryEventLog();
  const upstream = {
    decideConnection: async () => {
      await answer.meanwhile?.();
      return rowsOf(answer.rows);
    },
  } as unknown as ConnectionClient;
  const deps = {
    log,
    watchers: { wake: () => {}, isWatched: () => true },
    creations: { watch: () => {} },
    shared: new SharedCalls(),
    versionFloor: () => 0,
    logger: pino({ level: 'silent' }),
    nowMs: Date.now,
  } as unknown as ObservationRecorderDeps;
  calls = new ObservedConnections(upstream, new ObservationRecorder(deps));
  await polled([ROW]);
});

const accept = () => calls.decide('provider', 'service-1', 'e1', 'accept', {});
const entriesAfter = async (cursor: string) => (await log.entries(SET.log, Number(cursor.split(':')[1]), 10)).entries;

it('a partial answer invents no status and takes no field away', async () => {
  answer = { rows: [{ id: 'e1', description: 'new' }] };
  await accept();
  answer = { rows: [{ id: 'e1', status: 'accepted', description: 'new' }] };
  const { statusCursor } = await accept();
  const entries = await entriesAfter(statusCursor);
  expect(entries).toMatchObject([{ status: 'accepted', previousStatus: 'pendingAcceptance' }]);
  expect(entries[0]?.fields).toMatchObject({ description: 'new', domainId: 'd1', markerId: '7', faults: [] });
});

it('the cursor lies before the change also where a poll has seen it first', async () => {
  const rows = [{ ...ROW, status: 'accepted' }];
  answer = { rows, meanwhile: () => polled(rows) };
  const { statusCursor } = await accept();
  expect(await entriesAfter(statusCursor)).toMatchObject([{ status: 'accepted' }]);
});
