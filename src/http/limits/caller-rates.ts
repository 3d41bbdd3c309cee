/** What a caller has left of its minute, counted by the cost of its operations, in Redis for all replicas. */
import { hash } from 'node:crypto';
import { ANONYMOUS, type Identity } from '../../auth/identity.ts';
import type { BudgetSettings, RateSettings } from '../../config/limits.ts';
import { RateLimitedError } from '../../graphql/errors/gateway-errors.ts';
import type { Metrics } from '../../observability/metrics.ts';
import { type Count, Limiter, type LimiterStore } from '../../redis/counter.ts';
import { FailedLogins } from './failed-logins.ts';

/** A caller's minute after an operation was counted. */
export interface RateState {
  readonly limit: number;
  readonly remaining: number;
  /** Whole seconds until the limit is full again. */
  readonly resetSeconds: number;
}

/** The operation was not counted. */
export class RateRefusal extends RateLimitedError {
  readonly state: RateState;

  constructor(cost: number, state: RateState) {
    const { limit, remaining, resetSeconds } = state;
    super(
      `This operation costs ${cost}, and ${remaining} of ${limit} per minute are left: wait ${resetSeconds} s`,
      resetSeconds,
    );
    this.state = state;
  }
}

interface RateLimitsOptions {
  readonly limiter: Pick<Limiter, 'consume' | 'giveBack'>;
  readonly onRefused: () => void;
}

/** An operation without calls to upstream is work as well. */
const LEAST_COST = 1;

interface RatedCaller {
  readonly identity: Identity;
  readonly address: string;
}

export class RateLimits {
  readonly #options: RateLimitsOptions;

  constructor(options: RateLimitsOptions) {
    this.#options = options;
  }

  /** A promise only where Redis must be asked, or for a refusal. @throws RateRefusal, as a rejection */
  take(caller: RatedCaller, cost: number): RateState | Promise<RateState> {
    const name = nameOf(caller);
    const points = Math.max(LEAST_COST, cost);
    const count = this.#options.limiter.consume(name, points);
    return count instanceof Promise
      ? count.then((counted) => this.#judge(name, points, counted))
      : this.#judge(name, points, count);
  }

  #judge(name: string, points: number, count: Count): RateState | Promise<never> {
    return count.consumed <= count.window.points ? stateOf(count) : this.#refuse(name, points, count);
  }

  async #refuse(name: string, points: number, count: Count): Promise<never> {
    const { limiter, onRefused } = this.#options;
    onRefused();
    const state = stateOf(count);
    const before = count.consumed - points;
    // The rest is left for smaller operations. Below zero the exact count has no use.
    if (before < state.limit) await limiter.giveBack(name, points, count);
    throw new RateRefusal(points, { ...state, remaining: Math.max(0, state.limit - before) });
  }
}

/** Anonymous callers are distinguished by their address, which no subject is like: those begin with `jwt:` or `iam:`. */
function nameOf({ identity, address }: RatedCaller): string {
  return identity === ANONYMOUS ? address : identity.subject;
}

/** Hashed: names and addresses of callers can be personal data, which must not be stored. */
function digestOf(name: string): string {
  return hash('sha256', name).slice(0, 32);
}

function stateOf({ consumed, window: { points }, msLeft }: Count): RateState {
  const resetSeconds = Math.max(1, Math.ceil(msLeft / 1000));
  return { limit: points, remaining: Math.max(0, points - consumed), resetSeconds };
}

interface CallerLimitsParts {
  readonly settings: RateSettings;
  readonly budget: Pick<BudgetSettings, 'replicas'>;
  /** Null: this process is the only one. */
  readonly limiterStore: LimiterStore | null;
  readonly metrics: Pick<Metrics, 'rateLimited'>;
}

const SECONDS = 60;
/** Of a minute's cost that all replicas together may let through before Redis has confirmed it. */
const LEAD = 1 / 10;

export function createCallerLimits({ settings, budget, limiterStore, metrics }: CallerLimitsParts) {
  const elapsed = (): number => performance.now();
  const perMinute = (points: number) => ({
    store: limiterStore,
    window: { points, seconds: SECONDS },
    localWindow: { points: Math.max(1, Math.floor(points / budget.replicas)), seconds: SECONDS },
  });
  return {
    rates: new RateLimits({
      limiter: new Limiter({
        ...perMinute(settings.costPerMinute),
        keyOf: (name) => `{caller:${digestOf(name)}}:rate`,
        lead: (settings.costPerMinute * LEAD) / budget.replicas,
      }),
      onRefused: () => metrics.rateLimited.inc({ what: 'cost' }),
    }),
    failures: new FailedLogins({
      limiter: new Limiter({
        ...perMinute(settings.failuresPerMinute),
        keyOf: (place) => `{address:${digestOf(place)}}:failures`,
      }),
      elapsed,
      onRefused: () => metrics.rateLimited.inc({ what: 'failures' }),
    }),
  };
}
