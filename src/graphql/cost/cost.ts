/**
 * What each field that has a resolver costs: the calls to upstream that it can cause, at most, while nothing fails.
 * What is shared (DataLoader) or kept (a service's description) counts as it would the first time. Change it together
 * with the resolver; a test walks the schema so that none is forgotten. What of an operation costs calls: its fields
 * merged as execution does it, and what costs nothing left out. Pure. How many calls to upstream an operation can
 * cause, and how much it can show, judged before it runs. Pure.
 */
import {
  type DocumentNode,
  type FieldNode,
  type FragmentDefinitionNode,
  type GraphQLCompositeType,
  type GraphQLSchema,
  getNamedType,
  isCompositeType,
  isInterfaceType,
  isObjectType,
  Kind,
  type OperationDefinitionNode,
  type SelectionSetNode,
  valueFromASTUntyped,
} from 'graphql';
import { HISTORY_DEFAULT, HISTORY_MAX } from '../core/arguments.ts';
import { DEFAULT_PAGE, MAX_PAGE } from '../core/pagination.ts';

/** Arguments as a client has written them: not checked, and variables not coerced. */
type RawArguments = Readonly<Record<string, unknown>>;

/** A list that is read once below a root field, whoever needs it (graphql/core/loaders.ts). */
type SharedList = 'own services' | 'public services';

interface FieldCost {
  /** Calls for each object that has the field. */
  readonly calls?: number | ((args: RawArguments) => number);
  /** Calls for so many objects at once that have the field, for loaders that ask for all of them together. */
  readonly together?: (rows: number) => number;
  readonly lists?: readonly SharedList[];
  /** How many rows it answers; one if unsaid. */
  readonly rows?: (args: RawArguments) => number;
  /** How many events of a history it answers, for each object that has the field. */
  readonly events?: (args: RawArguments) => number;
}

const FREE: FieldCost = {};
const ONE: FieldCost = { calls: 1 };
const TWO: FieldCost = { calls: 2 };
const THREE: FieldCost = { calls: 3 };
const PAGE: FieldCost = { calls: 1, rows: pageSize };
const DETAIL_OF_LIST: FieldCost = { lists: ['own services'] };

/** Of `acceptServiceConnection` and its like: each is written, and looked at when the answer does not show it. */
const DECISIONS: FieldCost = { calls: (args) => 2 * decisions(args), rows: decisions };

/** Reads that the loader of endpoints does one by one, or pages of its list: a project of up to 4,000 endpoints. */
const MOST_ENDPOINT_READS = 4;
/** Most pages of 500 permissions that are looked through to name those that were changed: a service may have 1,000. */
const PERMISSION_PAGES = 2;
const MOST_DECISIONS = 100;

/** A size that is no number will be refused: it counts as the largest until then. */
function pageSize({ first }: RawArguments): number {
  const size = first ?? DEFAULT_PAGE;
  return typeof size === 'number' && size >= 1 ? Math.min(size, MAX_PAGE) : MAX_PAGE;
}

function historyLength({ last }: RawArguments): number {
  const length = last ?? HISTORY_DEFAULT;
  return typeof length === 'number' && length >= 1 ? Math.min(length, HISTORY_MAX) : HISTORY_MAX;
}

function decisions({ input }: RawArguments): number {
  const ids: unknown = Object(input).endpointIds;
  return Array.isArray(ids) ? Math.min(ids.length, MOST_DECISIONS) : 1;
}

