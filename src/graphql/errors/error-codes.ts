/** Every `extensions.code` that leaves the gateway, explained; docs/reference/errors.md is written from this. */
import type { UpstreamErrorKind } from '../../vpcep/errors/upstream-error.ts';

interface CodeEntry {
  readonly meaning: string;
  /** Of `extensions.retryable`. `some`: it depends on the failure. */
  readonly retryable: 'always' | 'some' | 'never';
  readonly advice: string;
}

export const ERROR_CODES = {
  BAD_USER_INPUT: {
    meaning: 'A value is not allowed, by a rule of the gateway or of upstream.',
    retryable: 'never',
    advice: 'Mend what `extensions.issues` names: `path`, `rule`, `message`.',
  },
  UNAUTHENTICATED: {
    meaning: 'The caller is unknown, or its token is not accepted any more, here or upstream.',
    retryable: 'never',
    advice: 'Send a fresh token.',
  },
  FORBIDDEN: {
    meaning: 'The caller may see it, but may not do this; or upstream does not let the gateway do it.',
    retryable: 'never',
    advice: 'Ask the administrator who grants rights, in the gateway or in IAM.',
  },
  NOT_FOUND: {
    meaning: 'It does not exist, or the caller may not know that it does.',
    retryable: 'never',
    advice:
      'Check the id and the project; `extensions.issues` names the input when upstream missed something named there.',
  },
  CONFLICT: {
    meaning: 'It collides with what is there, or its state does not allow it.',
    retryable: 'some',
    advice: 'Read the state again. When `retryable` is true the state is a passing one: wait for it to settle.',
  },
  QUOTA_EXCEEDED: {
    meaning: 'The account has as many resources as it may have.',
    retryable: 'never',
    advice: 'Delete some, or have the quota raised; `quotas` tells how much is used.',
  },
  RATE_LIMITED: {
    meaning:
      'The caller has caused as much as it may in a minute, holds as much open as it may, or too many wrong tokens came from its address; or the replica has as much under way as it may. Nothing was done.',
    retryable: 'always',
    advice:
      'Wait `extensions.retryAfterSeconds`, and ask for less; over HTTP `Retry-After` and `RateLimit-*` say the same. With status 503 it is the replica that is short: repeat it as it is.',
  },
  UPSTREAM_THROTTLED: {
    meaning:
      "Upstream limits the rate of calls, and repeating them did not help; or the gateway's own budget of calls for the project is used up (then there is no `extensions.upstream`, and nothing was sent).",
    retryable: 'always',
    advice: 'Wait `extensions.retryAfterSeconds` when it is there, else longer each time.',
  },
  UPSTREAM_TIMEOUT: {
    meaning: 'Upstream did not answer in time; nothing was changed.',
    retryable: 'some',
    advice: 'Try again later.',
  },
  UPSTREAM_UNAVAILABLE: {
    meaning: 'Upstream, or a store that the gateway needs, cannot be reached or is not being asked right now.',
    retryable: 'some',
    advice:
      'Wait `extensions.retryAfterSeconds` when it is there, else try again later; `/readyz`, the log and the metrics tell the operator why.',
  },
  UPSTREAM_OUTCOME_UNKNOWN: {
    meaning: 'The request was sent, and it is not known whether it was done.',
    retryable: 'never',
    advice:
      'Look first, at `extensions.candidates` when there are any; repeat a creation with its `idempotencyKey`: it is searched for, and never sent again. Still unknown after some minutes, it was most likely not made: take a new key.',
  },
  UPSTREAM_ERROR: {
    meaning: "Upstream failed, answered what cannot be read, or refused the gateway's own credentials.",
    retryable: 'some',
    advice: 'Try again when `retryable` is true; else tell the operator `extensions.upstream.requestId`.',
  },
  IDEMPOTENCY_KEY_REUSED: {
    meaning: 'The `idempotencyKey` was used before with another input.',
    retryable: 'never',
    advice: 'Take a new key for a new input.',
  },
  IDEMPOTENCY_IN_PROGRESS: {
    meaning: 'Another request with the same `idempotencyKey` is still at work.',
    retryable: 'always',
    advice: 'Send the same request with the same key again a little later.',
  },
  INTERNAL_SERVER_ERROR: {
    meaning: 'A fault of the gateway itself; the details are in its log only.',
    retryable: 'never',
    advice: 'Tell the operator when it happened.',
  },
  GRAPHQL_PARSE_FAILED: {
    meaning: 'The document is not GraphQL.',
    retryable: 'never',
    advice: 'Mend the document.',
  },
  GRAPHQL_VALIDATION_FAILED: {
    meaning: 'The document does not fit the schema.',
    retryable: 'never',
    advice: 'Mend the document; `schema/schema.graphql` is the schema.',
  },
  QUERY_TOO_COMPLEX: {
    meaning: 'The operation is larger, deeper or more costly than one may be (docs/reference/limits.md).',
    retryable: 'never',
    advice: 'Mend what the message names; `extensions.limit` is the limit and `extensions.maximum` its value.',
  },
  OPERATION_RESOLUTION_FAILURE: {
    meaning: '`operationName` names no operation of the document, or it is missing where there are several.',
    retryable: 'never',
    advice: 'Name an operation of the document.',
  },
  BAD_REQUEST: {
    meaning: 'The HTTP request is not one of GraphQL over HTTP, or not for this address.',
    retryable: 'never',
    advice: 'Mend the method, the headers or the body.',
  },
  PERSISTED_QUERY_NOT_FOUND: {
    meaning: 'The id names no trusted document; or the document is not a trusted one, and only those run here.',
    retryable: 'never',
    advice: 'Have the document added to the manifest; where `TRUSTED_DOCUMENTS_MODE` is `log`, send the document.',
  },
  PERSISTED_QUERY_NOT_SUPPORTED: {
    meaning: 'Trusted documents are switched off, so that ids name nothing.',
    retryable: 'never',
    advice: 'Send the document.',
  },
} as const satisfies Readonly<Record<string, CodeEntry>>;

export type ErrorCode = keyof typeof ERROR_CODES;

export const CODE_BY_KIND: Readonly<Record<UpstreamErrorKind, ErrorCode>> = {
  validation: 'BAD_USER_INPUT',
  limit: 'BAD_USER_INPUT',
  auth: 'UPSTREAM_ERROR',
  token_refused: 'UNAUTHENTICATED',
  credential_stopped: 'UPSTREAM_UNAVAILABLE',
  forbidden: 'FORBIDDEN',
  unreadable: 'NOT_FOUND',
  conflict: 'CONFLICT',
  state: 'CONFLICT',
  quota: 'QUOTA_EXCEEDED',
  not_found: 'NOT_FOUND',
  not_found_as_400: 'NOT_FOUND',
  throttled: 'UPSTREAM_THROTTLED',
  timeout: 'UPSTREAM_TIMEOUT',
  unavailable: 'UPSTREAM_UNAVAILABLE',
  connection: 'UPSTREAM_UNAVAILABLE',
  internal: 'UPSTREAM_ERROR',
  malformed: 'UPSTREAM_ERROR',
};
