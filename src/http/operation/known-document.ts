import { type DocumentNode, type GraphQLSchema, getOperationAST, type OperationDefinitionNode } from 'graphql';
import { Plan } from './plan.ts';

/** Uses of an operation before it gets a plan, so that texts which are sent once cost no planning. */
const USES_BEFORE_PLAN = 2;

/** An operation of a valid document, and what is worked out for it once. */
export class KnownOperation {
  readonly document: DocumentNode;
  readonly operation: OperationDefinitionNode;
  /** Its document is in the operator's manifest. */
  readonly trusted: boolean;
  readonly #schema: GraphQLSchema;
  #uses = 0;
  #plan: Plan | null = null;

  constructor(schema: GraphQLSchema, document: DocumentNode, operation: OperationDefinitionNode, trusted: boolean) {
    this.#schema = schema;
    this.trusted = trusted;
    this.document = document;
    this.operation = operation;
  }

  /** True once it has been used a few times. */
  get isFrequent(): boolean {
    return this.#uses > USES_BEFORE_PLAN;
  }

  /** Null: graphql-js executes it. */
  get plan(): Plan | null {
    return this.#plan;
  }

  count(): void {
    if (this.isFrequent) return;
    this.#uses += 1;
    if (this.isFrequent) this.#plan = Plan.of(this.#schema, this.document, this.operation);
  }
}

export class KnownDocument {
  readonly #schema: GraphQLSchema;
  readonly #document: DocumentNode;
  readonly #trusted: boolean;
  readonly #operations = new Map<string | null, KnownOperation>();

  constructor(schema: GraphQLSchema, document: DocumentNode, trusted: boolean) {
    this.#schema = schema;
    this.#trusted = trusted;
    this.#document = document;
  }

  /** Counts the use. @returns undefined when the name fits none, or there are several and no name. */
  use(name: string | null | undefined): KnownOperation | undefined {
    const key = name ?? null;
    let known = this.#operations.get(key);
    if (known === undefined) {
      const node = getOperationAST(this.#document, name);
      if (!node) return undefined;
      known = new KnownOperation(this.#schema, this.#document, node, this.#trusted);
      this.#operations.set(key, known);
    }
    known.count();
    return known;
  }
}
