/** Lines in the audit stream for an operation that is refused as a whole, before any of its fields is tried. */
import {
  type DocumentNode,
  type FieldNode,
  type FragmentDefinitionNode,
  type GraphQLSchema,
  getArgumentValues,
  getVariableValues,
  Kind,
  type OperationDefinitionNode,
  type SelectionSetNode,
} from 'graphql';
import type { AuditLine } from '../../observability/audit-log.ts';
import type { GatewayContext } from '../core/context.ts';
import { factsOf, nameOf } from './audit.ts';
import { givenTargets } from './audit-targets.ts';

export interface RefusedOperation {
  readonly schema: GraphQLSchema;
  readonly document: DocumentNode;
  readonly operation: OperationDefinitionNode;
  readonly variables: Readonly<Record<string, unknown>>;
}

/** As many as an operation may have root fields. */
const MOST_LINES = 20;

/** Whether executing it would end at its variables. */
export function hasFaultyVariables({ schema, operation, variables }: RefusedOperation): boolean {
  const { errors } = getVariableValues(schema, operation.variableDefinitions ?? [], variables, { maxErrors: 1 });
  return errors !== undefined;
}

/** One for each mutation or subscription in it, also for one that a directive would have left out; none for a query. */
export function refusedLines(
  refused: RefusedOperation,
  context: Pick<GatewayContext, 'identity' | 'arrival' | 'projects'>,
  outcome: string,
): readonly AuditLine[] {
  const { schema, document, operation } = refused;
  if (operation.operation === 'query') return [];
  const fields = schema.getRootType(operation.operation)?.getFields() ?? {};
  const nodes = [...rootFields(document, operation.selectionSet)].filter(
    ({ name }) => fields[name.value] !== undefined,
  );
  return nodes.slice(0, MOST_LINES).map((node) => {
    const args = argumentsOf(refused, node);
    return {
      ...factsOf(context, args),
      kind: operation.operation === 'mutation' ? 'mutation' : 'subscription',
      field: node.name.value,
      operation: nameOf(operation),
      targets: givenTargets(node.name.value, args),
      outcome,
      upstreamRequestIds: [],
      ms: 0,
    };
  });
}

function* rootFields(document: DocumentNode, { selections }: SelectionSetNode): Generator<FieldNode> {
  for (const selection of selections) {
    if (selection.kind === Kind.FIELD) {
      yield selection;
      continue;
    }
    const holder = selection.kind === Kind.INLINE_FRAGMENT ? selection : fragmentOf(document, selection.name.value);
    if (holder !== undefined) yield* rootFields(document, holder.selectionSet);
  }
}

function fragmentOf({ definitions }: DocumentNode, name: string): FragmentDefinitionNode | undefined {
  return definitions.find(
    (definition): definition is FragmentDefinitionNode =>
      definition.kind === Kind.FRAGMENT_DEFINITION && definition.name.value === name,
  );
}

/** With the variables as the client has sent them: they may be what is wrong. */
function argumentsOf({ schema, operation, variables }: RefusedOperation, node: FieldNode): Record<string, unknown> {
  const field = schema.getRootType(operation.operation)?.getFields()[node.name.value];
  try {
    return field === undefined ? {} : getArgumentValues(field, node, { ...variables });
  } catch {
    return {};
  }
}
