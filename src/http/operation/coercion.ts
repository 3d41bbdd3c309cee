/**
 * Variables and arguments of a plan, coerced as graphql-js does it, but with the types read once. What is not plainly valid
 * throws UNCLEAR: graphql-js then coerces it, or says what is wrong with it.
 */
import {
  type FieldNode,
  GraphQLBoolean,
  type GraphQLField,
  GraphQLFloat,
  GraphQLID,
  type GraphQLInputObjectType,
  type GraphQLInputType,
  GraphQLInt,
  type GraphQLLeafType,
  type GraphQLSchema,
  GraphQLString,
  getNamedType,
  isInputObjectType,
  isInputType,
  isLeafType,
  isListType,
  isNonNullType,
  Kind,
  type OperationDefinitionNode,
  typeFromAST,
  type ValueNode,
  valueFromAST,
} from 'graphql';
import { contains } from '../../graphql/cost/selections.ts';

export type Values = Readonly<Record<string, unknown>>;

/** Thrown. Not an error: making one takes longer than all the rest. */
export const UNCLEAR = Symbol('unclear');

/** Values of the specified scalars that are the same on both sides. */
export const AS_IS: ReadonlyMap<GraphQLLeafType, (value: unknown) => boolean> = new Map<
  GraphQLLeafType,
  (value: unknown) => boolean
>([
  [GraphQLString, (value) => typeof value === 'string'],
  [GraphQLID, (value) => typeof value === 'string'],
  [GraphQLBoolean, (value) => typeof value === 'boolean'],
  [GraphQLInt, (value) => typeof value === 'number' && value === value >> 0],
  [GraphQLFloat, (value) => Number.isFinite(value)],
]);

type Coerce = (value: unknown) => unknown;

/** A variable, or a member of an input object. */
interface Member {
  readonly name: string;
  readonly required: boolean;
  /** Undefined: left out where it is not given. */
  readonly otherwise: unknown;
  readonly coerce: Coerce;
}

/** @returns null when a type is not plain. */
export function variableCoercion(
  schema: GraphQLSchema,
  { variableDefinitions = [] }: OperationDefinitionNode,
): ((given: Values) => Values) | null {
  const variables: Member[] = [];
  for (const definition of variableDefinitions) {
    const type = typeFromAST(schema, definition.type);
    const coerce = isInputType(type) ? coercion(type) : null;
    const name = definition.variable.name.value;
    if (!isInputType(type) || coerce === null || name === '__proto__') return null;
    const otherwise = definition.defaultValue && valueFromAST(definition.defaultValue, type);
    variables.push({ name, required: isNonNullType(type), otherwise, coerce });
  }
  const read = members(variables);
  return (given) => read(given, false);
}

function coercion(type: GraphQLInputType): Coerce | null {
  if (isNonNullType(type)) {
    const inner = coercion(type.ofType);
    return inner && ((value) => inner(value) ?? unclear());
  }
  if (isListType(type)) {
    const inner = coercion(type.ofType);
    return inner && ((value) => (Array.isArray(value) ? value.map(inner) : value === null ? null : [inner(value)]));
  }
  if (isLeafType(type)) {
    const isAsIs = AS_IS.get(type);
    return (value) => (value === null || isAsIs?.(value) === true ? value : (type.parseValue(value) ?? unclear()));
  }
  return isInputObjectType(type) ? inputObject(type) : null;
}

function unclear(): never {
  throw UNCLEAR;
}

/** @returns null when one of its fields is not plain, or holds the same type again. */
function inputObject(type: GraphQLInputObjectType): Coerce | null {
  const fields: Member[] = [];
  for (const { name, type: inner, defaultValue } of Object.values(type.getFields())) {
    const coerce = getNamedType(inner) === type ? null : coercion(inner);
    if (coerce === null) return null;
    fields.push({ name, required: isNonNullType(inner), otherwise: defaultValue, coerce });
  }
  const read = members(fields);
  return (value) => {
    if (value === null) return null;
    if (typeof value !== 'object' || Array.isArray(value)) throw UNCLEAR;
    const values = read(value as Values, true);
    return !type.isOneOf || isOneValue(values) ? values : unclear();
  };
}

function isOneValue(values: Values): boolean {
  const [value, ...more] = Object.values(values);
  return value !== undefined && value !== null && more.length === 0;
}

/** @param only nothing else may be given. */
function members(fields: readonly Member[]): (given: Values, only: boolean) => Values {
  return (given, only) => {
    const values: Record<string, unknown> = {};
    let known = 0;
    for (const { name, required, otherwise, coerce } of fields) {
      const value = given[name];
      if (value !== undefined) {
        known += 1;
        values[name] = coerce(value);
      } else if (otherwise !== undefined) values[name] = otherwise;
      else if (required) throw UNCLEAR;
    }
    if (only && Object.keys(given).length !== known) throw UNCLEAR;
    return values;
  };
}

/** Reads the arguments of a field from coerced variables. */
export function argumentReader(
  { args }: GraphQLField<unknown, unknown>,
  { arguments: nodes = [] }: FieldNode,
): (variables: Values) => Values {
  const readers = args.map(({ name, type, defaultValue }) => {
    const node = nodes.find((given) => given.name.value === name)?.value;
    return { name, read: node === undefined ? () => defaultValue : valueReader(node, type, defaultValue) };
  });
  return (variables) => {
    const values: Record<string, unknown> = {};
    for (const { name, read } of readers) {
      const value = read(variables);
      if (value !== undefined) values[name] = value;
    }
    return values;
  };
}

/** The result reads undefined where the argument is left out. */
function valueReader(node: ValueNode, type: GraphQLInputType, otherwise: unknown): (variables: Values) => unknown {
  const required = isNonNullType(type);
  if (node.kind === Kind.VARIABLE) {
    const { value: name } = node.name;
    return (variables) => {
      const value = variables[name] === undefined ? otherwise : variables[name];
      return required ? (value ?? unclear()) : value;
    };
  }
  if (contains(node, Kind.VARIABLE)) return (variables) => definite(valueFromAST(node, type, { ...variables }));
  const fixed = valueFromAST(node, type);
  return () => definite(fixed);
}

function definite(value: unknown): unknown {
  return value === undefined ? unclear() : value;
}
