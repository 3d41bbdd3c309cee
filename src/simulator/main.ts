#!/usr/bin/env node
import { createLogger } from '../observability/logger.ts';
import { readSimulatorConfig, type SimulatorConfig } from './config.ts';
import { type Simulator, startSimulator } from './server.ts';
import { SIMULATOR_PROJECT_ID } from './world/identity.ts';

const LOOPBACK = new Set(['127.0.0.1', '::1', 'localhost']);

async function run(config: SimulatorConfig): Promise<void> {
  const log = createLogger(config.logLevel);
  // The controls need no signature, so they stay off where others can reach them.
  const control = LOOPBACK.has(config.host);
  const { host, port, speed } = config;
  let simulator: Simulator;
  try {
    simulator = await startSimulator({ host, port, speed, control, credentials: [{ ak: config.ak, sk: config.sk }] });
  } catch (error) {
    log.fatal({ err: error, host, port }, 'simulator could not listen');
    process.exitCode = 1;
    return;
  }
  log.info({ url: simulator.url, projectId: SIMULATOR_PROJECT_ID, control }, 'simulator listening');
  const stop = (): void => {
    simulator.close().then(
      () => log.info('simulator closed'),
      (error: unknown) => {
        log.error({ err: error }, 'simulator did not close');
        process.exitCode = 1;
      },
    );
  };
  process.once('SIGTERM', stop);
  process.once('SIGINT', stop);
}

const result = readSimulatorConfig(process.env);
if (result.ok) {
  await run(result.config);
} else {
  createLogger('info').fatal({ faults: result.faults }, 'simulator configuration refused');
  process.exitCode = 1;
}
