/** Keys of a real issuer, and a clock of the test. */
import type { FlattenedJWSInput, JWTHeaderParameters } from 'jose';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { AuthenticationUnavailableError } from '../../src/auth/authenticator.ts';
import { fetchOver, JwtKeys } from '../../src/auth/jwt-keys.ts';
import { Pools } from '../../src/vpcep/http/pools.ts';
import { TestIssuer } from '../support/issuer.ts';
import { until } from '../support/until.ts';

const DISCOVERY = '/.well-known/openid-configuration';

let provider: TestIssuer;
let other: TestIssuer;
let pools: Pools;
let keys: JwtKeys;
let troubles: string[];

beforeEach(async () => {
  vi.useFakeTimers({ toFake: ['Date', 'setInterval', 'clearInterval'] });
  provider = await TestIssuer.start();
  other = await TestIssuer.start();
  pools = new Pools({ connections: 1, maxResponseSize: 256 * 1024 });
  troubles = [];
});
afterEach(async () => {
  keys.close();
  vi.useRealTimers();
  await pools.destroy();
  await provider.close();
  await other.close();
});

/** Fetches at once, as at the start of the gateway. */
function start(options: { issuer?: string; jwksUrl?: string } = {}): void {
  keys = new JwtKeys({
    issuer: provider.url,
    jwksUrl: null,
    fetch: fetchOver({ pools }),
    onTrouble: (error) => void troubles.push(error?.message ?? 'over'),
    ...options,
  });
}

const find = (kid: string) =>
  keys.find({ alg: 'ES256', kid } as JWTHeaderParameters, { payload: '' } as FlattenedJWSInput);
const pass = (ms: number) => vi.setSystemTime(Date.now() + ms);
const instead = (path: string, body: string) => provider.answerInstead(path, { status: 200, body });

describe('keys', () => {
  it('are found through the discovery document, which is read once', async () => {
    start();
    await Promise.all([find('first'), find('first')]);
    pass(5_000);
    await keys.refresh();
    expect(provider.asked).toEqual([DISCOVERY, '/keys', '/keys']);
  });

  it('are read from the address that is set, without discovery', async () => {
    start({ issuer: 'any', jwksUrl: `${provider.url}/keys` });
    await find('first');
    expect(provider.asked).toEqual(['/keys']);
  });

  it('are fetched again every minute, without any caller', async () => {
    start();
    await find('first');
    provider.withdraw('first');
    await provider.addKey('second');
    vi.advanceTimersByTime(60_000);
    await until(async () => (await find('second')).type === 'public', 'the new key');
    await expect(find('first')).rejects.toThrow(/no applicable key/);
  });

  it('are fetched for an unknown one, but only every 5 s', async () => {
    start();
    await find('first');
    await provider.addKey('second');
    pass(4_999);
    await expect(find('second')).rejects.toThrow(/no applicable key/);
    pass(1);
    await find('second');
    await expect(find('third')).rejects.toThrow(/no applicable key/);
    expect(provider.asked).toHaveLength(3);
  });
});

describe('while the issuer is unreachable', () => {
  it('there are no keys at first, and they are fetched every 10 s only', async () => {
    provider.answer('down');
    start();
    await expect(find('first')).rejects.toThrow(AuthenticationUnavailableError);
    pass(9_999);
    await expect(find('first')).rejects.toThrow(AuthenticationUnavailableError);
    expect(provider.asked).toHaveLength(1);
    expect(keys.unavailable).toBe(true);
    provider.answer('well');
    pass(1);
    await find('first');
    expect(keys.unavailable).toBe(false);
    expect(troubles).toEqual([expect.stringContaining(`${provider.url}${DISCOVERY}: `), 'over']);
  });

  it('the last keys stay in use; an unknown key is unavailable', async () => {
    start();
    await find('first');
    provider.answer('down');
    pass(100 * 3_600_000);
    await keys.refresh();
    await find('first');
    await expect(find('second')).rejects.toThrow(AuthenticationUnavailableError);
    expect(troubles).toHaveLength(1);
  });

  it('the keys are fetched from the URL of a new discovery document', async () => {
    start();
    await find('first');
    instead(DISCOVERY, JSON.stringify({ issuer: provider.url, jwks_uri: `${other.url}/keys` }));
    await other.addKey('moved');
    provider.answerInstead('/keys', { status: 404, body: '' });
    pass(5_000);
    await keys.refresh();
    expect(troubles).toEqual([`${provider.url}/keys: answers 404`]);
    pass(10_000);
    await find('moved');
  });
});

describe('what is not accepted as keys', () => {
  const refused = async (reason: RegExp) => {
    start();
    await expect(find('first')).rejects.toThrow(AuthenticationUnavailableError);
    expect(troubles).toEqual([expect.stringMatching(reason)]);
  };

  it.each(['/keys', DISCOVERY])('a redirect of %s', async (path) => {
    provider.answerInstead(path, { status: 302, headers: { location: `${other.url}${path}` }, body: '' });
    await refused(/answers 302/);
    expect(other.asked).toEqual([]);
  });

  it('the URL in a document about another issuer', async () => {
    instead(DISCOVERY, JSON.stringify({ issuer: `${provider.url}/`, jwks_uri: `${provider.url}/keys` }));
    await refused(/not about the configured issuer/);
  });

  it.each([undefined, 7, 'http://keys.example/keys', 'file:///etc/passwd', '/keys'])(
    '%j as the URL in a document',
    async (uri) => {
      instead(DISCOVERY, JSON.stringify({ issuer: provider.url, jwks_uri: uri }));
      await refused(/has no jwks_uri that is https/);
    },
  );

  it.each(['', 'null', '[]', '{}', '{"keys":[]}', '{"keys":{}}', '{"keys":[7]}', '<html>'])('%j', async (body) => {
    instead('/keys', body);
    await refused(/JSON|holds no keys/);
  });

  it('more than 256 KiB', async () => {
    instead('/keys', `{"keys":["${'x'.repeat(300_000)}"]}`);
    await refused(/max size/);
  });
});
