#!/usr/bin/env node
import { ConfigError } from '../config/env.ts';
import { createLogger } from '../observability/logger.ts';
import { isLoopback } from '../shared/net.ts';
import { readSimulatorConfig } from './config.ts';
import { type Simulator, startSimulator } from './server.ts';
import { SIMULATOR_PROJECT_ID } from './world/identity.ts';

async function run({ host, port, ak, sk, speed, logLevel }: ReturnType<typeof readSimulatorConfig>): Promise<void> {
  const log = createLogger(logLevel);
  // The controls need no signature, so they stay off where others can reach them.
  const control = isLoopback(host);
  let simulator: Simulator;
  try {
    simulator = await startSimulator({ host, port, speed, control, credentials: [{ ak, sk: sk.reveal() }] });
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

try {
  await run(readSimulatorConfig(process.env));
} catch (error) {
  if (!(error instanceof ConfigError)) throw error;
  process.stderr.write(`${error.message}\n`);
  process.exitCode = 1;
}
