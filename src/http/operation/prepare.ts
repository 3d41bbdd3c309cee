/** From what a client sent to what graphql-js executes: the same way on every transport, Apollo's included. */
import {
  type DocumentNode,
  type ExecutionArgs,
  type ExecutionResult,
  execute,
  GraphQLError,
  type GraphQLFormattedError,
  getOperationAST,
  Kind,
  locatedError,
  NoSchemaIntrospectionCustomRule,
  type OperationDefinitionNode,
} from 'graphql';
import { meterFor } from '../../graphql/core/caller-options.ts';
import type { GatewayContext, OperationStart } from '../../graphql/core/context.ts';
import { type Estimate, estimate } from '../../graphql/cost/cost.ts';
import type { ErrorFormatter } from '../../graphql/errors/format-error.ts';
import { Admission, type AdmissionOptions, type OperationCaller } from './admission.ts';
import { Documents, judgeVariables, withCode } from './document-cache.ts';
import { LiveContext } from './live-context.ts';
import type { TrackedOperation } from './tracking.ts';
import type { TrustedDocuments } from './trusted-documents.ts';

/** Queries and mutations. Tells what they have cost, when that was asked. */
export async function executeMetered(args: ExecutionArgs): Promise<ExecutionResult> {
  const result = await execute(args);
  const { meter } = args.contextValue as GatewayContext;
  return meter === undefined ? result : { ...result, extensions: { ...result.extensions, ...meter.report() } };
}

/** The members of a GraphQL request that mean something here; checking their types is the transport's part. */
export interface OperationPayload {
  /** With the id of a document in `extensions`: nothing that counts (trusted-documents.ts). */
  readonly query: string;
  readonly extensions?: unknown;
  readonly operationName?: string | null | undefined;
  readonly variables?: Readonly<Record<string, unknown>> | null | undefined;
}

export interface PreparedOperation {
  /** One node per text while it is cached: good as a key. */
  readonly document: DocumentNode;
  readonly operation: OperationDefinitionNode;
  readonly payload: OperationPayload;
  readonly estimate: Estimate;
}

/** Errors of coercion in one answer; with the notice that there are more, which graphql-js adds, five. */
export const MAX_COERCION_ERRORS = 4;

interface OperationsOptions extends AdmissionOptions {
  readonly trustedDocuments: TrustedDocuments;
  readonly introspection: boolean;
  readonly formatError: ErrorFormatter;
}

export class Operations {
  readonly #options: OperationsOptions;
  readonly #documents: Documents;
  readonly #admission: Admission;

  constructor(options: OperationsOptions) {
    this.#options = options;
    this.#admission = new Admission(options);
    const { schema, introspection } = options;
    const rules = introspection ? [] : [NoSchemaIntrospectionCustomRule];
    this.#documents = new Documents({ schema, rules, suggestions: introspection });
  }

  /** Faults of the document are returned, as `format` and graphql-ws take them. */
  prepare(payload: OperationPayload): PreparedOperation | readonly GraphQLError[] {
    const chosen = this.#options.trustedDocuments.choose(payload);
    if (chosen instanceof GraphQLError) {
      return [chosen];
    }
    const excess = judgeVariables(payload.variables);
    if (excess !== null) {
      return [excess];
    }
    const document = this.#documents.read(chosen.text, chosen.trusted);
    if (!('kind' in document)) {
      return document;
    }
    const operation = getOperationAST(document, payload.operationName);
    if (!operation) {
      const message = 'operationName must name one of the operations in the document';
      return [new GraphQLError(message, { extensions: { code: 'OPERATION_RESOLUTION_FAILURE' } })];
    }
    const estimated = estimate(this.#options.schema, document, operation, payload.variables);
    return { document, operation, payload, estimate: estimated };
  }

  /**
   * Called once for each operation, before it runs and with its caller known.
   * @throws GraphQLError QUERY_TOO_COMPLEX when it can cause more calls than one operation may, RATE_LIMITED when it can
   * cause more than its caller may by now.
   */
  async admit({ payload, ...prepared }: PreparedOperation, caller: OperationCaller): Promise<void> {
    await this.#admission.admit({ ...prepared, variables: payload.variables ?? {} }, caller);
  }

  /** Prepared and admitted; else the faults, as `prepare` gives them. */
  async accept(
    payload: OperationPayload,
    caller: OperationCaller,
  ): Promise<PreparedOperation | readonly GraphQLError[]> {
    const prepared = this.prepare(payload);
    return 'operation' in prepared ? ((await this.refusal(prepared, caller)) ?? prepared) : prepared;
  }

  /** What `admit` throws, if anything. */
  async refusal(prepared: PreparedOperation, caller: OperationCaller): Promise<readonly GraphQLError[] | null> {
    try {
      await this.admit(prepared, caller);
      return null;
    } catch (error) {
      return [error instanceof GraphQLError ? error : locatedError(error, undefined)];
    }
  }

  /**
   * For `execute` and `subscribe`, with a context made for this operation alone. That of a subscription changes with its
   * caller.
   */
  argumentsOf(
    { document, operation, payload, estimate: { calls } }: PreparedOperation,
    tracked: TrackedOperation,
    start: Omit<OperationStart, 'signal'>,
  ): ExecutionArgs {
    const meter = meterFor(payload.extensions, calls);
    const metered = meter === undefined ? start : { ...start, meter };
    const context = new LiveContext(this.#options.contextFor, { ...metered, signal: tracked.signal });
    if (operation.operation === 'subscription') {
      tracked.follows(context);
    }
    return {
      schema: this.#options.schema,
      document,
      options: { maxCoercionErrors: MAX_COERCION_ERRORS },
      operationName: payload.operationName,
      variableValues: payload.variables,
      contextValue: context.value,
    };
  }

  /** What clients are told. */
  format(errors: readonly GraphQLError[]): GraphQLFormattedError[] {
    return errors.map((error) =>
      this.#options.formatError(isAboutVariable(error) ? withCode(error, 'BAD_USER_INPUT') : error),
    );
  }
}

/** A scalar's own error hides under a variable's: the place in the document tells them from failures of ours. */
function isAboutVariable(error: GraphQLError): boolean {
  return error.path === undefined && error.nodes?.length === 1 && error.nodes[0]?.kind === Kind.VARIABLE_DEFINITION;
}
