/** Long numbers keep every digit on their whole way: upstream's JSON, the client, GraphQL, the answer's JSON. */
import fc from 'fast-check';
import { beforeAll, expect, it } from 'vitest';
import { CreateVpcEndpointDocument } from '../../src/client/generated/documents.ts';
import { SIMULATOR_PROJECT_ID } from '../../src/simulator/world/identity.ts';
import { SERVICE_IDS } from '../../src/simulator/world/services.ts';
import { ask, Subscription } from '../support/graphql-client.ts';
import { useGateway } from '../support/use-gateway.ts';

const LARGEST = 2n ** 63n - 1n;
const EDGES = [0n, 1n, 2n ** 31n, 2n ** 53n - 1n, 2n ** 53n, 2n ** 53n + 1n, 422_321_321_312_321_321n, LARGEST];

const { gateway, simulator } = useGateway(beforeAll);

/** As text: a JSON parser on this side must not hide what went over the wire. */
async function answerTo(query: string): Promise<string> {
  const response = await fetch(`${gateway.url}/graphql`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ query }),
  });
  return response.text();
}

let created = 0;

/** An own service with one endpoint that has this very marker_id. */
function seedMarker(marker: bigint): { readonly service: string; readonly endpoint: string } {
  created += 1;
  const service = `51a0aaaa-0000-4000-8000-${created.toString(16).padStart(12, '0')}`;
  // The simulator counts up from the base with every endpoint of the world.
  simulator.world.addService({ id: service, name: `m${created}`, markerIdBase: marker - BigInt(created) });
  const [endpoint = ''] = simulator.world.seed(1, { serviceId: service });
  expect(simulator.world.endpoint(endpoint)?.markerId).toBe(marker);
  return { service, endpoint };
}

it('in details, lists and connections, and back as a filter', async () => {
  await fc.assert(
    fc.asyncProperty(fc.bigInt({ min: 0n, max: LARGEST }), async (marker) => {
      const { service, endpoint } = seedMarker(marker);
      const read = `"markerId":"${marker}"`;
      expect(await answerTo(`{ vpcEndpoint(id: "${endpoint}") { markerId } }`)).toContain(read);
      expect(await answerTo(`{ vpcEndpoints(filter: { id: "${endpoint}" }) { nodes { markerId } } }`)).toContain(read);
      const connections = (filter: string): Promise<string> =>
        answerTo(`{ endpointService(id: "${service}") { connections(${filter}) { totalCount nodes { markerId } } } }`);
      expect(await connections('first: 1')).toContain(read);
      expect(await connections(`filter: { markerId: "${marker}" }`)).toContain(`"totalCount":1,"nodes":[{${read}}]`);
      expect(await connections(`filter: { markerId: "${marker + 1n}" }`)).toContain('"totalCount":0');
    }),
    { numRuns: 20, examples: EDGES.map((marker) => [marker]) },
  );
});

it('in the answer to a creation and in the feed', async () => {
  const input = {
    endpointServiceId: SERVICE_IDS.professionalInterface,
    vpcId: '4e65f8b1-306d-4522-8ecd-aa374000e2a4',
    subnetId: '5d1c1d71-2613-4274-b34e-d82af550f967',
  };
  const { endpoint } = (await ask(gateway.url, CreateVpcEndpointDocument, { input })).createVpcEndpoint;
  const marker = String(simulator.world.endpoint(endpoint.id)?.markerId);
  expect(BigInt(marker)).toBeGreaterThan(2n ** 53n);
  expect(endpoint.markerId).toBe(marker);
  const feed = Subscription.endpoint(gateway.url, { id: endpoint.id, projectId: SIMULATOR_PROJECT_ID });
  expect((await feed.next())?.endpoint?.markerId).toBe(marker);
  await feed.close();
});
