/** What a token does not give, on every field that works in a project. */
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { Gateway } from '../../src/app/gateway.ts';
import type { Simulator } from '../../src/simulator/server.ts';
import { SERVICE_IDS } from '../../src/simulator/world/services.ts';
import { EVERY_FEED } from '../support/every-feed.ts';
import { post } from '../support/fake-gateway.ts';
import { type TestClaims, TestIssuer } from '../support/issuer.ts';
import { rootFields } from '../support/root-fields.ts';
import { SocketClient } from '../support/socket-client.ts';
import { startTestSimulator } from '../support/start-gateway.ts';
import { HERE, startTwoProjects, THERE, TWO_PROJECTS } from '../support/two-projects.ts';

const VPC = '4e65f8b1-306d-4522-8ecd-aa374000e2a4';
const NOWHERE = 'ffffffffffffffffffffffffffffffff';

let simulator: Simulator;
let issuer: TestIssuer;
let gateway: Gateway;
let reader: Record<string, string>;
let writer: Record<string, string>;

beforeAll(async () => {
  simulator = await startTestSimulator(TWO_PROJECTS);
  issuer = await TestIssuer.start();
  gateway = await startTwoProjects(simulator, { env: issuer.env });
  const bearer = async (claims: TestClaims) => ({ authorization: `Bearer ${await issuer.token(claims)}` });
  reader = await bearer({ sub: 'reader', projects: { [HERE.id]: 'read' } });
  writer = await bearer({ sub: 'writer', projects: { [HERE.id]: 'write' } });
});
afterAll(async () => {
  await gateway.close();
  await issuer.close();
  await simulator.close();
});
beforeEach(() => simulator.clearRequests());

async function errorOf(operation: string, headers: Record<string, string>) {
  const { data, errors } = await post(gateway.url, operation, {}, headers);
  const [error, ...more] = errors ?? [];
  expect(more).toEqual([]);
  return { error: { message: error?.message, extensions: error?.extensions, path: error?.path }, data };
}

/** How a subscription is answered first, on a socket of its own. */
async function firstOf(operation: string, headers: Record<string, string>): Promise<unknown> {
  const socket = new SocketClient(gateway.url);
  await socket.init(headers);
  socket.subscribe('1', operation);
  const { type, payload } = await socket.next();
  socket.close();
  expect(['error', 'next']).toContain(type);
  return payload;
}

describe('who may only read', () => {
  it.each(rootFields('mutation'))('$name is FORBIDDEN, and nothing is sent', async (field) => {
    const { error } = await errorOf(field.in(HERE.id), reader);
    expect(error).toMatchObject({
      message: 'This needs the right "write" in the project',
      extensions: { code: 'FORBIDDEN', retryable: false },
    });
    expect((await errorOf(field.in(), reader)).error).toEqual(error);
    expect(simulator.requests).toEqual([]);
  });

  it.each(EVERY_FEED)('$name is followed', async ({ words, in: make }) => {
    const field = make(simulator.world).field(`projectId: "${HERE.id}"`);
    expect(await firstOf(`subscription { feed: ${field} { kind rawStatus } }`, reader)).toEqual({
      data: { feed: { kind: 'SNAPSHOT', rawStatus: words[0] } },
    });
  });

  it.each(rootFields('query'))('$name is answered', async (field) => {
    const { errors } = await post(gateway.url, field.in(HERE.id), {}, reader);
    expect(errors ?? []).toEqual([]);
  });
});

