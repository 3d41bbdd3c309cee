/**
 * Documents, parsed and validated once per text, as validation is the most costly part of a subscribe. Limits on documents
 * are checked before validation, whose time grows with the square of the selections; limits on variables before any
 * recursive walk over them. The checks are pure and stop at the first limit that is exceeded.
 */
import {
  type DocumentNode,
  type FragmentDefinitionNode,
  GraphQLError,
  type GraphQLSchema,
  Kind,
  Lexer,
  NoSchemaIntrospectionCustomRule,
  type OperationDefinitionNode,
  parse,
  type SelectionNode,
  type SelectionSetNode,
  Source,
  specifiedRules,
  TokenKind,
  type ValidationRule,
  validate,
} from 'graphql';
import { LRUCache } from 'lru-cache';
import { ComplexityError, InputError } from '../../graphql/errors/gateway-errors.ts';
import { KnownDocument } from './known-document.ts';

const LIMITS = {
  /** Characters of a document. */
  length: 50_000,
  tokens: 2_000,
  /** Nested brackets of any kind: parser and validation recurse for each. */
  nesting: 60,
  /** Nested fields from the root; below `__schema` and `__type` `introspectionDepth` applies. */
  depth: 12,
  /** The depth of the introspection query of graphql-js. */
  introspectionDepth: 15,
  aliases: 30,
  directives: 20,
  rootFields: 20,
  /** Selections of one field at one place of the answer, under any alias. */
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

/** Null: within the limits, or a fault that the parser or validation reports. */
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

/** Before parsing. A text that is not GraphQL is left to the parser. */
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

/** Before validation: every operation, and unused fragments, which are validated as well. */
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

/** A place in the answer. All selections of that place share the object. */
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
  /** Fragments that are being spread: validation refuses circles. */
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
    // An unused fragment counts as spread one level below the root.
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

interface DocumentOptions {
  readonly schema: GraphQLSchema;
  /** False: `__schema` and `__type` are refused, and messages do not name parts of the schema that the client did not write. */
  readonly introspection: boolean;
}

const MAX_DOCUMENTS = 1_000;
/** All texts together: a parsed document takes about 80 bytes per character (measured), so at most some 24 MB. */
const MAX_CHARACTERS = 300_000;
/** Longer documents are not kept, as each would evict too many others. */
const MAX_LENGTH = 10_000;
/** With the notice that there are more, which graphql-js adds, an answer has five. */
const MAX_ERRORS = 4;

export class Documents {
  readonly #options: DocumentOptions;
  readonly #rules: readonly ValidationRule[];
  readonly #valid = new LRUCache<string, KnownDocument>({
    max: MAX_DOCUMENTS,
    maxSize: MAX_CHARACTERS,
    maxEntrySize: MAX_LENGTH,
    sizeCalculation: (_document, key) => key.length,
  });

  constructor(options: DocumentOptions) {
    this.#options = options;
    this.#rules = options.introspection ? specifiedRules : [...specifiedRules, NoSchemaIntrospectionCustomRule];
  }

  /**
   * The same node for the same text while it is cached. Faulty documents are not cached.
   * @param trusted the limits do not apply.
   */
  read(text: string, trusted = false): KnownDocument | readonly GraphQLError[] {
    // A document that is no longer trusted must be checked again.
    const key = `${trusted ? 'trusted' : 'given'} ${text}`;
    const known = this.#valid.get(key);
    if (known !== undefined) {
      return known;
    }
    const document = (trusted ? null : judgeText(text)) ?? parseDocument(text);
    if (document instanceof GraphQLError) {
      return [document];
    }
    const excess = trusted ? null : judgeDocument(document);
    if (excess !== null) {
      return [excess];
    }
    const { schema, introspection } = this.#options;
    const faults = validate(schema, document, this.#rules, { maxErrors: MAX_ERRORS, hideSuggestions: !introspection });
    if (faults.length > 0) {
      return faults.map((fault) => withCode(fault, 'GRAPHQL_VALIDATION_FAILED'));
    }
    const valid = new KnownDocument(schema, document, trusted);
    this.#valid.set(key, valid);
    return valid;
  }
}

function parseDocument(text: string): DocumentNode | GraphQLError {
  try {
    return parse(text);
  } catch (error) {
    if (error instanceof GraphQLError) {
      return withCode(error, 'GRAPHQL_PARSE_FAILED');
    }
    throw error;
  }
}

export function withCode(error: GraphQLError, code: string): GraphQLError {
  const { message, nodes, source, positions } = error;
  return new GraphQLError(message, {
    nodes: nodes ?? null,
    source: source ?? null,
    positions: positions ?? null,
    extensions: { code },
  });
}

/** Nested objects and lists; a policy document has about 8 levels. */
const VARIABLES_DEPTH = 32;

/** Null: within the limits. */
export function judgeVariables(variables: unknown): GraphQLError | null {
  const open: { readonly value: unknown; readonly depth: number }[] = [{ value: variables, depth: 0 }];
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    const { value, depth } = next;
    if (typeof value !== 'object' || value === null) {
      continue;
    }
    if (depth > VARIABLES_DEPTH) {
      return refuse('depth', `variables may be at most ${VARIABLES_DEPTH} objects and lists deep`);
    }
    if (Object.hasOwn(value, '__proto__')) {
      return refuse('name', 'variables may hold no member of the name __proto__');
    }
    for (const inner of Object.values(value)) {
      open.push({ value: inner, depth: depth + 1 });
    }
  }
  return null;
}

function refuse(rule: string, message: string): GraphQLError {
  return new GraphQLError(message, { originalError: new InputError([{ path: 'variables', rule, message }]) });
}
