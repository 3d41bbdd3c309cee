import { expect, it } from 'vitest';
import { ConfigError } from '../../src/config/env.ts';
import { readSimulatorConfig } from '../../src/simulator/config.ts';
import { SIMULATOR_AK, SIMULATOR_SK } from '../../src/simulator/world/identity.ts';
import { revealed } from '../support/revealed.ts';

it('has defaults, and takes an empty value as unset', () => {
  expect(revealed(readSimulatorConfig({ SIMULATOR_PORT: '' }))).toEqual({
    host: '127.0.0.1',
    port: 4100,
    ak: SIMULATOR_AK,
    sk: SIMULATOR_SK,
    speed: 1,
    logLevel: 'info',
  });
});

it('reports all faults together and repeats no value', () => {
  const env = { SIMULATOR_PORT: '70000', SIMULATOR_SPEED: '0', SIMULATOR_AK: 'a,b', LOG_LEVEL: 'loud' };
  const error = (() => {
    try {
      return readSimulatorConfig(env);
    } catch (thrown) {
      return thrown;
    }
  })();
  expect(error).toBeInstanceOf(ConfigError);
  expect((error as ConfigError).faults.map(({ variable }) => variable).sort()).toEqual(Object.keys(env).sort());
  expect((error as ConfigError).message).not.toMatch(/70000|loud/);
});
