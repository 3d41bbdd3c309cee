import { beforeEach, describe, expect, it } from 'vitest';
import { AuthenticationUnavailableError, UnauthenticatedError } from '../../src/auth/authenticator.ts';
import { IamAuthenticator } from '../../src/auth/iam-authenticator.ts';
import type { TokenFacts } from '../../src/auth/iam-token.ts';
import type { Secret } from '../../src/shared/secret.ts';
import { deferred } from '../support/deferred.ts';
import { FakeTime } from '../support/fake-time.ts';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;

let time: FakeTime;
let facts: TokenFacts;
let asked: string[];
let troubles: (string | null)[];
let answer: (token: Secret) => Promise<TokenFacts | null>;
let authenticator: IamAuthenticator;

beforeEach(() => {
  time = new FakeTime();
  facts = { expiresAt: time.now() + 24 * HOUR, userId: 'amy', projectId: 'p1', roles: ['vpcep_adm'] };
  asked = [];
  answer = async () => facts;
  const lookUp = (token: Secret) => {
    asked.push(token.reveal());
    return answer(token);
  };
  troubles = [];
  authenticator = new IamAuthenticator({
    lookUp,
    now: () => time.now(),
    elapsed: () => time.elapsed(),
    onTrouble: (error) => troubles.push(error?.message ?? null),
  });
});

const enter = (token = 'a') => authenticator.authenticate({ headers: { 'x-auth-token': token } });
const known = (token = 'a') => authenticator.known({ headers: { 'x-auth-token': token } });
const rightsOf = async (roles: readonly string[]) => {
  facts = { ...facts, roles };
  return [...((await enter()).projects?.get('p1') ?? [])];
};
const away = () => Promise.reject(new Error('IAM is down'));

it('a token in the payload wins over the header, in any spelling of its name', async () => {
  const headers = { 'x-auth-token': 'header' };
  await authenticator.authenticate({ headers, connectionParams: { 'X-AUTH-token': 'payload' } });
  expect(asked).toEqual(['payload']);
  const twice = { 'x-auth-token': 'a', 'X-Auth-Token': 'b' };
  for (const connectionParams of [twice, { 'x-auth-token': 7 }, { 'x-auth-token': '' }, { 'x-auth-token': 'a\nb' }])
    await expect(authenticator.authenticate({ headers, connectionParams })).rejects.toThrow(/must be one IAM token/);
  const long = 'x'.repeat(16_385);
  await expect(enter(long)).rejects.toThrow(UnauthenticatedError);
});

it.each([
  [
    ['te_admin', 'readonly'],
    ['read', 'write', 'admin'],
  ],
  [['secu_admin'], ['read', 'write', 'admin']],
  [['readonly', 'op_gated_x'], ['read']],
  [['VPCEndpoint ReadOnlyAccess', 'te_guest'], ['read']],
  [
    ['readonly', 'vpcep_adm'],
    ['read', 'write'],
  ],
  [['op_gated_x'], ['read', 'write']],
  [[], ['read', 'write']],
])('%j gives %j', async (roles, rights) => {
  expect(await rightsOf(roles)).toEqual(rights);
});

describe('a token that IAM knows', () => {
  it('is the same caller each time, and is verified once for parallel requests', async () => {
    expect(known()).toBeUndefined();
    const [first, second] = await Promise.all([enter(), enter()]);
    expect(await enter()).toBe(first);
    expect([known(), known('b')]).toEqual([first, undefined]);
    expect(second).toBe(first);
    expect(asked).toHaveLength(1);
    expect(first.expiresAt).toBe(facts.expiresAt);
  });

  it('is verified again after a minute, in the background', async () => {
    const first = await enter();
    await time.pass(MINUTE);
    expect(known()).toBeUndefined();
    const late = deferred<TokenFacts | null>();
    answer = () => late.promise;
    expect(await enter()).toBe(first);
    expect(asked).toHaveLength(2);
    late.resolve(null);
    await new Promise(setImmediate);
    await expect(enter()).rejects.toThrow(UnauthenticatedError);
    expect(asked).toHaveLength(2);
  });

  it('stays valid for 15 minutes while IAM is unavailable', async () => {
    const first = await enter();
    answer = away;
    await time.pass(14 * MINUTE);
    expect(await enter()).toBe(first);
    expect(await authenticator.revalidate(first)).toBe(first);
    await time.pass(2 * MINUTE);
    await expect(enter()).rejects.toThrow(AuthenticationUnavailableError);
    await expect(authenticator.revalidate(first)).rejects.toThrow(AuthenticationUnavailableError);
    expect([troubles, authenticator.unavailable]).toEqual([['IAM is down'], true]);
    answer = async () => facts;
    expect(await enter()).toBe(first);
    expect([troubles, authenticator.unavailable]).toEqual([['IAM is down', null], false]);
  });

  it('ends at its own expiry, even if IAM accepts it', async () => {
    facts = { ...facts, expiresAt: time.now() + MINUTE / 2 };
    const first = await enter();
    await time.pass(MINUTE / 2);
    expect(known()).toBeUndefined();
    await expect(enter()).rejects.toThrow(/expired/);
    await expect(authenticator.revalidate(first)).rejects.toThrow(/expired/);
  });
});

describe('revalidation', () => {
  it('calls IAM once for all parallel revalidations', async () => {
    const first = await enter();
    await time.pass(10_000);
    await Promise.all([1, 2, 3].map(() => authenticator.revalidate(first)));
    expect(await authenticator.revalidate(first)).toBe(first);
    expect(asked).toHaveLength(2);
  });

  it('shows changed rights of the same token', async () => {
    const first = await enter();
    await time.pass(10_000);
    facts = { ...facts, roles: ['readonly'] };
    const second = await authenticator.revalidate(first);
    expect([...(second.projects?.get('p1') ?? [])]).toEqual(['read']);
    expect(second.token).toBe(first.token);
    expect(await enter()).toBe(second);
  });

  it('refuses a revoked token, until IAM accepts it again', async () => {
    const first = await enter();
    await time.pass(10_000);
    answer = async () => null;
    await expect(authenticator.revalidate(first)).rejects.toThrow(UnauthenticatedError);
    await expect(enter()).rejects.toThrow(UnauthenticatedError);
    answer = async () => facts;
    await expect(enter()).rejects.toThrow(UnauthenticatedError);
    expect(asked).toHaveLength(2);
    await time.pass(10_000);
    await enter();
    expect(asked).toHaveLength(3);
  });
});

it('many unknown tokens at once cause a bounded number of calls', async () => {
  const late = deferred<TokenFacts | null>();
  answer = () => late.promise;
  const all = Promise.allSettled(Array.from({ length: 100 }, (_, i) => enter(`t${i}`)));
  await new Promise(setImmediate);
  expect(asked.length).toBeLessThan(100);
  late.resolve(null);
  const reasons = (await all).map((result) => (result.status === 'rejected' ? result.reason.name : 'let in'));
  expect(new Set(reasons)).toEqual(new Set(['UnauthenticatedError', 'AuthenticationUnavailableError']));
});
