/**
 * The one table from failures to what clients see: `extensions.code`, `retryable`, and for upstream faults `upstream`.
 * Nothing else of a failure leaves the gateway; what is not in the table is masked and logged.
 */
import { GraphQLError, type GraphQLFormattedError, type GraphQLSchema } from 'graphql';
import { AuthenticationUnavailableError, UnauthenticatedError } from '../../auth/authenticator.ts';
import { KeyInProgressError, KeyReusedError, UnresolvedCreationError } from '../../create/creation.ts';
import { RecordsUnavailableError } from '../../create/records.ts';
import { EventLogUnavailableError } from '../../events/event-log.ts';
import type { Logger } from '../../observability/logger.ts';
import { UpstreamError } from '../../vpcep/errors/upstream-error.ts';
import { CursorError } from '../../watch/watch.ts';
import { CODE_BY_KIND, type ErrorCode } from './error-codes.ts';
import { AccessError, ComplexityError, InputError, OutcomeUnknownError, RateLimitedError } from './gateway-errors.ts';
import { issuesOf, variableIssues } from './input-paths.ts';

const MASKED_CODE = 'INTERNAL_SERVER_ERROR';
/** Those that say what is wrong with a value of the input. */
const ABOUT_INPUT: ReadonlySet<ErrorCode> = new Set(['BAD_USER_INPUT', 'NOT_FOUND', 'CONFLICT']);

/** Those that say with `retryAfterSeconds` when to try again, where that is known. */
const TELLS_WHEN: ReadonlySet<ErrorCode> = new Set(['UPSTREAM_THROTTLED', 'UPSTREAM_UNAVAILABLE']);

const SUGGESTION = / ?Did you mean .+\?$/s;

/** How graphql-js says that it has stopped looking at variables; such an error has no place in the document. */
const MORE_ABOUT_VARIABLES = 'Too many errors processing variables';

/** Codes of Apollo and of GraphQL itself: their messages speak about the request only. */
const PASSED_ON: ReadonlySet<string> = new Set<ErrorCode>([
  'GRAPHQL_PARSE_FAILED',
  'GRAPHQL_VALIDATION_FAILED',
  'OPERATION_RESOLUTION_FAILURE',
  'BAD_REQUEST',
  'BAD_USER_INPUT',
  'PERSISTED_QUERY_NOT_FOUND',
  'PERSISTED_QUERY_NOT_SUPPORTED',
]);

export interface ErrorOptions {
  /** Tells which inputs a failed field has; null: failures are described without a place in the input. */
  readonly schema: GraphQLSchema | null;
  /** False: messages tell no names of the schema that the client has not written itself. */
  readonly suggestions: boolean;
}

interface Described {
  readonly message: string;
  readonly extensions: { readonly code: ErrorCode; readonly retryable: boolean } & Readonly<Record<string, unknown>>;
}

function upstreamFacts(error: UpstreamError): Readonly<Record<string, unknown>> {
  const { code, status, requestId } = error;
  if (code === undefined && status === undefined && requestId === undefined) {
    return {};
  }
  return { upstream: { code: code ?? null, status: status ?? null, requestId: requestId ?? null } };
}

function describeUpstream(error: UpstreamError, failure: unknown, options: ErrorOptions): Described {
  const facts = upstreamFacts(error);
  if (error.kind === 'auth') {
    const message = "Upstream refused the gateway's own credentials: its operator has to look at them";
    return { message, extensions: { code: CODE_BY_KIND.auth, retryable: false, ...facts } };
  }
  const code = CODE_BY_KIND[error.kind];
  const { schema } = options;
  const placed = schema !== null && failure instanceof GraphQLError && ABOUT_INPUT.has(code);
  const issues = placed ? issuesOf(failure, error, schema) : [];
  const wait = TELLS_WHEN.has(code) && error.retryAfterSeconds !== undefined;
  return {
    message: error.message,
    extensions: {
      code,
      retryable: error.retryable,
      ...(wait ? { retryAfterSeconds: error.retryAfterSeconds } : {}),
      ...(issues.length > 0 ? { issues } : {}),
      ...facts,
    },
  };
}

/** GraphQL wraps what resolvers throw, at times more than once. */
function rootCause(error: unknown): unknown {
  let cause = error;
  while (cause instanceof GraphQLError && cause.originalError !== undefined && cause.originalError !== null) {
    cause = cause.originalError;
  }
  return cause;
}

