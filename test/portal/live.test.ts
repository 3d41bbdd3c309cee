import { describe, expect, it } from 'vitest';
import { LiveState } from '../../portal/src/gateway/live.ts';
import type { SetEvent } from '../../portal/src/gateway/live-set.ts';

const event = (kind: SetEvent['kind']): SetEvent => ({ kind, status: 'ACCEPTED', more: false });

function lost(): LiveState {
  const live = new LiveState(() => 1);
  live.connected();
  live.heard(event('SNAPSHOT'));
  live.closed();
  return live;
}

describe('how live the portal is', () => {
  it.each([
    [event('TRANSITION'), 'resumed'],
    [event('SNAPSHOT'), 'resynchronised'],
    [event('RESYNC'), 'resynchronised'],
    [null, 'resynchronised'],
  ] as const)('says only after the first event whether anything was missed: %j', (first, how) => {
    const live = lost();
    expect(live.snapshot().state).toBe('reconnecting');
    expect(live.connected()).toBe(true);
    expect(live.snapshot()).toMatchObject({ state: 'live', back: { at: 1, how: 'reconnected' } });
    live.heard(first);
    live.heard(event('TRANSITION'));
    expect(live.snapshot()).toMatchObject({ state: 'live', back: { at: 1, how } });
  });

  it('stays stopped, whatever the socket does, until its feed goes on', () => {
    const live = lost();
    live.stopped();
    expect(live.connected()).toBe(false);
    live.closed();
    expect(live.snapshot().state).toBe('stopped');
    live.heard(event('SNAPSHOT'));
    expect(live.snapshot()).toMatchObject({ state: 'live', back: null });
  });
});
