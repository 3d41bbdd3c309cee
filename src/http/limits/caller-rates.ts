/** What a caller has left of its minute, counted by the cost of its operations, in Redis for all replicas. */
import { createHash } from 'node:crypto';
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

export class RateLimits {
  readonly #options: RateLimitsOptions;

  constructor(options: RateLimitsOptions) {
    this.#options = options;
  }

  /** @throws RateRefusal */
  async take(caller: { readonly identity: Identity; readonly address: string }, cost: number): Promise<RateState> {
    const { limiter, onRefused } = this.#options;
    const points = Math.max(LEAST_COST, cost);
    const key = keyOf(nameOf(caller));
    const count = await limiter.consume(key, points);
    const state = stateOf(count);
    if (count.consumed <= state.limit) return state;
    onRefused();
    const before = count.consumed - points;
    // The rest is left for smaller operations. Below zero the exact count has no use.
    if (before < state.limit) await limiter.giveBack(key, points, count);
    throw new RateRefusal(points, { ...state, remaining: Math.max(0, state.limit - before) });
  }
}

/** Anonymous callers are distinguished by their address. */
function nameOf({ identity, address }: { readonly identity: Identity; readonly address: string }): string {
  return identity === ANONYMOUS ? JSON.stringify([identity.subject, address]) : identity.subject;
}

/** Hashed: names of callers can be personal data, which must not be stored. */
function keyOf(name: string): string {
  return `{caller:${createHash('sha256').update(name).digest('hex').slice(0, 32)}}:rate`;
}

function stateOf({ consumed, window: { points, seconds }, msLeft }: Count): RateState {
  const resetSeconds = Math.max(1, Math.ceil(msLeft > 0 ? msLeft / 1000 : seconds));
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

export function createCallerLimits({ settings, budget, limiterStore, metrics }: CallerLimitsParts) {
  const elapsed = (): number => performance.now();
  const perMinute = (points: number): Limiter =>
    new Limiter({
      store: limiterStore,
      window: { points, seconds: SECONDS },
      localWindow: { points: Math.max(1, Math.floor(points / budget.replicas)), seconds: SECONDS },
    });
  return {
    rates: new RateLimits({
      limiter: perMinute(settings.costPerMinute),
      onRefused: () => metrics.rateLimited.inc({ what: 'cost' }),
    }),
    failures: new FailedLogins({
      limiter: perMinute(settings.failuresPerMinute),
      elapsed,
      onRefused: () => metrics.rateLimited.inc({ what: 'failures' }),
    }),
  };
}
