import { request } from 'node:http';
import { SignJWT, UnsecuredJWT } from 'jose';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { Gateway } from '../../src/app/gateway.ts';
import type { Simulator } from '../../src/simulator/server.ts';
import { post } from '../support/fake-gateway.ts';
import { AUDIENCE, TestIssuer } from '../support/issuer.ts';
import { SocketClient } from '../support/socket-client.ts';
import { recordingLogger, startTestSimulator } from '../support/start-gateway.ts';
import { HERE, startTwoProjects, THERE, TWO_PROJECTS } from '../support/two-projects.ts';

const VIEWER = '{ viewer { subject projects { id name rights isDefault } } }';
const now = () => Math.floor(Date.now() / 1000);

let simulator: Simulator;
let issuer: TestIssuer;
let gateway: Gateway | undefined;

beforeEach(async () => {
  simulator = await startTestSimulator(TWO_PROJECTS);
  issuer = await TestIssuer.start();
});
afterEach(async () => {
  vi.useRealTimers();
  await gateway?.close();
  gateway = undefined;
  await issuer.close();
  await simulator.close();
});

async function start(env: Record<string, string> = {}, logger = recordingLogger().logger): Promise<string> {
  gateway = await startTwoProjects(simulator, { env: { ...issuer.env, ...env }, logger });
  return gateway.url;
}

const bearer = (token: string) => ({ authorization: `Bearer ${token}` });
const viewerOf = async (url: string, token: string) => (await post(url, VIEWER, {}, bearer(token))).data?.viewer;

interface Refusal {
  readonly status: number;
  readonly code: unknown;
  readonly retryable: unknown;
  readonly message: string | undefined;
}

async function overHttp(url: string, headers: Record<string, string>): Promise<Refusal> {
  const { status, errors, data } = await post(url, VIEWER, {}, headers);
  expect(data ?? null).toBeNull();
  const { message, extensions } = errors?.[0] ?? {};
  return { status, code: extensions?.code, retryable: extensions?.retryable, message };
}

async function overSse(url: string, headers: Record<string, string>): Promise<Refusal> {
  const response = await fetch(`${url}/graphql/stream`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', accept: 'text/event-stream', ...headers },
    body: JSON.stringify({ query: VIEWER }),
  });
  const { errors } = JSON.parse(await response.text());
  const [{ message, extensions }] = errors;
  return { status: response.status, ...extensions, message };
}

/** The code that the socket is closed with when this is the payload of `connection_init`. */
async function closeCode(url: string, payload: unknown): Promise<number> {
  const socket = new SocketClient(url);
  await socket.opened();
  socket.send({ type: 'connection_init', payload });
  const { code } = await socket.closed;
  expect(socket.received()).toEqual([]);
  return code;
}

describe('a good token', () => {
  it('is accepted over HTTP, WebSocket and SSE, and identifies the caller', async () => {
    const url = await start();
    const token = await issuer.token({ projects: [HERE.id] });
    const viewer = {
      subject: `jwt:${encodeURIComponent(issuer.url)}:alice`,
      projects: [{ ...HERE, rights: ['READ'], isDefault: true }],
    };
    expect(await viewerOf(url, token)).toEqual(viewer);

    const sse = await fetch(`${url}/graphql/stream`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', accept: 'text/event-stream', ...bearer(token) },
      body: JSON.stringify({ query: VIEWER }),
    });
    expect(await sse.text()).toContain(JSON.stringify({ data: { viewer } }));

    // Header names have no case; a payload is not a header, but people write it like one.
    for (const [name, headers] of [
      ['authorization', {}],
      ['Authorization', bearer('what came with the upgrade counts less')],
    ] as const) {
      const socket = new SocketClient(url, headers);
      await socket.init({ [name]: `bearer ${token}` });
      socket.subscribe('1', VIEWER);
      expect(await socket.next()).toEqual({ id: '1', type: 'next', payload: { data: { viewer } } });
      socket.close();
    }
    const socket = new SocketClient(url, bearer(token));
    await socket.init();
    socket.close();
  });

  it('may give rights per project, by id or name, in a nested claim', async () => {
    const url = await start({ JWT_PROJECTS_CLAIM: '/resource_access/vpcep/projects' });
    const of = (projects: unknown) => issuer.token({ resource_access: { vpcep: { projects } } });
    const viewer = await viewerOf(
      url,
      await of({ [HERE.id]: ['write'], there: 'admin', '*': 'admin', gone: ['read'] }),
    );
    expect(viewer).toMatchObject({
      projects: [
        { id: HERE.id, rights: ['READ', 'WRITE'], isDefault: false },
        { id: THERE.id, rights: ['READ', 'WRITE', 'ADMIN'], isDefault: false },
      ],
    });
    expect(await viewerOf(url, await of('*'))).toMatchObject({ projects: [] });
    expect(await viewerOf(url, await issuer.token({ projects: [HERE.id] }))).toMatchObject({ projects: [] });
  });

  it('may give the same rights in a list of projects', async () => {
    const url = await start({ JWT_RIGHTS_CLAIM: 'scope' });
    const of = async (claims: object) => await viewerOf(url, await issuer.token({ projects: ['here'], ...claims }));
    expect(await of({ scope: 'openid write' })).toMatchObject({ projects: [{ rights: ['READ', 'WRITE'] }] });
    expect(await of({ scope: 'openid' })).toMatchObject({ projects: [] });
    expect(await of({})).toMatchObject({ projects: [] });
  });
});

