/** Whatever is null, missing or of another type in an answer of upstream: a page comes, with what there is. */
import fc from 'fast-check';
import type { GraphQLSchema } from 'graphql';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { Gateway } from '../../../src/app/gateway.ts';
import { buildGatewaySchema } from '../../../src/graphql/schema.ts';
import type { FaultSpec } from '../../../src/simulator/faults.ts';
import type { Simulator } from '../../../src/simulator/server.ts';
import { SERVICE_IDS } from '../../../src/simulator/world/services.ts';
import { propertiesOf } from '../../support/contract/properties.ts';
import { everythingOf } from '../../support/everything.ts';
import type { GraphqlFault } from '../../support/graphql-client.ts';
import { startTestGateway, startTestSimulator } from '../../support/start-gateway.ts';

interface Read {
  readonly field: string;
  readonly operation: string;
  /** Arguments of the field. */
  readonly args?: () => string;
  /** The own service through which it is reached, when it is a field of one. */
  readonly ofService?: string;
  /** Members without which a row is no row; default `id`. */
  readonly identity?: readonly string[];
}

let endpoint = '';
const SERVICE = SERVICE_IDS.privateApproval;
const READS: readonly Read[] = [
  { field: 'vpcEndpoint', operation: 'ListEndpointInfoDetails', args: () => `id: "${endpoint}"` },
  { field: 'vpcEndpoints', operation: 'ListEndpoints' },
  { field: 'endpointService', operation: 'ListServiceDetails', args: () => `id: "${SERVICE}"` },
  { field: 'endpointServices', operation: 'ListEndpointService' },
  { field: 'publicEndpointServices', operation: 'ListServicePublicDetails' },
  { field: 'describeEndpointService', operation: 'ListServiceDescribeDetails', args: () => `by: { id: "${SERVICE}" }` },
  { field: 'connections', operation: 'ListServiceConnections', ofService: SERVICE },
  {
    field: 'permissions',
    operation: 'ListServicePermissionsDetails',
    ofService: SERVICE,
    identity: ['id', 'permission'],
  },
  { field: 'quotas', operation: 'ListQuotaDetails', identity: ['type', 'quotas'] },
  {
    field: 'projectTags',
    operation: 'ListQueryProjectResourceTags',
    args: () => 'resourceType: ENDPOINT',
    identity: ['key', 'tags'],
  },
  {
    field: 'resourcesByTags',
    operation: 'ListResourceInstances',
    args: () => 'resourceType: ENDPOINT, filter: {}',
    identity: ['resource_id'],
  },
  { field: 'apiVersions', operation: 'ListVersionDetails' },
  {
    field: 'apiVersion',
    operation: 'ListSpecifiedVersionDetails',
    args: () => 'id: "v1"',
    identity: ['id', 'version'],
  },
];
/** Per property and read. */
const RUNS = Number(process.env.BROKEN_ANSWERS_RUNS ?? 25);
/** Fields that show nothing of an answer of upstream themselves; those of `Project` are made by the functions of root fields. */
const OWN = new Set(['viewer', 'project']);
/** The lists around the rows, and what they are counted by. */
const CONTAINERS = /^(endpoints|endpoint_services|connections|permissions|resources|versions|total_count)$/;
/** GraphQL name → what it is read from, where that is not just the name in snake case. */
const SOURCES: Readonly<Record<string, readonly string[]>> = {
  rawStatus: ['status'],
  rawServiceType: ['service_type'],
  rawServerType: ['server_type'],
  rawEnableStatus: ['enable_status'],
  rawIpVersion: ['ip_version'],
  rawCidrType: ['cidr_type'],
  rawTcpProxy: ['tcp_proxy'],
  routeTables: ['routetables'],
  faults: ['error'],
  effect: ['Effect'],
  rawEffect: ['Effect'],
  action: ['Action'],
  notAction: ['NotAction'],
  resource: ['Resource'],
  notResource: ['NotResource'],
  condition: ['Condition'],
  sid: ['Sid'],
  code: ['code', 'error_code'],
  message: ['message', 'error_message'],
  endpointId: ['id'],
  resourceDetail: ['resource_detail'],
  updatedAt: ['updated_at', 'updated'],
  isBilled: ['is_charge'],
  policyStatements: ['policy_statement'],
  rawPermissionType: ['permission_type'],
  limit: ['quota'],
};

const schema: GraphQLSchema = await buildGatewaySchema();
const reads = READS.filter(({ field, ofService }) => {
  const type = ofService === undefined ? schema.getQueryType() : schema.getType('EndpointService');
  return type && 'getFields' in type && Object.hasOwn(type.getFields(), field);
});

let simulator: Simulator;
let gateway: Gateway;

