import { afterEach } from 'vitest';
import type { Exchange } from '../../../src/simulator/pipeline.ts';
import { type Simulator, type SimulatorOptions, startSimulator } from '../../../src/simulator/server.ts';
import { type CheckOptions, checkExchange } from './check.ts';

/** Further faults are not reported. */
const MOST = 20;
const violations = new Set<string>();
let newWords = false;

// Once for each test file that starts a simulator: a fault belongs to the test in which it was seen.
afterEach(() => {
  newWords = false;
  reportViolations();
});

/** For the rest of this test, answers may hold words that an open list of the contract does not have. */
export function allowNewWords(): void {
  newWords = true;
}

/** A simulator whose exchanges are checked against the contract: a fault fails the test, or `close`. */
export async function startCheckedSimulator(
  options: SimulatorOptions = {},
  check: CheckOptions = {},
): Promise<Simulator> {
  const onExchange = (exchange: Exchange): void => {
    for (const violation of safely(exchange, newWords ? { ...check, openEnums: true } : check))
      violations.add(violation);
    options.onExchange?.(exchange);
  };
  const simulator = await startSimulator({ ...options, onExchange });
  return {
    ...simulator,
    close: async () => {
      await simulator.close();
      reportViolations();
    },
  };
}

/** A check that breaks is a fault as well, and must not break the simulator. */
function safely(exchange: Exchange, check: CheckOptions): readonly string[] {
  try {
    return checkExchange(exchange, check);
  } catch (error) {
    return [`the check itself failed: ${String(error)}`];
  }
}

function reportViolations(): void {
  const found = [...violations].slice(0, MOST);
  violations.clear();
  if (found.length > 0) {
    throw new Error(`exchanges that schema/vpcep.openapi.yaml does not allow:\n${found.join('\n')}`);
  }
}
