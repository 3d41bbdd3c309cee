/**
 * Pure: a token bucket that keeps retries a small part of a project's calls to one host, so that a host in trouble is
 * not given several times its usual load.
 */
export interface RetryBudget {
  readonly tokens: number;
  /** Milliseconds, of any clock that only goes forward. */
  readonly updatedAt: number;
}

const CAPACITY = 20;
/** Each first attempt earns this much: in the long run one retry for five calls. */
const PER_CALL = 0.2;
/** A quiet host may still be retried now and then. */
const PER_SECOND = 0.5;

export function fullBudget(nowMs: number): RetryBudget {
  return { tokens: CAPACITY, updatedAt: nowMs };
}

export function earn(budget: RetryBudget, nowMs: number): RetryBudget {
  return { tokens: Math.min(CAPACITY, refilled(budget, nowMs) + PER_CALL), updatedAt: nowMs };
}

/** @returns the budget after one retry, or undefined when there is nothing left for it. */
export function spend(budget: RetryBudget, nowMs: number): RetryBudget | undefined {
  const tokens = refilled(budget, nowMs);
  return tokens < 1 ? undefined : { tokens: tokens - 1, updatedAt: nowMs };
}

function refilled(budget: RetryBudget, nowMs: number): number {
  const elapsed = Math.max(0, nowMs - budget.updatedAt);
  return Math.min(CAPACITY, budget.tokens + (elapsed / 1000) * PER_SECOND);
}
