/** Tokens of a real issuer, and a clock of the test. */
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { UnauthenticatedError } from '../../src/auth/authenticator.ts';
import type { Identity } from '../../src/auth/identity.ts';
import { JwtAuthenticator } from '../../src/auth/jwt-authenticator.ts';
import { fetchOver, JwtKeys } from '../../src/auth/jwt-keys.ts';
import { Pools } from '../../src/vpcep/http/pools.ts';
import { AUDIENCE, type TestClaims, TestIssuer } from '../support/issuer.ts';

const START = Date.now();

let provider: TestIssuer;
let pools: Pools;
let keys: JwtKeys;
let served: { ids: string[]; names: Map<string, string> };
let authenticator: JwtAuthenticator;

beforeEach(async () => {
  vi.useFakeTimers({ toFake: ['Date', 'setInterval', 'clearInterval'], now: START });
  served = { ids: ['p-1'], names: new Map([['p-1', 'one']]) };
  provider = await TestIssuer.start();
  pools = new Pools({ connections: 1 });
  const fetch = fetchOver({ pools });
  keys = new JwtKeys({ issuer: provider.url, jwksUrl: null, fetch, onTrouble: () => {} });
  authenticator = new JwtAuthenticator({
    rules: {
      issuer: provider.url,
      audiences: [AUDIENCE],
      algorithms: ['ES256'],
      projectsClaim: 'projects',
      rightsClaim: null,
    },
    keys,
    served,
    now: Date.now,
  });
});
afterEach(async () => {
  keys.close();
  vi.useRealTimers();
  await pools.destroy();
  await provider.close();
});

const passed = (ms: number) => vi.setSystemTime(START + ms);
const enter = (token: string) => authenticator.authenticate({ headers: { authorization: `Bearer ${token}` } });
const known = (token: string) => authenticator.known({ headers: { authorization: `Bearer ${token}` } });
const admit = async (claims: TestClaims = {}): Promise<Identity> => enter(await provider.token(claims));
const seconds = (count: number) => Math.floor(START / 1000) + count;

describe('a verified caller', () => {
  it('is the same object for every request with the same token', async () => {
    const token = await provider.token({ projects: ['p-1'] });
    const identity = await enter(token);
    expect(await enter(token)).toBe(identity);
    expect(await authenticator.revalidate(identity)).toBe(identity);
    expect(await admit({ projects: ['p-1'], jti: 'another' })).not.toBe(identity);
  });

  it('is known without a promise, with its rights after a reload', async () => {
    const token = await provider.token({ projects: ['p-1'] });
    expect(known(token)).toBeUndefined();
    const identity = await enter(token);
    expect(known(token)).toBe(identity);
    expect(known(`${token}A`)).toBeUndefined();
    const header = { authorization: `Bearer ${token}` };
    expect(authenticator.known({ headers: header, connectionParams: {} })).toBeUndefined();
    expect(authenticator.known({ headers: { authorization: token } })).toBeUndefined();
    served.names = new Map([['p-1', 'renamed']]);
    expect(known(token)).toBe(identity);
    served.ids = ['p-2'];
    served.names = new Map([['p-2', 'two']]);
    expect(known(token)?.projects?.size).toBe(0);
  });

  it('is refused 30 s after the token has expired', async () => {
    const token = await provider.token({ exp: seconds(60) });
    const identity = await enter(token);
    expect(identity.expiresAt).toBe(seconds(90) * 1000);
    passed(89_000);
    expect(await enter(token)).toBe(identity);
    expect(known(token)).toBe(identity);
    passed(91_000);
    expect(known(token)).toBeUndefined();
    await expect(enter(token)).rejects.toThrow(/has expired/);
    await expect(authenticator.revalidate(identity)).rejects.toThrow(/has expired/);
  });

  it('is refused when the key is withdrawn, even if another key has its kid', async () => {
    const token = await provider.token({ exp: seconds(3_600) });
    const identity = await enter(token);
    provider.withdraw('first');
    await provider.addKey('first');
    // Keys are fetched every 5 s at most.
    passed(4_999);
    expect(await authenticator.revalidate(identity)).toBe(identity);
    passed(5_000);
    await expect(authenticator.revalidate(identity)).rejects.toThrow(/withdrawn/);
    expect(known(token)).toBeUndefined();
    await expect(enter(token)).rejects.toThrow(UnauthenticatedError);
    expect(await admit()).toBeDefined();
  });

  it('stays valid while the issuer is unreachable', async () => {
    const token = await provider.token({ exp: seconds(100 * 3_600) });
    const identity = await enter(token);
    provider.answer('down');
    passed(99 * 3_600_000);
    expect(await authenticator.revalidate(identity)).toBe(identity);
    expect(await enter(token)).toBe(identity);
  });

  it('gains and loses projects with a reload', async () => {
    const before = await admit({ projects: { 'p-1': 'read', two: 'write' } });
    expect([...(before.projects?.keys() ?? [])]).toEqual(['p-1']);
    served.ids = ['p-2', 'p-3'];
    served.names = new Map([
      ['p-2', 'two'],
      ['p-3', 'three'],
    ]);
    const after = await authenticator.revalidate(before);
    expect([...(after.projects ?? [])]).toEqual([['p-2', new Set(['read', 'write'])]]);
    served.ids = ['p-2'];
    served.names = new Map([['p-2', 'two']]);
    expect(await authenticator.revalidate(after)).toBe(after);
    expect(await authenticator.revalidate(before)).toBe(after);
  });

  it('of another authenticator is refused', async () => {
    const stranger: Identity = { subject: 'x', projects: null, expiresAt: null, token: null };
    await expect(authenticator.revalidate(stranger)).rejects.toThrow(UnauthenticatedError);
  });
});

describe('keys', () => {
  it('must be named by the token when several match', async () => {
    await admit();
    await provider.addKey('second');
    passed(5_000);
    await keys.refresh();
    await expect(enter(await provider.token({}, { kid: undefined }))).rejects.toThrow(/must name the key/);
  });

  it('of an algorithm that is not allowed verify nothing', async () => {
    await provider.addKey('rsa', 'RS256');
    await expect(admit()).rejects.toThrow(/algorithm that is not accepted/);
  });
});

it('a token is verified once', async () => {
  const token = await provider.token({ nbf: seconds(0) });
  const identity = await enter(token);
  // By this clock it is too early for it, as a token shows that was not seen before.
  passed(-3_600_000);
  await expect(enter(await provider.token({ nbf: seconds(0), jti: 'new' }))).rejects.toThrow(/not valid yet/);
  expect(await enter(token)).toBe(identity);
});
