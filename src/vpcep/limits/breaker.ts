/**
 * Pure: what an attempt says about the host. Stops calls to a host that fails: nearly all of the last calls ended
 * with a 5xx, in silence or without a connection. What upstream refuses, throttling included, is an answer like any
 * other.
 */
import {
  CircuitState,
  CountBreaker,
  circuitBreaker,
  handleWhenResult,
  type IBackoff,
  type IBackoffFactory,
} from 'cockatiel';
import type { Clock } from '../../shared/clock.ts';
import { type AttemptResult, UpstreamError, type UpstreamFaultKind } from '../errors/upstream-error.ts';
import { ExchangeError } from '../http/exchange.ts';

/** `unclear`: it says nothing, because it was not given the time. */
type HostVerdict = 'up' | 'down' | 'unclear';

/** Told with a 5xx, but about the request: `EndPoint.0011` and `0012` are 504s for a caller's mistake. */
const ABOUT_THE_HOST: ReadonlySet<UpstreamFaultKind> = new Set(['internal', 'timeout', 'unavailable']);

/** Milliseconds: who gives up sooner has not waited for an answer. */
const FAIR_MS = 1_000;

/** Faults of our own: a closed pool, a header that HTTP does not allow. */
const OWN_FAULT = /UND_ERR_(?:CLOSED|DESTROYED|INVALID_ARG)$/;

/**
 * Whether the host has answered, in whatever way; the error when it could not be reached.
 * @param givenMs how long the attempt was allowed to take.
 */
export function contactIn(result: AttemptResult, givenMs: number): 'answered' | 'unclear' | ExchangeError {
  if (result.ok || result.error.status !== undefined) return 'answered';
  const { cause } = result.error;
  if (!(cause instanceof ExchangeError)) return 'unclear';
  const { fault, code } = cause;
  const isGivenUp = fault === 'timeout' && code === undefined && givenMs < FAIR_MS;
  if (fault === 'cancelled' || isGivenUp || (code !== undefined && OWN_FAULT.test(code))) return 'unclear';
  return fault === 'too_large' ? 'answered' : cause;
}

/** @param givenMs as for `contactIn`. */
function verdictOn(result: AttemptResult, givenMs: number): HostVerdict {
  const contact = contactIn(result, givenMs);
  if (contact !== 'answered') return contact === 'unclear' ? 'unclear' : 'down';
  return result.ok || !speaksOfTheHost(result.error) ? 'up' : 'down';
}

function speaksOfTheHost({ status = 0, kind }: UpstreamError): boolean {
  return status >= 500 && ABOUT_THE_HOST.has(kind);
}

export type BreakerState = 'closed' | 'halfOpen' | 'open';

interface AttemptKind {
  readonly givenMs: number;
  readonly isRepeated: boolean;
}

interface HostBreakerOptions {
  readonly clock: Clock;
  /** At least 0, below 1. */
  readonly random: () => number;
  readonly onChange: (state: BreakerState) => void;
}

/**
 * Counts, not seconds: a gateway that only polls makes a few calls in ten seconds, a busy one thousands. A host that
 * answers every third call is still of use, since calls are repeated.
 */
const SAMPLE = { size: 20, minimumNumberOfCalls: 10, threshold: 0.8 };
const FIRST_OPEN_MS = 5_000;
const LONGEST_OPEN_MS = 30_000;
/** While the probe is out nobody knows: its answer may be there in a second. */
const PROBING_MS = 1_000;

const STATES: ReadonlyMap<CircuitState, BreakerState> = new Map([
  [CircuitState.Closed, 'closed'],
  [CircuitState.HalfOpen, 'halfOpen'],
  [CircuitState.Open, 'open'],
]);

export class HostBreaker {
  readonly #options: HostBreakerOptions;
  readonly #policy;
  #openUntilMs = 0;
  /** Counts how often the circuit has opened: what was begun before says nothing about the host afterwards. */
  #life = 0;

  constructor(options: HostBreakerOptions) {
    this.#options = options;
    this.#policy = circuitBreaker(
      handleWhenResult((verdict) => verdict === 'down'),
      {
        breaker: new CountBreaker(SAMPLE),
        halfOpenAfter: this.#openTimes(),
      },
    );
    this.#policy.onStateChange((state) => {
      if (state === CircuitState.Open) this.#life++;
      options.onChange(STATES.get(state) ?? 'open');
    });
  }

  /** @throws UpstreamError `unavailable`, `not_sent`, with `retryAfterSeconds`, while nothing may be sent. */
  check(): void {
    const { state } = this.#policy;
    if (state === CircuitState.HalfOpen) throw stopped(PROBING_MS);
    const leftMs = this.#openUntilMs - this.#options.clock.elapsed();
    if (state === CircuitState.Open && leftMs > 0) throw stopped(leftMs);
  }

  /**
   * Makes the attempt and learns from it. The first one after an opening is a probe, and goes alone.
   * @param kind `givenMs` is how long the attempt may take. A repetition counts only as a probe: else one operation that
   * always fails would weigh as much as four that do not.
   * @throws UpstreamError as `check`.
   */
  async run(attempt: () => Promise<AttemptResult>, { givenMs, isRepeated }: AttemptKind): Promise<AttemptResult> {
    this.check();
    if (this.#policy.state !== CircuitState.Closed) return await this.#probe(attempt, givenMs);
    const life = this.#life;
    const result = await attempt();
    const verdict = verdictOn(result, givenMs);
    if (isRepeated || verdict === 'unclear') return result;
    if (life === this.#life && this.#policy.state === CircuitState.Closed) {
      await this.#policy.execute(() => verdict);
    }
    return result;
  }

  async #probe(attempt: () => Promise<AttemptResult>, givenMs: number): Promise<AttemptResult> {
    let result: AttemptResult | undefined;
    let fault: unknown;
    await this.#policy.execute(async () => {
      try {
        result = await attempt();
      } catch (error) {
        fault = error;
      }
      // A probe that shows nothing, because its caller has left, must not close the circuit.
      return result !== undefined && verdictOn(result, givenMs) === 'up' ? 'up' : 'down';
    });
    if (result === undefined) throw fault;
    return result;
  }

  /** The library measures with the time of day; here a clock decides that never steps. */
  #openTimes(): IBackoffFactory<{ readonly attempt: number }> {
    const { clock, random } = this.#options;
    const isOver = (): boolean => clock.elapsed() >= this.#openUntilMs;
    const next = ({ attempt }: { readonly attempt: number }): IBackoff<{ readonly attempt: number }> => {
      const ms = Math.min(LONGEST_OPEN_MS, FIRST_OPEN_MS * 2 ** (attempt - 1));
      this.#openUntilMs = clock.elapsed() + ms * (0.8 + 0.2 * random());
      return {
        get duration() {
          return isOver() ? Number.NEGATIVE_INFINITY : Number.POSITIVE_INFINITY;
        },
        next,
      };
    };
    return { next };
  }
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
