/** Removes headers, keys, tokens, passwords and logins from a value, at any depth. Pure. */

const HIDDEN = '[redacted]';
/** Bounds for objects of libraries, which can be huge or circular. */
const MOST_DEPTH = 8;
const MOST_MEMBERS = 100;
const MOST_VALUES = 1_000;
const MOST_TEXT = 8_192;

const SECRET_NAME =
  /^(?:ak|sk|auth|access)$|(?:token|password|passwd|secret|signature|authorization|credentials?|cookie|(?:access|secret|private|api)key)$/;

/** Names as headers, JSON, options and variables write them: `X-Auth-Token`, `security_token`, `sentinelPassword`. */
function isSecretName(name: string): boolean {
  return SECRET_NAME.test(name.toLowerCase().replace(/[^a-z0-9]/g, ''));
}

const RULES: readonly (readonly [RegExp, string])[] = [
  // User and password in an address. Greedy: a password may hold an @ of its own.
  [/\b(?!file:)([a-z][a-z0-9+.-]{0,20}:\/\/)[^\s"']{1,1000}@/gi, `$1${HIDDEN}@`],
  [/\b(bearer|basic)\s+[\w.~+/=-]+/gi, `$1 ${HIDDEN}`],
  [/\b(access|signature)=[^\s,"']+/gi, `$1=${HIDDEN}`],
  [
    /\b((?:x-[a-z]{1,20}-token|authorization|[a-z_]{0,30}(?:password|secret|token)|[a-z_]{0,20}_[as]k|[as]k)["']?\s*[:=]\s*["']?)(?!\[redacted\]|bearer\b|basic\b|SDK-HMAC)[^\s,;"'}]+/gi,
    `$1${HIDDEN}`,
  ],
];

/** A text without any of these matches no rule. */
const SUSPECT = /[@=:]|bearer|basic/i;

export function redactText(text: string): string {
  if (text.length <= MOST_TEXT && !SUSPECT.test(text)) return text;
  const short = text.length > MOST_TEXT ? `${text.slice(0, MOST_TEXT)}…` : text;
  return RULES.reduce((result, [pattern, replacement]) => result.replace(pattern, replacement), short);
}

/** A copy to be written as JSON. Errors keep type, message, stack, cause and simple members. */
export function redact(value: unknown): unknown {
  return walk(value, { depth: 0, count: { values: 0 } });
}

interface Place {
  readonly depth: number;
  /** Of the whole value: a wide tree has many more than a deep one. */
  readonly count: { values: number };
}

function below({ depth, count }: Place): Place {
  return { depth: depth + 1, count };
}

function walk(value: unknown, at: Place): unknown {
  at.count.values += 1;
  if (typeof value === 'string') return redactText(value);
  if (typeof value === 'bigint') return String(value);
  if (typeof value !== 'object' || value === null) return value;
  if (at.depth > MOST_DEPTH || at.count.values > MOST_VALUES) return '[more]';
  try {
    if (value instanceof Error) return ofError(value, at);
    if (Array.isArray(value)) return ofList(value, at);
    if (ArrayBuffer.isView(value)) return '[bytes]';
    if ('toJSON' in value && typeof value.toJSON === 'function') return walk(value.toJSON(), below(at));
    return ofMembers(
      hasEntries(value) ? [...value].map(([name, own]) => [String(name), own] as const) : Object.entries(value),
      at,
    );
  } catch {
    return '[unreadable]';
  }
}

/** By tag: naming the global `Headers` makes Node.js load its `fetch`, 18 ms and 1 MB at the start. */
function hasEntries(value: object): value is Iterable<readonly [unknown, unknown]> {
  return ['[object Map]', '[object Headers]', '[object URLSearchParams]'].includes(
    Object.prototype.toString.call(value),
  );
}

function ofMembers(members: readonly (readonly [string, unknown])[], at: Place): Record<string, unknown> {
  return Object.fromEntries(
    members
      .slice(0, MOST_MEMBERS)
      .map(([name, own]) => [name, isSecretName(name) && own !== undefined ? HIDDEN : walk(own, below(at))]),
  );
}

/** Headers also come as names and values in turn. */
function ofList(list: readonly unknown[], at: Place): unknown[] {
  return list.slice(0, MOST_MEMBERS).map((own, i) => {
    const before = list[i - 1];
    return typeof before === 'string' && isSecretName(before) ? HIDDEN : walk(own, below(at));
  });
}

/** Objects on an error are left out: they hold requests, commands with their arguments, sockets. */
function ofError(error: Error, at: Place): Record<string, unknown> {
  const simple = Object.entries(error).filter(([, own]) => ['string', 'number', 'boolean'].includes(typeof own));
  return {
    ...ofMembers(simple, at),
    type: error.name,
    message: redactText(error.message),
    stack: redactText(error.stack ?? ''),
    ...(error.cause === undefined ? {} : { cause: walk(error.cause, below(at)) }),
    ...(error instanceof AggregateError ? { errors: walk(error.errors, below(at)) } : {}),
  };
}
