/** What failed, from an answer that is no success or from an exchange without an answer (docs/upstream/NOTES.md, "Errors"). */
import type { ExchangeError, ExchangeFailure } from '../http/exchange.ts';
import { meaningOf, meaningOfStatus } from './error-table.ts';
import { UpstreamError, type UpstreamErrorKind, type UpstreamOutcome } from './upstream-error.ts';

interface FailedAnswer {
  /** As `effectOf` gives it. */
  readonly method: string;
  readonly status: number;
  readonly body: string;
  /** From the header; a body's own `request_id` is used when there is none. */
  readonly requestId: string | undefined;
  readonly retryAfterSeconds: number | undefined;
}

const SENTENCES: Readonly<Record<UpstreamErrorKind, string>> = {
  auth: 'Upstream did not accept the credentials',
  conflict: 'The request conflicts with the current state of the resource',
  forbidden: 'Upstream does not allow this call',
  internal: 'Upstream failed internally',
  limit: 'The request exceeds a limit of upstream',
  not_found: 'The resource does not exist',
  not_found_as_400: 'A resource that the request names does not exist',
  quota: 'The resource quota is used up',
  state: 'The state of the resource does not allow this call now',
  throttled: 'Upstream is limiting the rate of calls',
  timeout: 'Upstream ran out of time',
  unavailable: 'Upstream is unavailable',
  validation: 'Upstream rejected the request as invalid',
  connection: 'The connection to upstream failed',
  malformed: 'Upstream sent an answer that could not be read',
  credential_stopped: 'The credential is not being used after upstream refused its signature',
  token_refused: 'Upstream did not accept the token',
  unreadable: 'Upstream does not allow this read',
};

/** Kinds of a code that say that nothing was done, also in a 5xx. */
const NOTHING_DONE: ReadonlySet<UpstreamErrorKind> = new Set([
  'validation',
  'throttled',
  'limit',
  'auth',
  'forbidden',
  'quota',
  'conflict',
  'state',
]);

export function classify({ method, status, body, requestId, retryAfterSeconds }: FailedAnswer): UpstreamError {
  const said = readErrorBody(body);
  const known = said.code === undefined ? undefined : meaningOf(said.code, status);
  const { kind, retry } = known ?? meaningOfStatus(status);
  // A write answered with a 5xx may have been done before the answer was lost. A read changes nothing.
  const isOpen = method !== 'GET' && status >= 500 && !(known !== undefined && NOTHING_DONE.has(known.kind));
  const words = said.message === undefined ? undefined : plainText(said.message);
  return new UpstreamError({
    kind,
    outcome: isOpen ? 'unknown' : 'refused',
    // Repeating a write whose outcome is open could do it twice.
    retryable: retry === 'yes' && !isOpen,
    message: `${SENTENCES[kind]} (${said.code ?? `status ${status}`})${words === undefined ? '.' : `: ${words}`}`,
    status,
    code: said.code,
    requestId: requestId ?? said.requestId,
    retryAfterSeconds,
  });
}

const WITHOUT_ANSWER: Readonly<
  Record<ExchangeFailure, { readonly kind: UpstreamErrorKind; readonly message: string }>
> = {
  cancelled: { kind: 'connection', message: 'The call was cancelled before upstream had answered.' },
  failed: { kind: 'connection', message: 'The connection to upstream failed.' },
  timeout: { kind: 'timeout', message: 'Upstream did not answer in time.' },
  too_large: { kind: 'malformed', message: 'Upstream sent more than the gateway takes.' },
};

export function failureOf(error: ExchangeError, method: string): UpstreamError {
  const openOutcome: UpstreamOutcome = method === 'GET' ? 'refused' : 'unknown';
  const outcome = error.sent ? openOutcome : 'not_sent';
  return new UpstreamError({
    ...WITHOUT_ANSWER[error.reason],
    outcome,
    retryable: (error.reason === 'failed' || error.reason === 'timeout') && outcome !== 'unknown',
    cause: error,
  });
}

