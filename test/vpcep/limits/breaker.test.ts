import { beforeEach, describe, expect, it } from 'vitest';
import { classify, failureOf } from '../../../src/vpcep/errors/classify.ts';
import type { AttemptResult } from '../../../src/vpcep/errors/upstream-error.ts';
import { UpstreamError } from '../../../src/vpcep/errors/upstream-error.ts';
import { ExchangeError, type ExchangeFault } from '../../../src/vpcep/http/exchange.ts';
import { HostBreaker } from '../../../src/vpcep/limits/breaker.ts';
import { FakeTime } from '../../support/fake-time.ts';

const DONE: AttemptResult = { ok: true, answer: { status: 200, text: '{}', requestId: undefined } };

function answered(status: number, code?: string): AttemptResult {
  const body = code === undefined ? '' : JSON.stringify({ error_code: code, error_msg: 'said' });
  const error = classify({ method: 'GET', status, body, requestId: undefined, retryAfterSeconds: undefined });
  return { ok: false, error };
}

function unanswered(fault: ExchangeFault, code?: string): AttemptResult {
  return { ok: false, error: failureOf(new ExchangeError(fault, true, code), 'GET') };
}

describe('the breaker of a host', () => {
  let time: FakeTime;
  let breaker: HostBreaker;
  let states: string[];
  beforeEach(() => {
    time = new FakeTime();
    states = [];
    breaker = new HostBreaker({ clock: time, random: () => 1, onChange: (state) => states.push(state) });
  });

  const FIRST = { givenMs: 15_000, isRepeated: false };
  const run = (result: AttemptResult, kind = FIRST) => breaker.run(async () => result, kind);
  const refusal = async (): Promise<UpstreamError> => {
    const error = await run(DONE).catch((reason: unknown) => reason);
    if (!(error instanceof UpstreamError)) throw new Error('it was let through');
    return error;
  };
  const open = async (): Promise<void> => {
    for (let i = 0; i < 10; i++) await run(answered(503));
  };

  it.each([
    ['500', answered(500)],
    ['502', answered(502, 'APIGW.0201')],
    ['503', answered(503)],
    ['504', answered(504, 'EndPoint.0013')],
    ['a broken connection', unanswered('failed', 'ECONNRESET')],
    ['silence', unanswered('timeout')],
    ['no connection in time', unanswered('timeout', 'UND_ERR_CONNECT_TIMEOUT')],
  ])('opens after ten times %s', async (_, result) => {
    for (let i = 0; i < 9; i++) expect(await run(result)).toBe(result);
    expect(() => breaker.check()).not.toThrow();
    await run(result);
    expect(await refusal()).toMatchObject({
      kind: 'unavailable',
      outcome: 'not_sent',
      retryable: true,
      retryAfterSeconds: 5,
      status: undefined,
    });
    expect(states).toEqual(['open']);
  });

  it.each([
    ['a success', DONE],
    ['400', answered(400, 'EndPoint.0002')],
    ['401', answered(401)],
    ['403', answered(403)],
    ['404', answered(404)],
    ['429', answered(429, 'APIGW.0308')],
    ['throttling as a 400', answered(400, 'EndPoint.0022')],
    ["a 504 for a caller's mistake", answered(504, 'EndPoint.0011')],
    ['an answer that is too large', unanswered('too_large')],
    ['a caller who left', unanswered('cancelled')],
  ])('never opens on %s', async (_, result) => {
    for (let i = 0; i < 50; i++) await run(result);
    expect(states).toEqual([]);
  });

  it('takes no notice of calls that gave up within a second, nor of those that were cancelled', async () => {
    for (let i = 0; i < 50; i++) await run(unanswered('timeout'), { ...FIRST, givenMs: 900 });
    for (let i = 0; i < 9; i++) await run(answered(503));
    for (let i = 0; i < 50; i++) await run(unanswered('cancelled'));
    expect(states).toEqual([]);
    await run(answered(503));
    expect(states).toEqual(['open']);
  });

  it('stays closed while every fifth call is answered', async () => {
    for (let i = 0; i < 100; i++) await run(i % 5 === 0 ? DONE : answered(503));
    expect(states).toEqual([]);
    await run(answered(503));
    expect(states).toEqual(['open']);
  });

  it('counts no repetitions, except as a probe', async () => {
    for (let i = 0; i < 50; i++) await run(answered(503), { ...FIRST, isRepeated: true });
    expect(states).toEqual([]);
    await open();
    await time.pass(5_000);
    await run(DONE, { ...FIRST, isRepeated: true });
    expect(states).toEqual(['open', 'halfOpen', 'closed']);
  });

  it('lets one probe through, and goes on after an answer of any kind', async () => {
    await open();
    await time.pass(4_999);
    expect((await refusal()).retryAfterSeconds).toBe(1);
    await time.pass(1);
    let end: (result: AttemptResult) => void = () => undefined;
    const probe = breaker.run(() => new Promise((resolve) => (end = resolve)), FIRST);
    expect(states).toEqual(['open', 'halfOpen']);
    expect((await refusal()).retryAfterSeconds).toBe(1);
    end(answered(404));
    expect(await probe).toMatchObject({ error: { status: 404 } });
    expect(states).toEqual(['open', 'halfOpen', 'closed']);
    expect(await run(DONE)).toBe(DONE);
    // What failed before the opening does not count any more.
    for (let i = 0; i < 7; i++) await run(answered(503));
    expect(states.at(-1)).toBe('closed');
  });

  it('waits twice as long after each probe that fails, up to 30 s', async () => {
    await open();
    const waits = [(await refusal()).retryAfterSeconds];
    for (let i = 0; i < 4; i++) {
      await time.pass((waits.at(-1) ?? 0) * 1_000);
      await run(unanswered('timeout'));
      waits.push((await refusal()).retryAfterSeconds);
    }
    expect(waits).toEqual([5, 10, 20, 30, 30]);
  });

  it('does not close on a probe whose caller left, or that failed by a fault of ours', async () => {
    await open();
    await time.pass(5_000);
    await run(unanswered('cancelled'));
    expect(states).toEqual(['open', 'halfOpen', 'open']);
    await time.pass(10_000);
    await expect(breaker.run(() => Promise.reject(new Error('ours')), FIRST)).rejects.toThrow('ours');
    expect(states.slice(3)).toEqual(['halfOpen', 'open']);
  });

  it('learns nothing from calls that were begun before it opened', async () => {
    const ends: ((result: AttemptResult) => void)[] = [];
    const slow = [1, 2].map(() => breaker.run(() => new Promise((resolve) => ends.push(resolve)), FIRST));
    await open();
    await time.pass(5_000);
    const probe = breaker.run(() => new Promise((resolve) => ends.push(resolve)), FIRST);
    ends[0]?.(unanswered('timeout'));
    await slow[0];
    expect(states).toEqual(['open', 'halfOpen']);
    ends[2]?.(DONE);
    await probe;
    ends[1]?.(unanswered('timeout'));
    await slow[1];
    for (let i = 0; i < 8; i++) await run(answered(503));
    expect(states).toEqual(['open', 'halfOpen', 'closed']);
  });
});
