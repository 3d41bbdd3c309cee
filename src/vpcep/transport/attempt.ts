/** One signed attempt at a call. */
import type { Dispatcher } from 'undici';
import type { Clock } from '../../shared/clock.ts';
import { classify, failureOf } from '../errors/classify.ts';
import { wordOf } from '../errors/error-body.ts';
import { type AttemptResult, asCallersOwn, type UpstreamOutcome } from '../errors/upstream-error.ts';
import { type ExchangeAnswer, ExchangeError, type ExchangeLimits, exchange } from '../http/exchange.ts';
import { effectOf, type UpstreamAnswer, type UpstreamRequest } from '../http/request.ts';
import { retryAfterSeconds } from '../http/retry-after.ts';
import { skewOf } from '../signing/clock-skew.ts';
import type { Credential } from '../signing/credentials.ts';
import { encodeComponent, encodeQuery, type HeaderPair, sdkDate, sign } from '../signing/signature.ts';

const CONTENT_TYPE: HeaderPair = ['content-type', 'application/json'];

/** What signing needs to know of the host. */
interface SignedHost {
  /** As it goes out in `Host`. */
  readonly host: string;
  readonly basePath: string;
  /** What to add to our clock, milliseconds. */
  readonly skewMs: number;
}

interface AttemptSettings {
  readonly dispatcher: Dispatcher;
  readonly clock: Clock;
  readonly userAgent: string;
  readonly limits: ExchangeLimits;
}

export async function attempt(
  request: UpstreamRequest,
  origin: SignedHost,
  credential: Credential,
  settings: AttemptSettings,
): Promise<AttemptResult> {
  const signedAt = settings.clock.now() + origin.skewMs;
  const path = `${origin.basePath}/${request.segments.map(encodeComponent).join('/')}`;
  const query = encodeQuery(request.query ?? []);
  const body = request.body === undefined ? {} : { body: request.body };
  let answer: ExchangeAnswer;
  try {
    const headers = headersOf({ ...request, path, query }, origin, credential, signedAt);
    headers['user-agent'] = settings.userAgent;
    headers.accept = 'application/json';
    const target = query === '' ? path : `${path}?${query}`;
    answer = await exchange(
      settings.dispatcher,
      { method: request.method, path: target, headers, ...body },
      settings.limits,
    );
  } catch (error) {
    if (error instanceof ExchangeError) {
      return { ok: false, error: failureOf(error, effectOf(request)) };
    }
    throw error;
  }
  const text = answer.body.toString('utf8');
  const requestId = wordOf(answer.headers['x-request-id']);
  if (answer.status >= 200 && answer.status < 300) {
    return { ok: true, answer: { status: answer.status, text, requestId } };
  }
  return refusal(effectOf(request), credential, { ...answer, text, requestId, signedAt, now: settings.clock.now() });
}

interface Refusal extends ExchangeAnswer, UpstreamAnswer {
  readonly signedAt: number;
  readonly now: number;
}

function refusal(method: string, credential: Credential, answer: Refusal): AttemptResult {
  const { status, text, requestId, signedAt, now } = answer;
  const after = retryAfterSeconds(one(answer.headers['retry-after']), now);
  const failure = classify({ method, status, body: text, requestId, retryAfterSeconds: after });
  const error = credential.kind === 'token' ? asCallersOwn(failure, method === 'GET') : failure;
  const date = one(answer.headers.date);
  const skewMs = credential.kind === 'aksk' ? skewOf({ status, body: text, date, signedAt, now }) : undefined;
  return skewMs === undefined ? { ok: false, error } : { ok: false, error, skewMs };
}

function headersOf(
  request: Pick<UpstreamRequest, 'method' | 'projectId' | 'body' | 'withoutProject' | 'subjectToken'> & {
    readonly path: string;
    readonly query: string;
  },
  origin: SignedHost,
  credential: Credential,
  signedAt: number,
): Record<string, string> {
  if (credential.kind === 'token') {
    const about = request.subjectToken === undefined ? {} : { 'x-subject-token': request.subjectToken.reveal() };
    return { [CONTENT_TYPE[0]]: CONTENT_TYPE[1], 'x-auth-token': credential.token.reveal(), ...about };
  }
  const { projectId, withoutProject, ...rest } = request;
  const scope = projectId === '' || withoutProject === true ? {} : { projectId };
  const input = { ...rest, ...scope, host: origin.host, headers: [CONTENT_TYPE] };
  return sign(input, credential, sdkDate(signedAt)).headers;
}

function one(value: string | string[] | undefined): string | undefined {
  return Array.isArray(value) ? value[0] : value;
}

/** One attempt, for logs and metrics. Nothing in it is secret; codes and request ids are short plain words. */
export interface UpstreamObservation {
  /** Name of the operation in schema/vpcep.openapi.yaml, such as `CreateEndpoint`. */
  readonly operation: string;
  readonly method: string;
  /** From 1. */
  readonly attempt: number;
  readonly durationMs: number;
  /** HTTP status; undefined without an answer. */
  readonly status: number | undefined;
  readonly outcome: 'done' | UpstreamOutcome;
  readonly code: string | undefined;
  readonly requestId: string | undefined;
}