beforeAll(async () => {
  simulator = await startTestSimulator();
  const { world } = simulator;
  const tags = [{ key: 'team', value: 'net' }];
  for (const serviceId of [SERVICE_IDS.plainInterface, SERVICE_IDS.obsGateway, SERVICE_IDS.professionalInterface]) {
    world.seed(2, { serviceId, tags });
  }
  world.seed(3, { serviceId: SERVICE, status: 'pendingAcceptance' });
  [endpoint = ''] = world.seed(1, { serviceId: SERVICE_IDS.obsGateway, tags });
  const [failed = ''] = world.seed(1);
  world.fail(failed);
  world.permissions.add(SERVICE, 'iam:domain::5fc973eea581490997e82ea11a1d0101', 'first', world.clock.now());
  world.permissions.add(SERVICE, 'iam:domain::5fc973eea581490997e82ea11a1d0102', '', world.clock.now());
  gateway = await startTestGateway(simulator);
});
afterAll(async () => {
  await gateway.close();
  await simulator.close();
});
afterEach(() => simulator.faults.clear());

interface Answer {
  readonly value: unknown;
  readonly errors: readonly GraphqlFault[];
}

async function ask({ field, args, ofService }: Read): Promise<Answer> {
  const given = args === undefined ? '' : `(${args()})`;
  const parent = ofService === undefined ? 'Query' : 'EndpointService';
  const part = `${field}${given} ${everythingOf(schema, parent, field)}`;
  const query = ofService === undefined ? `{ ${part} }` : `{ endpointService(id: "${ofService}") { ${part} } }`;
  const response = await fetch(`${gateway.url}/graphql`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ query }),
  });
  const { data, errors = [] } = (await response.json()) as { data?: Json; errors?: readonly GraphqlFault[] };
  return { value: (ofService === undefined ? data : (data?.endpointService as Json))?.[field], errors };
}

type Json = { readonly [key: string]: unknown };

async function askWith(read: Read, fault: FaultSpec): Promise<Answer> {
  const handle = simulator.faults.add({ ...fault, operation: read.operation });
  const answer = await ask(read);
  handle.remove();
  expect(handle.hits, 'the fault was not in the way').toBeGreaterThan(0);
  return answer;
}

/** Every value that none of `lost` has a part in is what it was. */
function expectKept(before: unknown, after: unknown, lost: ReadonlySet<string>, place: string): void {
  if (Array.isArray(before)) {
    expect(after, place).toHaveLength(before.length);
    for (const [index, item] of before.entries())
      expectKept(item, (after as unknown[])[index], lost, `${place}.${index}`);
  } else if (typeof before === 'object' && before !== null) {
    for (const [name, member] of Object.entries(before)) {
      if (name !== 'nodes' && touches(name, member, lost)) continue;
      expectKept(member, (after as Json)[name], lost, `${place}.${name}`);
    }
  } else {
    expect(after, place).toEqual(before);
  }
}

function touches(name: string, value: unknown, lost: ReadonlySet<string>): boolean {
  const snake = name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
  if ((SOURCES[name] ?? [snake]).some((source) => lost.has(source))) return true;
  if (typeof value !== 'object' || value === null) return false;
  return Object.entries(value).some(([inner, member]) => touches(inner, member, lost) || lost.has(inner));
}

describe('every list and detail', () => {
  it('is among those that are tried here', () => {
    const fields = Object.keys(schema.getQueryType()?.getFields() ?? {}).filter((field) => !OWN.has(field));
    expect(fields.filter((field) => !READS.some((read) => read.field === field))).toEqual([]);
  });
});

describe.each(reads)('$field', (read) => {
  const names = propertiesOf(read.operation);
  const identity = read.identity ?? ['id'];
  const values = names.filter((name) => !CONTAINERS.test(name) && !identity.includes(name));

  it('is the same from loose types and from times without a zone', async () => {
    const { value, errors } = await ask(read);
    expect(errors).toEqual([]);
    expect(value).toBeTruthy();
    expect(await askWith(read, { kind: 'looseTypes' })).toEqual({ value, errors: [] });
    expect(await askWith(read, { kind: 'bareTimes' })).toEqual({ value, errors: [] });
  });

  it('keeps every row and every other value, whichever values are null or missing', async () => {
    const { value } = await ask(read);
    const lossy = fc.record({
      kind: fc.constantFrom('nullFields' as const, 'missingFields' as const),
      fields: fc.subarray(values),
    });
    await fc.assert(
      fc.asyncProperty(lossy, async (fault) => {
        const answer = await askWith(read, fault);
        expect(answer.errors).toEqual([]);
        expectKept(value, answer.value, new Set(fault.fields), '');
      }),
      {
        numRuns: RUNS,
        examples: [[{ kind: 'nullFields', fields: values }], [{ kind: 'missingFields', fields: values }]],
      },
    );
  });

  it('is a clear error at worst when rows lose their ids or the list itself is lost', async () => {
    const lossy = fc.record({
      kind: fc.constantFrom('nullFields' as const, 'missingFields' as const),
      fields: fc.subarray(names),
    });
    await fc.assert(
      fc.asyncProperty(lossy, async (fault) => {
        const { errors } = await askWith(read, fault);
        for (const { extensions } of errors) expect(extensions.code).toBe('UPSTREAM_ERROR');
      }),
      { numRuns: RUNS, examples: names.map((name) => [{ kind: 'nullFields', fields: [name] }]) },
    );
  });
});
