/** The gateway as `npm start` runs it, in production settings; what is on beyond that is the caller's choice. */
import { readFileSync } from 'node:fs';
import { ROOT, type ServerProcess, startServer } from './process.ts';
import { CREDENTIAL, PROJECT_ID } from './sample.ts';

export type Environment = Readonly<Record<string, string>>;

export function gatewayEnvironment(upstreamUrl: string, more: Environment = {}): Environment {
  return {
    PORT: '0',
    VPCEP_URL: upstreamUrl,
    HUAWEICLOUD_SDK_AK: CREDENTIAL.ak,
    HUAWEICLOUD_SDK_SK: CREDENTIAL.sk.reveal(),
    HUAWEICLOUD_SDK_PROJECT_ID: PROJECT_ID,
    // Limits are on, and higher than what one core can do.
    VPCEP_READS_PER_SECOND: '100000',
    VPCEP_WRITES_PER_SECOND: '100000',
    VPCEP_POLLS_PER_SECOND: '100000',
    RATE_LIMIT_COST_PER_MINUTE: '10000000',
    ...more,
  };
}

/** With BENCH_CPU_PROF=folder every gateway writes a profile there when it stops. */
export async function startGateway(
  upstreamUrl: string,
  more: Environment = {},
  nodeArgs: readonly string[] = [],
): Promise<ServerProcess> {
  const folder = process.env.BENCH_CPU_PROF;
  const profiling = folder === undefined ? [] : ['--cpu-prof', `--cpu-prof-dir=${folder}`];
  const { scripts } = JSON.parse(readFileSync(`${ROOT}package.json`, 'utf8')) as { scripts: { start: string } };
  const shipped = scripts.start.split(' ').slice(1);
  return await startServer(shipped.at(-1) ?? '', {
    nodeArgs: [...shipped.slice(0, -1), ...profiling, ...nodeArgs],
    env: gatewayEnvironment(upstreamUrl, more),
  });
}
