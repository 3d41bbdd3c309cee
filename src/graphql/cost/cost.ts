/** How many calls to upstream an operation can cause, and how much it can show, judged before it runs. Pure. */
import {
  type DocumentNode,
  type FieldNode,
  type GraphQLSchema,
  Kind,
  type OperationDefinitionNode,
  valueFromASTUntyped,
} from 'graphql';
import { type CostNode, planOf } from './cost-plan.ts';
import type { RawArguments } from './cost-table.ts';

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
  /** To upstream, while nothing fails and no list is longer than cost-table.ts says. */
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
