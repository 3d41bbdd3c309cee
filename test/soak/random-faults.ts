/** One fault after the other, drawn by dice. None loses the log, and none restarts a replica: its memory is what is measured. */
import { setTimeout as delay } from 'node:timers/promises';
import { dropMessages, killSubscribers, pauseRedis, sickUpstream } from '../chaos/faults.ts';
import type { Subscriber } from '../chaos/subscriber.ts';
import type { Fault, World } from '../chaos/world.ts';

const FAULTS: readonly (readonly [name: string, fault: Fault])[] = [
  ['connections to Redis killed', killSubscribers],
  ['half of the messages dropped', dropMessages(0.5)],
  ['Redis silent', pauseRedis(2_000)],
  ['upstream sick', sickUpstream],
];
const CUT = 'a tenth of the clients cut off';
const REST_MS = 15_000;

export interface FaultTime {
  readonly name: string;
  /** Milliseconds of `performance.now()`. */
  readonly from: number;
  readonly to: number;
}

export interface RandomFaults {
  readonly times: readonly FaultTime[];
  stop(): Promise<void>;
}

export function startRandomFaults(world: World, clients: readonly Subscriber[]): RandomFaults {
  const { dice } = world;
  const stopping = new AbortController();
  const times: FaultTime[] = [];
  const cut: Fault = async () => {
    for (const one of clients) if (dice.next() < 0.1) one.cut();
  };
  const run = async (): Promise<void> => {
    while (!stopping.signal.aborted) {
      await delay(REST_MS * (0.5 + dice.next()), undefined, { signal: stopping.signal }).catch(() => {});
      if (stopping.signal.aborted) return;
      const [name, fault] = dice.pick([...FAULTS, [CUT, cut] as const]);
      const from = performance.now();
      await fault(world);
      times.push({ name, from, to: performance.now() });
    }
  };
  const running = run();
  return {
    times,
    stop: async () => {
      stopping.abort();
      await running;
    },
  };
}
