import type { EventLog } from '../../src/events/event-log.ts';

export type Counts = Map<string, number>;

/** The same log, counting each call: on Redis each is one round trip. */
export function countedLog(log: EventLog, counts: Counts): EventLog {
  return new Proxy(log, {
    get(target, name) {
      const member: unknown = Reflect.get(target, name);
      if (typeof member !== 'function') return member;
      return (...args: unknown[]): unknown => {
        counts.set(String(name), (counts.get(String(name)) ?? 0) + 1);
        return Reflect.apply(member, target, args);
      };
    },
  });
}
