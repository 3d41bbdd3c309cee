import { describe, expect, test } from 'vitest';
import { Secret } from '../../../src/shared/secret.ts';
import { CredentialGuard, PROBE_INTERVAL_MS, verdictOf } from '../../../src/vpcep/signing/credential-guard.ts';
import type { AkSkCredential } from '../../../src/vpcep/signing/credentials.ts';
import { failure } from '../upstream-failure.ts';

const KEY = { kind: 'aksk', ak: 'FAKE-A', sk: new Secret('fake-secret-a') } as const;
const forever = (): AbortSignal => new AbortController().signal;

function setup() {
  const time = { at: 1_000_000 };
  const guard = new CredentialGuard({ now: () => time.at, elapsed: () => time.at });
  return { time, guard, enter: (key: AkSkCredential = KEY) => guard.enter({ ...key }, forever) };
}

/** Settled or not, once everything that could settle it has run. */
async function isPending(promise: Promise<unknown>): Promise<boolean> {
  const waiting = Symbol();
  await new Promise(setImmediate);
  return (await Promise.race([promise, Promise.resolve(waiting)])) === waiting;
}

describe('an untried key', () => {
  test('is tried by one call; the others follow once it was accepted', async () => {
    const { enter } = setup();
    const first = await enter();
    const others = [enter(), enter()];
    expect(await isPending(Promise.race(others))).toBe(true);
    first.report('accepted');
    await Promise.all(others);
  });

  test('refused: the waiting calls fail without being sent', async () => {
    const { guard, enter } = setup();
    const first = await enter();
    const others = [enter(), enter()];
    first.report('refused');
    for (const other of others) {
      expect(await failure(other)).toMatchObject({
        kind: 'credential_stopped',
        outcome: 'not_sent',
        retryAfterSeconds: 60,
      });
    }
    expect(guard.refused).toBe('all');
  });

  test('no answer: the next one tries, still alone', async () => {
    const { enter } = setup();
    const first = await enter();
    const second = enter();
    const third = enter();
    first.report('unclear');
    const winner = await second;
    expect(await isPending(third)).toBe(true);
    winner.report('accepted');
    await third;
  });

  test('an overloaded host does not make calls queue up', async () => {
    const { enter } = setup();
    (await enter()).report('unobjected');
    await Promise.all([enter(), enter(), enter()]);
  });

  test('the wait can be ended', async () => {
    const { guard, enter } = setup();
    await enter();
    const limit = new AbortController();
    const waiting = guard.enter(KEY, () => limit.signal);
    limit.abort();
    expect(await failure(waiting)).toMatchObject({ kind: 'timeout', outcome: 'not_sent' });
  });
});

describe('a stopped key', () => {
  async function stopped() {
    const all = setup();
    (await all.enter()).report('accepted');
    (await all.enter()).report('refused');
    return all;
  }

  test('is not used, and the error says when to retry', async () => {
    const { time, enter } = await stopped();
    time.at += 20_000;
    expect(await failure(enter())).toMatchObject({ kind: 'credential_stopped', retryAfterSeconds: 40 });
  });

  test('is tried by one call after 60 seconds, and again after 60 more', async () => {
    const { time, guard, enter } = await stopped();
    for (let round = 0; round < 3; round += 1) {
      time.at += PROBE_INTERVAL_MS - 1;
      await failure(enter());
      time.at += 1;
      const probe = await enter();
      await failure(enter());
      probe.report('refused');
      expect(guard.refused).toBe('all');
    }
  });

  test('a probe without an answer is the only one for 60 seconds', async () => {
    const { time, enter } = await stopped();
    time.at += PROBE_INTERVAL_MS;
    (await enter()).report('unobjected');
    await failure(enter());
  });

  test('a success starts it again', async () => {
    const { time, guard, enter } = await stopped();
    time.at += PROBE_INTERVAL_MS;
    (await enter()).report('accepted');
    await Promise.all([enter(), enter()]);
    expect(guard.refused).toBe('none');
  });

  test('does not stop another key, nor the same one with a new secret', async () => {
    const { time, guard, enter } = await stopped();
    (await enter({ ...KEY, ak: 'FAKE-B' })).report('accepted');
    expect(guard.refused).toBe('some');
    // Polls go on with the stopped key only.
    time.at += 11 * 60_000;
    (await enter()).report('refused');
    expect(guard.refused).toBe('some');
    await enter({ ...KEY, sk: new Secret('fake-secret-b') });
  });

  test('is no reason to be unready once it has been replaced', async () => {
    const { time, guard } = await stopped();
    time.at += 11 * 60_000;
    expect(guard.refused).toBe('none');
  });
});

test('tokens pass: nothing locks them', async () => {
  const { guard } = setup();
  for (let call = 0; call < 10; call += 1) {
    (await guard.enter({ kind: 'token', token: new Secret('fake-token') }, forever)).report('refused');
  }
  expect(guard.refused).toBe('none');
});

test.each([
  [401, 'APIGW.0301', 'refused'],
  [401, undefined, 'refused'],
  [401, 'APIGW.0307', 'accepted'],
  [403, 'APIGW.0302', 'accepted'],
  [404, 'EndPoint.0005', 'accepted'],
  [429, 'APIGW.0308', 'unobjected'],
  [503, undefined, 'unobjected'],
  [undefined, undefined, 'unclear'],
] as const)('status %s, code %s: %s', (status, code, verdict) => {
  expect(verdictOf({ status, code })).toBe(verdict);
});
