import { pino } from 'pino';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { Identity } from '../../../src/auth/identity.ts';
import { MemoryEventLog } from '../../../src/events/memory/memory-event-log.ts';
import { Secret } from '../../../src/shared/secret.ts';
import type { CredentialSource } from '../../../src/vpcep/signing/credentials.ts';
import { PollCredentials } from '../../../src/watch/poll/poll-credentials.ts';
import { Watchers } from '../../../src/watch/poll/watchers.ts';
import { endpointsIn } from '../../../src/watch/resources/watched-endpoints.ts';
import { servicesIn } from '../../../src/watch/resources/watched-services.ts';
import { answer, FakeUpstream, upstreamError } from '../../support/fake-upstream.ts';

const P = 'p1';
const SET = endpointsIn(P);

function identity(name: string, expiresAt: number | null = null): Identity {
  return { subject: name, projects: new Map([[P, new Set(['read'] as const)]]), expiresAt, token: new Secret(name) };
}

async function nameOf(source: CredentialSource): Promise<string> {
  const credential = await source.get();
  return credential.kind === 'token' ? credential.token.reveal() : credential.ak;
}

describe('a project without keys', () => {
  let credentials: PollCredentials;
  let changes: boolean[];
  const used = () => credentials.use(SET, nameOf);

  beforeEach(() => {
    vi.useFakeTimers();
    credentials = new PollCredentials({ keysOf: () => undefined, now: Date.now });
    changes = [];
    credentials.onChange((projectId) => changes.push(credentials.canPoll(projectId)));
  });
  afterEach(() => {
    credentials.close();
    vi.useRealTimers();
  });

  it('is polled with the token that was lent first', async () => {
    await expect(used()).rejects.toThrow(/no subscriber has a valid token/);
    const [one, other] = [credentials.lend(SET, () => identity('one')), credentials.lend(SET, () => identity('other'))];
    expect(await used()).toBe('one');
    one();
    one();
    expect(await used()).toBe('other');
    other();
    expect(changes).toEqual([true, false]);
    expect(credentials.held()).toEqual({ lent: 0 });
    expect(vi.getTimerCount()).toBe(0);
  });

  it('never uses an expired token, and uses a renewed one', () => {
    let current = identity('old', Date.now() + 90_000);
    credentials.lend(SET, () => current);
    vi.advanceTimersByTime(89_000);
    current = identity('new', Date.now() + 90_000);
    vi.advanceTimersByTime(89_000);
    expect(changes).toEqual([true]);
    vi.advanceTimersByTime(1_000);
    expect(changes).toEqual([true, false]);
    current = identity('newer', Date.now() + 90_000);
    vi.advanceTimersByTime(5_000);
    expect(changes).toEqual([true, false, true]);
  });

  it('never uses a refused token again, and tries another when one lacks a right', async () => {
    for (const name of ['refused', 'blind', 'good']) {
      const someone = identity(name);
      credentials.lend(SET, () => someone);
    }
    const tried: string[] = [];
    const read = async (source: CredentialSource) => {
      const name = await nameOf(source);
      tried.push(name);
      if (name === 'refused') throw upstreamError('token_refused');
      if (name === 'blind') throw upstreamError('unreadable');
      return name;
    };
    expect(await credentials.use(SET, read)).toBe('good');
    expect(await credentials.use(SET, read)).toBe('good');
    expect(tried).toEqual(['refused', 'blind', 'good', 'blind', 'good']);
    await expect(credentials.use(SET, () => Promise.reject(upstreamError('unavailable')))).rejects.toThrow(
      'unavailable',
    );
  });
});

it('tokens of the same feed come first, however many others were lent before', async () => {
  const credentials = new PollCredentials({ keysOf: () => undefined, now: Date.now });
  for (let i = 0; i < 6; i++) credentials.lend(SET, () => identity(`endpoints ${i}`));
  credentials.lend(servicesIn(P), () => identity('services'));
  expect(await credentials.use(servicesIn(P), nameOf)).toBe('services');
  credentials.close();
});

it('the keys of a project come before lent tokens', async () => {
  const keys = { get: async () => ({ kind: 'aksk', ak: 'AK', sk: new Secret('SK') }) as never };
  const credentials = new PollCredentials({ keysOf: () => keys, now: Date.now });
  credentials.lend(SET, () => identity('one'));
  expect(await credentials.use(SET, nameOf)).toBe('AK');
  credentials.close();
});

it('a replica without a token leaves the lease to one with a token, and takes it once it is lent one', async () => {
  const log = new MemoryEventLog();
  const upstream = new FakeUpstream();
  upstream.set(answer('e1', 'creating'));
  const polled: string[] = [];
  const changed: { wake: () => void } = { wake: () => {} };
  const replicas = ['a', 'b'].map((replica) => {
    const credentials = new PollCredentials({ keysOf: () => undefined, now: Date.now });
    const watchers = new Watchers({
      log,
      reads: upstream.reads,
      credentials,
      replica,
      logger: pino({ level: 'silent' }),
      nowMs: () => performance.now(),
      random: () => 0.5,
      versionFloor: () => 0,
      lingerMs: 60_000,
      nextWait: () => ({ baseMs: 20, waitMs: 20 }),
      onPoll: () => {
        polled.push(replica);
        changed.wake();
      },
    });
    return { credentials, watchers };
  });
  const [a, b] = replicas;
  const polls = (replica: string, count: number) =>
    new Promise<void>((resolve) => {
      const from = polled.length;
      changed.wake = () => polled.slice(from).filter((name) => name === replica).length >= count && resolve();
    });
  const byB = polls('b', 2);
  a?.watchers.want(endpointsIn(P), ['e1']);
  const takeBack = b?.credentials.lend(SET, () => identity('of b'));
  b?.watchers.want(endpointsIn(P), ['e1']);
  await byB;
  expect(polled).not.toContain('a');
  const byA = polls('a', 2);
  a?.credentials.lend(SET, () => identity('of a'));
  takeBack?.();
  await byA;
  expect(b?.watchers.held().polling).toBe(0);
  for (const { watchers, credentials } of replicas) {
    await watchers.close();
    credentials.close();
  }
  await log.close();
});
