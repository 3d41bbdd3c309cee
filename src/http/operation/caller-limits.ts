/** The limits on callers, counted in Redis for all replicas, or each in its own part of them while that is unavailable. */
import type { RateSettings } from '../../config/config-rates.ts';
import type { BudgetSettings } from '../../config/types.ts';
import type { Metrics } from '../../observability/metrics.ts';
import { Limiter, type LimiterStore } from '../../redis/counter.ts';
import { FailureLimits } from '../limits/failed-logins.ts';
import { RateLimits } from './rate-limits.ts';

export interface CallerLimitsParts {
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
    failures: new FailureLimits({
      limiter: perMinute(settings.failuresPerMinute),
      elapsed,
      onRefused: () => metrics.rateLimited.inc({ what: 'failures' }),
    }),
  };
}
