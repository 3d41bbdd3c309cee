/** Documents parsed and validated once per text: validation is by far the most costly part of a subscribe. */
import {
  type DocumentNode,
  GraphQLError,
  type GraphQLSchema,
  parse,
  specifiedRules,
  type ValidationRule,
  validate,
} from 'graphql';
import { judgeDocument, judgeText } from './document-limits.ts';

export interface DocumentOptions {
  readonly schema: GraphQLSchema;
  /** Besides those of the specification. */
  readonly rules: readonly ValidationRule[];
  /** False: messages say nothing about names of the schema that the client did not write itself. */
  readonly suggestions: boolean;
}

const MAX_DOCUMENTS = 1_000;
/** All texts together: a parsed document takes about 80 bytes per character (measured), so at most some 24 MB. */
const MAX_CHARACTERS = 300_000;
/** Longer ones would push out too many others. */
const MAX_LENGTH = 10_000;
/** With the notice that there are more, which graphql-js adds, an answer has five. */
const MAX_ERRORS = 4;

export class Documents {
  readonly #options: DocumentOptions;
  readonly #rules: readonly ValidationRule[];
  /** Least recently used first. */
  readonly #valid = new Map<string, DocumentNode>();
  #characters = 0;

  constructor(options: DocumentOptions) {
    this.#options = options;
    this.#rules = [...specifiedRules, ...options.rules];
  }

  /**
   * The same node for the same text as long as it is kept. What is faulty is not kept and is worked out again.
   * @param trusted the limits do not concern it.
   */
  read(text: string, trusted = false): DocumentNode | readonly GraphQLError[] {
    // What was let through as trusted must not be when it is so no more.
    const key = `${trusted ? 'trusted' : 'given'} ${text}`;
    const known = this.#valid.get(key);
    if (known !== undefined) {
      this.#valid.delete(key);
      this.#valid.set(key, known);
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
    const { schema, suggestions } = this.#options;
    const faults = validate(schema, document, this.#rules, { maxErrors: MAX_ERRORS, hideSuggestions: !suggestions });
    if (faults.length > 0) {
      return faults.map((fault) => withCode(fault, 'GRAPHQL_VALIDATION_FAILED'));
    }
    if (text.length <= MAX_LENGTH) {
      this.#keep(key, document);
    }
    return document;
  }

  #keep(text: string, document: DocumentNode): void {
    this.#valid.set(text, document);
    this.#characters += text.length;
    for (const oldest of this.#valid.keys()) {
      if (this.#valid.size <= MAX_DOCUMENTS && this.#characters <= MAX_CHARACTERS) {
        return;
      }
      this.#valid.delete(oldest);
      this.#characters -= oldest.length;
    }
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
