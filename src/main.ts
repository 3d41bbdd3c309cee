#!/usr/bin/env node
import { ConfigError, readConfig } from './config.ts';
import { startGateway } from './gateway.ts';
import { createLogger, type Logger } from './observability/logger.ts';

const config = configOrExit();
const logger = createLogger(config.logLevel);
for (const warning of config.warnings) logger.warn(warning);

const gateway = await startOrExit(logger);
const upstream = config.upstream.kind === 'simulator' ? 'the built-in simulator' : hosts(config.upstream.projects);
const log = config.redis === null ? 'the in-process event log' : 'Redis';
logger.info({ url: gateway.url }, `vpcep-gateway is ready with ${upstream} and ${log}: open ${gateway.url}`);

process.on('SIGHUP', () => {
  gateway.reopenAuditLog();
  void reload();
});

let stopping = false;
for (const signal of ['SIGTERM', 'SIGINT'] as const) {
  process.on(signal, () => {
    // A second signal is somebody who does not want to wait.
    if (stopping) process.exit(1);
    stopping = true;
    logger.info({ signal }, 'stopping');
    gateway.close().then(
      () => process.exit(0),
      (error: unknown) => {
        logger.error({ err: error }, 'could not stop cleanly');
        process.exit(1);
      },
    );
  });
}

function hosts(projects: readonly { readonly url: string }[]): string {
  return [...new Set(projects.map(({ url }) => url))].join(', ');
}

/** A configuration with faults changes nothing. */
async function reload(): Promise<void> {
  try {
    await gateway.reload(readConfig());
    logger.info('projects and credentials read again');
  } catch (error) {
    logger.error(
      { reason: error instanceof Error ? error.message : String(error) },
      'reload refused, going on as before',
    );
  }
}

function configOrExit() {
  try {
    return readConfig();
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    process.stderr.write(`${error.message}\n`);
    process.exit(1);
  }
}

async function startOrExit(logger: Logger) {
  try {
    return await startGateway({ config, logger, processMetrics: true });
  } catch (error) {
    logger.fatal({ reason: error instanceof Error ? error.message : String(error) }, 'could not start');
    process.exit(1);
  }
}
