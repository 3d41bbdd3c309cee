/**
 * What a document may hold at most, judged before it is validated: validation itself takes time in the square of what is
 * selected. Pure, and linear in what it allows: it stops at the first limit that is passed.
 */
import {
  type DocumentNode,
  type FragmentDefinitionNode,
  GraphQLError,
  Kind,
  Lexer,
  type OperationDefinitionNode,
  type SelectionNode,
  type SelectionSetNode,
  Source,
  TokenKind,
} from 'graphql';
import { ComplexityError } from '../../graphql/errors/gateway-errors.ts';

export const LIMITS = {
  /** Characters of a document. */
  length: 50_000,
  tokens: 2_000,
  /** Brackets of any kind in each other: the parser and the rules of validation call themselves for each. */
  nesting: 60,
  /** Fields in each other, from the root; below `__schema` and `__type` apart, see `introspectionDepth`. */
  depth: 12,
  /** As deep as the introspection query of graphql-js goes. */
  introspectionDepth: 15,
  aliases: 30,
  directives: 20,
  rootFields: 20,
  /** Of one field at one place of the answer, under whatever names. */
  repeats: 30,
  /** Selections of all operations, each fragment counted at each of its spreads. */
  selections: 5_000,
} as const;

type Limit = keyof typeof LIMITS;

const WORDS: Readonly<Record<Limit, { readonly what: string; readonly fix: string }>> = {
  length: { what: 'characters in a document', fix: 'pass values as variables, or send less at once' },
  tokens: { what: 'tokens in a document', fix: 'select less, or split it into several requests' },
  nesting: { what: 'levels of brackets', fix: 'pass deep values as variables' },
  depth: { what: 'levels of fields', fix: 'select fewer levels, and ask for the rest by id' },
  introspectionDepth: { what: 'levels of fields in introspection', fix: 'ask for fewer levels of ofType' },
  aliases: { what: 'aliases in an operation', fix: 'split it into several requests' },
  directives: { what: 'directives in an operation', fix: 'leave out what is not needed' },
  rootFields: { what: 'root fields in an operation', fix: 'split it into several requests' },
  repeats: { what: 'selections of one field at one place', fix: 'select it once, or split it into several requests' },
  selections: { what: 'selections with all fragments spread', fix: 'spread fewer fragments in each other' },
};

/** As Apollo takes it, too. */
export function tooComplex(limit: string, maximum: number, message: string): GraphQLError {
  const originalError = new ComplexityError(limit, maximum, message);
  return new GraphQLError(message, { originalError, extensions: { http: { status: 400 } } });
}

class LimitError extends Error {
  readonly limit: Limit;

  constructor(limit: Limit) {
    super(limit);
    this.limit = limit;
  }
}

function check(limit: Limit, value: number): void {
  if (value > LIMITS[limit]) {
    throw new LimitError(limit);
  }
}

/** Null: it is within them all, or is left to others to refuse. */
function judge(test: () => void): GraphQLError | null {
  try {
    test();
    return null;
  } catch (error) {
    if (error instanceof LimitError) {
      const { what, fix } = WORDS[error.limit];
      const maximum = LIMITS[error.limit];
      return tooComplex(error.limit, maximum, `There are more than ${maximum} ${what}, which is the most: ${fix}`);
    }
    if (error instanceof GraphQLError) {
      return null;
    }
    throw error;
  }
}

const OPENING: ReadonlySet<TokenKind> = new Set([TokenKind.BRACE_L, TokenKind.BRACKET_L, TokenKind.PAREN_L]);
const CLOSING: ReadonlySet<TokenKind> = new Set([TokenKind.BRACE_R, TokenKind.BRACKET_R, TokenKind.PAREN_R]);

/** Before it is parsed. What is no GraphQL is left to the parser. */
export function judgeText(text: string): GraphQLError | null {
  return judge(() => {
    check('length', text.length);
    const lexer = new Lexer(new Source(text));
    let nesting = 0;
    for (let tokens = 1; lexer.advance().kind !== TokenKind.EOF; tokens += 1) {
      check('tokens', tokens);
      if (OPENING.has(lexer.token.kind)) {
        nesting += 1;
        check('nesting', nesting);
      } else if (CLOSING.has(lexer.token.kind)) {
        nesting -= 1;
      }
    }
  });
}

