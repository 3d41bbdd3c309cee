import { beforeEach, describe, expect, it } from 'vitest';
import { buildGatewaySchema } from '../../src/graphql/schema.ts';
import { SIMULATOR_PROJECT_ID } from '../../src/simulator/world/identity.ts';
import { SERVICE_IDS } from '../../src/simulator/world/services.ts';
import { brief, type GraphqlAnswer, Subscription } from '../support/graphql-client.ts';
import { useGateway } from '../support/use-gateway.ts';

const { gateway, simulator } = useGateway(beforeEach);

const VPC = '4e65f8b1-306d-4522-8ecd-aa374000e2a4';
const OK = { endpointServiceId: SERVICE_IDS.plainInterface, vpcId: VPC, subnetId: VPC };
const REFUSED = { ...OK, vpcId: 'no id!' };
const TWO = `mutation ($a: CreateVpcEndpointInput!, $b: CreateVpcEndpointInput!) {
  a: createVpcEndpoint(input: $a) { statusCursor endpoint { id } }
  b: createVpcEndpoint(input: $b) { statusCursor endpoint { id } }
}`;

interface Created {
  readonly statusCursor: string;
  readonly endpoint: { readonly id: string };
}

async function post<Data>(query: string, variables: object, accept = 'application/graphql-response+json') {
  const response = await fetch(`${gateway.url}/graphql`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', accept },
    body: JSON.stringify({ query, variables }),
  });
  return { status: response.status, ...((await response.json()) as GraphqlAnswer<Data>) };
}

const createTwo = (a: object, b: object, accept?: string) =>
  post<{ a: Created | null; b: Created | null }>(TWO, { a, b }, accept);

describe('a root field that fails', () => {
  it.each(['application/json', 'application/graphql-response+json'])(
    'leaves the id and the cursor of a created endpoint beside it (%s)',
    async (accept) => {
      const { status, data, errors } = await createTwo(OK, REFUSED, accept);
      expect(status).toBe(200);
      expect(errors).toMatchObject([{ path: ['b'], extensions: { issues: [{ path: 'input.vpcId', rule: 'id' }] } }]);
      const [created] = simulator.world.endpoints();
      expect(data).toEqual({ a: { statusCursor: expect.any(String), endpoint: { id: created?.id } }, b: null });
      const { statusCursor = '', endpoint = { id: '' } } = data?.a ?? {};
      const feed = Subscription.endpoint(gateway.url, { id: endpoint.id, after: statusCursor, until: 'SETTLED' });
      expect(brief(await feed.rest())).toEqual(['TRANSITION CREATING', 'TRANSITION ACCEPTED']);
      await feed.close();
    },
  );

  it('leaves the id and the cursor in a payload', async () => {
    const { data, errors } = await post<{ createVpcEndpoint: Created & { endpoint: { statusHistory: unknown } } }>(
      `mutation ($a: CreateVpcEndpointInput!) {
        createVpcEndpoint(input: $a) { statusCursor endpoint { id statusHistory(last: 500) { kind } } } }`,
      { a: OK },
    );
    expect(errors).toMatchObject([{ path: ['createVpcEndpoint', 'endpoint', 'statusHistory'] }]);
    const [created] = simulator.world.endpoints();
    expect(data?.createVpcEndpoint).toEqual({
      statusCursor: expect.any(String),
      endpoint: { id: created?.id, statusHistory: null },
    });
  });

  it.each([
    ['connections', 'ListServiceConnections'],
    ['permissions', 'ListServicePermissionsDetails'],
  ])('leaves the service beside its %s', async (field, operation) => {
    const id = SERVICE_IDS.privateInterface;
    simulator.faults.add({ kind: 'status', operation, status: 403 });
    const { data, errors } = await post(`{ endpointService(id: "${id}") { id ${field} { totalCount } } }`, {});
    expect(errors).toMatchObject([{ path: ['endpointService', field], extensions: { code: 'FORBIDDEN' } }]);
    expect(data).toEqual({ endpointService: { id, [field]: null } });
  });

  it('does not stop the mutations behind it', async () => {
    simulator.faults.add({ kind: 'status', operation: 'CreateEndpoint', status: 400, code: 'EndPoint.2042', times: 1 });
    const { data, errors } = await createTwo(OK, { ...OK, description: 'second' });
    expect(errors).toMatchObject([{ path: ['a'], extensions: { code: 'CONFLICT' } }]);
    expect(data).toMatchObject({ a: null, b: { endpoint: { id: simulator.world.endpoints()[0]?.id } } });
  });

  it('leaves the other lists of a page', async () => {
    const [id] = simulator.world.seed(1, { projectId: SIMULATOR_PROJECT_ID, status: 'accepted' });
    simulator.faults.add({ kind: 'status', operation: 'ListQuotaDetails', status: 403 });
    const page = await post('{ vpcEndpoints { nodes { id } } quotas { type } }', {});
    expect(page.status).toBe(200);
    expect(page.errors).toMatchObject([{ path: ['quotas'], extensions: { code: 'FORBIDDEN' } }]);
    expect(page.data).toEqual({ vpcEndpoints: { nodes: [{ id }] }, quotas: null });
  });
});

it('every root field is nullable but `viewer`, which cannot fail', async () => {
  const schema = await buildGatewaySchema();
  const roots = [schema.getQueryType(), schema.getMutationType()].flatMap((type) =>
    Object.values(type?.getFields() ?? {}),
  );
  expect(roots.filter(({ type }) => String(type).endsWith('!')).map(({ name }) => name)).toEqual(['viewer']);
});
