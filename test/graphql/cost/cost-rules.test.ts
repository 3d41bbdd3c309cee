import { defaultFieldResolver, type GraphQLSchema, getOperationAST, isObjectType, parse, validate } from 'graphql';
import { beforeAll, describe, expect, it } from 'vitest';
import { estimate } from '../../../src/graphql/cost/cost.ts';
import { buildGatewaySchema } from '../../../src/graphql/schema.ts';

let schema: GraphQLSchema;
beforeAll(async () => {
  schema = await buildGatewaySchema();
});

function costOf(text: string, variables?: Record<string, unknown>, projects = 1): number {
  const document = parse(text);
  expect(validate(schema, document)).toEqual([]);
  const operation = getOperationAST(document) ?? expect.fail('no operation');
  const { calls } = estimate(schema, document, operation, variables, () => projects);
  expect(estimate(schema, document, operation, variables, () => projects).calls).toBe(calls);
  return calls;
}

describe('the costs of fields', () => {
  it('stand beside every field that has a resolver, is a root field or lists projects, and no other', () => {
    const roots = [schema.getQueryType(), schema.getMutationType(), schema.getSubscriptionType()];
    const fields = Object.values(schema.getTypeMap())
      .filter((type) => isObjectType(type))
      .filter(({ name }) => !name.startsWith('__'))
      .flatMap((type) => Object.values(type.getFields()).map((field) => ({ type, field })));
    const namesOf = (chosen: typeof fields) => chosen.map(({ type, field }) => `${type.name}.${field.name}`).sort();
    const costing = fields.filter(({ field }) => field.extensions.cost !== undefined);
    const resolved = fields.filter(
      ({ type, field: { resolve } }) =>
        roots.includes(type) || (resolve ?? defaultFieldResolver) !== defaultFieldResolver,
    );
    expect(namesOf(costing)).toEqual([...namesOf(resolved), 'Viewer.projects'].sort());
  });
});

describe('the estimate of calls', () => {
  it.each([
    ['nothing that calls upstream', '{ viewer { subject } __typename }', 0],
    ['one call', '{ vpcEndpoint(id: "e") { id tags { key } } }', 1],
    ['each root field', '{ a: vpcEndpoint(id: "e") { id } b: vpcEndpoint(id: "f") { id } }', 2],
    [
      'fields of one name once',
      '{ vpcEndpoints { nodes { id } } ...F } fragment F on Query { vpcEndpoints { totalCount } }',
      1,
    ],
    ['a relation for each row of the default page', '{ vpcEndpoints { nodes { service { id } } } }', 1 + 2 + 20],
    ['a relation for each row of a given page', '{ vpcEndpoints(first: 7) { nodes { service { id } } } }', 1 + 2 + 7],
    [
      'a page that will be refused as the largest',
      '{ endpointServices(first: 900) { nodes { permissions { totalCount } } } }',
      101,
    ],
    ['a list that is read once', '{ endpointServices(first: 9) { nodes { domainId connectionCount } } }', 2],
    [
      'pages in pages, and what a loader asks for together',
      '{ endpointServices(first: 5) { nodes { connections(first: 9) { nodes { endpoint { id } } } } } }',
      1 + 5 + 5 * 4,
    ],
    [
      'less of small pages',
      '{ endpointService(id: "s") { connections(first: 2) { nodes { endpoint { id } } } } }',
      1 + 1 + 2,
    ],
    [
      'what is spread in fragments on the way',
      '{ vpcEndpoints(first: 3) { ...P } } fragment P on VpcEndpointConnection { ... { edges { node { ...E } } } } fragment E on VpcEndpoint { service { id } }',
      1 + 2 + 3,
    ],
    [
      'what only an own service has',
      '{ vpcEndpoint(id: "e") { service { id ... on EndpointService { connections { totalCount } } } } }',
      1 + 2 + 1 + 1,
    ],
    [
      'what fragments on an interface and on its types select together',
      '{ vpcEndpoints(first: 3) { nodes { service { ...S } } } } fragment S on ServiceSummary { ...O ... on PublicEndpointService { owner } } fragment O on EndpointService { ... on ServiceSummary { createdAt } permissions { totalCount } domainId }',
      1 + 2 + 3 + 3,
    ],
    [
      'nothing of a type that the object does not have',
      '{ endpointService(id: "s") { ... on ServiceSummary { ... on EndpointServiceDescription { publicBorderGroup } } } }',
      1,
    ],
    [
      'each of a list of the input',
      'mutation { acceptServiceConnection(input: { endpointServiceId: "s", endpointIds: ["a", "b", "c"] }) { results { connection { endpoint { id } } } } }',
      6 + 3 * 1,
    ],
    ['a feed of services', 'subscription { projectEndpointServiceStatus { service { id tags { key } } } }', 1],
    ['what only a list tells', 'subscription { endpointServiceStatus(id: "s") { service { connectionCount } } }', 2],
    [
      'a feed of connections, and the endpoint of one',
      'subscription { serviceConnectionStatus(endpointServiceId: "s") { connection { endpoint { id } } } }',
      1 + 1,
    ],
    [
      'no fragment that does not apply to the event',
      `subscription { endpointServiceStatus(id: "s") { ...F } }
        fragment F on StatusEvent { kind ... on ServiceConnectionStatusEvent { connection { endpoint { id } } } }`,
      1,
    ],
    [
      'the start of a subscription and one event',
      'subscription { projectEndpointStatus { endpoint { service { id } } } }',
      1 + 2 + 1,
    ],
  ])('counts %s', (_name, text, cost) => {
    expect(costOf(text)).toBe(cost);
  });

  it.each([
    ['given', { n: 4 }, 1 + 2 + 4],
    ['by default', {}, 1 + 2 + 6],
    ['null, which is the default page', { n: null }, 1 + 2 + 20],
    ['no number', { n: 'many' }, 1 + 2 + 100],
    ['negative', { n: -3 }, 1 + 2 + 100],
  ])('takes a size from a variable: %s', (_name, variables, cost) => {
    expect(costOf('query($n: Int = 6) { vpcEndpoints(first: $n) { nodes { service { id } } } }', variables)).toBe(cost);
  });
});

