import { describe, expect, test } from 'vitest';
import { credentialChain, environmentCredential } from '../../src/vpcep/credential-chain.ts';
import { type CredentialSource, fixedCredential, NoCredentialError } from '../../src/vpcep/credentials.ts';
import { readSecurityKey } from '../../src/vpcep/credentials-metadata.ts';
import { parseProfile, profileCredential } from '../../src/vpcep/credentials-profile.ts';

const A = { kind: 'aksk', ak: 'FAKE-A', sk: 'fake-secret-a' } as const;
const none: CredentialSource = { get: () => Promise.reject(new NoCredentialError('nothing here')) };

describe('environment', () => {
  test('a pair, with or without a security token', async () => {
    expect(await environmentCredential({ ak: 'FAKE', sk: 'fake' }).get()).toEqual({
      kind: 'aksk',
      ak: 'FAKE',
      sk: 'fake',
    });
    expect(await environmentCredential({ ak: 'FAKE', sk: 'fake', securityToken: 'fake-t' }).get()).toEqual({
      kind: 'aksk',
      ak: 'FAKE',
      sk: 'fake',
      securityToken: 'fake-t',
    });
  });

  test('half a pair is none', async () => {
    await expect(environmentCredential({ ak: 'FAKE' }).get()).rejects.toThrow(NoCredentialError);
    await expect(environmentCredential({ sk: 'fake' }).get()).rejects.toThrow(NoCredentialError);
  });
});

describe('profile file', () => {
  test('section [basic]; comments, spaces, other sections and line endings aside', () => {
    const file =
      '\uFEFF# by hand\r\n[global]\r\nak = FAKE-G\r\nsk = fake-g\r\n\r\n[ Basic ]\r\n; note\r\n AK=FAKE-B\r\nsk = fake#b;=1 \r\nsecurity_token=\r\njunk\r\n';
    expect(parseProfile(file)).toEqual({ kind: 'aksk', ak: 'FAKE-B', sk: 'fake#b;=1' });
  });

  test('a temporary key keeps its token', () => {
    expect(parseProfile('[basic]\nak=FAKE\nsk=fake\nsecurity_token=fake-t')).toMatchObject({ securityToken: 'fake-t' });
  });

  test.each(['', '[basic]\nak=FAKE', '[global]\nak=FAKE\nsk=fake', 'ak=FAKE\nsk=fake', '[basic\nak=FAKE\nsk=fake'])(
    'nothing usable in %j',
    (file) => {
      expect(() => parseProfile(file)).toThrow(NoCredentialError);
    },
  );

  test('a file that is not there is no credential, and its path is not told', async () => {
    const { message } = (await profileCredential({ path: '/nonexistent/fake-profile' })
      .get()
      .catch((error: unknown) => error as Error)) as Error;
    expect(message).toBe('the profile file cannot be read');
  });
});

describe('chain', () => {
  test('the first source that has one, and only that one from then on', async () => {
    let working = true;
    const flaky: CredentialSource = { get: () => (working ? Promise.resolve(A) : none.get()) };
    const chain = credentialChain([none, flaky, fixedCredential({ ...A, ak: 'FAKE-LAST' })]);
    expect(await chain.get()).toBe(A);
    working = false;
    await expect(chain.get()).rejects.toThrow('nothing here');
  });

  test('says why nobody had one', async () => {
    await expect(credentialChain([none, none]).get()).rejects.toThrow('nothing here; nothing here');
    await expect(credentialChain([]).get()).rejects.toThrow(NoCredentialError);
  });

  test('a fault of a source is not passed over', async () => {
    const broken: CredentialSource = { get: () => Promise.reject(new TypeError('broken')) };
    await expect(credentialChain([broken, fixedCredential(A)]).get()).rejects.toThrow(TypeError);
  });
});

test.each([
  ['no JSON', 'oops'],
  ['no object', '[]'],
  ['no credential', '{}'],
  ['no secret', '{"credential":{"access":"FAKE","securitytoken":"t","expires_at":"2024-01-31T08:15:30.000000Z"}}'],
  ['no time', '{"credential":{"access":"FAKE","secret":"s","securitytoken":"t","expires_at":"soon"}}'],
])('metadata answer with %s', (_what, body) => {
  expect(readSecurityKey(body)).toBeUndefined();
});
