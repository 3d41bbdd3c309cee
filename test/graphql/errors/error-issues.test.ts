/** What upstream refuses, as the caller sees it: the code, whether a repeat helps, and the place in the input. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Gateway } from '../../../src/app/gateway.ts';
import {
  CreateVpcEndpointDocument,
  DeleteVpcEndpointDocument,
  VpcEndpointsDocument,
} from '../../../src/client/generated/documents.ts';
import type { FaultSpec } from '../../../src/simulator/faults.ts';
import type { Simulator } from '../../../src/simulator/server.ts';
import { NO_SUCH_VPC_ID, SERVICE_IDS } from '../../../src/simulator/world/services.ts';
import { send } from '../../support/graphql-client.ts';
import { startTestGateway, startTestSimulator } from '../../support/start-gateway.ts';

const INPUT = {
  endpointServiceId: SERVICE_IDS.plainInterface,
  vpcId: '4e65f8b1-306d-4522-8ecd-aa374000e2a4',
  subnetId: '5d1c1d71-2613-4274-b34e-d82af550f967',
};
const NOWHERE = '51a0dead-0000-4000-8000-000000000000';

let simulator: Simulator;
let gateway: Gateway;

beforeAll(async () => {
  simulator = await startTestSimulator();
  gateway = await startTestGateway(simulator);
});
afterAll(async () => {
  await gateway.close();
  await simulator.close();
});

async function creationError(over: Partial<Record<keyof typeof INPUT, string>>, fault?: FaultSpec) {
  const handle = fault && simulator.faults.add({ ...fault, operation: 'CreateEndpoint', times: 1 });
  const { errors } = await send(gateway.url, CreateVpcEndpointDocument, { input: { ...INPUT, ...over } });
  handle?.remove();
  expect(errors).toHaveLength(1);
  return errors?.[0]?.extensions;
}

describe('a refused creation', () => {
  it('names the VPC that does not exist', async () => {
    expect(await creationError({ vpcId: NO_SUCH_VPC_ID })).toMatchObject({
      code: 'NOT_FOUND',
      retryable: false,
      upstream: { code: 'EndPoint.2001', status: 400 },
      issues: [{ path: 'input.vpcId', rule: 'upstream-not-found', message: expect.stringContaining('input.vpcId') }],
    });
  });

  it('names the service that does not exist', async () => {
    expect(await creationError({ endpointServiceId: NOWHERE })).toMatchObject({
      code: 'NOT_FOUND',
      issues: [{ path: 'input.endpointServiceId', rule: 'upstream-not-found' }],
    });
  });

  it.each([
    ['endpoint.2039', 'CONFLICT', 'input.routeTables', 'upstream-conflict'],
    ['ENDPOINT.2045', 'BAD_USER_INPUT', 'input.whitelist', 'upstream-limit'],
    ['EndPoint.3073', 'BAD_USER_INPUT', 'input.tags', 'upstream-rejected'],
    ['EndPoint.2034', 'BAD_USER_INPUT', 'input.enableDns', 'upstream-rejected'],
  ])('maps %s to %s at %s', async (upstreamCode, code, path, rule) => {
    const extensions = await creationError({}, { kind: 'status', status: 400, code: upstreamCode });
    expect(extensions).toMatchObject({ code, retryable: false, upstream: { code: upstreamCode, status: 400 } });
    expect(extensions?.issues).toMatchObject([{ path, rule }]);
  });

  it.each([
    ['EndPoint.9999', 400, 'BAD_USER_INPUT'],
    ['EndPoint.9999', 409, 'CONFLICT'],
    ['Endpoint.1018', 400, 'QUOTA_EXCEEDED'],
  ])('has no issue for %s (%i), which speaks of no parameter', async (code, status, expected) => {
    const extensions = await creationError({}, { kind: 'status', status, code });
    expect(extensions).toMatchObject({ code: expected, upstream: { code, status } });
    expect(extensions).not.toHaveProperty('issues');
  });
});

it('a refused deletion names its own id', async () => {
  simulator.faults.add({ kind: 'status', status: 400, code: 'EndPoint.2047', method: 'DELETE', times: 1 });
  const [id = ''] = simulator.world.seed(1);
  const { errors } = await send(gateway.url, DeleteVpcEndpointDocument, { input: { id } });
  expect(errors?.[0]?.extensions).toMatchObject({
    code: 'CONFLICT',
    issues: [{ path: 'input.id', rule: 'upstream-state' }],
  });
});

it('a refused list names the filter', async () => {
  simulator.faults.add({ kind: 'status', status: 400, code: 'EndPoint.0020', operation: 'ListEndpoints', times: 1 });
  const { errors } = await send(gateway.url, VpcEndpointsDocument, { filter: { vpcId: NOWHERE } });
  expect(errors?.[0]?.extensions).toMatchObject({ code: 'BAD_USER_INPUT', issues: [{ path: 'filter.vpcId' }] });
});
