/** How many sockets and streams each caller and each address may have open at this replica. */
import { RateLimitedError } from '../../graphql/errors/gateway-errors.ts';
import type { Metrics } from '../../observability/metrics.ts';
import { isLoopback } from '../../shared/net.ts';
import { placeOf } from '../request/client-address.ts';

/** Frees the place that was taken; further calls do nothing. */
export type Release = () => void;

class Tally {
  readonly #max: number;
  readonly #onRefused: () => void;
  readonly #counts = new Map<string, number>();

  constructor(max: number, onRefused: () => void) {
    this.#max = max;
    this.#onRefused = onRefused;
  }

  /** Keys with at least one place. */
  get size(): number {
    return this.#counts.size;
  }

  take(key: string): Release | null {
    const count = this.#counts.get(key) ?? 0;
    if (count >= this.#max) {
      this.#onRefused();
      return null;
    }
    this.#counts.set(key, count + 1);
    let held = true;
    return () => {
      if (held) {
        held = false;
        this.#give(key);
      }
    };
  }

  #give(key: string): void {
    const count = this.#counts.get(key) ?? 0;
    if (count > 1) {
      this.#counts.set(key, count - 1);
    } else {
      this.#counts.delete(key);
    }
  }
}

interface ConnectionLimitsOptions {
  readonly perCaller: number;
  readonly perAddress: number;
  readonly metrics: Pick<Metrics, 'connectionsRefused'>;
  /** `AUTH_MODE=none`: all callers share one identity, so they are not counted, and loopback is the operator. */
  readonly openDoor: boolean;
}

const FREE: Release = () => {};

export class ConnectionLimits {
  readonly #callers: Tally;
  readonly #places: Tally;
  readonly #openDoor: boolean;

  constructor({ perCaller, perAddress, openDoor, metrics }: ConnectionLimitsOptions) {
    this.#callers = new Tally(perCaller, () => metrics.connectionsRefused.inc({ reason: 'caller' }));
    this.#places = new Tally(perAddress, () => metrics.connectionsRefused.inc({ reason: 'address' }));
    this.#openDoor = openDoor;
  }

  held(): { readonly callers: number; readonly places: number } {
    return { callers: this.#callers.size, places: this.#places.size };
  }

  /** True: its connections are not counted. */
  isFree(address: string): boolean {
    return this.#openDoor && isLoopback(address);
  }

  /** @returns null at the limit. */
  fromAddress(address: string): Release | null {
    return this.isFree(address) ? FREE : this.#places.take(placeOf(address));
  }

  /** @returns null at the limit. */
  ofCaller(subject: string): Release | null {
    return this.#openDoor ? FREE : this.#callers.take(subject);
  }

  /** For streams, whose caller is known when they are opened. @returns null at either limit. */
  stream(subject: string, address: string): Release | null {
    const place = this.fromAddress(address);
    const caller = place === null ? null : this.ofCaller(subject);
    if (place === null || caller === null) {
      place?.();
      return null;
    }
    return () => {
      place();
      caller();
    };
  }
}

/** A guess: it is unknown when another connection or subscription ends. */
export const RETRY_SECONDS = 10;

export function tooManySubscriptions(max: number): RateLimitedError {
  const message = `A socket may have ${max} subscriptions at a time: end one, or watch a whole project with one`;
  return new RateLimitedError(message, RETRY_SECONDS);
}