function describe(error: unknown, options: ErrorOptions): Described | null {
  const cause = rootCause(error);
  if (cause instanceof UpstreamError) {
    return describeUpstream(cause, error, options);
  }
  if (cause instanceof OutcomeUnknownError) {
    const message =
      'The request was sent, but what became of it is not known: it may or may not have been done. Look before repeating.';
    const facts = cause.cause instanceof UpstreamError ? upstreamFacts(cause.cause) : {};
    return { message, extensions: { code: 'UPSTREAM_OUTCOME_UNKNOWN', retryable: false, ...facts } };
  }
  if (cause instanceof UnresolvedCreationError) {
    const { message, candidates } = cause;
    const facts = cause.cause instanceof UpstreamError ? upstreamFacts(cause.cause) : {};
    return { message, extensions: { code: 'UPSTREAM_OUTCOME_UNKNOWN', retryable: false, candidates, ...facts } };
  }
  if (cause instanceof KeyReusedError) {
    return { message: cause.message, extensions: { code: 'IDEMPOTENCY_KEY_REUSED', retryable: false } };
  }
  if (cause instanceof KeyInProgressError) {
    return { message: cause.message, extensions: { code: 'IDEMPOTENCY_IN_PROGRESS', retryable: true } };
  }
  if (cause instanceof RecordsUnavailableError) {
    const message = 'Idempotency keys cannot be remembered right now, so nothing was sent: try again with the same key';
    return { message, extensions: { code: 'UPSTREAM_UNAVAILABLE', retryable: true } };
  }
  if (cause instanceof EventLogUnavailableError) {
    const message = 'The status feed cannot be read right now: try again';
    return { message, extensions: { code: 'UPSTREAM_UNAVAILABLE', retryable: true } };
  }
  if (cause instanceof InputError) {
    const { message, issues } = cause;
    return { message, extensions: { code: 'BAD_USER_INPUT', retryable: false, issues } };
  }
  if (cause instanceof ComplexityError) {
    const { message, limit, maximum } = cause;
    return { message, extensions: { code: 'QUERY_TOO_COMPLEX', retryable: false, limit, maximum } };
  }
  if (cause instanceof CursorError) {
    const issues = [{ path: 'after', rule: 'cursor', message: cause.message }];
    return { message: cause.message, extensions: { code: 'BAD_USER_INPUT', retryable: false, issues } };
  }
  if (cause instanceof UnauthenticatedError) {
    return { message: cause.message, extensions: { code: 'UNAUTHENTICATED', retryable: false } };
  }
  if (cause instanceof AuthenticationUnavailableError) {
    return { message: cause.message, extensions: { code: 'UPSTREAM_UNAVAILABLE', retryable: true } };
  }
  if (cause instanceof AccessError) {
    return { message: cause.message, extensions: { code: cause.code, retryable: false } };
  }
  if (cause instanceof RateLimitedError) {
    const { message, retryAfterSeconds } = cause;
    return { message, extensions: { code: 'RATE_LIMITED', retryable: true, retryAfterSeconds } };
  }
  return error instanceof GraphQLError ? describeGraphQL(error, cause, options) : null;
}

function isPassedOn(code: unknown): code is ErrorCode {
  return typeof code === 'string' && PASSED_ON.has(code);
}

/** Outermost first: Apollo gives variable errors their code on a wrapper around what the scalar threw. */
function describeGraphQL(error: GraphQLError, cause: unknown, options: ErrorOptions): Described | null {
  for (let link: unknown = error; link instanceof GraphQLError; link = link.originalError) {
    const { code } = link.extensions;
    if (isPassedOn(code)) {
      return passOn(code, link.message, options);
    }
  }
  // Raised by graphql-js about the document (an argument, a variable). Without nodes it is about a value of ours.
  if (cause instanceof GraphQLError && (cause.nodes !== undefined || cause.message.startsWith(MORE_ABOUT_VARIABLES))) {
    return passOn('BAD_USER_INPUT', cause.message, options);
  }
  return null;
}

function passOn(code: ErrorCode, given: string, { suggestions }: ErrorOptions): Described {
  const message = suggestions ? given : given.replace(SUGGESTION, '');
  const issues = code === 'BAD_USER_INPUT' ? variableIssues(message) : [];
  return { message, extensions: { code, retryable: false, ...(issues.length > 0 ? { issues } : {}) } };
}

/** The code that clients see. */
export function codeOf(error: unknown): ErrorCode {
  return describe(error, { schema: null, suggestions: true })?.extensions.code ?? MASKED_CODE;
}

/** A failure as data, for payloads that report the outcome of each part. */
export interface Failure {
  readonly code: ErrorCode;
  readonly message: string;
  readonly retryable: boolean;
}

/** @throws what is not in the table: it is a fault of ours, to be masked and logged like any other. */
export function failureOf(error: unknown): Failure {
  const described = describe(error, { schema: null, suggestions: true });
  if (described === null) {
    throw error;
  }
  const { code, retryable } = described.extensions;
  return { code, message: described.message, retryable };
}

export type ErrorFormatter = (error: unknown) => GraphQLFormattedError;

/** Used for every answer alike: Apollo's `formatError`, results and errors over WebSocket. */
export function createErrorFormatter(options: ErrorOptions & { readonly logger: Logger }): ErrorFormatter {
  return (error) => {
    const described = describe(error, options);
    if (described === null) {
      options.logger.error({ err: rootCause(error) }, 'unexpected error');
    }
    const { message, extensions } = described ?? {
      message: 'Internal server error',
      extensions: { code: MASKED_CODE, retryable: false },
    };
    return {
      message,
      ...(error instanceof GraphQLError && error.locations !== undefined ? { locations: error.locations } : {}),
      ...(error instanceof GraphQLError && error.path !== undefined ? { path: error.path } : {}),
      extensions,
    };
  };
}
