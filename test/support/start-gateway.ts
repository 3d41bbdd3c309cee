import { pino } from 'pino';
import { type Gateway, startGateway } from '../../src/app/gateway.ts';
import { readConfig } from '../../src/config/config.ts';
import { createLogger, type Logger } from '../../src/observability/logger.ts';
import type { Simulator, SimulatorOptions } from '../../src/simulator/server.ts';
import { SIMULATOR_AK, SIMULATOR_PROJECT_ID, SIMULATOR_SK } from '../../src/simulator/world/identity.ts';
import type { CheckOptions } from './contract/check.ts';
import { startCheckedSimulator } from './contract/checked-simulator.ts';

/** Milliseconds of the tests' life cycles: long enough to be seen by a poll, short enough not to wait for. */
export const QUICK = { creating: 1_200, deleting: 600 };

/** Every exchange with it is checked against schema/vpcep.openapi.yaml. */
export function startTestSimulator(options: SimulatorOptions = {}, check: CheckOptions = {}): Promise<Simulator> {
  return startCheckedSimulator({ timings: QUICK, ...options }, check);
}

/** The environment of a gateway that works against a simulator of the test. */
export function environmentFor(
  simulator: { readonly url: string },
  more: Record<string, string> = {},
): Record<string, string> {
  return {
    PORT: '0',
    AUDIT_LOG: 'off',
    // Otherwise `close` waits 5 s with NODE_ENV=production.
    SHUTDOWN_DELAY_SECONDS: '0',
    VPCEP_URL: simulator.url,
    HUAWEICLOUD_SDK_AK: SIMULATOR_AK,
    HUAWEICLOUD_SDK_SK: SIMULATOR_SK,
    HUAWEICLOUD_SDK_PROJECT_ID: SIMULATOR_PROJECT_ID,
    ...more,
  };
}

export interface TestGatewayOptions {
  readonly env?: Record<string, string>;
  readonly lingerMs?: number;
  readonly logger?: Logger;
  /** Milliseconds of the search for a creation without an answer. */
  readonly lookForMs?: number;
  /** Also those of the process; once per process. */
  readonly processMetrics?: boolean;
}

/** A whole gateway in this process, configured as an operator would. */
export function startTestGateway(
  simulator: { readonly url: string },
  options: TestGatewayOptions = {},
): Promise<Gateway> {
  const config = readConfig(environmentFor(simulator, options.env));
  return startGateway({
    config,
    logger: options.logger ?? pino({ level: 'silent' }),
    lingerMs: options.lingerMs ?? 0,
    lookForMs: options.lookForMs ?? 1_000,
    processMetrics: options.processMetrics ?? false,
  });
}

/** Everything that is logged at the lowest level, as text. */
export function recordingLogger(): { readonly logger: Logger; text(): string } {
  const lines: string[] = [];
  const logger = createLogger('trace', { write: (line: string) => void lines.push(line) });
  return { logger, text: () => lines.join('') };
}
