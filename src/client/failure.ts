/** What can go wrong with a subscription, and whether trying again can help. */

/**
 * What the sink of graphql-ws or graphql-sse is given, apart from GraphQL errors: a close event, an error event, an
 * error of Node.js or of fetch. Named is what is looked at, where it is there.
 */
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
 * Close codes that blame what this client sent or how it was asked to send it. Not among them: 4403 (the token is no
 * longer good: the next attempt brings fresh parameters), 1012 and 1013 (come back, here or elsewhere), 4500.
 */
const FATAL: readonly unknown[] = [1002, 1003, 1007, 1009, 1010, 4004, 4400, 4401, 4406, 4409, 4429];

/** @param cause GraphQL errors as an array, or anything else. */
export function isFatal(cause: unknown): boolean {
  if (Array.isArray(cause)) {
    return !(cause as readonly Fault[]).every((fault) => fault.extensions?.retryable);
  }
  const { code, response } = Object(cause) as Trouble;
  // Of the answers 4xx, "too many requests" asks to come back; 404 and 409 speak of a stream that a new one replaces.
  return FATAL.includes(code) || (response !== undefined && /^4(?!04|09|29)/.test(String(response.status)));
}

/** The feed has ended and will not go on by itself. */
export class FeedError extends Error {
  override readonly name = 'FeedError';
  /** `extensions.code` of the first GraphQL error (`NOT_FOUND`), a close code (`4401`), else `UNREACHABLE`. */
  readonly code: string;

  /** @param cause GraphQL errors, a close event, or an error; kept as `cause`. */
  constructor(cause: unknown) {
    if (Array.isArray(cause)) {
      const faults = cause as readonly Fault[];
      super(faults.map((fault) => fault.message).join('; '), { cause });
      this.code = String(faults[0]?.extensions?.code);
      return;
    }
    const { code, reason, message, error } = Object(cause) as Trouble;
    const closed = typeof code === 'number';
    const detail = closed ? `${code} ${reason}` : message || error?.code || 'no connection';
    super(`The gateway ${closed ? 'closed the connection' : 'cannot be reached'}: ${detail}`, { cause });
    this.code = closed ? String(code) : 'UNREACHABLE';
  }
}
