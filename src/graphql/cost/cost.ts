/**
 * How many upstream calls an operation can cause at most, and how much it can show, estimated before it runs. What each
 * field costs stands beside the field, as `@Cost`: the calls while nothing fails. What is shared (DataLoader) or kept (a
 * service's description) counts as it would the first time. A test holds that no field with a resolver is left out.
 */
import {
  type DocumentNode,
  type FieldNode,
  type GraphQLObjectType,
  type GraphQLSchema,
  getNamedType,
  Kind,
  type OperationDefinitionNode,
  type ValueNode,
  valueFromASTUntyped,
} from 'graphql';
import { Extensions } from 'type-graphql';
import { DEFAULT_PAGE, MAX_PAGE } from '../core/pagination.ts';
import { contains, type FieldNodes, Selections } from './selections.ts';

/**
 * A number that a client gives (an argument, or the length of a list in `input`), the projects that it may read, or the
 * references of an argument. What refers to one type in one project is read in so many calls at most.
 */
type Size =
  | 'projects'
  | { readonly references: string; readonly together: number; readonly most: number }
  | { readonly argument: string; readonly usual: number; readonly most: number }
  | { readonly itemsOf: string; readonly most: number };

export interface FieldCost {
  /** Calls for each object that has the field. */
  readonly calls?: number;
  /** Calls for each of its `rows`. */
  readonly callsPerRow?: number;
  /** Calls at most for all the objects at once that have the field, when a loader reads them together. */
  readonly together?: number;
  /** Lists that are read once for each project below a root field (graphql/core/loaders.ts). */
  readonly lists?: readonly ('own services' | 'public services')[];
  /** Rows that it answers; one if absent. */
  readonly rows?: Size;
  /** Events of a history that it answers, for each object that has the field. */
  readonly events?: Size;
}

export const PAGE: FieldCost = { calls: 1, rows: { argument: 'first', usual: DEFAULT_PAGE, most: MAX_PAGE } };

/** Declares what a field costs. */
export function Cost(cost: FieldCost): MethodDecorator & PropertyDecorator {
  return Extensions({ cost });
}

interface CostNode {
  /** Null: it costs nothing itself. */
  readonly cost: FieldCost | null;
  /** The value of what `rows` or `events` goes by; undefined when it is not given. */
  readonly size: ValueNode | undefined;
  /** Below an abstract type those of all its types: objects of each can come together. */
  readonly children: readonly CostNode[];
}

/** The fields that cost something. */
function nodesOf(
  selections: Selections,
  type: GraphQLObjectType,
  fields: ReadonlyMap<string, FieldNodes>,
): readonly CostNode[] {
  return [...fields.values()].flatMap((nodes) => nodeOf(selections, type, nodes) ?? []);
}

function nodeOf(selections: Selections, parent: GraphQLObjectType, nodes: FieldNodes): CostNode | null {
  const [field] = nodes;
  const definition = field && parent.getFields()[field.name.value];
  if (field === undefined || definition === undefined) {
    return null;
  }
  const children = selections
    .typesOf(getNamedType(definition.type))
    .flatMap((type) => nodesOf(selections, type, selections.below(type, nodes)));
  const { cost = null } = definition.extensions as { readonly cost?: FieldCost };
  return cost === null && children.length === 0 ? null : { cost, size: sizeNode(field, cost), children };
}

function sizeNode({ arguments: given = [] }: FieldNode, cost: FieldCost | null): ValueNode | undefined {
  const size = cost?.rows ?? cost?.events;
  if (size === undefined || size === 'projects') return undefined;
  const name = 'argument' in size ? size.argument : 'references' in size ? size.references : 'input';
  return given.find((argument) => argument.name.value === name)?.value;
}

/** Given or defaulted, but not coerced. */
type Variables = Readonly<Record<string, unknown>>;

/** What an estimate needs besides the operation. */
interface Request {
  readonly variables: Variables;
  readonly projects: () => number;
}

/** Objects that are resolved now: so many groups, each of which comes together, of so many rows. */
interface Rows {
  readonly groups: number;
  readonly each: number;
}

/** What an operation can come to, at most. */
export interface Estimate {
  /** To upstream, while nothing fails and no list is longer than its field says. */
  readonly calls: number;
  /**
   * Events of histories in one answer. They cost no calls, but endpoints have histories whose events have endpoints: each
   * level multiplies.
   */
  readonly historyEvents: number;
}

interface Plan {
  readonly nodes: readonly CostNode[];
  /** Null when a variable or the caller enters. */
  readonly fixed: Estimate | null;
}

const plans = new WeakMap<OperationDefinitionNode, Plan>();

/**
 * @param document valid, and the same node each time: its plan is kept, and its estimate where neither variables nor the
 * caller enter.
 * @param variables as the client has sent them. What coercion will refuse counts as the largest.
 * @param projects counts those that the caller may read.
 */
