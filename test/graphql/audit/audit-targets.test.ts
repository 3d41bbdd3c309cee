import { type GraphQLInputType, type GraphQLSchema, getNamedType, isInputObjectType } from 'graphql';
import { beforeAll, describe, expect, it } from 'vitest';
import { audited } from '../../../src/graphql/audit/audit.ts';
import { AUDIT_TARGETS, givenTargets, madeTargets } from '../../../src/graphql/audit/audit-targets.ts';
import { buildGatewaySchema } from '../../../src/graphql/schema.ts';

/** Ids that say what a new thing is made of or where it stands, and not what is changed. */
const NO_TARGETS = ['vpcId', 'subnetId', 'portId', 'poolId', 'snatNetworkId', 'projectId', 'routeTables'];

let schema: GraphQLSchema;

beforeAll(async () => {
  schema = await buildGatewaySchema();
});

const rootFields = () =>
  [schema.getMutationType(), schema.getSubscriptionType()].flatMap((type) => Object.values(type?.getFields() ?? {}));

function members(type: GraphQLInputType): readonly { readonly name: string; readonly type: GraphQLInputType }[] {
  const named = getNamedType(type);
  return isInputObjectType(named) ? Object.values(named.getFields()) : [];
}

describe('the targets of the audit stream', () => {
  it('are said for every mutation and subscription, and for nothing else', () => {
    expect(Object.keys(AUDIT_TARGETS).sort()).toEqual(
      rootFields()
        .map(({ name }) => name)
        .sort(),
    );
  });

  it('hold every id that is given, but for those that are no targets', () => {
    for (const field of rootFields()) {
      const given = field.args.flatMap((arg) => (arg.name === 'input' ? members(arg.type) : [arg]));
      const ids = given.filter(({ type }) => getNamedType(type).name === 'ID').map(({ name }) => name);
      const targets = ids.filter((name) => !NO_TARGETS.includes(name)).sort();
      expect([field.name, ...[...(AUDIT_TARGETS[field.name]?.given ?? [])].sort()]).toEqual([field.name, ...targets]);
    }
  });

  it('find what was made in the payload', () => {
    for (const field of rootFields()) {
      const made = AUDIT_TARGETS[field.name]?.made;
      if (made === undefined) continue;
      const payload = getNamedType(field.type);
      expect(payload).toHaveProperty('getFields');
      expect(Object.keys('getFields' in payload ? payload.getFields() : {})).toContain(made);
    }
  });

  it('show ids, and no text that is none', () => {
    const input = { endpointServiceId: 'svc-1', endpointIds: ['ep-1', 'Bearer eyJhbGciOi.x.y', 7], description: 'no' };
    expect(givenTargets('acceptServiceConnection', { input })).toEqual({
      endpointServiceId: 'svc-1',
      endpointIds: ['ep-1', '(malformed)', '(malformed)'],
    });
    expect(givenTargets('projectEndpointStatus', { ids: null })).toEqual({});
    expect(givenTargets('projectEndpointStatus', { ids: Array(500).fill('a') }).ids).toHaveLength(100);
    expect(madeTargets('createVpcEndpoint', { endpoint: { id: 'ep-1', description: 'no' } })).toEqual({ made: 'ep-1' });
    expect(madeTargets('addServicePermissions', { permissions: [{ id: 'p-1' }, { id: 'p-2' }] })).toEqual({
      made: ['p-1', 'p-2'],
    });
    expect(madeTargets('createVpcEndpoint', undefined)).toEqual({});
  });

  it('are asked for when the schema is made: a forgotten field cannot be served', () => {
    const field = schema.getMutationType()?.getFields().deleteVpcEndpoint;
    if (field === undefined) throw new Error('no deleteVpcEndpoint');
    field.name = 'somethingNew';
    expect(() => audited(schema, { write: () => {} })).toThrow('somethingNew');
  });
});
