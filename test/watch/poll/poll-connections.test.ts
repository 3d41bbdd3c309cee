import { beforeEach, expect, it } from 'vitest';
import type { ConnectedEndpoint } from '../../../src/vpcep/connection/model.ts';
import { poll } from '../../../src/watch/poll/poll.ts';
import { PollMemory } from '../../../src/watch/poll/poll-memory.ts';
import { resourceReads } from '../../../src/watch/reads.ts';
import { connectionsOf } from '../../../src/watch/resources/watched-connections.ts';
import { upstreamError } from '../../support/fake-upstream.ts';

const SET = connectionsOf('provider', 'service-1');
const ROW: ConnectedEndpoint = {
  endpointId: 'e1',
  status: 'ACCEPTED',
  rawStatus: 'accepted',
  markerId: null,
  domainId: null,
  description: null,
  createdAt: null,
  updatedAt: null,
  faults: [],
};

let failure: unknown;
let memory: PollMemory;
beforeEach(() => {
  failure = undefined;
  memory = new PollMemory();
});

const unused = () => Promise.reject(new Error('not used'));
const listConnections = async () => {
  if (failure !== undefined) throw failure;
  return { connections: [ROW], totalCount: 1 };
};
const reads = resourceReads({
  endpoints: { listEndpoints: unused, getEndpoint: unused },
  services: { listServices: unused, getService: unused },
  connections: { listConnections },
});
const look = () =>
  poll(
    {
      reads,
      set: SET,
      interest: 'all',
      asOf: 7,
      signal: new AbortController().signal,
      nowMs: () => 0,
      onAnswer: () => {},
    },
    memory,
  );

it('a service that upstream says is gone has an empty list', async () => {
  failure = upstreamError('not_found', { status: 404, code: 'EndPoint.2003' });
  expect(await look()).toMatchObject({ commits: [{ observations: [], sweep: true }] });
});

it('a 404 without a code of upstream is a failed poll: it can come from something in between', async () => {
  failure = upstreamError('not_found', { status: 404 });
  expect(await look()).toMatchObject({ commits: [], failure });
});

it('what the list shows is there, also what was taken for deleted: there is no other read', async () => {
  expect((await look()).commits).toMatchObject([{ source: 'read', observations: [{ id: 'e1', status: 'accepted' }] }]);
});
