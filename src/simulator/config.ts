import { ConfigError, Env, type Environment, LogLevel } from '../config/env.ts';
import { SIMULATOR } from '../config/upstream.ts';

/** The settings of a simulator in a process of its own. @throws ConfigError with all faults at once. */
export function readSimulatorConfig(variables: Environment) {
  const env = new Env(variables);
  const config = env.read({ ...SIMULATOR, logLevel: ['LOG_LEVEL', LogLevel.default('info')] });
  if (env.faults.length > 0) throw new ConfigError(env.faults);
  return config;
}
