import { beforeEach, expect, it } from 'vitest';
import { ANONYMOUS, type Identity } from '../../../src/auth/identity.ts';
import { Secret } from '../../../src/shared/secret.ts';
import { FeedAuthorization } from '../../../src/watch/feed/authorize.ts';
import { endpointsIn } from '../../../src/watch/resources/watched-endpoints.ts';
import { answer, FakeUpstream, upstreamError } from '../../support/fake-upstream.ts';

const SET = endpointsIn('p1');
const MINUTE = 60_000;
const ONE = { set: SET, scope: { kind: 'one', id: 'e1' } } as const;

let upstream: FakeUpstream;
let at: number;
let access: FeedAuthorization;

beforeEach(() => {
  upstream = new FakeUpstream();
  upstream.set(answer('e1', 'accepted'));
  at = 0;
  access = new FeedAuthorization({ reads: upstream.reads, elapsed: () => at });
});

const bearer = (token: string): Identity => ({ ...ANONYMOUS, token: new Secret(token) });

it('asks upstream once a minute for each token and endpoint, and once for all lists of a token', async () => {
  await Promise.all([access.check(ONE, bearer('a')), access.check(ONE, bearer('a'))]);
  await access.check(ONE, bearer('b'));
  await access.check({ set: SET, scope: { kind: 'one', id: 'e2' } }, bearer('a'));
  expect(upstream.gets).toEqual(['e1', 'e1', 'e2']);
  await access.check({ set: SET, scope: { kind: 'all' } }, bearer('a'));
  await access.check({ set: SET, scope: { kind: 'some', ids: new Set(['e1', 'e2']) } }, bearer('a'));
  expect(upstream.lists).toMatchObject([{ limit: 1 }]);
  at += MINUTE;
  await access.check(ONE, bearer('a'));
  expect(upstream.gets).toHaveLength(4);
});

it('asks nothing about callers without a token', async () => {
  await access.check(ONE, ANONYMOUS);
  expect(upstream.gets).toEqual([]);
});

it('keeps a permission for 15 minutes while upstream is unavailable, and gives no new one', async () => {
  await access.check(ONE, bearer('a'));
  upstream.failGet = () => upstreamError('unavailable');
  at += 14 * MINUTE;
  await access.check(ONE, bearer('a'));
  await expect(access.check(ONE, bearer('b'))).rejects.toThrow('unavailable');
  at += MINUTE;
  await expect(access.check(ONE, bearer('a'))).rejects.toThrow('unavailable');
});

it.each(['unreadable', 'token_refused'] as const)('%s ends a permission at once', async (kind) => {
  await access.check(ONE, bearer('a'));
  at += MINUTE;
  upstream.failGet = () => upstreamError(kind);
  await expect(access.check(ONE, bearer('a'))).rejects.toThrow(kind);
  upstream.failGet = () => upstreamError('unavailable');
  await expect(access.check(ONE, bearer('a'))).rejects.toThrow('unavailable');
});
