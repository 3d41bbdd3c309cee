import { GraphQLError, locatedError } from 'graphql';
import { describe, expect, it } from 'vitest';
import { asWrite } from '../../../src/graphql/core/writes.ts';
import { createErrorFormatter, failureOf } from '../../../src/graphql/errors/format-error.ts';
import { AccessError, InputError } from '../../../src/graphql/errors/gateway-errors.ts';
import { createLogger } from '../../../src/observability/logger.ts';
import {
  UpstreamError,
  type UpstreamErrorInit,
  type UpstreamErrorKind,
} from '../../../src/vpcep/errors/upstream-error.ts';
import { CursorError } from '../../../src/watch/watch.ts';

const lines: string[] = [];
const logger = createLogger('debug', { write: (line) => void lines.push(line) });
const format = createErrorFormatter({ logger, schema: null, suggestions: true });

/** As graphql-js hands over what a resolver threw. */
function thrown(error: unknown): GraphQLError {
  return locatedError(error, undefined, ['field', 0]);
}

function upstream(kind: UpstreamErrorKind, more: Partial<UpstreamErrorInit> = {}): UpstreamError {
  return new UpstreamError({ kind, outcome: 'refused', message: `it was ${kind}`, retryable: false, ...more });
}

const TABLE: Readonly<Record<UpstreamErrorKind, string>> = {
  auth: 'UPSTREAM_ERROR',
  conflict: 'CONFLICT',
  connection: 'UPSTREAM_UNAVAILABLE',
  credential_stopped: 'UPSTREAM_UNAVAILABLE',
  forbidden: 'FORBIDDEN',
  internal: 'UPSTREAM_ERROR',
  limit: 'BAD_USER_INPUT',
  malformed: 'UPSTREAM_ERROR',
  not_found: 'NOT_FOUND',
  not_found_as_400: 'NOT_FOUND',
  quota: 'QUOTA_EXCEEDED',
  state: 'CONFLICT',
  throttled: 'UPSTREAM_THROTTLED',
  timeout: 'UPSTREAM_TIMEOUT',
  unavailable: 'UPSTREAM_UNAVAILABLE',
  token_refused: 'UNAUTHENTICATED',
  unreadable: 'NOT_FOUND',
  validation: 'BAD_USER_INPUT',
};

describe('upstream faults', () => {
  it.each(Object.entries(TABLE))('%s is %s', (kind, code) => {
    const formatted = format(thrown(upstream(kind as UpstreamErrorKind)));
    expect(formatted).toMatchObject({ path: ['field', 0], extensions: { code, retryable: false } });
  });

  it("speak of the gateway's credentials, or of the caller's when those were used", () => {
    const refused = thrown(upstream('auth', { status: 401, retryable: true }));
    expect(format(refused)).toMatchObject({
      message: expect.stringContaining("gateway's own credentials"),
      extensions: { code: 'UPSTREAM_ERROR', retryable: false, upstream: { code: null, status: 401, requestId: null } },
    });
    expect(format(thrown(upstream('token_refused', { status: 401 }))).extensions).toMatchObject({
      code: 'UNAUTHENTICATED',
      upstream: { status: 401 },
    });
    expect(failureOf(upstream('token_refused', { status: 401 }))).toMatchObject({ code: 'UNAUTHENTICATED' });
  });

  it('tell how long to wait only when it is known', () => {
    expect(format(upstream('throttled', { retryAfterSeconds: 3 })).extensions).toHaveProperty('retryAfterSeconds', 3);
    expect(format(upstream('throttled')).extensions).not.toHaveProperty('retryAfterSeconds');
  });

  it('have no upstream facts when there was no answer', () => {
    expect(format(upstream('connection', { retryable: true })).extensions).toEqual({
      code: 'UPSTREAM_UNAVAILABLE',
      retryable: true,
    });
  });
});

describe('outcomes', () => {
  const unknown = upstream('timeout', { outcome: 'unknown', requestId: 'r-1', retryable: true });

  it('that are unknown forbid repeating a write', async () => {
    const error: unknown = await asWrite(Promise.reject(unknown)).catch((reason: unknown) => reason);
    expect(format(thrown(error))).toMatchObject({
      message: expect.stringMatching(/Look before repeating/),
      extensions: { code: 'UPSTREAM_OUTCOME_UNKNOWN', retryable: false, upstream: { requestId: 'r-1' } },
    });
  });

  it('that are known, or of a read, stay what they are', async () => {
    const refused = upstream('quota');
    await expect(asWrite(Promise.reject(refused))).rejects.toBe(refused);
    expect(await asWrite(Promise.resolve(7))).toBe(7);
    expect(format(thrown(unknown)).extensions).toMatchObject({ code: 'UPSTREAM_TIMEOUT', retryable: true });
  });
});

describe('faults of our own', () => {
  it('keep their code', () => {
    expect(format(thrown(new AccessError('FORBIDDEN', 'no'))).extensions).toEqual({
      code: 'FORBIDDEN',
      retryable: false,
    });
    const issues = [{ path: 'input.a', rule: 'r', message: 'input.a must be b' }];
    expect(format(thrown(new InputError(issues)))).toMatchObject({
      message: 'input.a must be b',
      extensions: { code: 'BAD_USER_INPUT', issues },
    });
    expect(format(thrown(new CursorError('not a cursor'))).extensions).toMatchObject({
      code: 'BAD_USER_INPUT',
      issues: [{ path: 'after' }],
    });
  });
});

describe('everything else', () => {
  it.each([
    ['an error', new Error('SELECT secret')],
    ['text', 'secret'],
    ['nothing', undefined],
    ['a GraphQL error without a code', new GraphQLError('String cannot represent value: secret')],
    [
      'a GraphQL error with a code of its own',
      new GraphQLError('secret', { extensions: { code: 'WEIRD', stack: 'secret' } }),
    ],
  ])('%s is masked and logged', (_name, error) => {
    lines.length = 0;
    const formatted = format(thrown(error));
    expect(formatted).toMatchObject({
      message: 'Internal server error',
      extensions: { code: 'INTERNAL_SERVER_ERROR', retryable: false },
    });
    expect(JSON.stringify(formatted)).not.toContain('secret');
    expect(lines).toHaveLength(1);
  });

  it('passes on what GraphQL and Apollo say about the request, but not their other extensions', () => {
    const error = new GraphQLError('Syntax Error', {
      extensions: { code: 'GRAPHQL_PARSE_FAILED', stacktrace: ['secret'] },
    });
    expect(format(error)).toEqual({
      message: 'Syntax Error',
      extensions: { code: 'GRAPHQL_PARSE_FAILED', retryable: false },
    });
  });
});
