import { beforeEach, describe, expect, it } from 'vitest';
import { classify, failureOf } from '../../../src/vpcep/errors/classify.ts';
import type { AttemptResult } from '../../../src/vpcep/errors/upstream-error.ts';
import { UpstreamError } from '../../../src/vpcep/errors/upstream-error.ts';
import { ExchangeError, type ExchangeFailure } from '../../../src/vpcep/http/exchange.ts';
import { HostBreaker } from '../../../src/vpcep/limits/breaker.ts';
import { FakeTime } from '../../support/fake-time.ts';

const DONE: AttemptResult = { ok: true, answer: { status: 200, text: '{}', requestId: undefined } };

function answered(status: number, code?: string): AttemptResult {
  const body = code === undefined ? '' : JSON.stringify({ error_code: code, error_msg: 'said' });
  const error = classify({ method: 'GET', status, body, requestId: undefined, retryAfterSeconds: undefined });
  return { ok: false, error };
}

function unanswered(reason: ExchangeFailure, code?: string): AttemptResult {
  return { ok: false, error: failureOf(new ExchangeError(reason, true, code), 'GET') };
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
  const run = (result: AttemptResult, kind = FIRST): void => breaker.end(breaker.begin(), result, kind);
  const refusal = (): UpstreamError => {
    try {
      breaker.begin();
    } catch (error) {
      if (error instanceof UpstreamError) return error;
    }
    throw new Error('the breaker let an attempt through');
  };
  const open = (): void => {
    for (let i = 0; i < 10; i++) run(answered(503));
  };

  it.each([
    ['500', answered(500)],
    ['502', answered(502, 'APIGW.0201')],
    ['503', answered(503)],
    ['504', answered(504, 'EndPoint.0013')],
    ['a broken connection', unanswered('failed', 'ECONNRESET')],
    ['silence', unanswered('timeout')],
    ['no connection in time', unanswered('timeout', 'UND_ERR_CONNECT_TIMEOUT')],
  ])('opens after ten times %s', (_, result) => {
    for (let i = 0; i < 9; i++) run(result);
    expect(() => breaker.check()).not.toThrow();
    run(result);
    expect(refusal()).toMatchObject({
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
  ])('never opens on %s', (_, result) => {
    for (let i = 0; i < 50; i++) run(result);
    expect(states).toEqual([]);
  });

  it('ignores calls that gave up within a second and calls that were cancelled', () => {
    for (let i = 0; i < 50; i++) run(unanswered('timeout'), { ...FIRST, givenMs: 900 });
    for (let i = 0; i < 9; i++) run(answered(503));
    for (let i = 0; i < 50; i++) run(unanswered('cancelled'));
    expect(states).toEqual([]);
    run(answered(503));
    expect(states).toEqual(['open']);
  });

  it('stays closed while every fifth call is answered', () => {
    for (let i = 0; i < 100; i++) run(i % 5 === 0 ? DONE : answered(503));
    expect(states).toEqual([]);
    run(answered(503));
    expect(states).toEqual(['open']);
  });

  it('counts no repetitions, except as a probe', async () => {
    for (let i = 0; i < 50; i++) run(answered(503), { ...FIRST, isRepeated: true });
    expect(states).toEqual([]);
    open();
    await time.pass(5_000);
    run(DONE, { ...FIRST, isRepeated: true });
    expect(states).toEqual(['open', 'halfOpen', 'closed']);
  });

  it('lets one probe through, and closes after an answer of any kind', async () => {
    open();
    await time.pass(4_999);
    expect(refusal().retryAfterSeconds).toBe(1);
    await time.pass(1);
    const probe = breaker.begin();
    expect(states).toEqual(['open', 'halfOpen']);
    expect(refusal().retryAfterSeconds).toBe(1);
    breaker.end(probe, answered(404), FIRST);
    expect(states).toEqual(['open', 'halfOpen', 'closed']);
    run(DONE);
    // What failed before the opening does not count any more.
    for (let i = 0; i < 7; i++) run(answered(503));
    expect(states.at(-1)).toBe('closed');
  });

  it('waits twice as long after each probe that fails, up to 30 s', async () => {
    open();
    const waits = [refusal().retryAfterSeconds];
    for (let i = 0; i < 4; i++) {
      await time.pass((waits.at(-1) ?? 0) * 1_000);
      run(unanswered('timeout'));
      waits.push(refusal().retryAfterSeconds);
    }
    expect(waits).toEqual([5, 10, 20, 30, 30]);
  });

  it('does not close on a probe whose caller left, or that failed by a fault of ours', async () => {
    open();
    await time.pass(5_000);
    run(unanswered('cancelled'));
    expect(states).toEqual(['open', 'halfOpen', 'open']);
    await time.pass(10_000);
    breaker.end(breaker.begin(), undefined, FIRST);
    expect(states.slice(3)).toEqual(['halfOpen', 'open']);
  });

  it('ignores calls that began before it opened', async () => {
    const [first, second] = [breaker.begin(), breaker.begin()];
    open();
    await time.pass(5_000);
    const probe = breaker.begin();
    breaker.end(first, unanswered('timeout'), FIRST);
    expect(states).toEqual(['open', 'halfOpen']);
    breaker.end(probe, DONE, FIRST);
    breaker.end(second, unanswered('timeout'), FIRST);
    for (let i = 0; i < 8; i++) run(answered(503));
    expect(states).toEqual(['open', 'halfOpen', 'closed']);
  });
});