interface ErrorBody {
  /** As sent, when it has the form of a code. */
  readonly code?: string | undefined;
  /** As sent: shown only after `plainText`. */
  readonly message?: string | undefined;
  readonly requestId?: string | undefined;
}

/** Longer answers are a proxy's page, not an error of the service. */
const LONGEST_BODY = 64 * 1024;
const DEEPEST = 4;
const PAIRS = [
  ['error_code', 'error_msg'],
  ['error_code', 'error_message'],
  ['errorCode', 'errorMsg'],
  ['code', 'message'],
] as const;

/** Reads all shapes of docs/upstream/SIGNING.md, "Errors"; never throws. */
export function readErrorBody(text: string): ErrorBody {
  if (text.length === 0 || text.length > LONGEST_BODY) return {};
  let body: unknown;
  try {
    body = JSON.parse(text);
  } catch {
    return { message: text };
  }
  return { ...find(body, 0), requestId: isRecord(body) ? wordOf(body.request_id) : undefined };
}

function find(value: unknown, depth: number): ErrorBody | undefined {
  if (!isRecord(value) || depth > DEEPEST) return undefined;
  for (const [codeKey, messageKey] of PAIRS) {
    const code = codeIn(value[codeKey]);
    const message = value[messageKey];
    if (code !== undefined || (typeof message === 'string' && value[codeKey] !== undefined)) {
      return { code, message: typeof message === 'string' ? message : undefined };
    }
  }
  for (const member of Object.values(value)) {
    const found = find(member, depth + 1);
    if (found !== undefined) return found;
  }
  return undefined;
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** A number repeats the status, as IAM does, and is no code (SIGNING.md: Go ignores it, too). */
function codeIn(value: unknown): string | undefined {
  const word = wordOf(value);
  return word === undefined || /^\d+$/.test(word) ? undefined : word;
}

/** Codes and request ids end up in logs and metrics: short words only. */
export function wordOf(value: unknown): string | undefined {
  return typeof value === 'string' && /^[A-Za-z0-9._:-]{1,64}$/.test(value) ? value : undefined;
}

const LONGEST = 200;
const RULES: readonly (readonly [RegExp, string])[] = [
  [/[\p{Cc}\p{Cf}\p{Cs}\u2028\u2029]+/gu, ' '],
  [/<[^<>]*>/g, ' '],
  [/\b[a-z][a-z0-9+.-]{0,20}:\/\/\S*/gi, '[address]'],
  [/\b[a-z0-9-]+(?:\.[a-z0-9-]+)*\.(?:com|eu|cn|net|org|local|internal)\b\S*/gi, '[address]'],
  [/\b\d{1,3}(?:\.\d{1,3}){3}(?::\d+)?\b/g, '[address]'],
  // "Access=…", "token: …", "sk = …": the word is harmless, what follows is not.
  [
    /\b(access|ak|sk|signature|credential|authorization|token|secret|password|x-[a-z-]+)["']?\s*[=:]\s*["']?[^\s,;"']+/gi,
    '$1=[hidden]',
  ],
  // Anything that long without a space is a key, a token or a signature; ids (UUID, 32 hex digits) are shorter.
  [/[A-Za-z0-9+/=_~-]{37,}/g, '[hidden]'],
  // Access keys: 20 capitals and digits.
  [/\b[A-Z0-9]{20}\b/g, '[hidden]'],
  [/\s+/g, ' '],
];

/**
 * Upstream's words, made fit for an error message: no address, no secret, no control character, not long.
 * @returns undefined when nothing readable is left.
 */
export function plainText(text: string): string | undefined {
  // Patterns never run over a megabyte.
  let plain = text.slice(0, LONGEST * 4);
  for (const [pattern, replacement] of RULES) plain = plain.replace(pattern, replacement);
  plain = plain.trim();
  if (plain === '') return undefined;
  return plain.length > LONGEST ? `${plain.slice(0, LONGEST - 1).replace(/\p{Cs}$/u, '')}…` : plain;
}
