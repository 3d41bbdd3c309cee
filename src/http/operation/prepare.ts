/** The one path of an operation on every transport: prepare, admit, run, format. */
import {
  type ExecutionArgs,
  type ExecutionResult,
  execute,
  type FormattedExecutionResult,
  GraphQLError,
  type GraphQLFormattedError,
  Kind,
} from 'graphql';
import { meterFor } from '../../graphql/core/caller-options.ts';
import type { OperationStart } from '../../graphql/core/context.ts';
import { type Estimate, estimate } from '../../graphql/cost/cost.ts';
import type { ErrorFormatter } from '../../graphql/errors/format-error.ts';
import type { Metrics } from '../../observability/metrics.ts';
import { type AdmissionOptions, type Applicant, OperationAdmission, type OperationCaller } from './admission.ts';
import { Documents, judgeVariables, withCode } from './document-cache.ts';
import { KnownDocument, type KnownOperation } from './known-document.ts';
import { replayed } from './plan.ts';
import { RevocableContext } from './revocable-context.ts';
import { openSubscription, SharedRendering, Subscription } from './subscription.ts';
import type { TrackedOperation } from './tracking.ts';
import type { TrustedDocuments } from './trusted-documents.ts';

/** The members of a GraphQL request that are used here. */
export interface OperationPayload {
  /** Ignored when `extensions` names a document (trusted-documents.ts). */
  readonly query: string;
  readonly extensions?: unknown;
  readonly operationName?: string | null | undefined;
  readonly variables?: Readonly<Record<string, unknown>> | null | undefined;
}

/** @returns null when a request is not an object with a `query`, or a member has the wrong type. */
export function payloadOf(request: unknown): OperationPayload | null {
  const { query, operationName, variables, extensions } = Object(request) as Record<string, unknown>;
  const isName = operationName === undefined || operationName === null || typeof operationName === 'string';
  if (typeof query !== 'string' || !isName || !isObjectOrNull(variables) || !isObjectOrNull(extensions)) {
    return null;
  }
  return { query, extensions, operationName, variables };
}

function isObjectOrNull(value: unknown): value is Readonly<Record<string, unknown>> | null | undefined {
  return typeof (value ?? {}) === 'object' && !Array.isArray(value);
}

export interface PreparedOperation {
  /** The same for the same text while it is cached, so it can serve as a key. */
  readonly known: KnownOperation;
  readonly payload: OperationPayload;
}

interface AdmittedOperation extends PreparedOperation {
  readonly estimate: Estimate;
}

/** Or why it is refused. */
export type Prepared = PreparedOperation | readonly GraphQLError[];
type Admitted = AdmittedOperation | readonly GraphQLError[];

/** Errors of coercion in one answer; with the notice that there are more, which graphql-js adds, five. */
const MAX_COERCION_ERRORS = 4;

interface OperationsOptions extends AdmissionOptions {
  readonly metrics: Metrics;
  readonly trustedDocuments: TrustedDocuments;
  readonly introspection: boolean;
  readonly formatError: ErrorFormatter;
}

type RunStart = Omit<OperationStart, 'signal' | 'meter'>;

export class Operations {
  readonly #options: OperationsOptions;
  readonly #documents: Documents;
  readonly #admission: OperationAdmission;
  readonly #rendering: SharedRendering;

  constructor(options: OperationsOptions) {
    this.#options = options;
    replayed(options.schema);
    this.#admission = new OperationAdmission(options);
    const { metrics } = options;
    this.#rendering = new SharedRendering({ metrics, format: (errors) => this.format(errors) });
    const { schema, introspection } = options;
    this.#documents = new Documents({ schema, introspection });
  }

  /** Groups of subscribers that share their rendered events. */
  get groups(): number {
    return this.#rendering.size;
  }

  /** @returns the errors when the document or the variables are refused. */
  prepare(payload: OperationPayload): Prepared {
    const chosen = this.#options.trustedDocuments.choose(payload);
    if (chosen instanceof GraphQLError) {
      return [chosen];
    }
    const excess = judgeVariables(payload.variables);
    if (excess !== null) {
      return [excess];
    }
    const document = this.#documents.read(chosen.text, chosen.trusted);
    if (!(document instanceof KnownDocument)) {
      return document;
    }
    const known = document.use(payload.operationName);
    if (known === undefined) {
      const message = 'operationName must name one of the operations in the document';
      return [new GraphQLError(message, { extensions: { code: 'OPERATION_RESOLUTION_FAILURE' } })];
    }
    return { known, payload };
  }