/** Before it is validated: every operation, and fragments that none of them spreads, since all are validated. */
export function judgeDocument(document: DocumentNode): GraphQLError | null {
  return judge(() => {
    const fragments = new Map<string, FragmentDefinitionNode>();
    const operations: OperationDefinitionNode[] = [];
    for (const definition of document.definitions) {
      if (definition.kind === Kind.FRAGMENT_DEFINITION) {
        fragments.set(definition.name.value, definition);
      } else if (definition.kind === Kind.OPERATION_DEFINITION) {
        operations.push(definition);
      }
    }
    const walk = new Walk(fragments);
    for (const operation of operations) {
      walk.operation(operation);
    }
    for (const fragment of fragments.values()) {
      if (!walk.seen.has(fragment)) {
        walk.fragment(fragment);
      }
    }
  });
}

interface Directed {
  readonly directives?: readonly unknown[] | undefined;
}

/** Where in the answer a selection is. The same object for every selection of that place. */
interface Place {
  readonly depth: number;
  readonly isIntrospection: boolean;
  /** How often each field was selected here. */
  readonly counts: Map<string, number>;
  readonly below: Map<string, Place>;
}

function placeAt(depth: number, isIntrospection: boolean): Place {
  return { depth, isIntrospection, counts: new Map(), below: new Map() };
}

class Walk {
  readonly seen = new Set<FragmentDefinitionNode>();
  readonly #fragments: ReadonlyMap<string, FragmentDefinitionNode>;
  /** Those that are being spread right now: a circle is for validation to refuse. */
  readonly #open = new Set<FragmentDefinitionNode>();
  #selections = 0;
  #aliases = 0;
  #directives = 0;
  #rootFields = 0;

  constructor(fragments: ReadonlyMap<string, FragmentDefinitionNode>) {
    this.#fragments = fragments;
  }

  operation(operation: OperationDefinitionNode): void {
    this.#begin();
    this.#direct(operation);
    for (const variable of operation.variableDefinitions ?? []) {
      this.#direct(variable);
    }
    this.#selectionSet(operation.selectionSet, placeAt(1, false));
  }

  fragment(fragment: FragmentDefinitionNode): void {
    this.#begin();
    // No root: as if it were spread one level below.
    this.#spread(fragment, placeAt(2, false));
  }

  #begin(): void {
    this.#aliases = 0;
    this.#directives = 0;
    this.#rootFields = 0;
  }

  #direct({ directives = [] }: Directed): void {
    this.#directives += directives.length;
    check('directives', this.#directives);
  }

  #selectionSet({ selections }: SelectionSetNode, place: Place): void {
    for (const selection of selections) {
      this.#selections += 1;
      check('selections', this.#selections);
      this.#direct(selection);
      this.#selection(selection, place);
    }
  }

  #selection(selection: SelectionNode, place: Place): void {
    if (selection.kind === Kind.INLINE_FRAGMENT) {
      this.#selectionSet(selection.selectionSet, place);
      return;
    }
    const name = selection.name.value;
    if (selection.kind === Kind.FRAGMENT_SPREAD) {
      const fragment = this.#fragments.get(name);
      if (fragment !== undefined) {
        this.#spread(fragment, place);
      }
      return;
    }
    if (selection.alias !== undefined) {
      this.#aliases += 1;
      check('aliases', this.#aliases);
    }
    if (place.depth === 1) {
      this.#rootFields += 1;
      check('rootFields', this.#rootFields);
    }
    check(place.isIntrospection ? 'introspectionDepth' : 'depth', place.depth);
    const count = (place.counts.get(name) ?? 0) + 1;
    place.counts.set(name, count);
    check('repeats', count);
    if (selection.selectionSet !== undefined) {
      const isIntrospection = place.isIntrospection || name === '__schema' || name === '__type';
      const below = place.below.get(name) ?? placeAt(place.depth + 1, isIntrospection);
      place.below.set(name, below);
      this.#selectionSet(selection.selectionSet, below);
    }
  }

  #spread(fragment: FragmentDefinitionNode, place: Place): void {
    this.seen.add(fragment);
    if (this.#open.has(fragment)) {
      return;
    }
    this.#open.add(fragment);
    this.#direct(fragment);
    this.#selectionSet(fragment.selectionSet, place);
    this.#open.delete(fragment);
  }
}
