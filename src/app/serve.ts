import { setTimeout as delay } from 'node:timers/promises';
import { type Config, readConfig } from '../config/config.ts';
import { ConfigError } from '../config/env.ts';
import { type ConfigFiles, diskFiles, FileChanges, notingFiles } from '../config/files.ts';
import type { RemoteUpstream } from '../config/upstream.ts';
import { createLogger, type Logger, logUncaught } from '../observability/logger.ts';
import { type Gateway, startGateway } from './gateway.ts';

/** A change takes effect once two polls have seen it. */
const POLL_MS = 1_000;

/** Serves until SIGTERM or SIGINT ends the process. */
export async function serve(): Promise<void> {
  const start = notingFiles(diskFiles);
  const config = configOrExit(start.files);
  const logger = createLogger(config.logLevel);
  logUncaught(logger);
  for (const warning of config.warnings) logger.warn(warning);

  let running: Gateway | null = null;
  let stopping = false;
  for (const signal of ['SIGTERM', 'SIGINT'] as const) {
    process.on(signal, () => {
      // A second signal ends the process at once, and so does one before it serves.
      if (stopping || running === null) process.exit(stopping ? 1 : 0);
      stopping = true;
      logger.info({ signal }, 'stopping');
      running.close().then(
        () => process.exit(0),
        (error: unknown) => {
          logger.error({ err: error }, 'could not stop cleanly');
          process.exit(1);
        },
      );
    });
  }
  const starting = startOrExit(config, logger);
  // During the start it waits: by default it would end the process.
  process.on('SIGHUP', () => void starting.then(hangUp));
  const gateway = await starting;
  running = gateway;
  const upstream = config.upstream.kind === 'simulator' ? 'the built-in simulator' : hosts(config.upstream);
  const log = config.redis === null ? 'the in-process event log' : 'Redis';
  logger.info({ url: gateway.url }, `vpcep-gateway is ready with ${upstream} and ${log}: open ${gateway.url}`);

  const changes = new FileChanges(start.seen);
  let reloading = Promise.resolve();
  void pollFiles();

  function hangUp(): Promise<void> {
    gateway.reopenAuditLog();
    return reloadInTurn('SIGHUP');
  }

  /** A faulty configuration changes nothing. */
  async function reload(cause: string): Promise<void> {
    const { files, seen } = notingFiles(diskFiles);
    try {
      await gateway.reload(readConfig(process.env, files));
      changes.follow(seen);
      logger.info({ cause }, 'projects and secrets read again');
    } catch (error) {
      changes.follow(new Map([...changes.seen, ...seen]));
      const reason = error instanceof Error ? error.message : String(error);
      logger.error({ cause, reason }, 'reload refused, going on as before');
    }
  }

  /** One at a time, so that the latest configuration wins. */
  function reloadInTurn(cause: string): Promise<void> {
    reloading = reloading.then(() => reload(cause));
    return reloading;
  }

  /** The pause is between the polls, however long a reload takes: polls at one moment would see a half-written change twice. */
  async function pollFiles(): Promise<never> {
    for (;;) {
      await delay(POLL_MS, undefined, { ref: false });
      await reloading;
      if (await changes.changed()) await reloadInTurn('a file has changed');
    }
  }
}

function hosts({ projects, others }: RemoteUpstream): string {
  return [...new Set([...projects, ...(others === null ? [] : [others])].map(({ url }) => url))].join(', ');
}

function configOrExit(files: ConfigFiles) {
  try {
    return readConfig(process.env, files);
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    process.stderr.write(`${error.message}\n`);
    process.exit(1);
  }
}

async function startOrExit(config: Config, logger: Logger) {
  try {
    return await startGateway({ config, logger, processMetrics: true });
  } catch (error) {
    logger.fatal({ reason: error instanceof Error ? error.message : String(error) }, 'could not start');
    process.exit(1);
  }
}
