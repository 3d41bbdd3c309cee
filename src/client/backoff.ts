/**
 * When to try again: full jitter, doubling from one second up to half a minute. All subscriptions of one client share
 * its socket, so they share the wait as well: a hundred of them are no hundred attempts.
 */

const FIRST_MS = 1_000;
/** The longest wait; and whoever held on for this long starts from the beginning. */
export const LONGEST_MS = 30_000;

interface Wait {
  readonly starts: Set<() => void>;
  end(): void;
}

/** What browsers have and Node.js has not. */
interface OnlineTarget {
  addEventListener?(type: 'online', listener: () => void): void;
  removeEventListener?(type: 'online', listener: () => void): void;
}

const waits = new WeakMap<object, Wait>();

function beginWait(client: object, failures: number): Wait {
  const target = globalThis as OnlineTarget;
  const starts = new Set<() => void>();
  const end = (): void => {
    waits.delete(client);
    clearTimeout(timer);
    target.removeEventListener?.('online', go);
  };
  const go = (): void => {
    end();
    for (const start of starts) start();
  };
  const timer = setTimeout(go, Math.random() * Math.min(LONGEST_MS, FIRST_MS * 2 ** failures));
  // The network is back: whatever time is left would be waited in vain.
  target.addEventListener?.('online', go);
  const wait = { starts, end };
  waits.set(client, wait);
  return wait;
}

/**
 * Calls `start` once, later: with the others of this client that wait already, else in up to `2 ** failures` seconds.
 * @returns what gives it up, and the timer with it when nobody else waits.
 */
export function startLater(client: object, failures: number, start: () => void): () => void {
  const { starts, end } = waits.get(client) ?? beginWait(client, failures);
  starts.add(start);
  return () => {
    if (starts.delete(start) && starts.size === 0) end();
  };
}
