/** A gateway that serves two projects of one simulator. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Gateway } from '../../src/app/gateway.ts';
import type { SimulatorOptions } from '../../src/simulator/server.ts';
import { DEFAULT_CREDENTIAL, SIMULATOR_PROJECT_ID } from '../../src/simulator/world/identity.ts';
import { startTestGateway, type TestGatewayOptions } from './start-gateway.ts';

export const HERE = { id: SIMULATOR_PROJECT_ID, name: 'here' };
export const THERE = { id: '51a051a051a051a051a051a051a051b0', name: 'there' };

/** For a simulator whose key may use both. */
export const TWO_PROJECTS: SimulatorOptions = {
  credentials: [{ ...DEFAULT_CREDENTIAL, projectIds: [HERE.id, THERE.id] }],
};

export async function startTwoProjects(
  simulator: { readonly url: string },
  options: TestGatewayOptions = {},
): Promise<Gateway> {
  const folder = mkdtempSync(join(tmpdir(), 'vpcep-gateway-'));
  try {
    const file = join(folder, 'projects.json');
    const credentials = { environment: { ak: 'HUAWEICLOUD_SDK_AK', sk: 'HUAWEICLOUD_SDK_SK' } };
    const projects = [HERE, THERE].map((project) => ({ ...project, url: simulator.url, credentials }));
    writeFileSync(file, JSON.stringify({ projects }));
    const env = { PROJECTS_FILE: file, VPCEP_URL: '', HUAWEICLOUD_SDK_PROJECT_ID: '', ...options.env };
    return await startTestGateway(simulator, { ...options, env });
  } finally {
    rmSync(folder, { recursive: true });
  }
}
