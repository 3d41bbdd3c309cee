import {
  defaultFieldResolver,
  type GraphQLFieldResolver,
  getNamedType,
  isEnumType,
  isInputObjectType,
  isNullableType,
  isObjectType,
  validateSchema,
} from 'graphql';
import { describe, expect, it } from 'vitest';
import { AccessError } from '../../src/graphql/errors/gateway-errors.ts';
import { buildGatewaySchema } from '../../src/graphql/schema.ts';

const ROOTS = new Set(['Query', 'Mutation', 'Subscription']);

/** A record of any type, in a project that the caller may not read. */
const RECORD = {
  id: '00000000-0000-4000-8000-000000000001',
  endpointId: '00000000-0000-4000-8000-000000000001',
  endpointServiceId: '00000000-0000-4000-8000-000000000002',
  projectId: 'p-2',
  view: 'details',
  connectionCount: null,
  domainId: null,
  publicBorderGroup: null,
};

/** Whatever a relation asks of the context before it has asked for the project is one question too many. */
const CONTEXT = new Proxy(
  {
    projects: {
      resolve(projectId: string): never {
        expect(projectId).toBe(RECORD.projectId);
        throw new AccessError('NOT_FOUND', 'No such project');
      },
    },
    identity: { subject: 'caller', projects: new Map(), expiresAt: null, token: null },
  },
  {
    get(target: object, name: string) {
      // `await` reads `then` of a value.
      if (name === 'then') return undefined;
      if (!(name in target)) throw new Error(`the relation used ${name} first`);
      return Reflect.get(target, name);
    },
  },
);

const schema = await buildGatewaySchema();
const relations = Object.values(schema.getTypeMap())
  .filter((type) => isObjectType(type) && !type.name.startsWith('__') && !ROOTS.has(type.name))
  .flatMap((type) => (isObjectType(type) ? Object.values(type.getFields()).map((field) => ({ type, field })) : []))
  .filter(({ field }) => field.resolve !== undefined && field.resolve !== defaultFieldResolver)
  .filter(({ field }) => field.extensions.ofEvent !== true)
  .map(({ type, field }) => ({
    name: `${type.name}.${field.name}`,
    record: type.name === 'Project' ? { ...RECORD, id: RECORD.projectId } : RECORD,
    type: field.type,
    resolve: field.resolve,
  }));

it('is valid, and offers no input a word that is unknown or retired', () => {
  expect(validateSchema(schema)).toEqual([]);
  const given = Object.values(schema.getTypeMap()).flatMap((type) => {
    if (isInputObjectType(type)) return Object.values(type.getFields());
    if (!isObjectType(type) || type.name.startsWith('__')) return [];
    return Object.values(type.getFields()).flatMap(({ args }) => args);
  });
  const enums = new Set(given.map(({ type }) => getNamedType(type)).filter(isEnumType));
  expect(enums.size).toBeGreaterThan(10);
  const words = [...enums].flatMap((type) => type.getValues().map((value) => ({ type: type.name, ...value })));
  expect(words.filter(({ name, deprecationReason }) => name === 'UNKNOWN' || deprecationReason != null)).toEqual([]);
});

describe('a relation of something in a project that the caller may not read', () => {
  it('is one of these', () => {
    expect(relations.map(({ name }) => name).sort()).toEqual([
      'ConnectedEndpoint.endpoint',
      'EndpointService.connectionCount',
      'EndpointService.connections',
      'EndpointService.domainId',
      'EndpointService.permissions',
      'EndpointService.publicBorderGroup',
      'Project.endpoints',
      'Project.publicServices',
      'Project.quotas',
      'Project.services',
      'Project.tags',
      'VpcEndpoint.service',
      'VpcEndpoint.statusHistory',
    ]);
  });

  it.each(relations)('$name is nullable: the record stays when it fails', ({ type }) => {
    expect(isNullableType(type)).toBe(true);
  });

  it.each(relations)('$name is not found, and nothing is asked for it', async ({ record, resolve }) => {
    const call = async (): Promise<unknown> =>
      await (resolve as GraphQLFieldResolver<unknown, unknown>)(record, { first: 20, last: 20 }, CONTEXT, {} as never);
    await expect(call()).rejects.toThrow(AccessError);
  });
});
