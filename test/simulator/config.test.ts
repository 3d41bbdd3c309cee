import { expect, it } from 'vitest';
import { readSimulatorConfig } from '../../src/simulator/config.ts';

it('has defaults, and takes an empty value as unset', () => {
  expect(readSimulatorConfig({ SIMULATOR_PORT: '' })).toEqual({
    ok: true,
    config: {
      host: '127.0.0.1',
      port: 4100,
      ak: 'SIMULATOR-AK',
      sk: 'simulator-sk-not-a-secret',
      speed: 1,
      logLevel: 'info',
    },
  });
});

it('reports all faults together and repeats no value', () => {
  const env = { SIMULATOR_PORT: '70000', SIMULATOR_SPEED: '0', SIMULATOR_AK: 'a,b', LOG_LEVEL: 'loud' };
  const result = readSimulatorConfig(env);
  expect(result.ok ? [] : result.faults.map((fault) => fault.split(':')[0])).toEqual([
    'SIMULATOR_PORT',
    'SIMULATOR_AK',
    'SIMULATOR_SPEED',
    'LOG_LEVEL',
  ]);
  expect(JSON.stringify(result)).not.toMatch(/70000|loud/);
});
