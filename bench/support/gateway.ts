/** The gateway as it is shipped: the built files, production settings, info logs, the in-process event log. */
import { execFileSync } from 'node:child_process';
import { readdirSync, statSync } from 'node:fs';
import { ROOT, type ServerProcess, startServer } from './process.ts';
import { CREDENTIAL, PROJECT_ID } from './sample.ts';

const ENTRY = `${ROOT}dist/main.js`;

export function gatewayEnvironment(upstreamUrl: string): Readonly<Record<string, string>> {
  return {
    PORT: '0',
    VPCEP_URL: upstreamUrl,
    HUAWEICLOUD_SDK_AK: CREDENTIAL.ak,
    HUAWEICLOUD_SDK_SK: CREDENTIAL.sk.reveal(),
    HUAWEICLOUD_SDK_PROJECT_ID: PROJECT_ID,
    // The upstream of the benchmarks has no limits.
    VPCEP_READS_PER_SECOND: '100000',
    VPCEP_WRITES_PER_SECOND: '100000',
    VPCEP_POLLS_PER_SECOND: '100000',
  };
}

/** With BENCH_CPU_PROF=folder every gateway writes a profile there when it stops. */
export async function startGateway(upstreamUrl: string): Promise<ServerProcess> {
  buildIfNeeded();
  const folder = process.env.BENCH_CPU_PROF;
  const nodeArgs = folder === undefined ? [] : ['--cpu-prof', `--cpu-prof-dir=${folder}`];
  return await startServer(ENTRY, {
    nodeArgs: ['--enable-source-maps', ...nodeArgs],
    env: gatewayEnvironment(upstreamUrl),
  });
}

function buildIfNeeded(): void {
  const built = statSync(ENTRY, { throwIfNoEntry: false })?.mtimeMs ?? 0;
  const sources = readdirSync(`${ROOT}src`, { recursive: true, encoding: 'utf8' });
  const newest = Math.max(...sources.map((name) => statSync(`${ROOT}src/${name}`).mtimeMs));
  if (newest > built) execFileSync(`${ROOT}script/build`, { stdio: 'inherit' });
}
