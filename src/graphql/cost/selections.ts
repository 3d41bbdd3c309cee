import {
  type ASTNode,
  BREAK,
  type DocumentNode,
  type FieldNode,
  type FragmentDefinitionNode,
  type GraphQLCompositeType,
  type GraphQLSchema,
  isCompositeType,
  Kind,
  type SelectionSetNode,
  visit,
} from 'graphql';

/** Whether there is a node of this kind in it. */
export function contains(root: ASTNode, kind: Kind): boolean {
  let found = false;
  visit(root, {
    enter: (node) => {
      found ||= node.kind === kind;
      return found ? BREAK : undefined;
    },
  });
  return found;
}

/** What a valid document selects under one response name. */
export interface SelectedField {
  /** The type whose selection has it: an object's own type, or the type of a fragment. */
  readonly parent: GraphQLCompositeType;
  /** At least one. */
  readonly nodes: FieldNode[];
}

/** Reads the selections of one document as execution does: fields of one response name together, each fragment once. */
export class Selections {
  readonly #schema: GraphQLSchema;
  readonly #fragments = new Map<string, FragmentDefinitionNode>();

  /** @param document valid: its fragments make no circle. */
  constructor(schema: GraphQLSchema, document: DocumentNode) {
    this.#schema = schema;
    for (const definition of document.definitions) {
      if (definition.kind === Kind.FRAGMENT_DEFINITION) this.#fragments.set(definition.name.value, definition);
    }
  }

  /** By response name, in the order of the answer. Directives do not count. */
  of(parent: GraphQLCompositeType, sets: readonly SelectionSetNode[]): ReadonlyMap<string, SelectedField> {
    const fields = new Map<string, SelectedField>();
    const spread = new Set<string>();
    for (const set of sets) this.#collect(parent, set, fields, spread);
    return fields;
  }

  /** Of what a field answers. */
  below(type: GraphQLCompositeType, { nodes }: SelectedField): ReadonlyMap<string, SelectedField> {
    return this.of(
      type,
      nodes.flatMap(({ selectionSet }) => selectionSet ?? []),
    );
  }

  #collect(
    parent: GraphQLCompositeType,
    { selections }: SelectionSetNode,
    fields: Map<string, SelectedField>,
    spread: Set<string>,
  ): void {
    for (const selection of selections) {
      if (selection.kind === Kind.FIELD) {
        const name = selection.alias?.value ?? selection.name.value;
        const known = fields.get(name);
        if (known === undefined) fields.set(name, { parent, nodes: [selection] });
        else known.nodes.push(selection);
        continue;
      }
      const fragment = selection.kind === Kind.INLINE_FRAGMENT ? selection : this.#once(selection.name.value, spread);
      if (fragment === undefined) continue;
      const on = fragment.typeCondition && this.#schema.getType(fragment.typeCondition.name.value);
      this.#collect(isCompositeType(on) ? on : parent, fragment.selectionSet, fields, spread);
    }
  }

  #once(name: string, spread: Set<string>): FragmentDefinitionNode | undefined {
    if (spread.has(name)) return undefined;
    spread.add(name);
    return this.#fragments.get(name);
  }
}
