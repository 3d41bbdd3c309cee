/** Failures of a subscription, and whether a retry can help. */

/** What the sinks of graphql-ws and graphql-sse get besides GraphQL errors: a close or error event, or an error. */
interface Trouble {
  readonly code?: unknown;
  readonly reason?: unknown;
  readonly message?: unknown;
  readonly error?: Trouble;
  readonly response?: { readonly status: number };
}

/** An entry of `errors`. */
interface Fault {
  readonly message: string;
  readonly extensions?: Readonly<Record<string, unknown>>;
}

/**
 * Close codes for a fault of this client's messages or settings. Not among them: 4403 (token expired, the next attempt
 * sends fresh parameters), 1012 and 1013 (reconnect), 4500.
 */
const FATAL: readonly unknown[] = [1002, 1003, 1007, 1009, 1010, 4004, 4400, 4401, 4406, 4409, 4429];

/** @param cause GraphQL errors as an array, or anything else. */
export function isFatal(cause: unknown, retryUncoded = false): boolean {
  if (Array.isArray(cause)) {
    return !(cause as readonly Fault[]).every(
      ({ extensions }) => extensions?.retryable || (retryUncoded && !extensions?.code),
    );
  }
  const { code, response } = Object(cause) as Trouble;
  // 429 is retryable; 404 and 409 concern a stream that a new one replaces.
  return FATAL.includes(code) || (response !== undefined && /^4(?!04|09|29)/.test(String(response.status)));
}

/** The feed has ended and does not resume by itself. */
export class FeedError extends Error {
  override readonly name = 'FeedError';
  /** `extensions.code` of the first GraphQL error (`NOT_FOUND`) or `UNKNOWN`, a close code (`4401`), else `UNREACHABLE`. */
  readonly code: string;

  /** @param cause GraphQL errors, a close event, or an error; kept as `cause`. */
  constructor(cause: unknown) {
    if (Array.isArray(cause)) {
      const faults = cause as readonly Fault[];
      super(faults.map((fault) => fault.message).join('; '), { cause });
      this.code = String(faults[0]?.extensions?.code ?? 'UNKNOWN');
      return;
    }
    const { code, reason, message, error } = Object(cause) as Trouble;
    const closed = typeof code === 'number';
    const detail = closed ? `${code} ${reason}` : message || error?.code || 'no connection';
    super(`The gateway ${closed ? 'closed the connection' : 'cannot be reached'}: ${detail}`, { cause });
    this.code = closed ? String(code) : 'UNREACHABLE';
  }
}