describe('in the project of another tenant', () => {
  const NO_SUCH = { message: 'No such project', extensions: { code: 'NOT_FOUND', retryable: false } };

  it.each([...rootFields('query'), ...rootFields('mutation')])(
    '$name looks as if there were no such project',
    async (field) => {
      for (const headers of [reader, writer]) {
        const there = await errorOf(field.in(THERE.id), headers);
        expect(there.error).toMatchObject(NO_SUCH);
        expect(there).toEqual(await errorOf(field.in(NOWHERE), headers));
        // Names are for tokens; in a request they would tell which there are.
        expect(there).toEqual(await errorOf(field.in(THERE.name), headers));
      }
      expect(simulator.requests).toEqual([]);
    },
  );

  it.each(rootFields('subscription'))('$name looks as if there were no such project', async (field) => {
    const there = await firstOf(field.in(THERE.id), reader);
    expect(JSON.stringify(there)).toContain('No such project');
    expect(there).toEqual(await firstOf(field.in(NOWHERE), reader));
    expect(simulator.requests).toEqual([]);
  });

  it('an endpoint looks as if it did not exist, wherever it is asked for', async () => {
    const [id = ''] = simulator.world.seed(1, { projectId: THERE.id, status: 'accepted' });
    const answers = async (about: string) => [
      await post(gateway.url, `{ vpcEndpoint(id: "${about}") { id } }`, {}, writer),
      await post(gateway.url, `mutation { deleteVpcEndpoint(input: { id: "${about}" }) { statusCursor } }`, {}, writer),
      await firstOf(`subscription { endpointStatus(id: "${about}") { status } }`, writer),
    ];
    const plain = (answer: unknown, about: string): unknown =>
      JSON.parse(
        JSON.stringify(answer)
          .replaceAll(about, 'ID')
          .replaceAll(/"requestId":"[^"]*"/g, '"requestId":""'),
      );
    const absent = '00000000-0000-4000-8000-00000000dead';
    expect(plain(await answers(id), id)).toEqual(plain(await answers(absent), absent));
  });
});

describe('who may read no project', () => {
  it('reads its own name, and nothing else', async () => {
    const stranger = { authorization: `Bearer ${await issuer.token({ sub: 'stranger' })}` };
    const { data } = await post(gateway.url, '{ viewer { subject projects { id } } }', {}, stranger);
    expect(data).toEqual({ viewer: { subject: `jwt:${encodeURIComponent(issuer.url)}:stranger`, projects: [] } });
    for (const field of [...rootFields('query'), ...rootFields('mutation')]) {
      const { error } = await errorOf(field.in(), stranger);
      expect(error).toMatchObject({ message: 'There is no project that this caller may read' });
    }
    expect(simulator.requests).toEqual([]);
  });
});

describe('two callers of one project', () => {
  let other: Record<string, string>;

  beforeAll(async () => {
    other = { authorization: `Bearer ${await issuer.token({ sub: 'other', projects: { [HERE.id]: 'write' } })}` };
  });

  it('have idempotency keys of their own', async () => {
    const input = `{ vpcId: "${VPC}", subnetId: "${VPC}", endpointServiceId: "${SERVICE_IDS.plainInterface}", idempotencyKey: "same" }`;
    const create = async (headers: Record<string, string>) => {
      const { data } = await post(
        gateway.url,
        `mutation { createVpcEndpoint(input: ${input}) { replayed endpoint { id } } }`,
        {},
        headers,
      );
      return data?.createVpcEndpoint as { replayed: boolean; endpoint: { id: string } };
    };
    const first = await create(writer);
    expect(first.replayed).toBe(false);
    expect(await create(writer)).toEqual({ ...first, replayed: true });
    const theirs = await create(other);
    expect(theirs.replayed).toBe(false);
    expect(theirs.endpoint.id).not.toBe(first.endpoint.id);
  });

  it('share no read', async () => {
    const [id = ''] = simulator.world.seed(1, { projectId: HERE.id, status: 'accepted' });
    const query = `{ vpcEndpoint(id: "${id}") { id } }`;
    const held = simulator.faults.add({ kind: 'hang', method: 'GET', path: id, times: 1 });
    const leaving = new AbortController();
    const waiting = fetch(`${gateway.url}/graphql`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...writer },
      body: JSON.stringify({ query }),
      signal: leaving.signal,
    });
    await simulator.until(() => held.hits === 1);
    expect((await post(gateway.url, query, {}, other)).data).toEqual({ vpcEndpoint: { id } });
    leaving.abort();
    await expect(waiting).rejects.toThrow();
  });
});
