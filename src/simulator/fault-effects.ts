import { setTimeout as delay } from 'node:timers/promises';
import { errorBody } from './core/api-error.ts';
import type { Answer } from './core/call.ts';
import type { FaultKind, FaultSpec, FiredFault } from './faults.ts';
import { type Json, mapMembers, writeJson } from './world/json.ts';

/** A response ready for the wire. */
export interface Reply {
  readonly status: number;
  readonly contentType?: string;
  readonly text: string;
  readonly retryAfter?: string;
}

/** What the faults of one stage lead to: nothing, an answer in place of the real one, or a cut connection. */
export type StageOutcome =
  | { readonly kind: 'go' }
  | { readonly kind: 'reset' }
  | { readonly kind: 'reply'; readonly reply: Reply };

export interface StageContext {
  readonly now: number;
  readonly requestId: string;
  /** Aborted when the simulator closes. */
  readonly signal: AbortSignal;
}

/** Waits first, then the one fault that ends the request. */
export async function runStage(
  faults: readonly FiredFault[],
  stage: 'before' | 'after',
  context: StageContext,
): Promise<StageOutcome> {
  const due = faults.filter(({ spec }) => stageOf(spec) === stage);
  for (const fault of due) await wait(fault, context.signal);
  for (const { spec } of due) {
    if (spec.kind === 'reset') return { kind: 'reset' };
    const reply = errorReply(spec, context);
    if (reply !== null) return { kind: 'reply', reply };
  }
  return { kind: 'go' };
}

/** The real answer with what the faults do to its body. */
export function writeAnswer(answer: Answer, faults: readonly FiredFault[]): Reply {
  if (answer.body === undefined) return { status: answer.status, text: '' };
  const body = faults.reduce<Json>((current, { spec }) => distort(current, spec), answer.body);
  const text = writeJson(body);
  const broken = faults.some(({ spec }) => spec.kind === 'malformedJson');
  return jsonReply(answer.status, broken ? text.slice(0, Math.ceil(text.length / 2)) : text);
}

export function jsonReply(status: number, text: string): Reply {
  return { status, contentType: 'application/json', text };
}

function stageOf(spec: FaultSpec): 'before' | 'after' {
  return 'stage' in spec ? (spec.stage ?? 'before') : 'before';
}

async function wait(fault: FiredFault, signal: AbortSignal): Promise<void> {
  const { spec } = fault;
  if (spec.kind === 'hang') await fault.hold(signal);
  // The abort only cuts the wait short; closing the sockets does the rest.
  if (spec.kind === 'slow') await delay(spec.delayMs, undefined, { signal }).catch(() => undefined);
}

function errorReply(spec: FaultKind, context: StageContext): Reply | null {
  if (spec.kind === 'throttled') return refusal(400, 'EndPoint.0022', 'The request is throttled.', context);
  if (spec.kind === 'status') return statusReply(spec, context);
  if (spec.kind !== 'expiredSignature') return null;
  return refusal(401, 'APIGW.0301', 'Incorrect IAM authentication information: signature expired', context);
}

function statusReply(spec: Extract<FaultKind, { kind: 'status' }>, context: StageContext): Reply {
  const retryAfter =
    spec.retryAfter === undefined
      ? {}
      : { retryAfter: retryAfterText(spec.retryAfter, spec.retryAfterAs ?? 'delta', context.now) };
  const { status, body = 'json' } = spec;
  if (body === 'empty') return { status, text: '', ...retryAfter };
  if (body === 'html')
    return { status, contentType: 'text/html', text: `<html><body><h1>${status}</h1></body></html>`, ...retryAfter };
  return {
    ...refusal(status, spec.code ?? defaultCode(status), spec.message ?? 'Fault injected by the simulator.', context),
    ...retryAfter,
  };
}

function refusal(status: number, code: string, message: string, context: StageContext): Reply {
  return jsonReply(status, writeJson(errorBody(code, message, context.requestId)));
}

function retryAfterText(seconds: number, form: 'delta' | 'date', now: number): string {
  return form === 'delta' ? String(seconds) : new Date(now + seconds * 1000).toUTCString();
}

/** Codes of vpcep.openapi.yaml, `x-error-codes`. */
function defaultCode(status: number): string {
  if (status === 429) return 'APIGW.0308';
  if (status === 502) return 'APIGW.0610';
  if (status === 503) return 'APIGW.0613';
  if (status === 504) return 'EndPoint.0013';
  if (status === 401) return 'EndPoint.0003';
  if (status === 403) return 'EndPoint.0004';
  if (status === 404) return 'EndPoint.0005';
  return status >= 500 ? 'EndPoint.0001' : 'EndPoint.0002';
}

function distort(body: Json, spec: FaultSpec): Json {
  if (spec.kind === 'looseTypes') return loosen(body);
  if (spec.kind === 'bareTimes') return mapMembers(body, (_key, member) => withoutZone(member));
  if (spec.kind === 'statusWord') return mapMembers(body, (key, member) => (key === 'status' ? spec.word : member));
  if (spec.kind !== 'nullFields' && spec.kind !== 'missingFields') return body;
  const instead = spec.kind === 'nullFields' ? null : undefined;
  return mapMembers(body, (key, member) => (spec.fields.includes(key) ? instead : member));
}

function loosen(body: Json): Json {
  return mapMembers(body, (_key, member) =>
    ['number', 'boolean', 'bigint'].includes(typeof member) ? String(member) : member,
  );
}

function withoutZone(member: Json): Json {
  return typeof member === 'string' && /^[0-9-]{10}T[0-9:]{8}Z$/.test(member) ? member.slice(0, -1) : member;
}