export function estimate(
  schema: GraphQLSchema,
  document: DocumentNode,
  operation: OperationDefinitionNode,
  variables: Variables | null | undefined,
  projects: () => number,
): Estimate {
  let plan = plans.get(operation);
  if (plan === undefined) {
    const root = schema.getRootType(operation.operation);
    const selections = new Selections(schema, document);
    const nodes = root ? nodesOf(selections, root, selections.of(root, [operation.selectionSet])) : [];
    plan = { nodes, fixed: nodes.some(varies) ? null : sum(nodes, { variables: {}, projects }) };
    plans.set(operation, plan);
  }
  return plan.fixed ?? sum(plan.nodes, { variables: withDefaults(operation, variables ?? {}), projects });
}

function varies({ cost, size, children }: CostNode): boolean {
  const byCaller = cost?.rows === 'projects' && children.length > 0;
  return byCaller || (size !== undefined && contains(size, Kind.VARIABLE)) || children.some(varies);
}

function sum(roots: readonly CostNode[], request: Request): Estimate {
  let calls = 0;
  let historyEvents = 0;
  for (const root of roots) {
    const lists = new Set<string>();
    calls += callsOf(root, { groups: 1, each: 1 }, request, lists) + lists.size;
    historyEvents += eventsOf(root, 1, request);
  }
  return { calls, historyEvents };
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
function callsOf(node: CostNode, rows: Rows, request: Request, lists: Set<string>): number {
  const { cost, children } = node;
  if (cost === null) {
    return children.reduce((total, child) => total + callsOf(child, rows, request, lists), 0);
  }
  const count = rows.groups * rows.each;
  const answered = cost.rows === undefined ? 1 : sizeOf(cost.rows, node, request);
  const calls = (cost.calls ?? 0) + (cost.callsPerRow ?? 0) * answered;
  const together = cost.together === undefined ? 0 : rows.groups * Math.min(rows.each, cost.together);
  for (const list of cost.lists ?? []) {
    lists.add(list);
  }
  const batches = batchesOf(node, request);
  // Answers to calls of their own come one by one, so nothing below them is read together.
  const below = calls === 0 && cost.rows === undefined ? rows : { groups: count, each: answered };
  const listsBelow = cost.rows === 'projects' || batches.length > 0 ? new Set<string>() : lists;
  const own = count * calls + together + batches.reduce((sum, batch) => sum + batch, 0);
  const total = children.reduce((sum, child) => sum + callsOf(child, below, request, listsBelow), own);
  return listsBelow === lists ? total : total + (batches.length || count * answered) * listsBelow.size;
}

/**
 * The calls of each batch of references: those to one type in one project. One that names neither is a batch of its own.
 * Empty where there are no references.
 */
function batchesOf({ cost, size: node }: CostNode, request: Request): readonly number[] {
  const { rows } = cost ?? {};
  if (typeof rows !== 'object' || !('references' in rows)) return [];
  const sizes = new Map<string | number, number>();
  for (const [index, reference] of referencesOf(givenFor(node, request), rows.most).entries()) {
    const { __typename, projectId } = Object(reference) as Readonly<Record<string, unknown>>;
    const isNamed = typeof __typename === 'string' && typeof projectId === 'string';
    const batch = isNamed ? `${__typename} ${projectId}` : index;
    sizes.set(batch, (sizes.get(batch) ?? 0) + 1);
  }
  return [...sizes.values()].map((size) => Math.min(size, rows.together));
}

/** A value alone is a list of one. What is beyond the most will be refused. */
function referencesOf(value: unknown, most: number): readonly unknown[] {
  return Array.isArray(value) ? value.slice(0, most) : [value];
}

function givenFor(node: ValueNode | undefined, { variables }: Request): unknown {
  return node === undefined ? undefined : valueFromASTUntyped(node, variables);
}

/** @param objects so many have the field. */
function eventsOf(node: CostNode, objects: number, request: Request): number {
  const { cost, children } = node;
  const events = cost?.events === undefined ? 0 : objects * sizeOf(cost.events, node, request);
  const rows = cost?.rows === undefined ? 1 : sizeOf(cost.rows, node, request);
  const below = cost?.events === undefined ? objects * rows : events;
  return children.reduce((total, child) => total + eventsOf(child, below, request), events);
}

/** A size that is no number will be refused: it counts as the largest until then. */
function sizeOf(size: Size, { size: node }: CostNode, request: Request): number {
  if (size === 'projects') return request.projects();
  const given = givenFor(node, request);
  if ('references' in size) return referencesOf(given, size.most).length;
  if ('itemsOf' in size) {
    const items: unknown = Object(given)[size.itemsOf];
    return Array.isArray(items) ? Math.min(items.length, size.most) : 1;
  }
  const number = given ?? size.usual;
  return typeof number === 'number' && number >= 1 ? Math.min(number, size.most) : size.most;
}
