/** Every operation of the contract has a GraphQL field and a client method. */
import { readFileSync } from 'node:fs';
import { buildSchema } from 'graphql';
import { describe, expect, it } from 'vitest';
import { readApiMap, readFieldTable } from '../../script/api-map.ts';
import { ROUTES } from '../../src/simulator/routes.ts';

const operations = readApiMap();

describe('schema/operations-map.yaml', () => {
  it('lists exactly the operations of the contract', () => {
    expect(operations).toHaveLength(33);
    expect(Object.keys(readFieldTable()).sort()).toEqual(operations.map(({ id }) => id).sort());
  });

  it('deprecates exactly the fields whose operation is deprecated in the contract, with a reason', () => {
    const schema = buildSchema(readFileSync(new URL('../../schema/schema.graphql', import.meta.url), 'utf8'));
    const mutations = schema.getMutationType()?.getFields() ?? {};
    const fields = operations.flatMap(({ deprecated, fields: mapped }) =>
      mapped
        .filter(({ name }) => name.startsWith('Mutation.'))
        .map(({ name }) => ({ name: name.slice(9), deprecated })),
    );
    const known = fields.map(({ name }) => ({ name, deprecated: (mutations[name]?.deprecationReason ?? '') !== '' }));
    expect(known).toEqual(fields);
    expect(fields.filter(({ deprecated }) => deprecated).map(({ name }) => name)).toEqual(['deleteVpcEndpointPolicy']);
  });

  it.each(operations)('$id has its fields, a client method and a route of the simulator', (operation) => {
    const { id, fields, clientMethods } = operation;
    const lacking = [
      ...(fields.length === 0 ? ['a field'] : []),
      ...fields.filter(({ exists }) => !exists).map(({ name }) => name),
      ...(clientMethods.length === 0 ? ['a client method'] : []),
      ...(ROUTES.some(({ operation: route }) => route === id) ? [] : ['a route']),
    ];
    expect(lacking).toEqual([]);
  });
});
