import { type GraphQLInputType, type GraphQLSchema, getNamedType, isInputObjectType } from 'graphql';
import { beforeAll, describe, expect, it } from 'vitest';
import { audited, givenTargets, madeTargets, targetRuleOf } from '../../../src/graphql/audit/audit.ts';
import { buildGatewaySchema } from '../../../src/graphql/schema.ts';

/** Ids that say what a new thing is made of or where it stands, and not what is changed. */
const NO_TARGETS = ['vpcId', 'subnetId', 'portId', 'poolId', 'snatNetworkId', 'projectId', 'routeTables'];

let schema: GraphQLSchema;

beforeAll(async () => {
  schema = await buildGatewaySchema();
});

const rootFields = () =>
  [schema.getMutationType(), schema.getSubscriptionType()].flatMap((type) => Object.values(type?.getFields() ?? {}));

const named = (name: string) => rootFields().find((field) => field.name === name) ?? expect.fail(`no ${name}`);

interface Member {
  readonly name: string;
  readonly type: GraphQLInputType;
}

/** Instead of `input` and `by` what is in them. */
function flat(member: Member): readonly Member[] {
  const type = getNamedType(member.type);
  const isHolder = isInputObjectType(type) && ['input', 'by'].includes(member.name);
  return isHolder ? Object.values(type.getFields()).flatMap(flat) : [member];
}

describe('the targets of the audit stream', () => {
  it('are declared for every mutation and subscription', () => {
    expect(rootFields().filter((field) => targetRuleOf(field) === undefined)).toEqual([]);
    expect(rootFields().length).toBeGreaterThan(20);
  });

  it('hold every id that is given, but for those that are no targets', () => {
    for (const field of rootFields()) {
      const given = field.args.flatMap(flat);
      const ids = given.filter(({ type }) => getNamedType(type).name === 'ID').map(({ name }) => name);
      const targets = ids.filter((name) => !NO_TARGETS.includes(name)).sort();
      expect([field.name, ...[...(targetRuleOf(field)?.given ?? [])].sort()]).toEqual([field.name, ...targets]);
    }
  });

  it('find what was made in the payload', () => {
    for (const field of rootFields()) {
      const made = targetRuleOf(field)?.made;
      if (made === undefined) continue;
      const payload = getNamedType(field.type);
      expect(payload).toHaveProperty('getFields');
      expect(Object.keys('getFields' in payload ? payload.getFields() : {})).toContain(made);
    }
  });

  it('show ids, and no text that is none', () => {
    const input = { endpointServiceId: 'svc-1', endpointIds: ['ep-1', 'Bearer eyJhbGciOi.x.y', 7], description: 'no' };
    expect(givenTargets(named('acceptServiceConnection'), { input })).toEqual({
      endpointServiceId: 'svc-1',
      endpointIds: ['ep-1', '(malformed)', '(malformed)'],
    });
    const by = { permissionIds: ['p-1'] };
    expect(givenTargets(named('removeServicePermissions'), { input: { endpointServiceId: 'svc-1', by } })).toEqual({
      endpointServiceId: 'svc-1',
      permissionIds: ['p-1'],
    });
    expect(givenTargets(named('projectEndpointStatus'), { ids: null })).toEqual({});
    expect(givenTargets(named('projectEndpointStatus'), { ids: Array(500).fill('a') }).ids).toHaveLength(100);
    expect(madeTargets(named('createVpcEndpoint'), { endpoint: { id: 'ep-1', description: 'no' } })).toEqual({
      made: 'ep-1',
    });
    expect(madeTargets(named('addServicePermissions'), { permissions: [{ id: 'p-1' }, { id: 'p-2' }] })).toEqual({
      made: ['p-1', 'p-2'],
    });
    expect(madeTargets(named('createVpcEndpoint'), undefined)).toEqual({});
  });

  it('are required when the schema is made: a field without them cannot be served', () => {
    const field = named('deleteVpcEndpoint');
    field.extensions = {};
    expect(() => audited(schema, { write: () => {} })).toThrow('deleteVpcEndpoint needs @AuditTargets');
  });
});