describe('the estimate of what lies under the projects of the caller', () => {
  it.each([
    ['nothing without calls', '{ viewer { projects { id name } } }', 0],
    [
      'each field',
      '{ viewer { projects { endpoints { totalCount } quotas { used } tags(resourceType: ENDPOINT) { key } } } }',
      3,
    ],
    [
      'lists that are read once in each',
      '{ viewer { projects { endpoints(first: 7) { nodes { service { id } } } } } }',
      1 + 2 + 7,
    ],
    ['what is selected twice', '{ viewer { a: projects { quotas { used } } b: projects { quotas { used } } } }', 2],
  ])('counts for each project %s', (_name, text, cost) => {
    // Asked in turn: what is kept of a document must not be that of another caller.
    const document = parse(text);
    const operation = getOperationAST(document) ?? expect.fail('no operation');
    for (const projects of [3, 1, 0]) {
      expect(costOf(text, {}, projects)).toBe(cost * projects);
      expect(estimate(schema, document, operation, {}, () => projects).calls).toBe(cost * projects);
    }
  });

  it('counts one named project as one', () => {
    expect(costOf('{ project(id: "p") { endpoints(first: 7) { nodes { service { id } } } } }', {}, 3)).toBe(1 + 2 + 7);
  });

  it('counts events of histories in each project', () => {
    const document = parse(
      '{ viewer { projects { endpoints(first: 5) { nodes { statusHistory(last: 4) { version } } } } } }',
    );
    const operation = getOperationAST(document) ?? expect.fail('no operation');
    expect(estimate(schema, document, operation, {}, () => 3).historyEvents).toBe(3 * 5 * 4);
  });
});

describe('the estimate of histories', () => {
  it.each([
    ['of the usual length', '{ vpcEndpoint(id: "e") { statusHistory { version } } }', 20],
    ['of each row', '{ vpcEndpoints(first: 7) { nodes { statusHistory(last: 5) { version } } } }', 35],
    ['that will be refused as the longest', '{ vpcEndpoint(id: "e") { statusHistory(last: -1) { version } } }', 100],
    [
      'under each name',
      '{ vpcEndpoint(id: "e") { a: statusHistory(last: 2) { version } b: statusHistory(last: 3) { version } } }',
      5,
    ],
    [
      'in histories',
      '{ vpcEndpoint(id: "e") { statusHistory(last: 10) { endpoint { statusHistory(last: 4) { version } } } } }',
      10 + 40,
    ],
    ['of events', 'subscription { projectEndpointStatus { endpoint { statusHistory(last: 3) { version } } } }', 3],
    ['without a history', '{ vpcEndpoints { nodes { service { id } } } }', 0],
  ])('counts events %s', (_name, text, events) => {
    const document = parse(text);
    expect(validate(schema, document)).toEqual([]);
    const operation = getOperationAST(document) ?? expect.fail('no operation');
    expect(estimate(schema, document, operation, {}, () => 1).historyEvents).toBe(events);
  });
});
