/**
 * Pure: an answer that is no success → what failed (docs/upstream/NOTES.md, "Errors"; SIGNING.md, "Errors"). Pure: an
 * exchange without an answer → UpstreamError.
 */

import type { ExchangeError, ExchangeFailure } from '../http/exchange.ts';
import { readErrorBody } from './error-body.ts';
import { type ErrorMeaning, meaningOf } from './error-table.ts';
import { UpstreamError, type UpstreamErrorKind, type UpstreamOutcome } from './upstream-error.ts';

/** Upstream's words, made fit for an error message: no address, no secret, no control character, not long. */

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

/** @returns undefined when nothing readable is left. */
export function plainText(text: string): string | undefined {
  // Enough to judge what will be shown; patterns never run over a megabyte.
  let plain = text.slice(0, LONGEST * 4);
  for (const [pattern, replacement] of RULES) {
    plain = plain.replace(pattern, replacement);
  }
  plain = plain.trim();
  if (plain === '') {
    return undefined;
  }
  return plain.length > LONGEST ? `${plain.slice(0, LONGEST - 1).replace(/\p{Cs}$/u, '')}…` : plain;
}

interface FailedAnswer {
  readonly method: string;
  readonly status: number;
  readonly body: string;
  /** From the header; a body's own `request_id` is used when there is none. */
  readonly requestId: string | undefined;
  readonly retryAfterSeconds: number | undefined;
}

export function classify(answer: FailedAnswer): UpstreamError {
  const { code, message, requestId } = readErrorBody(answer.body);
  const known = code === undefined ? undefined : meaningOf(code, answer.status);
  const meaning = known ?? meaningOfStatus(answer.status);
  const outcome = outcomeOf(answer, known);
  const id = answer.requestId ?? requestId;
  return new UpstreamError({
    kind: meaning.kind,
    outcome,
    // Repeating a write whose outcome is open could do it twice.
    retryable: meaning.retry === 'yes' && outcome !== 'unknown',
    message: describe(meaning.kind, answer.status, code, message),
    status: answer.status,
    ...(code === undefined ? {} : { code }),
    ...(id === undefined ? {} : { requestId: id }),
    ...(answer.retryAfterSeconds === undefined ? {} : { retryAfterSeconds: answer.retryAfterSeconds }),
  });
}

/**
 * A write answered with a 5xx may have been done before the answer was lost, unless the code says it was turned away.
 * A read changes nothing: its outcome is never open.
 */
function outcomeOf(answer: FailedAnswer, known: ErrorMeaning | undefined): UpstreamOutcome {
  if (answer.method === 'GET' || answer.status < 500) {
    return 'refused';
  }
  return known !== undefined && TURNED_AWAY.has(known.kind) ? 'refused' : 'unknown';
}

const TURNED_AWAY: ReadonlySet<UpstreamErrorKind> = new Set([
  'validation',
  'throttled',
  'limit',
  'auth',
  'forbidden',
  'quota',
  'conflict',
  'state',
]);

const KIND_OF_STATUS: ReadonlyMap<number, UpstreamErrorKind> = new Map([
  [401, 'auth'],
  [403, 'forbidden'],
  [404, 'not_found'],
  [407, 'forbidden'],
  [408, 'timeout'],
  [409, 'conflict'],
  [413, 'limit'],
  [414, 'limit'],
  [429, 'throttled'],
  [431, 'limit'],
  [494, 'limit'],
  [501, 'internal'],
  [502, 'unavailable'],
  [503, 'unavailable'],
  [504, 'timeout'],
]);

const WORTH_REPEATING: ReadonlySet<number> = new Set([408, 429, 500, 502, 503, 504]);

/** For codes that the table does not have, and answers without one: the table is from 2022 and more may exist. */
export function meaningOfStatus(status: number): ErrorMeaning {
  if (status < 400) {
    // 1xx to 3xx: redirects are not followed, and nothing else is documented.
    return { kind: 'malformed', retry: 'no' };
  }
  const kind = KIND_OF_STATUS.get(status) ?? (status < 500 ? 'validation' : 'internal');
  return { kind, retry: status === 401 ? 'reauth' : WORTH_REPEATING.has(status) ? 'yes' : 'no' };
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

function describe(
  kind: UpstreamErrorKind,
  status: number,
  code: string | undefined,
  message: string | undefined,
): string {
  const said = message === undefined ? undefined : plainText(message);
  return `${SENTENCES[kind]} (${code ?? `status ${status}`})${said === undefined ? '.' : `: ${said}`}`;
}

const KINDS: Readonly<Record<ExchangeFailure, UpstreamErrorKind>> = {
  cancelled: 'connection',
  failed: 'connection',
  timeout: 'timeout',
  too_large: 'malformed',
};

const MESSAGES: Readonly<Record<ExchangeFailure, string>> = {
  cancelled: 'The call was cancelled before upstream had answered.',
  failed: 'The connection to upstream failed.',
  timeout: 'Upstream did not answer in time.',
  too_large: 'Upstream sent more than the gateway takes.',
};

export function failureOf(error: ExchangeError, method: string): UpstreamError {
  const outcome = outcomeWithoutAnswer(method, error.sent);
  return new UpstreamError({
    kind: KINDS[error.reason],
    outcome,
    message: MESSAGES[error.reason],
    retryable: (error.reason === 'failed' || error.reason === 'timeout') && outcome !== 'unknown',
    cause: error,
  });
}

/** A read changes nothing, so that nobody needs to wonder whether it was carried out. */
function outcomeWithoutAnswer(method: string, sent: boolean): UpstreamOutcome {
  if (!sent) {
    return 'not_sent';
  }
  return method === 'GET' ? 'refused' : 'unknown';
}
