/**
 * Whether an operation may run: by its own cost, and by what its caller has left of its minute, counted in Redis for all
 * replicas. The cost is estimated in calls to upstream before it runs (graphql/cost/cost.ts). Refusals are audited. The
 * upstream budget (vpcep/limits/budget.ts) limits all callers together.
 */

import { createHash } from 'node:crypto';
import { GraphQLError, type GraphQLSchema } from 'graphql';
import { ANONYMOUS, type Identity } from '../../auth/identity.ts';
import type { BudgetSettings, RateSettings } from '../../config/limits.ts';
import { hasFaultyVariables, type RefusedOperation, refusedLines } from '../../graphql/audit/audit.ts';
import type { ContextFactory, OperationStart } from '../../graphql/core/context.ts';
import type { Estimate } from '../../graphql/cost/cost.ts';
import { codeOf } from '../../graphql/errors/format-error.ts';
import { RateLimitedError } from '../../graphql/errors/gateway-errors.ts';
import type { AuditLog } from '../../observability/audit-log.ts';
import type { Logger } from '../../observability/logger.ts';
import type { Metrics } from '../../observability/metrics.ts';
import { type Count, Limiter, type LimiterStore } from '../../redis/counter.ts';
import { FailedLogins } from '../limits/failed-logins.ts';
import { tooComplex } from './document-cache.ts';

/** A caller's minute after an operation was counted. */
interface RateState {
  readonly limit: number;
  readonly remaining: number;
  /** Whole seconds until the limit is full again. */
  readonly resetSeconds: number;
}

/** The operation was not counted. */
class RateRefusal extends RateLimitedError {
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

/** Events of histories in one answer: a page of 100 endpoints with the longest history of each. */
const MAX_HISTORY = 10_000;
/** The same for one event of a subscription: the longest history of its endpoint. */
const MAX_HISTORY_OF_EVENT = 100;

export type OperationCaller = Pick<OperationStart, 'identity' | 'arrival'>;

interface Applicant extends Omit<RefusedOperation, 'schema'> {
  readonly estimate: Estimate;
}

export interface AdmissionOptions {
  readonly schema: GraphQLSchema;
  readonly contextFor: ContextFactory;
  /** Null: callers are not limited. */
  readonly rateLimits: RateLimits | null;
  readonly audit: Pick<AuditLog, 'write'>;
  readonly logger: Logger;
  /** Calls to upstream that one operation may cause, as estimated before it runs. */
  readonly maxCost: number;
}

export class OperationAdmission {
  readonly #options: AdmissionOptions;

  constructor(options: AdmissionOptions) {
    this.#options = options;
  }

  /**
   * Called once for each operation, before it runs and with its caller known.
   * @throws GraphQLError QUERY_TOO_COMPLEX when it can cause more calls, or answer more of histories, than one operation
   * may; RATE_LIMITED when its cost exceeds the rest of its caller's minute.
   */
  async admit(applicant: Applicant, caller: OperationCaller): Promise<void> {
    const { operation, estimate } = applicant;
    try {
      checkCost(estimate.calls, this.#options.maxCost);
      const most = operation.operation === 'subscription' ? MAX_HISTORY_OF_EVENT : MAX_HISTORY;
      checkHistory(estimate.historyEvents, most);
      await this.#takeRate(estimate.calls, caller);
    } catch (error) {
      this.#audit(applicant, caller, codeOf(error));
      throw error;
    }
    const { schema } = this.#options;
    // Its execution fails before any field that could write an audit line, so the line is written here.
    if (operation.operation !== 'query' && hasFaultyVariables({ schema, ...applicant })) {
      this.#audit(applicant, caller, 'BAD_USER_INPUT');
    }
  }

  async #takeRate(cost: number, { identity, arrival }: OperationCaller): Promise<void> {
    const { rateLimits } = this.#options;
    if (rateLimits === null) return;
    try {
      const state = await rateLimits.take({ identity, address: arrival.address }, cost);
      arrival.tell?.(headersOf(state));
    } catch (error) {
      if (!(error instanceof RateRefusal)) throw error;
      arrival.tell?.({ ...headersOf(error.state), 'retry-after': String(error.retryAfterSeconds) });
      throw new GraphQLError(error.message, { originalError: error, extensions: { http: { status: 429 } } });
    }
  }

  #audit(applicant: Applicant, { identity, arrival }: OperationCaller, code: string): void {
    const { schema, audit, contextFor, logger } = this.#options;
    const lines = refusedLines({ schema, ...applicant }, contextFor({ identity, arrival, logger }), code);
    for (const line of lines) audit.write(line);
  }
}

function checkCost(cost: number, maximum: number): void {
  if (cost <= maximum) return;
  const message =
    `This operation can cause ${cost} calls to upstream, and at most ${maximum} are allowed: lower \`first\`, leave ` +
    'out nested relations, or split it into several requests';
  throw tooComplex('cost', maximum, message);
}

function checkHistory(events: number, most: number): void {
  if (events <= most) return;
  const message =
    `An answer could hold more than ${most} events of histories, which is the most: lower \`last\` or \`first\`, ` +
    'or leave out histories in histories';
  throw tooComplex('history', most, message);
}

/** draft-ietf-httpapi-ratelimit-headers up to version 07, as most clients know them. */
function headersOf({ limit, remaining, resetSeconds }: RateState): Readonly<Record<string, string>> {
  return {
    'ratelimit-limit': String(limit),
    'ratelimit-remaining': String(remaining),
    'ratelimit-reset': String(resetSeconds),
  };
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
