import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { Issuer } from '../../src/auth/jwt-keys.ts';
import { isKeyUrl } from '../../src/config/auth.ts';
import { Pools } from '../../src/vpcep/http/pools.ts';
import { TestIssuer } from '../support/issuer.ts';

const DISCOVERY = '/.well-known/openid-configuration';

let provider: TestIssuer;
let other: TestIssuer;
let issuer: Issuer;

beforeEach(async () => {
  provider = await TestIssuer.start();
  other = await TestIssuer.start();
  issuer = new Issuer({ issuer: provider.url, jwksUrl: null, mayAsk: isKeyUrl, pools: new Pools() });
});
afterEach(async () => {
  await issuer.close();
  await provider.close();
  await other.close();
});

const discovery = (document: object) =>
  provider.answerInstead(DISCOVERY, { status: 200, body: JSON.stringify({ issuer: provider.url, ...document }) });
const redirect = (location: string) => ({ status: 302, headers: { location }, body: '' });

describe('keys', () => {
  it('are found through the discovery document, which is read once', async () => {
    expect(await issuer.keys()).toEqual({ keys: provider.keys });
    await issuer.keys();
    expect(provider.asked).toEqual([DISCOVERY, '/keys', '/keys']);
  });

  it('are looked for again where they are now, after they could not be had', async () => {
    await issuer.keys();
    discovery({ jwks_uri: `${other.url}/keys` });
    provider.answerInstead('/keys', { status: 404, body: '' });
    await expect(issuer.keys()).rejects.toThrow(/answers 404/);
    expect(await issuer.keys()).toEqual({ keys: other.keys });
  });

  it('are read from the address that is set, without discovery', async () => {
    const set = new Issuer({
      issuer: 'any',
      jwksUrl: `${provider.url}/keys`,
      mayAsk: isKeyUrl,
      pools: new Pools(),
    });
    expect(await set.keys()).toEqual({ keys: provider.keys });
    expect(provider.asked).toEqual(['/keys']);
    await set.close();
  });
});

describe('what is not taken for keys', () => {
  it('a redirect, of the document or of the keys', async () => {
    provider.answerInstead('/keys', redirect(`${other.url}/keys`));
    await expect(issuer.keys()).rejects.toThrow(/\/keys answers 302/);
    provider.answerInstead(DISCOVERY, redirect(`${other.url}${DISCOVERY}`));
    await expect(issuer.keys()).rejects.toThrow(/openid-configuration answers 302/);
    expect(other.asked).toEqual([]);
  });

  it('what a document about another issuer names', async () => {
    discovery({ issuer: `${provider.url}/`, jwks_uri: `${provider.url}/keys` });
    await expect(issuer.keys()).rejects.toThrow(/not about the configured issuer/);
  });

  it.each([undefined, 7, 'http://keys.example/keys', 'file:///etc/passwd', '/keys'])(
    'what a document names as %j',
    async (uri) => {
      discovery({ jwks_uri: uri });
      await expect(issuer.keys()).rejects.toThrow(/has no jwks_uri that is https/);
    },
  );

  it.each(['', 'null', '[]', '{}', '{"keys":[]}', '{"keys":{}}', '<html>'])('%j', async (body) => {
    provider.answerInstead('/keys', { status: 200, body });
    await expect(issuer.keys()).rejects.toThrow(/is not a JSON object|holds no keys/);
  });

  it('more than 256 KiB', async () => {
    provider.answerInstead('/keys', { status: 200, body: `{"keys":["${'x'.repeat(300_000)}"]}` });
    await expect(issuer.keys()).rejects.toThrow(/more than 262144 bytes/);
  });

  it('a connection that is cut', async () => {
    provider.answer('down');
    await expect(issuer.keys()).rejects.toThrow(/cannot be reached/);
  });
});
