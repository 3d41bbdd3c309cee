/** The short form of `npm run chaos` (docs/operations/reliability.md): fewer of everything, the same oracle. */
import { describe, expect, it } from 'vitest';
import { runScenario, type Size } from './run-scenario.ts';
import { SCENARIOS } from './scenarios.ts';

const SMALL: Size = { projects: 3, endpoints: 90, subscribers: 30, replicas: 2, movesPerSecond: 30, seconds: 3 };
const SHORT_FORM = [
  'subscriber connections killed every 120 ms',
  'Redis restarted empty, twice',
  'mixed: kills, drops, dying replicas, sick upstream',
];

describe('the status feeds under faults', () => {
  it.each(SHORT_FORM)('keeps its promise: %s', { timeout: 180_000 }, async (name) => {
    const scenario = SCENARIOS.find((one) => one.name === name);
    if (scenario === undefined) throw new Error(`there is no scenario ${name}`);
    const { figures, violations } = await runScenario(scenario, SMALL, 1);
    expect(violations).toEqual([]);
    // Else nothing was proved.
    expect(figures.get('of endpoints')).toBeGreaterThan(20);
    expect(figures.get('of services')).toBeGreaterThan(0);
    expect(figures.get('of connections')).toBeGreaterThan(0);
    expect(figures.get('calls done')).toBeGreaterThan(0);
  });
});