describe('what every transport refuses', () => {
  const half = (token: string, part: number) => token.split('.')[part] ?? '';

  it.each<[string, (issuer: TestIssuer) => Promise<Record<string, string>>, RegExp]>([
    ['no token', async () => ({}), /A token is needed/],
    ['no Bearer', async (at) => ({ authorization: await at.token() }), /must be "Bearer"/],
    ['Basic', async () => ({ authorization: 'Basic YTpi' }), /must be "Bearer"/],
    ['nothing after Bearer', async () => ({ authorization: 'Bearer ' }), /must be "Bearer"/],
    ['garbage', async () => bearer('garbage'), /not valid/],
    ['garbage in three parts', async () => bearer('a.b.c'), /not valid/],
    ['a long token', async () => bearer('a'.repeat(9_000)), /at most 8192/],
    ['alg none', async (at) => bearer(unsigned(at)), /algorithm/],
    ['HS256 with the public key', async (at) => bearer(await signedWithPublicKey(at)), /algorithm/],
    ['a forged signature', async (at) => bearer(await at.forgedToken()), /not valid/],
    ['a key in the header', async (at) => bearer(await at.forgedToken({}, { jwk: at.keys[0] ?? {} })), /not valid/],
    [
      'the signature of another token',
      async (at) => {
        const [one, two] = [await at.token({ sub: 'alice' }), await at.token({ sub: 'bob' })];
        return bearer([half(one, 0), half(one, 1), half(two, 2)].join('.'));
      },
      /not valid/,
    ],
    ['another issuer', async (at) => bearer(await at.token({ iss: `${at.url}/` })), /another issuer/],
    ['no issuer', async (at) => bearer(await at.token({ iss: undefined })), /must have the claim iss/],
    ['another audience', async (at) => bearer(await at.token({ aud: ['another-service'] })), /another audience/],
    ['no audience', async (at) => bearer(await at.token({ aud: undefined })), /must have the claim aud/],
    ['expired', async (at) => bearer(await at.token({ exp: now() - 31 })), /has expired/],
    ['no end', async (at) => bearer(await at.token({ exp: undefined })), /must have the claim exp/],
    ['an end in words', async (at) => bearer(await at.token({ exp: 'never' })), /not valid/],
    ['not valid yet', async (at) => bearer(await at.token({ nbf: now() + 60 })), /not valid yet/],
    ['no subject', async (at) => bearer(await at.token({ sub: undefined })), /must have the claim sub/],
    ['an empty subject', async (at) => bearer(await at.token({ sub: '' })), /a sub of 1 to 255/],
    ['a critical extension', async (at) => bearer(await at.forgedToken({}, { crit: ['b64'], b64: true })), /not valid/],
  ])('%s', async (_name, make, message) => {
    const url = await start();
    const headers = await make(issuer);
    const refusal = { status: 401, code: 'UNAUTHENTICATED', retryable: false, message: expect.stringMatching(message) };
    expect(await overHttp(url, headers)).toEqual(refusal);
    expect(await overSse(url, headers)).toEqual(refusal);
    expect(await closeCode(url, headers)).toBe(4403);
  });

  it('two tokens at once, even if one is valid', async () => {
    const url = await start();
    const good = `Bearer ${await issuer.token()}`;
    const status = await new Promise<number | undefined>((resolve, reject) => {
      const twice = ['authorization', good, 'authorization', good];
      const headers = ['host', new URL(url).host, 'content-type', 'application/json', ...twice];
      request(`${url}/graphql`, { method: 'POST', headers }, (answer) => resolve(answer.resume().statusCode))
        .on('error', reject)
        .end(JSON.stringify({ query: VIEWER }));
    });
    expect(status).toBe(401);
    expect(await closeCode(url, { authorization: good, Authorization: good })).toBe(4403);
    expect(await closeCode(url, { authorization: [good] })).toBe(4403);
  });

  it('a token larger than the limit of headers', async () => {
    const url = await start();
    const response = await fetch(`${url}/graphql`, { method: 'POST', headers: bearer('a'.repeat(20_000)) });
    expect(response.status).toBe(431);
  });

  it('shows no claim and no token in the log', async () => {
    const { logger, text } = recordingLogger();
    const url = await start({}, logger);
    const token = await issuer.token({ aud: 'another-service', email: 'alice@example.com' });
    await overHttp(url, bearer(token));
    await closeCode(url, bearer(token));
    expect(text()).not.toContain('alice@example.com');
    expect(text()).not.toContain(token.split('.')[2]);
  });
});

