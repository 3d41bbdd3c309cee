/** Failures that this layer finds itself. format-error.ts gives every failure its code; nothing else knows GraphQL errors. */

export interface InputIssue {
  /** Where: `input.tags.0.key`, `first`. */
  readonly path: string;
  /** Short stable name of the broken rule, for programs. */
  readonly rule: string;
  /** The field, the rule and the fix, for people. */
  readonly message: string;
}

/** Every rule that an input breaks, found before anything is sent upstream. */
export class InputError extends Error {
  override readonly name = 'InputError' as const;
  readonly issues: readonly InputIssue[];

  constructor(issues: readonly InputIssue[]) {
    super(issues.length === 1 ? (issues[0]?.message ?? '') : `${issues.length} values are not allowed; see issues`);
    this.issues = issues;
  }
}

/** `NOT_FOUND`: it does not exist, or the caller may not know that it does. `FORBIDDEN`: a write right is missing. */
export class AccessError extends Error {
  override readonly name = 'AccessError' as const;
  readonly code: 'NOT_FOUND' | 'FORBIDDEN';

  constructor(code: AccessError['code'], message: string) {
    super(message);
    this.code = code;
  }
}

/** The caller asks for more, or holds more, than it may at a time. Nothing was done. */
export class RateLimitedError extends Error {
  override readonly name = 'RateLimitedError' as const;
  /** Whole seconds, at least 1. */
  readonly retryAfterSeconds: number;

  constructor(message: string, retryAfterSeconds: number) {
    super(message);
    this.retryAfterSeconds = retryAfterSeconds;
  }
}

/** A write was sent and its answer never came: it may or may not have been done. */
export class OutcomeUnknownError extends Error {
  override readonly name = 'OutcomeUnknownError' as const;
}

/** An operation passes a limit on what one may be (docs/reference/limits.md). */
export class ComplexityError extends Error {
  override readonly name = 'ComplexityError' as const;
  readonly limit: string;
  readonly maximum: number;

  constructor(limit: string, maximum: number, message: string) {
    super(message);
    this.limit = limit;
    this.maximum = maximum;
  }
}
