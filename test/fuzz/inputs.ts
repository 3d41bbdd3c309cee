/** Every field of the schema with arguments made from its types, most of them nearly right. */
import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import {
  buildSchema,
  type GraphQLField,
  type GraphQLInputType,
  getNamedType,
  isEnumType,
  isInputObjectType,
  isLeafType,
  isListType,
  isNonNullType,
} from 'graphql';
import { SERVICE_IDS } from '../../src/simulator/world/services.ts';
import { everythingOf } from '../support/everything.ts';
import { faultInAnswer } from './answers.ts';
import { anyJson, hostileNumber, hostileText } from './hostile.ts';
import type { Attack } from './run.ts';

interface Operation {
  readonly query: string;
  readonly variables: Readonly<Record<string, unknown>>;
}

const LEFT_OUT = Symbol('left out');
/** Lists beyond what any rule of the API takes. */
const LONG_LIST = 300;

const schema = buildSchema(readFileSync(new URL('../../schema/schema.graphql', import.meta.url), 'utf8'));
const knownId = fc.constantFrom(...Object.values(SERVICE_IDS), '5a1b3c00-0000-4000-8000-000000000000');

const SCALARS: Readonly<Record<string, fc.Arbitrary<unknown>>> = {
  ID: fc.oneof(knownId, hostileText),
  String: fc.oneof(
    { weight: 1, arbitrary: fc.constantFrom('a-name', '10.0.0.1', '10.0.0.0/8', '1', 'iam:domain::6e9dfd51d1124e8d') },
    { weight: 1, arbitrary: hostileText },
  ),
  Int: fc.oneof(fc.integer({ min: 0, max: 100 }), hostileNumber),
  Float: hostileNumber,
  Boolean: fc.boolean(),
};

function valuesOf(type: GraphQLInputType, depth: number): fc.Arbitrary<unknown> {
  if (isNonNullType(type)) {
    return fc.oneof(
      { weight: 40, arbitrary: valuesOf(type.ofType, depth) },
      { weight: 1, arbitrary: fc.constant(null) },
      { weight: 1, arbitrary: anyJson },
    );
  }
  if (isListType(type)) {
    const item = valuesOf(type.ofType, depth + 1);
    return fc.oneof(
      { weight: 8, arbitrary: fc.array(item, { maxLength: 4 }) },
      { weight: 1, arbitrary: item.map((value) => Array.from({ length: LONG_LIST }, () => value)) },
      { weight: 1, arbitrary: item },
    );
  }
  if (isInputObjectType(type)) {
    const members = Object.values(type.getFields()).map((field) => {
      const value = valuesOf(field.type, depth + 1);
      return [field.name, isNonNullType(field.type) ? value : fc.option(value, { nil: LEFT_OUT, freq: 1 })] as const;
    });
    return fc
      .record(Object.fromEntries(members))
      .map((made) => Object.fromEntries(Object.entries(made).filter(([, value]) => value !== LEFT_OUT)));
  }
  if (isEnumType(type)) {
    const words = type.getValues().map(({ name }) => name);
    return fc.oneof({ weight: 12, arbitrary: fc.constantFrom(...words) }, { weight: 1, arbitrary: hostileText });
  }
  return SCALARS[type.name] ?? anyJson;
}

function operationOf(kind: 'mutation' | 'query', parent: string, field: GraphQLField<unknown, unknown>) {
  const named = getNamedType(field.type);
  const selection = isLeafType(named) ? '' : everythingOf(schema, parent, field.name);
  const args = field.args.map(({ name, type }) => ({ name, type, value: fc.option(valuesOf(type, 0), { freq: 6 }) }));
  const head = args.map(({ name, type }) => `$${name}: ${String(type)}`).join(', ');
  const call = args.map(({ name }) => `${name}: $${name}`).join(', ');
  const query = `${kind}${head === '' ? '' : `(${head})`} { ${field.name}${call === '' ? '' : `(${call})`} ${selection} }`;
  return fc
    .record(Object.fromEntries(args.map(({ name, value }) => [name, value])))
    .map((variables): Operation => ({ query, variables }));
}

function fieldsOf(kind: 'mutation' | 'query'): readonly fc.Arbitrary<Operation>[] {
  const parent = kind === 'mutation' ? schema.getMutationType() : schema.getQueryType();
  if (!parent) throw new Error(`the schema has no ${kind}`);
  return Object.values(parent.getFields()).map((field) => operationOf(kind, parent.name, field));
}

/** Over the simulator; most go there and are refused, some are done. */
export const inputs: Attack<Operation> = {
  env: {
    SIMULATOR_PORT: '0',
    SIMULATOR_SPEED: '100',
    VPCEP_READS_PER_SECOND: '10000',
    VPCEP_WRITES_PER_SECOND: '10000',
  },
  cases: fc.oneof({ weight: 3, arbitrary: fc.oneof(...fieldsOf('mutation')) }, fc.oneof(...fieldsOf('query'))),
  send: async ({ url }, operation) => {
    const response = await fetch(`${url}/graphql`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(operation),
    });
    return faultInAnswer(await response.text());
  },
};