describe('the keys of the issuer', () => {
  it('are fetched once, and again for a new key, but not for every token with an unknown one', async () => {
    const url = await start();
    expect(await viewerOf(url, await issuer.token())).toMatchObject({ projects: [] });
    expect(issuer.asked).toEqual(['/.well-known/openid-configuration', '/keys']);
    await issuer.addKey('second', 'RS256');
    passCooldown();
    expect(await viewerOf(url, await issuer.token({ sub: 'bob' }))).toMatchObject({ projects: [] });
    expect(issuer.asked.slice(2)).toEqual(['/keys']);
    for (const kid of ['x', 'y', 'z']) {
      const refusal = await overHttp(url, bearer(await issuer.forgedToken({}, { kid })));
      expect(refusal).toMatchObject({ status: 401, message: expect.stringMatching(/does not publish/) });
    }
    expect(issuer.asked).toHaveLength(3);
  });

  it('stay in use while it is unreachable; only tokens with unknown keys get 503', async () => {
    const { logger, text } = recordingLogger();
    const url = await start({}, logger);
    await viewerOf(url, await issuer.token());
    issuer.answer('down');
    expect(await viewerOf(url, await issuer.token({ sub: 'bob' }))).not.toBeNull();
    await issuer.addKey('second');
    passCooldown();
    const unknown = await issuer.token();
    const away = {
      status: 503,
      code: 'UPSTREAM_UNAVAILABLE',
      retryable: true,
      message: expect.stringMatching(/try again/),
    };
    expect(await overHttp(url, bearer(unknown))).toEqual(away);
    expect(await overSse(url, bearer(unknown))).toEqual(away);
    const ready = await (await fetch(`${url}/readyz`)).text();
    expect(ready).toContain('the issuer of tokens is unavailable');
    expect(ready).toContain(`unreachable: ${new URL(issuer.url).host} (reset)`);
    expect(text()).toMatch(/"reason":"reset","code":"UND_ERR_SOCKET","attempt":1,"msg":"host is unreachable"/);
    expect(text().split('the issuer of tokens is unavailable')).toHaveLength(2);
  });

  it('may be missing from the start: tokens then get 503, and never 401', async () => {
    issuer.answer('down');
    const url = await start();
    expect(await overHttp(url, bearer(await issuer.token()))).toMatchObject({ status: 503 });
    expect(await overHttp(url, {})).toMatchObject({ status: 401 });
  });

  it('are awaited for 5 s', async () => {
    issuer.answer('not');
    const url = await start();
    expect(await overHttp(url, bearer(await issuer.token()))).toMatchObject({ status: 503 });
  });
});

/** Keys are fetched for an unknown one when they are 5 s old. */
function passCooldown(): void {
  vi.useFakeTimers({ toFake: ['Date'], now: Date.now() + 5_000 });
}

function unsigned({ url }: TestIssuer): string {
  return new UnsecuredJWT({ projects: [HERE.id] })
    .setIssuer(url)
    .setAudience(AUDIENCE)
    .setSubject('alice')
    .setExpirationTime('5m')
    .encode();
}

/** What a verifier accepts that takes the algorithm from the token and the public key for a shared secret. */
async function signedWithPublicKey(at: TestIssuer): Promise<string> {
  const secret = new TextEncoder().encode(JSON.stringify(at.keys[0]));
  return await new SignJWT({ projects: [HERE.id] })
    .setProtectedHeader({ alg: 'HS256', kid: 'first' })
    .setIssuer(at.url)
    .setAudience(AUDIENCE)
    .setSubject('alice')
    .setExpirationTime('5m')
    .sign(secret);
}
