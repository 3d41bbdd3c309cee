import { isLoopback, type Values } from './env.ts';

/** How much each caller may cause, and how many wrong tokens an address may send. */
export interface RateSettings {
  readonly costPerMinute: number;
  readonly failuresPerMinute: number;
}

interface Place {
  readonly authMode: string;
  readonly host: string;
  /** Of one operation. */
  readonly maxCost: number;
}

/** Null: only this machine can reach the port, and whoever does is the operator. */
export function readRates(values: Values, where: Place): RateSettings | null {
  const settings = {
    costPerMinute: values.count('RATE_LIMIT_COST_PER_MINUTE', 6_000, 10_000_000),
    failuresPerMinute: values.count('RATE_LIMIT_FAILURES_PER_MINUTE', 60, 1_000_000),
  };
  if (settings.costPerMinute < where.maxCost) {
    const rule = `must be at least MAX_COST (${where.maxCost})`;
    values.fault('RATE_LIMIT_COST_PER_MINUTE', rule, 'Raise it, or lower MAX_COST: else some operations never run');
  }
  return where.authMode === 'none' && isLoopback(where.host) ? null : settings;
}
