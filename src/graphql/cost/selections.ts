import {
  type ASTNode,
  BREAK,
  type DocumentNode,
  type FieldNode,
  type FragmentDefinitionNode,
  type GraphQLNamedType,
  type GraphQLObjectType,
  type GraphQLSchema,
  type InlineFragmentNode,
  isAbstractType,
  isObjectType,
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

/** What a valid document selects of an object under one response name; at least one. */
export type FieldNodes = readonly FieldNode[];

/**
 * Reads the selections of one document as execution does, for objects of one type: fields of one response name together,
 * each fragment once, and only fragments that apply to the type.
 */
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
  of(type: GraphQLObjectType, sets: readonly SelectionSetNode[]): ReadonlyMap<string, FieldNodes> {
    const fields = new Map<string, FieldNode[]>();
    const spread = new Set<string>();
    for (const set of sets) this.#collect(type, set, fields, spread);
    return fields;
  }

  /** Of what a field answers. */
  below(type: GraphQLObjectType, nodes: FieldNodes): ReadonlyMap<string, FieldNodes> {
    return this.of(
      type,
      nodes.flatMap(({ selectionSet }) => selectionSet ?? []),
    );
  }

  /** That objects of the type can have; none for scalars and enums. */
  typesOf(type: GraphQLNamedType): readonly GraphQLObjectType[] {
    if (isAbstractType(type)) return this.#schema.getPossibleTypes(type);
    return isObjectType(type) ? [type] : [];
  }

  #collect(
    type: GraphQLObjectType,
    { selections }: SelectionSetNode,
    fields: Map<string, FieldNode[]>,
    spread: Set<string>,
  ): void {
    for (const selection of selections) {
      if (selection.kind === Kind.FIELD) {
        const name = selection.alias?.value ?? selection.name.value;
        const known = fields.get(name);
        if (known === undefined) fields.set(name, [selection]);
        else known.push(selection);
        continue;
      }
      const fragment = selection.kind === Kind.INLINE_FRAGMENT ? selection : this.#once(selection.name.value, spread);
      if (fragment !== undefined && this.#applies(fragment, type)) {
        this.#collect(type, fragment.selectionSet, fields, spread);
      }
    }
  }

  #applies({ typeCondition }: InlineFragmentNode | FragmentDefinitionNode, type: GraphQLObjectType): boolean {
    const on = typeCondition && this.#schema.getType(typeCondition.name.value);
    return on === undefined || on === type || (isAbstractType(on) && this.#schema.isSubType(on, type));
  }

  #once(name: string, spread: Set<string>): FragmentDefinitionNode | undefined {
    if (spread.has(name)) return undefined;
    spread.add(name);
    return this.#fragments.get(name);
  }
}
