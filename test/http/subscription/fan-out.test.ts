import { afterEach, describe, expect, it } from 'vitest';
import { connectionsOf } from '../../../src/watch/resources/watched-connections.ts';
import { endpointsIn } from '../../../src/watch/resources/watched-endpoints.ts';
import { servicesIn } from '../../../src/watch/resources/watched-services.ts';
import { stopFakeGateways } from '../../support/fake-gateway.ts';
import { SocketClient, type SocketMessage } from '../../support/socket-client.ts';
import { type LogGateway, startLogGateway, stopLogGateways } from '../log-gateway.ts';

afterEach(async () => {
  await stopLogGateways();
  await stopFakeGateways();
});

const WATCH = `subscription ($id: ID!, $after: String, $until: StatusUntil) {
  endpointStatus(id: $id, after: $after, until: $until) { kind rawStatus cursor version } }`;
const HISTORY = `subscription ($id: ID!, $last: Int) {
  endpointStatus(id: $id) { rawStatus endpoint { statusHistory(last: $last) { rawStatus } } } }`;

type Event = Readonly<Record<string, unknown>>;

function eventOf({ payload }: SocketMessage): Event {
  const { data } = payload as { data?: Record<string, Event> };
  return Object.values(data ?? {})[0] ?? expect.fail(`no event in ${JSON.stringify(payload)}`);
}

async function take(client: SocketClient, count: number): Promise<Event[]> {
  const events: Event[] = [];
  while (events.length < count) events.push(eventOf(await client.next()));
  return events;
}

/** A subscriber that has had its SNAPSHOT. */
async function watch(
  { url }: { readonly url: string },
  query = WATCH,
  variables: Readonly<Record<string, unknown>> = {},
): Promise<SocketClient> {
  const client = new SocketClient(url);
  await client.init();
  client.subscribe('1', query, { id: 'e1', ...variables });
  await client.next();
  return client;
}

async function movesTo(gateway: LogGateway, count: number, fields = {}): Promise<string[]> {
  const statuses = Array.from({ length: count }, (_, n) => `s${n}`);
  for (const status of statuses) await gateway.move('e1', status, fields);
  return statuses;
}

const statusesOf = (events: readonly Event[]): unknown[] => events.map(({ rawStatus }) => rawStatus);

