/** Stops calls to a host when nearly all of its last calls ended with a 5xx, a timeout or without a connection. */
import type { Clock } from '../../shared/clock.ts';
import { type AttemptResult, UpstreamError, type UpstreamErrorKind } from '../errors/upstream-error.ts';
import { ExchangeError } from '../http/exchange.ts';

export type BreakerState = 'closed' | 'halfOpen' | 'open';

interface HostBreakerOptions {
  readonly clock: Clock;
  /** At least 0, below 1. */
  readonly random: () => number;
  readonly onChange: (state: BreakerState) => void;
}

interface AttemptKind {
  /** How long the attempt was allowed to take, milliseconds. */
  readonly givenMs: number;
  /** A repetition counts only as a probe: else one operation that always fails would weigh as much as four that do not. */
  readonly isRepeated: boolean;
}

/**
 * Counts, not seconds: a gateway that only polls makes a few calls in ten seconds, a busy one thousands. A host that
 * answers every third call is still of use, because calls are repeated.
 */
const SAMPLE = { size: 20, atLeast: 10, threshold: 0.8 };
const FIRST_OPEN_MS = 5_000;
const LONGEST_OPEN_MS = 30_000;
/** The wait that is advised while the probe runs: its answer may be there in a second. */
const PROBING_MS = 1_000;

export class HostBreaker {
  readonly #options: HostBreakerOptions;
  #state: BreakerState = 'closed';
  /** The last calls, oldest first; true: it failed. */
  #sample: boolean[] = [];
  #openMs = 0;
  #openUntilMs = 0;
  /** How often it has opened: calls that began before say nothing about the host afterwards. */
  #openings = 0;

  constructor(options: HostBreakerOptions) {
    this.#options = options;
  }

  /** @throws UpstreamError `unavailable`, `not_sent`, with `retryAfterSeconds`, while nothing may be sent. */
  check(): void {
    const leftMs = this.#state === 'open' ? this.#openUntilMs - this.#options.clock.elapsed() : 0;
    if (this.#state === 'halfOpen' || leftMs > 0) throw stopped(leftMs > 0 ? leftMs : PROBING_MS);
  }

  /**
   * Before an attempt. The first one after an opening is a probe; no other is allowed until it ends.
   * @returns what `end` takes; `end` MUST be called.
   * @throws UpstreamError as `check`.
   */
  begin(): number {
    this.check();
    if (this.#state === 'open') this.#become('halfOpen');
    return this.#openings;
  }

  /** @param result undefined: the attempt failed by a fault of ours. */
  end(begun: number, result: AttemptResult | undefined, { givenMs, isRepeated }: AttemptKind): void {
    if (begun !== this.#openings) return;
    const health = result === undefined ? 'unclear' : healthIn(result, givenMs);
    if (this.#state === 'halfOpen') {
      // A probe that shows nothing, for example because its caller left, must not close the circuit.
      if (health === 'up') this.#close();
      else this.#open();
    } else if (health !== 'unclear' && !isRepeated) {
      this.#count(health === 'down');
    }
  }

  #count(hasFailed: boolean): void {
    this.#sample.push(hasFailed);
    if (this.#sample.length > SAMPLE.size) this.#sample.shift();
    if (!hasFailed || this.#sample.length < SAMPLE.atLeast) return;
    const failures = this.#sample.filter(Boolean).length;
    if (failures > this.#sample.length * SAMPLE.threshold) this.#open();
  }

  #open(): void {
    const { clock, random } = this.#options;
    this.#openMs = Math.min(LONGEST_OPEN_MS, this.#openMs * 2 || FIRST_OPEN_MS);
    this.#openUntilMs = clock.elapsed() + this.#openMs * (0.8 + 0.2 * random());
    this.#openings++;
    this.#become('open');
  }

  #close(): void {
    this.#sample = [];
    this.#openMs = 0;
    this.#become('closed');
  }

  #become(state: BreakerState): void {
    this.#state = state;
    this.#options.onChange(state);
  }
}

/** Kinds of a 5xx that are about the host: `EndPoint.0011` and `0012` are 504s for a caller's mistake. */
const ABOUT_THE_HOST: ReadonlySet<UpstreamErrorKind> = new Set(['internal', 'timeout', 'unavailable']);

/** `unclear`: the attempt says nothing, for example because it had too little time. */
function healthIn(result: AttemptResult, givenMs: number): 'up' | 'down' | 'unclear' {
  const contact = contactIn(result, givenMs);
  if (contact !== 'answered') return contact === 'unclear' ? 'unclear' : 'down';
  if (result.ok) return 'up';
  const { status = 0, kind } = result.error;
  return status >= 500 && ABOUT_THE_HOST.has(kind) ? 'down' : 'up';
}

/** Milliseconds: a timeout below this is the caller's impatience, not the host's silence. */
const FAIR_MS = 1_000;

/** Faults of our own: a closed pool, a header that HTTP does not allow. */
const OWN_FAULT = /UND_ERR_(?:CLOSED|DESTROYED|INVALID_ARG)$/;

/**
 * Whether the host answered, whatever it said; the error when it could not be reached.
 * @param givenMs how long the attempt was allowed to take.
 */
export function contactIn(result: AttemptResult, givenMs: number): 'answered' | 'unclear' | ExchangeError {
  if (result.ok || result.error.status !== undefined) return 'answered';
  const { cause } = result.error;
  if (!(cause instanceof ExchangeError)) return 'unclear';
  const { reason, code } = cause;
  const isImpatient = reason === 'timeout' && code === undefined && givenMs < FAIR_MS;
  if (reason === 'cancelled' || isImpatient || (code !== undefined && OWN_FAULT.test(code))) return 'unclear';
  return reason === 'too_large' ? 'answered' : cause;
}

function stopped(leftMs: number): UpstreamError {
  return new UpstreamError({
    kind: 'unavailable',
    outcome: 'not_sent',
    message: 'Nothing is sent to upstream for a moment, because nearly all of the last calls failed.',
    retryable: true,
    retryAfterSeconds: Math.max(1, Math.ceil(leftMs / 1000)),
  });
}
