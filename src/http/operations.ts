/** From what a client sent to what graphql-js executes, for every transport that does not go through Apollo. */
import {
  type DocumentNode,
  type ExecutionArgs,
  GraphQLError,
  type GraphQLFormattedError,
  getOperationAST,
  Kind,
  type OperationDefinitionNode,
  type ValidationRule,
} from 'graphql';
import type { OperationStart } from '../graphql/context.ts';
import type { ErrorFormatter } from '../graphql/errors.ts';
import type { HttpDeps } from './deps.ts';
import { Documents, withCode } from './documents.ts';

/** The members of a GraphQL request that mean something here; checking their types is the transport's part. */
export interface OperationPayload {
  readonly query: string;
  readonly operationName?: string | null | undefined;
  readonly variables?: Readonly<Record<string, unknown>> | null | undefined;
}

export interface PreparedOperation {
  /** One node per text while it is cached: good as a key. */
  readonly document: DocumentNode;
  readonly operation: OperationDefinitionNode;
  readonly payload: OperationPayload;
}

export class Operations {
  readonly #deps: HttpDeps;
  readonly #formatError: ErrorFormatter;
  readonly #documents: Documents;

  constructor(deps: HttpDeps, formatError: ErrorFormatter, rules: readonly ValidationRule[]) {
    this.#deps = deps;
    this.#formatError = formatError;
    this.#documents = new Documents({ schema: deps.schema, rules, suggestions: deps.options.introspection });
  }

  /** Faults of the document are returned, as `format` and graphql-ws take them. */
  prepare(payload: OperationPayload): PreparedOperation | readonly GraphQLError[] {
    const document = this.#documents.read(payload.query);
    if (!('kind' in document)) {
      return document;
    }
    const operation = getOperationAST(document, payload.operationName);
    if (!operation) {
      const message = 'operationName must name one of the operations in the document';
      return [new GraphQLError(message, { extensions: { code: 'OPERATION_RESOLUTION_FAILURE' } })];
    }
    return { document, operation, payload };
  }

  /** For `execute` and `subscribe`, with a context made for this operation alone. */
  argumentsOf({ document, payload }: PreparedOperation, start: OperationStart): ExecutionArgs {
    return {
      schema: this.#deps.schema,
      document,
      operationName: payload.operationName,
      variableValues: payload.variables,
      contextValue: this.#deps.contextFor(start),
    };
  }

  /** What clients are told. */
  format(errors: readonly GraphQLError[]): GraphQLFormattedError[] {
    return errors.map((error) => this.#formatError(isAboutVariable(error) ? withCode(error, 'BAD_USER_INPUT') : error));
  }
}

/** A scalar's own error hides under a variable's: the place in the document tells them from failures of ours. */
function isAboutVariable(error: GraphQLError): boolean {
  return error.path === undefined && error.nodes?.length === 1 && error.nodes[0]?.kind === Kind.VARIABLE_DEFINITION;
}
