/** What of an operation costs calls: its fields merged as execution does it, and what costs nothing left out. Pure. */
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
} from 'graphql';
import { FIELD_COSTS, type FieldCost } from './cost-table.ts';

export interface CostNode {
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
export function planOf(
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
