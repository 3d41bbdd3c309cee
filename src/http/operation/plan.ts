/**
 * Execution of plain operations: root fields with resolvers, below them only fields that are read from their object. What
 * a plan cannot do (relations, directives, abstract types), and every answer with an error, is left to graphql-js, which
 * gets the results of the root fields and calls none of them again. So a plan only ever answers what graphql-js would.
 */
import {
  type DocumentNode,
  type ExecutionResult,
  execute,
  type GraphQLField,
  type GraphQLLeafType,
  type GraphQLObjectType,
  type GraphQLOutputType,
  type GraphQLResolveInfo,
  type GraphQLSchema,
  isLeafType,
  isListType,
  isNonNullType,
  isObjectType,
  Kind,
  type OperationDefinitionNode,
  TypeNameMetaFieldDef,
} from 'graphql';
import { contains, type FieldNodes, Selections } from '../../graphql/cost/selections.ts';

import { AS_IS, argumentReader, type Values, variableCoercion } from './coercion.ts';

/** The results of root fields, by response name. As root value it makes `replayed` fields answer them again. */
class Settled {
  readonly results = new Map<string | number, unknown>();
}

/** Changes the schema and returns it: its root fields of queries and mutations answer what is settled already. */
export function replayed(schema: GraphQLSchema): GraphQLSchema {
  for (const type of [schema.getQueryType(), schema.getMutationType()]) {
    for (const field of Object.values(type?.getFields() ?? {})) {
      const { resolve } = field;
      field.resolve = (source: unknown, args, context, info) =>
        source instanceof Settled && source.results.has(info.path.key)
          ? source.results.get(info.path.key)
          : resolve?.(source, args, context, info);
    }
  }
  return schema;
}

/** A value is not what its type says, or not there yet: graphql-js decides. */
const SURPRISE = Symbol('surprise');

/** @returns the value as the answer has it, null for null and undefined, or SURPRISE. */
type Complete = (value: unknown) => unknown;

interface RootField {
  readonly key: string;
  readonly field: GraphQLField<unknown, unknown>;
  readonly nodes: FieldNodes;
  readonly complete: Complete;
  readonly argumentsFrom: (variables: Values) => Values;
}

/** Of one operation of one valid document. */
export class Plan {
  readonly #schema: GraphQLSchema;
  readonly #document: DocumentNode;
  readonly #operation: OperationDefinitionNode;
  readonly #parent: GraphQLObjectType;
  readonly #fields: readonly RootField[];
  readonly #coerce: (given: Values) => Values;

  private constructor(
    schema: GraphQLSchema,
    document: DocumentNode,
    operation: OperationDefinitionNode,
    parent: GraphQLObjectType,
    fields: readonly RootField[],
    coerce: (given: Values) => Values,
  ) {
    this.#schema = schema;
    this.#document = document;
    this.#operation = operation;
    this.#parent = parent;
    this.#fields = fields;
    this.#coerce = coerce;
  }

  /** @returns null when the operation is not plain. */
  static of(schema: GraphQLSchema, document: DocumentNode, operation: OperationDefinitionNode): Plan | null {
    const parent = operation.operation === 'subscription' ? null : schema.getRootType(operation.operation);
    if (!parent || contains(document, Kind.DIRECTIVE)) return null;
    const selections = new Selections(schema, document);
    const fields: RootField[] = [];
    for (const [key, nodes] of selections.of(parent, [operation.selectionSet])) {
      const root = rootField(selections, parent, key, nodes);
      if (root === null) return null;
      fields.push(root);
    }
    const coerce = variableCoercion(schema, operation);
    return coerce && new Plan(schema, document, operation, parent, fields, coerce);
  }