describe('one event for many', () => {
  it('is executed once for all with the same answer, whatever their ids, cursors and `until`', async () => {
    const gateway = await startLogGateway();
    await gateway.move('e1', 'creating');
    const all = [
      ...(await Promise.all(Array.from({ length: 5 }, () => watch(gateway)))),
      await watch(gateway, WATCH, { until: 'SETTLED' }),
      await watch(gateway, WATCH, { after: 'restart' }),
    ];
    expect(gateway.held()).toMatchObject({ followers: 7, groups: 1 });
    const before = await gateway.counts();
    const statuses = await movesTo(gateway, 3);
    const seen = await Promise.all(all.map((client) => take(client, 3)));
    expect(seen.map(statusesOf)).toEqual(all.map(() => statuses));
    const after = await gateway.counts();
    expect({ rendered: after.rendered - before.rendered, sent: after.sent - before.sent }).toEqual({
      rendered: 3,
      sent: 21,
    });
  });

  it('has the shape that each subscriber selected', async () => {
    const gateway = await startLogGateway();
    await gateway.move('e1', 'creating');
    const query = `subscription ($id: ID!, $wide: Boolean!, $narrow: Boolean = false) { e: endpointStatus(id: $id) {
      ...Status version @include(if: $wide) status @skip(if: $narrow) } }
      fragment Status on EndpointStatusEvent { __typename word: rawStatus endpoint @include(if: $wide) { ip } }`;
    const clients = await Promise.all([
      watch(gateway, query, { wide: true }),
      watch(gateway, query, { wide: true }),
      watch(gateway, query, { wide: false }),
      watch(gateway, query, { wide: false, narrow: true }),
    ]);
    expect(gateway.held()).toMatchObject({ groups: 3 });
    await gateway.move('e1', 'accepted', { ip: '10.0.0.9' });
    const [wide, same, medium, narrow] = await Promise.all(clients.map((client) => client.next()));
    const base = { __typename: 'EndpointStatusEvent', word: 'accepted' };
    expect(wide?.payload).toEqual({
      data: { e: { ...base, endpoint: { ip: '10.0.0.9' }, version: expect.any(Number), status: 'ACCEPTED' } },
    });
    expect(same?.payload).toEqual(wide?.payload);
    expect(medium?.payload).toEqual({ data: { e: { ...base, status: 'ACCEPTED' } } });
    expect(narrow?.payload).toEqual({ data: { e: base } });
  });

  it('is executed for each where a field needs more than the event', async () => {
    const gateway = await startLogGateway();
    await gateway.move('e1', 'creating');
    const clients = await Promise.all([1, 2, 2].map((last) => watch(gateway, HISTORY, { last })));
    expect(gateway.held()).toMatchObject({ groups: 0 });
    const before = await gateway.counts();
    await gateway.move('e1', 'accepted');
    const answers = await Promise.all(clients.map(async (client) => eventOf(await client.next())));
    const history = (...words: string[]) => ({ statusHistory: words.map((rawStatus) => ({ rawStatus })) });
    expect(answers.map(({ endpoint }) => endpoint)).toEqual([
      history('accepted'),
      history('creating', 'accepted'),
      history('creating', 'accepted'),
    ]);
    expect((await gateway.counts()).rendered - before.rendered).toBe(3);
  });

  it('supports any text, and any id that a client chooses', async () => {
    const gateway = await startLogGateway();
    await gateway.move('e1', 'creating');
    const client = await watch(gateway);
    const query = 'subscription { endpointStatus(id: "e1") { endpoint { description } } }';
    const ids = ['"ü"', '2', 'x'.repeat(60_000)];
    for (const id of ids) {
      client.subscribe(id, query);
      await client.next();
    }
    for (const description of ['Straße №5', 'y'.repeat(100), 'z'.repeat(70_000), 'a']) {
      await gateway.move('e1', `s${description.length}`, { description });
      const messages = [await client.next(), await client.next(), await client.next(), await client.next()];
      expect(messages.slice(1).map(({ id }) => id)).toEqual(ids);
      for (const message of messages.slice(1)) expect(eventOf(message)).toEqual({ endpoint: { description } });
    }
  });

  it('has the same data from a plan as from graphql-js, which does what has a directive', async () => {
    const gateway = await startLogGateway();
    await gateway.move('e1', 'creating');
    const fields = `kind endpointId projectId status rawStatus previousStatus version cursor more settled observedAt
      faults { code message } e: endpoint { __typename id status ip tags { key value } whitelist createdAt policyDocument }`;
    const query = (directive: string) => `subscription { endpointStatus(id: "e1") { ${fields} ${directive} } }`;
    const plain = await watch(gateway, query(''));
    const directed = await watch(gateway, query('kind @include(if: true)'));
    const tags = [{ key: 'team', value: 'a' }];
    await gateway.move('e1', 'accepted', { tags, ip: '10.0.0.1', createdAt: '2026-01-10T08:29:51Z' });
    await gateway.move('e1', 'deleted');
    for (const status of ['ACCEPTED', 'DELETED']) {
      const [own, theirs] = [await plain.next(), await directed.next()];
      expect(eventOf(own)).toMatchObject({ status });
      expect(JSON.stringify(own)).toBe(JSON.stringify(theirs));
    }
  });

  const connection = { markerId: '1', domainId: 'd', description: null, createdAt: null, updatedAt: null, faults: [] };
  it.each([
    [endpointsIn('project-1'), 'endpointStatus(id: "e1")', 'endpointId endpoint { id ip }', { ip: '10.0.0.1' }],
    [
      servicesIn('project-1'),
      'endpointServiceStatus(id: "e1")',
      'endpointServiceId service { id serviceName tags { key } }',
      { serviceName: 'shop' },
    ],
    [
      connectionsOf('project-1', 's1'),
      'serviceConnectionStatus(endpointServiceId: "s1")',
      'endpointId endpointServiceId connection { endpointId markerId rawStatus }',
      connection,
    ],
  ])(
    'is executed once with fragments on the interface, alike by a plan and by graphql-js (%#)',
    async (set, field, own, fields) => {
      const gateway = await startLogGateway();
      const [first, second] = set.kind.name === 'services' ? ['creating', 'available'] : ['creating', 'accepted'];
      await gateway.move('e1', first, fields, set);
      // What other events have does not apply.
      const query = (directive: string) => `subscription { feed: ${field} { ...Shown ${own} ${directive} } }
      fragment Shown on StatusEvent { __typename kind rawStatus previousRawStatus cursor version settled faults { code }
        ... on EndpointStatusEvent { status one: endpoint { ip } }
        ... on EndpointServiceStatusEvent { word: status two: service { serviceName } }
        ... on ServiceConnectionStatusEvent { status three: connection { markerId } } }`;
      const plain = await Promise.all(Array.from({ length: 5 }, () => watch(gateway, query(''))));
      const directed = await Promise.all(
        Array.from({ length: 5 }, () => watch(gateway, query('kind @include(if: true)'))),
      );
      expect(gateway.held()).toMatchObject({ followers: 10, groups: 2 });
      const before = await gateway.counts();
      for (const status of [second, 'deleted']) {
        await gateway.move('e1', status, fields, set);
        const answers = await Promise.all(
          [...plain, ...directed].map(async (client) => JSON.stringify(await client.next())),
        );
        expect(new Set(answers).size).toBe(1);
        expect(answers[0]).toContain(`"rawStatus":"${status}"`);
        expect(answers[0]?.match(/"(one|two|three)":/g)).toHaveLength(1);
      }
      const after = await gateway.counts();
      expect({ rendered: after.rendered - before.rendered, sent: after.sent - before.sent }).toEqual({
        rendered: 4,
        sent: 20,
      });
    },
  );

  it('reports a failed execution to every subscriber, formatted like other errors', async () => {
    const gateway = await startLogGateway();
    await gateway.move('e1', 'creating');
    const query = 'subscription { endpointStatus(id: "e1") { rawStatus endpoint { createdAt } } }';
    const clients = [await watch(gateway, query), await watch(gateway, query)];
    // DateTime refuses it when the answer is written.
    await gateway.move('e1', 'accepted', { createdAt: 'yesterday' });
    for (const client of clients) {
      expect((await client.next()).payload).toEqual({
        errors: [
          {
            message: expect.any(String),
            locations: expect.any(Array),
            path: ['endpointStatus', 'endpoint', 'createdAt'],
            extensions: expect.objectContaining({ code: expect.any(String) }),
          },
        ],
        data: { endpointStatus: { rawStatus: 'accepted', endpoint: { createdAt: null } } },
      });
    }
  });
});

