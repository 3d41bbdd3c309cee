import { pino } from 'pino';
import { afterEach, describe, expect, it } from 'vitest';
import type { LoggedEvent } from '../../../src/events/cursor.ts';
import type { LogListener } from '../../../src/events/follow/log-reader.ts';
import { LogReaders } from '../../../src/events/follow/log-reader.ts';
import { MemoryEventLog } from '../../../src/events/memory/memory-event-log.ts';

const P = 'project-1';

class Listener implements LogListener {
  readonly seen: LoggedEvent[] = [];
  onFirst: () => void = () => {};
  takes: (event: LoggedEvent) => boolean = () => true;

  onEvents(events: readonly LoggedEvent[]): number {
    if (this.seen.length === 0) this.onFirst();
    this.seen.push(...events);
    return events.filter(this.takes).length;
  }

  onReset(): void {}

  get numbers(): number[] {
    return this.seen.map(({ seq }) => seq);
  }
}

it('reports as delivered only what a listener has handed on', async () => {
  const log = new MemoryEventLog();
  const delivered: number[] = [];
  const readers = new LogReaders({
    log,
    logger: pino({ level: 'silent' }),
    onDelivered: (events) => delivered.push(...events.map(({ seq }) => seq)),
  });
  const move = async (id: string, status: string) =>
    log.commit(P, {
      asOf: await log.now(),
      observations: [{ id, status, fields: {} }],
      source: 'read',
      firstSight: 'transition',
    });
  await move('own', 's');
  const concerned = new Listener();
  const reader = await readers.join(P, concerned);
  concerned.takes = ({ event }) => event.id === 'own';
  for (const id of ['other', 'own', 'other']) {
    const seen = concerned.seen.length;
    await move(id, `s${seen}`);
    await expect.poll(() => concerned.seen.length).toBe(seen + 1);
  }
  readers.leave(reader, concerned);
  expect(delivered).toEqual([3]);
});

describe('a log reader with many listeners', () => {
  const log = new MemoryEventLog();
  const readers = new LogReaders({ log, logger: pino({ level: 'silent' }) });
  afterEach(() => readers.close());

  const move = async (status: string) =>
    log.commit(P, {
      asOf: await log.now(),
      observations: [{ id: 'e1', status, fields: {} }],
      source: 'read',
      firstSight: 'transition',
    });

  it('gives the event loop breaks, keeps the order, and skips listeners that have left', async () => {
    await move('creating');
    const listeners = Array.from({ length: 1_200 }, () => new Listener());
    const left = listeners[1_100] ?? new Listener();
    const joined = await Promise.all(
      listeners.map(async (listener) => ({ listener, reader: await readers.join(P, listener) })),
    );
    let toldMeanwhile = 0;
    if (listeners[0])
      listeners[0].onFirst = () => {
        void move('s2');
        setImmediate(() => {
          toldMeanwhile = listeners.filter(({ seen }) => seen.length > 0).length;
          for (const { listener, reader } of joined) if (listener === left) readers.leave(reader, listener);
        });
      };
    await move('s1');
    const last = listeners.at(-1);
    await expect.poll(() => last?.numbers).toEqual([2, 3]);
    expect(toldMeanwhile).toBeGreaterThan(0);
    expect(toldMeanwhile).toBeLessThan(1_000);
    for (const listener of listeners) expect(listener.numbers).toEqual(listener === left ? [] : [2, 3]);
    expect(new Set(listeners.map(({ seen }) => seen[0]?.event)).size).toBe(2);
  });
});

/** Every notification is lost. */
class DeafLog extends MemoryEventLog {
  override async listen(): Promise<() => void> {
    return () => {};
  }
}

it('finds events whose notification was lost, and reports that once', async () => {
  const log = new DeafLog();
  let gaps = 0;
  const readers = new LogReaders({ log, logger: pino({ level: 'silent' }), checkMs: 20, onGap: () => gaps++ });
  const request = { source: 'read', firstSight: 'transition' } as const;
  const move = async (status: string) =>
    log.commit(P, { ...request, asOf: await log.now(), observations: [{ id: 'e1', status, fields: {} }] });
  await move('creating');
  const listener = new Listener();
  await readers.join(P, listener);
  await move('accepted');
  await expect.poll(() => listener.numbers).toEqual([2]);
  expect(gaps).toBe(1);
  readers.close();
});