  async run(
    contextValue: unknown,
    variables: Readonly<Record<string, unknown>>,
    maxErrors: number,
  ): Promise<ExecutionResult> {
    const settled = new Settled();
    const { results } = settled;
    try {
      const values = this.#coerce(variables);
      const isSerial = this.#operation.operation === 'mutation';
      for (const root of this.#fields) {
        const result = this.#resolve(root, contextValue, values);
        results.set(root.key, result);
        if (isSerial) await result;
        // Its failure is read below, or by graphql-js.
        else if (result instanceof Promise && this.#fields.length > 1) result.catch(() => undefined);
      }
      const data: Record<string, unknown> = {};
      let isPlain = true;
      for (const { key, complete } of this.#fields) {
        data[key] = complete(await results.get(key));
        isPlain &&= data[key] !== SURPRISE;
      }
      if (isPlain) return { data };
    } catch {
      // What has failed fails again below, where graphql-js makes the answer of it.
    }
    return await execute({
      schema: this.#schema,
      document: this.#document,
      operationName: this.#operation.name?.value,
      rootValue: settled,
      contextValue,
      variableValues: variables,
      options: { maxCoercionErrors: maxErrors },
    });
  }

  #resolve(
    { key, field, nodes, argumentsFrom }: RootField,
    context: unknown,
    variableValues: GraphQLResolveInfo['variableValues'],
  ): unknown {
    const args = argumentsFrom(variableValues);
    const info: GraphQLResolveInfo = {
      fieldName: field.name,
      fieldNodes: nodes,
      returnType: field.type,
      parentType: this.#parent,
      path: { prev: undefined, key, typename: this.#parent.name },
      schema: this.#schema,
      fragments: {},
      rootValue: undefined,
      operation: this.#operation,
      variableValues,
    };
    try {
      return field.resolve?.(undefined, args, context, info);
    } catch (error) {
      return Promise.reject(error);
    }
  }
}

function rootField(
  selections: Selections,
  parent: GraphQLObjectType,
  key: string,
  nodes: FieldNodes,
): RootField | null {
  const [node] = nodes;
  const field = node?.name.value === '__typename' ? TypeNameMetaFieldDef : parent.getFields()[node?.name.value ?? ''];
  if (node === undefined || field === undefined || isUnsafe(key)) return null;
  const complete = completion(selections, field.type, nodes);
  if (complete === null) return null;
  return { key, field, nodes, complete, argumentsFrom: argumentReader(field, node) };
}

/**
 * For a plain subscription, what makes the data of an event.
 * @returns null when the subscription is not plain; null for an event that graphql-js must complete.
 */
export function eventCompletion(
  schema: GraphQLSchema,
  document: DocumentNode,
  operation: OperationDefinitionNode,
): ((event: object) => Record<string, unknown> | null) | null {
  const parent = schema.getSubscriptionType();
  if (!parent || contains(document, Kind.DIRECTIVE)) return null;
  const selections = new Selections(schema, document);
  const [root, ...more] = selections.of(parent, [operation.selectionSet]);
  if (root === undefined || more.length > 0) return null;
  const [key, nodes] = root;
  const field = parent.getFields()[nodes[0]?.name.value ?? ''];
  const read = readOf(field);
  const complete = field && !isUnsafe(key) ? completion(selections, field.type, nodes) : null;
  if (complete === null || read === null) return null;
  return (event) => {
    try {
      const value = complete(read(event));
      return value === SURPRISE ? null : { [key]: value };
    } catch {
      return null;
    }
  };
}

/** As a member of an object literal it would set the prototype. */
function isUnsafe(key: string): boolean {
  return key === '__proto__';
}

/** @returns null when the type, or what is selected of it, is not plain. */
function completion(selections: Selections, type: GraphQLOutputType, nodes: FieldNodes): Complete | null {
  if (isNonNullType(type)) {
    const inner = completion(selections, type.ofType, nodes);
    return inner && ((value) => inner(value) ?? SURPRISE);
  }
  if (isListType(type)) {
    const inner = completion(selections, type.ofType, nodes);
    return inner && ((value) => completeList(value, inner));
  }
  if (isLeafType(type)) return leaf(type);
  return isObjectType(type) ? object(selections, type, nodes) : null;
}

function completeList(value: unknown, inner: Complete): unknown {
  if (value === null || value === undefined) return null;
  if (!Array.isArray(value)) return SURPRISE;
  const items = new Array<unknown>(value.length);
  for (let index = 0; index < items.length; index += 1) {
    const item = inner(value[index]);
    if (item === SURPRISE) return SURPRISE;
    items[index] = item;
  }
  return items;
}

function leaf(type: GraphQLLeafType): Complete {
  const isAsIs = AS_IS.get(type);
  return (value) => {
    if (value === null || value === undefined) return null;
    if (isAsIs?.(value) === true) return value;
    return isUnusual(value) ? SURPRISE : (type.serialize(value) ?? SURPRISE);
  };
}

/** Promises, functions and errors are not values yet. */
function isUnusual(value: unknown): boolean {
  if (typeof value !== 'object' || value === null) return typeof value === 'function';
  return typeof (value as { readonly then?: unknown }).then === 'function' || value instanceof Error;
}

function object(selections: Selections, type: GraphQLObjectType, nodes: FieldNodes): Complete | null {
  const names: string[] = [];
  const reads: (Read | null)[] = [];
  const keys: string[] = [];
  const completions: Complete[] = [];
  for (const [key, below] of selections.below(type, nodes)) {
    const name = below[0]?.name.value ?? '';
    const definition = type.getFields()[name];
    const complete = name === '__typename' ? () => type.name : plainField(selections, definition, below);
    if (complete === null || isUnsafe(key)) return null;
    names.push(name);
    reads.push(readOf(definition));
    keys.push(key);
    completions.push(complete);
  }
  if (type.isTypeOf) return null;
  return (value) => {
    if (value === null || value === undefined) return null;
    if (typeof value !== 'object' || isUnusual(value)) return SURPRISE;
    const source = value as Readonly<Record<string, unknown>>;
    const answer: Record<string, unknown> = {};
    for (let index = 0; index < keys.length; index += 1) {
      const read = reads[index];
      const value = read ? read(source) : source[names[index] as string];
      const completed = completions[index]?.(value);
      if (completed === SURPRISE) return SURPRISE;
      answer[keys[index] as string] = completed;
    }
    return answer;
  };
}

function plainField(
  selections: Selections,
  definition: GraphQLField<unknown, unknown> | undefined,
  nodes: FieldNodes,
): Complete | null {
  if (definition === undefined || (definition.resolve && readOf(definition) === null)) return null;
  return completion(selections, definition.type, nodes);
}

type Read = (source: object) => unknown;

/** Declared by a field whose resolver needs its object only: `@Extensions({ read })`. */
function readOf(definition: GraphQLField<unknown, unknown> | undefined): Read | null {
  const { read = null } = (definition?.extensions ?? {}) as { readonly read?: Read };
  return read;
}
