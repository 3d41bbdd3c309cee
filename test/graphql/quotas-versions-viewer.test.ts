import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Gateway } from '../../src/app/gateway.ts';
import {
  ApiVersionDocument,
  ApiVersionsDocument,
  QuotasDocument,
  ViewerDocument,
} from '../../src/client/generated/documents.ts';
import type { Simulator } from '../../src/simulator/server.ts';
import { DEFAULT_CREDENTIAL, SIMULATOR_PROJECT_ID } from '../../src/simulator/world/identity.ts';
import { ask, send } from '../support/graphql-client.ts';
import { startTestGateway, startTestSimulator } from '../support/start-gateway.ts';

const OTHER_PROJECT_ID = '51a051a051a051a051a051a051a051b0';
const credentials = [{ ...DEFAULT_CREDENTIAL, projectIds: [SIMULATOR_PROJECT_ID, OTHER_PROJECT_ID] }];

let simulator: Simulator;
let gateways: Gateway[];

beforeEach(async () => {
  simulator = await startTestSimulator({ quota: 2, credentials });
  gateways = [];
});
afterEach(async () => {
  await Promise.all(gateways.map((gateway) => gateway.close()));
  await simulator.close();
});

async function start(env: Record<string, string> = {}): Promise<string> {
  const gateway = await startTestGateway(simulator, { env });
  gateways.push(gateway);
  return gateway.url;
}

/** A gateway of two projects. */
async function startWithTwo(defaultProject: string | null): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'vpcep-gateway-'));
  const file = join(folder, 'projects.yaml');
  const project = (name: string, id: string, region = ''): string =>
    `  - name: ${name}\n    id: ${id}\n${region}    url: ${simulator.url}\n    credentials: { environment: { ak: HUAWEICLOUD_SDK_AK, sk: HUAWEICLOUD_SDK_SK } }\n`;
  await writeFile(
    file,
    `${defaultProject === null ? '' : `default: ${defaultProject}\n`}projects:\n${project('here', SIMULATOR_PROJECT_ID, '    region: lab-1\n')}${project('there', OTHER_PROJECT_ID)}`,
  );
  try {
    return await start({ PROJECTS_FILE: file, VPCEP_URL: '', HUAWEICLOUD_SDK_PROJECT_ID: '' });
  } finally {
    await rm(folder, { recursive: true });
  }
}

describe('quotas', () => {
  it('say how much is used, which may be more than there may be', async () => {
    const url = await start();
    simulator.world.seed(3);
    const { quotas } = await ask(url, QuotasDocument, {});
    expect(quotas).toEqual([
      { type: 'ENDPOINT_SERVICE', rawType: 'endpoint_service', used: 3, limit: 20 },
      { type: 'ENDPOINT', rawType: 'endpoint', used: 3, limit: 2 },
    ]);
  });

  it('are asked for by kind', async () => {
    const url = await start();
    const { quotas } = await ask(url, QuotasDocument, { type: 'ENDPOINT' });
    expect(quotas.map(({ type }) => type)).toEqual(['ENDPOINT']);
    expect(simulator.requests.map(({ query }) => query)).toEqual([{ type: 'endpoint' }]);
  });
});

describe('versions of the API', () => {
  it('are read without a project', async () => {
    const url = await start();
    const { apiVersions } = await ask(url, ApiVersionsDocument, {});
    expect(apiVersions[0]).toEqual({
      id: 'v1',
      status: 'CURRENT',
      rawStatus: 'CURRENT',
      updatedAt: '2018-09-30T00:00:00Z',
      version: null,
      minVersion: null,
      links: [{ href: 'https://vpcep.simulator.invalid/v1', type: 'application/json', rel: 'self' }],
    });
    expect(apiVersions.map(({ id }) => id)).toEqual(['v1', 'v2']);
    expect(simulator.requests).toMatchObject([{ path: '/', projectHeader: null, status: 200 }]);
  });

  it('are read one by one', async () => {
    const url = await start();
    expect((await ask(url, ApiVersionDocument, { id: 'v2' })).apiVersion).toMatchObject({
      id: 'v2',
      status: 'SUPPORT',
    });
    expect((await ask(url, ApiVersionDocument, { id: 'v9' })).apiVersion).toBeNull();
    const { errors } = await send(url, ApiVersionDocument, { id: '../v1' });
    expect(errors?.[0]?.extensions.issues).toMatchObject([{ path: 'id', rule: 'version' }]);
    expect(simulator.requests.map(({ path }) => path)).toEqual(['/v2', '/v9']);
  });

  it('need no choice among several projects', async () => {
    const url = await startWithTwo(null);
    expect((await ask(url, ApiVersionsDocument, {})).apiVersions).toHaveLength(2);
    const { errors } = await send(url, ApiVersionsDocument, { projectId: 'nowhere' });
    expect(errors?.[0]?.extensions.code).toBe('NOT_FOUND');
  });
});

describe('viewer', () => {
  const rights = ['READ', 'WRITE', 'ADMIN'];

  it('may do everything without authentication', async () => {
    const url = await start();
    const { viewer } = await ask(url, ViewerDocument, {});
    expect(viewer.subject).toBe('anonymous');
    expect(viewer.projects).toMatchObject([{ id: SIMULATOR_PROJECT_ID, rights, isDefault: true }]);
  });

  it('sees every project, and which one is meant when none is named', async () => {
    const some = await ask(await startWithTwo('there'), ViewerDocument, {});
    expect(some.viewer.projects).toEqual([
      { id: SIMULATOR_PROJECT_ID, name: 'here', region: 'lab-1', rights, isDefault: false },
      { id: OTHER_PROJECT_ID, name: 'there', region: null, rights, isDefault: true },
    ]);
    const none = await ask(await startWithTwo(null), ViewerDocument, {});
    expect(none.viewer.projects.map(({ isDefault }) => isDefault)).toEqual([false, false]);
  });
});
