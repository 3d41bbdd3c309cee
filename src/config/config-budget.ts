import type { Values } from './env.ts';
import type { BudgetSettings } from './types.ts';

const MOST_PER_SECOND = 100_000;

export const BUDGET_VARIABLES: readonly string[] = [
  'VPCEP_READS_PER_SECOND',
  'VPCEP_WRITES_PER_SECOND',
  'VPCEP_POLLS_PER_SECOND',
  'VPCEP_BUDGET_REPLICAS',
];

/** The defaults are explained in docs/CONFIGURATION.md. */
export function readBudget(values: Values): BudgetSettings {
  return {
    readsPerSecond: values.factor('VPCEP_READS_PER_SECOND', 100, MOST_PER_SECOND),
    writesPerSecond: values.factor('VPCEP_WRITES_PER_SECOND', 20, MOST_PER_SECOND),
    pollsPerSecond: values.factor('VPCEP_POLLS_PER_SECOND', 10, MOST_PER_SECOND),
    replicas: values.count('VPCEP_BUDGET_REPLICAS', 3, 1000),
  };
}
