import { type GraphQLSchema, getOperationAST, parse, validate } from 'graphql';
import { beforeAll, describe, expect, it } from 'vitest';
import { WATCH_CONNECTIONS, WATCH_ENDPOINT, WATCH_PROJECT, WATCH_SERVICE } from '../../../src/client/documents.ts';
import { buildGatewaySchema } from '../../../src/graphql/schema.ts';
import { answerVariables } from '../../../src/graphql/status/shareable.ts';

let schema: GraphQLSchema;
beforeAll(async () => {
  schema = await buildGatewaySchema();
});

function variablesOf(text: string, name?: string): readonly string[] | null {
  const document = parse(text);
  expect(validate(schema, document)).toEqual([]);
  const operation = getOperationAST(document, name) ?? expect.fail('no operation');
  return answerVariables(schema, document, operation);
}

describe('what an answer depends on', () => {
  it.each([
    [
      'the event alone',
      'subscription { projectEndpointStatus { kind endpoint { id tags { key } } faults { code } } }',
      [],
    ],
    [
      'not what chooses the events',
      'subscription($i: ID!, $a: String) { endpointStatus(id: $i, after: $a) { kind } }',
      [],
    ],
    [
      'variables of directives, wherever they stand',
      `subscription($i: ID!, $a: Boolean!, $b: Boolean!, $c: Boolean!) {
        x: endpointStatus(id: $i) { ...F @include(if: $c) kind @skip(if: $a) __typename } }
        fragment F on EndpointStatusEvent { endpoint { ... on VpcEndpoint @skip(if: $b) { id } } }`,
      ['a', 'b', 'c'],
    ],
    [
      'those of a fragment at the top',
      'subscription($i: ID!, $a: Boolean!) { ...F } fragment F on Subscription { endpointStatus(id: $i) { kind @skip(if: $a) } }',
      ['a'],
    ],
    [
      'not the type that a fragment is on',
      `subscription { endpointServiceStatus(id: "1") { ...F service { id ... on ServiceSummary { serviceName } } } }
        fragment F on StatusEvent { kind faults { code } ... on ServiceConnectionStatusEvent { connection { markerId } } }`,
      [],
    ],
    ['nothing else in the client: an endpoint', WATCH_ENDPOINT, []],
    ['nothing else in the client: a project', WATCH_PROJECT, []],
    ['nothing else in the client: a service', WATCH_SERVICE, []],
    ['nothing else in the client: connections', WATCH_CONNECTIONS, []],
  ])('%s', (_name, text, variables) => {
    expect(variablesOf(text)).toEqual(variables);
  });

  it.each([
    ['a relation', 'subscription { projectEndpointStatus { endpoint { service { id } } } }'],
    [
      'the endpoint of a connection',
      'subscription { serviceConnectionStatus(endpointServiceId: "1") { connection { endpoint { id } } } }',
    ],
    [
      'what only a list tells of a service',
      'subscription { projectEndpointServiceStatus { service { connectionCount } } }',
    ],
    ['history', 'subscription { projectEndpointStatus { endpoint { statusHistory { kind } } } }'],
    [
      'a relation in a fragment, even where it is left out',
      `subscription($n: Boolean!) { projectEndpointStatus { ...F } }
        fragment F on EndpointStatusEvent { endpoint @include(if: $n) { service { id } } }`,
    ],
  ])('more than the event: %s', (_name, text) => {
    expect(variablesOf(text)).toBeNull();
  });

  it('looks at the operation that is meant', () => {
    const text = `subscription A($x: Boolean!) { projectEndpointStatus { kind @skip(if: $x) } }
      subscription B($y: Boolean!) { projectEndpointStatus { kind @skip(if: $y) } }
      query Q { viewer { __typename } }`;
    expect(variablesOf(text, 'A')).toEqual(['x']);
    expect(variablesOf(text, 'B')).toEqual(['y']);
  });
});
