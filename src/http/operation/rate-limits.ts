/**
 * How much each caller may cause in a minute, counted for all replicas together. What an operation costs is estimated
 * before it runs (graphql/cost/cost.ts), in calls to upstream; the upstream budget then sees to it that all callers together
 * do not cause too many (vpcep/limits/budget.ts).
 */
import { createHash } from 'node:crypto';
import { ANONYMOUS, type Identity } from '../../auth/identity.ts';
import { RateLimitedError } from '../../graphql/errors/gateway-errors.ts';
import type { Count, Limiter } from '../../redis/counter.ts';

/** Of one caller, after an operation has been counted. */
export interface RateState {
  readonly limit: number;
  readonly remaining: number;
  /** Whole seconds until everything is there again. */
  readonly resetSeconds: number;
}

/** It was not counted. */
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

export interface RateLimitsOptions {
  readonly limiter: Pick<Limiter, 'consume' | 'giveBack'>;
  readonly onRefused: () => void;
}

/** Also an operation that asks upstream nothing is work. */
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
    // What is left serves smaller operations. Where nothing is left, nobody needs to know how much beyond.
    if (before < state.limit) await limiter.giveBack(key, points, count);
    throw new RateRefusal(points, { ...state, remaining: Math.max(0, state.limit - before) });
  }
}

/** Callers without a name are told apart by where they come from. */
function nameOf({ identity, address }: { readonly identity: Identity; readonly address: string }): string {
  return identity === ANONYMOUS ? JSON.stringify([identity.subject, address]) : identity.subject;
}

/** Names of callers may be personal data, and are kept nowhere. */
function keyOf(name: string): string {
  return `{caller:${createHash('sha256').update(name).digest('hex').slice(0, 32)}}:rate`;
}

function stateOf({ consumed, window: { points, seconds }, msLeft }: Count): RateState {
  const resetSeconds = Math.max(1, Math.ceil(msLeft > 0 ? msLeft / 1000 : seconds));
  return { limit: points, remaining: Math.max(0, points - consumed), resetSeconds };
}
