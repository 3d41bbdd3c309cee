/** How many sockets and streams each caller and each address may have open here. */
import { RateLimitedError } from '../../graphql/errors/gateway-errors.ts';
import { isLoopback } from '../../shared/net.ts';
import { placeOf } from '../request/client-address.ts';

/** Gives back what was taken; calling it again does nothing. */
export type Release = () => void;

class Tally {
  readonly #max: number;
  readonly #counts = new Map<string, number>();

  constructor(max: number) {
    this.#max = max;
  }

  /** Keys that hold something. */
  get size(): number {
    return this.#counts.size;
  }

  take(key: string): Release | null {
    const count = this.#counts.get(key) ?? 0;
    if (count >= this.#max) {
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

interface AdmissionLimits {
  readonly perCaller: number;
  readonly perAddress: number;
  /**
   * `AUTH_MODE=none`: all callers are the same one, which says nothing about their number, so callers are not counted;
   * and whoever comes from this very machine is the operator.
   */
  readonly openDoor: boolean;
}

const FREE: Release = () => {};

export class Admissions {
  readonly #callers: Tally;
  readonly #places: Tally;
  readonly #openDoor: boolean;

  constructor({ perCaller, perAddress, openDoor }: AdmissionLimits) {
    this.#callers = new Tally(perCaller);
    this.#places = new Tally(perAddress);
    this.#openDoor = openDoor;
  }

  held(): { readonly callers: number; readonly places: number } {
    return { callers: this.#callers.size, places: this.#places.size };
  }

  /** Nothing is counted for it. */
  isFree(address: string): boolean {
    return this.#openDoor && isLoopback(address);
  }

  /** @returns null when that many are open already. */
  fromAddress(address: string): Release | null {
    return this.isFree(address) ? FREE : this.#places.take(placeOf(address));
  }

  /** @returns null when that many are open already. */
  ofCaller(subject: string): Release | null {
    return this.#openDoor ? FREE : this.#callers.take(subject);
  }

  /** For what is authenticated when it is opened. @returns null when that many are open already. */
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

/** Nobody knows when one of the others ends; a client that has ended one itself need not wait. */
const RETRY_SECONDS = 10;

export function tooManySubscriptions(max: number): RateLimitedError {
  const message = `A socket or stream may have ${max} subscriptions at a time: end one, or watch a whole project with one`;
  return new RateLimitedError(message, RETRY_SECONDS);
}
