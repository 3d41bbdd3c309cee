import { type GraphQLSchema, getOperationAST, parse, validate } from 'graphql';
import { beforeAll, describe, expect, it } from 'vitest';
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
  ])('%s', (_name, text, variables) => {
    expect(variablesOf(text)).toEqual(variables);
  });

  it.each([
    ['a relation', 'subscription { projectEndpointStatus { endpoint { service { id } } } }'],
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