/** By `Type.field`. */
export const FIELD_COSTS: Readonly<Record<string, FieldCost>> = {
  'Query.apiVersion': ONE,
  'Query.apiVersions': ONE,
  'Query.describeEndpointService': ONE,
  'Query.endpointService': ONE,
  'Query.endpointServices': PAGE,
  'Query.projectTags': ONE,
  'Query.publicEndpointServices': PAGE,
  'Query.quotas': ONE,
  'Query.resourcesByTags': PAGE,
  'Query.viewer': FREE,
  'Query.vpcEndpoint': ONE,
  'Query.vpcEndpoints': PAGE,

  'VpcEndpoint.service': { lists: ['own services', 'public services'], calls: 1 },
  'VpcEndpoint.statusHistory': { events: historyLength },
  'EndpointService.connectionCount': DETAIL_OF_LIST,
  'EndpointService.domainId': DETAIL_OF_LIST,
  'EndpointService.publicBorderGroup': DETAIL_OF_LIST,
  'EndpointService.connections': PAGE,
  'EndpointService.permissions': PAGE,
  'ServiceConnection.endpoint': { together: (rows) => Math.min(rows, MOST_ENDPOINT_READS) },

  // The description of the service, the creation; a creation without an answer is looked for, and that is not counted.
  'Mutation.createVpcEndpoint': TWO,
  'Mutation.deleteVpcEndpoint': TWO,
  'Mutation.deleteVpcEndpointPolicy': TWO,
  'Mutation.updateVpcEndpointPolicy': { calls: 4 },
  'Mutation.updateVpcEndpointRouteTables': THREE,
  'Mutation.updateVpcEndpointWhitelist': THREE,
  'Mutation.upgradeVpcEndpoint': TWO,
  'Mutation.createEndpointService': ONE,
  'Mutation.updateEndpointService': THREE,
  'Mutation.renameEndpointService': TWO,
  'Mutation.deleteEndpointService': TWO,
  'Mutation.upgradeEndpointService': TWO,
  'Mutation.addEndpointServiceServerResources': TWO,
  'Mutation.acceptServiceConnection': DECISIONS,
  'Mutation.rejectServiceConnection': DECISIONS,
  'Mutation.updateServiceConnectionDescription': TWO,
  'Mutation.addServicePermissions': { calls: 2 + PERMISSION_PAGES },
  'Mutation.removeServicePermissions': { calls: 2 + PERMISSION_PAGES },
  'Mutation.updateServicePermissionDescription': { calls: 1 + PERMISSION_PAGES },
  'Mutation.addResourceTags': THREE,
  'Mutation.removeResourceTags': TWO,

  // The start and one event; what polls cost is a project's and not one subscriber's.
  'Subscription.endpointStatus': ONE,
  'Subscription.projectEndpointStatus': ONE,
  'EndpointStatusEvent.endpoint': FREE,
};

interface CostNode {
  /** Null: it costs nothing itself. */
  readonly cost: FieldCost | null;
  readonly field: FieldNode;
  readonly children: readonly CostNode[];
}

/** Of one response name. */
interface Merged {
  readonly parent: GraphQLCompositeType;
  readonly field: FieldNode;
  readonly inner: SelectionSetNode[];
}

interface Source {
  readonly schema: GraphQLSchema;
  readonly fragments: ReadonlyMap<string, FragmentDefinitionNode>;
}

/** @param document valid, so that fragments make no circle. */
function planOf(
  schema: GraphQLSchema,
  document: DocumentNode,
  operation: OperationDefinitionNode,
): readonly CostNode[] {
  const fragments = new Map<string, FragmentDefinitionNode>();
  for (const definition of document.definitions) {
    if (definition.kind === Kind.FRAGMENT_DEFINITION) {
      fragments.set(definition.name.value, definition);
    }
  }
  const root = schema.getRootType(operation.operation);
  return root ? nodesOf({ schema, fragments }, root, [operation.selectionSet]) : [];
}

function nodesOf(source: Source, parent: GraphQLCompositeType, selections: readonly SelectionSetNode[]): CostNode[] {
  const merged = new Map<string, Merged>();
  const spread = new Set<string>();
  for (const selection of selections) {
    collect(source, parent, selection, merged, spread);
  }
  return [...merged.values()].flatMap((field) => nodeOf(source, field) ?? []);
}

function nodeOf(source: Source, { parent, field, inner }: Merged): CostNode | null {
  const definition = isObjectType(parent) || isInterfaceType(parent) ? parent.getFields()[field.name.value] : undefined;
  if (definition === undefined) {
    return null;
  }
  const type = getNamedType(definition.type);
  const children = isCompositeType(type) ? nodesOf(source, type, inner) : [];
  const cost = FIELD_COSTS[`${parent.name}.${field.name.value}`] ?? null;
  return cost === null && children.length === 0 ? null : { cost, field, children };
}

function collect(
  source: Source,
  parent: GraphQLCompositeType,
  { selections }: SelectionSetNode,
  merged: Map<string, Merged>,
  spread: Set<string>,
): void {
  for (const selection of selections) {
    if (selection.kind === Kind.FIELD) {
      const name = selection.alias?.value ?? selection.name.value;
      const known = merged.get(name) ?? { parent, field: selection, inner: [] };
      merged.set(name, known);
      if (selection.selectionSet !== undefined) {
        known.inner.push(selection.selectionSet);
      }
      continue;
    }
    const fragment =
      selection.kind === Kind.INLINE_FRAGMENT ? selection : fragmentOf(source, selection.name.value, spread);
    if (fragment === null) {
      continue;
    }
    const on = fragment.typeCondition && source.schema.getType(fragment.typeCondition.name.value);
    collect(source, isCompositeType(on) ? on : parent, fragment.selectionSet, merged, spread);
  }
}

