import { describe, expect, it } from 'vitest';
import { writeSequentially } from '../../../src/graphql/core/writes.ts';
import { UpstreamError, type UpstreamErrorInit } from '../../../src/vpcep/errors/upstream-error.ts';

function fault(init: Partial<UpstreamErrorInit>): UpstreamError {
  return new UpstreamError({ kind: 'state', outcome: 'refused', message: 'Not now.', retryable: false, ...init });
}

/** Runs over four items, of which some fail, and says which were sent. */
async function run(failures: Readonly<Record<string, unknown>>) {
  const sent: string[] = [];
  const outcomes = await writeSequentially(['a', 'b', 'c', 'd'], async (item) => {
    sent.push(item);
    if (item in failures) throw failures[item];
    return item.toUpperCase();
  });
  return { sent: sent.join(''), outcomes };
}

describe('one by one', () => {
  it('goes on after a failure that is about the one item', async () => {
    for (const kind of ['state', 'not_found', 'validation', 'conflict', 'forbidden', 'internal'] as const) {
      const { sent, outcomes } = await run({ b: fault({ kind }) });
      expect([kind, sent, outcomes.map(({ done }) => done)]).toEqual([kind, 'abcd', [true, false, true, true]]);
      expect(outcomes[3]).toEqual({ done: true, value: 'D' });
    }
  });

  it('stops after a failure of the way to upstream, and reports the rest as not sent', async () => {
    for (const kind of ['auth', 'credential_stopped', 'throttled', 'connection', 'timeout', 'unavailable'] as const) {
      const { sent, outcomes } = await run({ b: fault({ kind }) });
      expect([kind, sent, outcomes.length]).toEqual([kind, 'ab', 4]);
      for (const outcome of outcomes.slice(2)) {
        const message = expect.stringMatching(/^Not sent/);
        expect(outcome).toMatchObject({ done: false, failure: { message, retryable: true } });
      }
    }
  });

  it('calls only the one unknown whose outcome is', async () => {
    const { outcomes } = await run({ b: fault({ kind: 'connection', outcome: 'unknown' }) });
    expect(outcomes.map((outcome) => (outcome.done ? 'done' : outcome.failure.code))).toEqual([
      'done',
      'UPSTREAM_OUTCOME_UNKNOWN',
      'UPSTREAM_UNAVAILABLE',
      'UPSTREAM_UNAVAILABLE',
    ]);
    expect(outcomes[1]).toMatchObject({ failure: { retryable: false } });
  });

  it('hands a fault of its own on', async () => {
    await expect(run({ b: new TypeError('no such method') })).rejects.toThrow(TypeError);
  });
});