describe('interference', () => {
  it('closing one subscription does not affect another', async () => {
    const gateway = await startLogGateway();
    await gateway.move('e1', 'creating');
    const [stays, completes, closes] = [await watch(gateway), await watch(gateway), await watch(gateway)];
    stays.subscribe('2', WATCH, { id: 'e1' });
    await stays.next();
    stays.send({ type: 'complete', id: '2' });
    completes.send({ type: 'complete', id: '1' });
    closes.terminate();
    await expect.poll(() => gateway.held().followers).toBe(1);
    const statuses = await movesTo(gateway, 3);
    expect(statusesOf(await take(stays, 3))).toEqual(statuses);
  });

  it.each([
    ['shared answers', WATCH],
    ['answers of its own', HISTORY],
  ])('loses nothing for a subscriber that is 1,100 events behind, with %s', async (_name, query) => {
    const gateway = await startLogGateway();
    await gateway.move('e1', 'creating');
    const [slow, quick] = [await watch(gateway, query), await watch(gateway)];
    slow.pause();
    const statuses = await movesTo(gateway, 1_100);
    expect(statusesOf(await take(quick, 1_100))).toEqual(statuses);
    slow.resume();
    expect(statusesOf(await take(slow, 1_100))).toEqual(statuses);
  });

  it('has no gap between catch-up and live events, and no snapshot after a newer event', async () => {
    const gateway = await startLogGateway();
    await gateway.move('e1', 'creating');
    const first = new SocketClient(gateway.url);
    await first.init();
    first.subscribe('1', WATCH, { id: 'e1' });
    const [{ cursor = '' } = {}] = await take(first, 1);
    const clients = await Promise.all(
      Array.from({ length: 20 }, async () => {
        const client = new SocketClient(gateway.url);
        await client.init();
        return client;
      }),
    );
    const writing = movesTo(gateway, 400);
    for (const [n, client] of clients.entries())
      client.subscribe('1', WATCH, { id: 'e1', ...(n % 2 === 0 ? {} : { after: cursor }) });
    const statuses = await writing;
    for (const [n, client] of clients.entries()) {
      const seen: unknown[] = [];
      while (seen.at(-1) !== statuses.at(-1)) seen.push(...statusesOf(await take(client, 1)));
      const from = statuses.indexOf(String(seen[0]));
      if (n % 2 === 1) expect(from).toBe(0);
      expect(seen).toEqual(from === -1 ? ['creating', ...statuses] : statuses.slice(from));
    }
  });

  it('starts again under an id that was just completed', async () => {
    const gateway = await startLogGateway();
    await gateway.move('e1', 'creating');
    const client = await watch(gateway);
    client.send({ type: 'complete', id: '1' });
    client.subscribe('1', WATCH, { id: 'e1' });
    expect((await take(client, 1))[0]).toMatchObject({ kind: 'SNAPSHOT' });
    const statuses = await movesTo(gateway, 2);
    expect(statusesOf(await take(client, 2))).toEqual(statuses);
  });

  it('releases everything when subscribers leave before their first event', async () => {
    const gateway = await startLogGateway();
    await gateway.move('e1', 'creating');
    const client = new SocketClient(gateway.url);
    await client.init();
    for (let n = 0; n < 50; n += 1) {
      client.subscribe(String(n), n % 2 === 0 ? WATCH : HISTORY, { id: 'e1' });
      client.send({ type: 'complete', id: String(n) });
    }
    client.subscribe('last', WATCH, { id: 'e1' });
    while ((await client.next()).id !== 'last');
    expect(gateway.held()).toMatchObject({ followers: 1, groups: 1 });
    client.terminate();
    await expect.poll(() => Object.values(gateway.held()).every((count) => count === 0)).toBe(true);
  });
});