/** Each counts once in a selection, as execution takes it. */
function fragmentOf({ fragments }: Source, name: string, spread: Set<string>): FragmentDefinitionNode | null {
  const fragment = fragments.get(name);
  if (fragment === undefined || spread.has(name)) {
    return null;
  }
  spread.add(name);
  return fragment;
}

/** Given or defaulted, but not coerced. */
type Variables = Readonly<Record<string, unknown>>;

/** Objects that are resolved now: so many groups, each of which comes together, of so many rows. */
interface Rows {
  readonly groups: number;
  readonly each: number;
}

const plans = new WeakMap<OperationDefinitionNode, readonly CostNode[]>();

/** What an operation can come to, at most. */
export interface Estimate {
  /** To upstream, while nothing fails and no list is longer than cost.ts says. */
  readonly calls: number;
  /**
   * Events of histories in one answer. They cost no calls, but endpoints have histories whose events have endpoints: each
   * level multiplies.
   */
  readonly historyEvents: number;
}

/**
 * @param document valid, and the same node each time: what it selects is worked out once.
 * @param variables as the client has sent them. What coercion will refuse counts as the largest.
 */
export function estimate(
  schema: GraphQLSchema,
  document: DocumentNode,
  operation: OperationDefinitionNode,
  variables: Variables | null | undefined,
): Estimate {
  const values = withDefaults(operation, variables ?? {});
  let calls = 0;
  let historyEvents = 0;
  for (const root of planFor(schema, document, operation)) {
    const lists = new Set<string>();
    calls += costOf(root, { groups: 1, each: 1 }, values, lists) + lists.size;
    historyEvents += eventsOf(root, 1, values);
  }
  return { calls, historyEvents };
}

function planFor(
  schema: GraphQLSchema,
  document: DocumentNode,
  operation: OperationDefinitionNode,
): readonly CostNode[] {
  const plan = plans.get(operation) ?? planOf(schema, document, operation);
  plans.set(operation, plan);
  return plan;
}

/** @param objects so many have the field. */
function eventsOf({ cost, field, children }: CostNode, objects: number, variables: Variables): number {
  const args = argumentsOf(field, variables);
  const events = objects * (cost?.events?.(args) ?? 0);
  const below = cost?.events === undefined ? objects * (cost?.rows?.(args) ?? 1) : events;
  return children.reduce((sum, child) => sum + eventsOf(child, below, variables), events);
}

function withDefaults({ variableDefinitions = [] }: OperationDefinitionNode, given: Variables): Variables {
  const values: Record<string, unknown> = Object.create(null);
  for (const { variable, defaultValue } of variableDefinitions) {
    const { value: name } = variable.name;
    if (Object.hasOwn(given, name)) {
      values[name] = given[name];
    } else if (defaultValue !== undefined) {
      values[name] = valueFromASTUntyped(defaultValue);
    }
  }
  return values;
}

/** @param lists takes the names of the lists that are read once. */
function costOf({ cost, field, children }: CostNode, rows: Rows, variables: Variables, lists: Set<string>): number {
  if (cost === null) {
    return children.reduce((sum, child) => sum + costOf(child, rows, variables, lists), 0);
  }
  const args = argumentsOf(field, variables);
  const count = rows.groups * rows.each;
  const calls = typeof cost.calls === 'function' ? cost.calls(args) : (cost.calls ?? 0);
  const together = cost.together === undefined ? 0 : rows.groups * cost.together(rows.each);
  for (const list of cost.lists ?? []) {
    lists.add(list);
  }
  // Answers to calls of their own come one by one, so nothing below them is asked for together.
  const below =
    calls === 0 && cost.rows === undefined
      ? rows
      : { groups: count, each: cost.rows === undefined ? 1 : cost.rows(args) };
  return children.reduce((sum, child) => sum + costOf(child, below, variables, lists), count * calls + together);
}

function argumentsOf({ arguments: given = [] }: FieldNode, variables: Variables): RawArguments {
  return Object.fromEntries(
    given
      .filter(({ value }) => value.kind !== Kind.VARIABLE || value.name.value in variables)
      .map(({ name, value }) => [name.value, valueFromASTUntyped(value, variables)]),
  );
}