  /**
   * Called once for each operation, before it runs and with its caller known. Errors of `prepare` pass through.
   * @returns the errors when it may not run: QUERY_TOO_COMPLEX by its own cost, RATE_LIMITED by what this replica has
   * under way, or by what its caller has left.
   */
  admit(prepared: Prepared, caller: OperationCaller): Admitted | Promise<Admitted> {
    if (!('known' in prepared)) {
      return prepared;
    }
    const { known, payload } = prepared;
    const { schema, contextFor, logger } = this.#options;
    const projects = () => contextFor({ ...caller, logger }).projects.reachable().length;
    const estimated = estimate(schema, known.document, known.operation, payload.variables, projects);
    const admitted = { known, payload, estimate: estimated };
    const refusal = this.#admission.admit(applicantIn(admitted), caller);
    if (refusal instanceof Promise) return refusal.then((late) => (late === null ? admitted : [late]));
    return refusal === null ? admitted : [refusal];
  }

  /** Executes a query or mutation, with a context made for it alone. */
  async execute(
    prepared: AdmittedOperation,
    tracked: Pick<TrackedOperation, 'signal' | 'run'>,
    start: RunStart,
  ): Promise<FormattedExecutionResult> {
    const { known, payload } = prepared;
    const meter = meterFor(payload.extensions, prepared.estimate.calls);
    const { identity, arrival, logger } = start;
    const { contextFor, inFlight } = this.#options;
    const contextValue = contextFor({ identity, arrival, logger, signal: tracked.signal, meter });
    inFlight.begin();
    let result: ExecutionResult;
    try {
      result = await tracked.run(
        () =>
          known.plan?.run(contextValue, payload.variables ?? {}, MAX_COERCION_ERRORS) ??
          execute({ ...this.#argumentsOf(prepared), contextValue }),
      );
    } finally {
      inFlight.end();
    }
    // Only faulty variables end an execution without data.
    if (result.data === undefined && known.operation.operation === 'mutation') {
      this.#admission.faulty(applicantIn(prepared), start);
    }
    return this.#formatted(meter === undefined ? result : { ...result, extensions: meter.report() });
  }

  /** Executes or subscribes. A subscription follows its caller's rights, and ends with `tracked`. */
  async run(
    prepared: AdmittedOperation,
    tracked: TrackedOperation,
    start: RunStart,
  ): Promise<Subscription | FormattedExecutionResult> {
    if (prepared.known.operation.operation !== 'subscription') {
      return await this.execute(prepared, tracked, start);
    }
    const { contextFor, inFlight } = this.#options;
    const context = new RevocableContext(contextFor, { ...start, signal: tracked.signal });
    tracked.follows(context);
    const args = { ...this.#argumentsOf(prepared), contextValue: context.value };
    inFlight.begin();
    const opened = await tracked.run(() => openSubscription(this.#rendering, args)).finally(() => inFlight.end());
    if (!(opened instanceof Subscription)) {
      return this.#formatted(opened);
    }
    tracked.streams(opened);
    return opened;
  }

  #argumentsOf({ known: { document }, payload: { operationName, variables } }: PreparedOperation): ExecutionArgs {
    const { schema } = this.#options;
    const options = { maxCoercionErrors: MAX_COERCION_ERRORS };
    return { schema, document, operationName, variableValues: variables, options };
  }

  #formatted({ errors, ...result }: ExecutionResult): FormattedExecutionResult {
    return errors === undefined ? result : { errors: this.format(errors), ...result };
  }

  /** Errors as clients get them. */
  format(errors: readonly GraphQLError[]): GraphQLFormattedError[] {
    return errors.map((error) =>
      this.#options.formatError(isAboutVariable(error) ? withCode(error, 'BAD_USER_INPUT') : error),
    );
  }
}

function applicantIn({ known, estimate, payload }: AdmittedOperation): Applicant {
  const { document, operation } = known;
  return { document, operation, estimate, variables: payload.variables ?? {} };
}

/** graphql-js wraps the error of a scalar: the node that it points to tells a caller's variable from a fault of ours. */
function isAboutVariable(error: GraphQLError): boolean {
  return error.path === undefined && error.nodes?.length === 1 && error.nodes[0]?.kind === Kind.VARIABLE_DEFINITION;
}
