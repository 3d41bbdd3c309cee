import { setTimeout as delay } from 'node:timers/promises';
import { errorBody } from './core/api-error.ts';
import type { Answer } from './core/call.ts';
import { type Json, mapMembers, writeJson } from './world/json.ts';

/** Faults that a test or a person scripts: which requests they hit, how often, and what then happens. */

export type FaultKind =
  /** An error answer. `stage: 'after'` does the work first, so that the caller cannot know the outcome. */
  | {
      readonly kind: 'status';
      readonly status: number;
      /** Default: a code that fits the status. */
      readonly code?: string;
      readonly message?: string;
      /** Seconds; written as they are, or as an HTTP date that far ahead on the simulator's clock. */
      readonly retryAfter?: number;
      readonly retryAfterAs?: 'delta' | 'date';
      /** `html` and `empty` are what a balancer in front of the API would send. */
      readonly body?: 'json' | 'html' | 'empty';
      readonly stage?: 'before' | 'after';
    }
  /** Throttling in the form of a 400, EndPoint.0022 (NOTES.md, "Errors"). */
  | { readonly kind: 'throttled' }
  /** 401 as after a clock that is 15 minutes off; does not count towards the lock of a key. */
  | { readonly kind: 'expiredSignature' }
  /** Waits this many real milliseconds, before or after the work. */
  | { readonly kind: 'slow'; readonly delayMs: number; readonly stage?: 'before' | 'after' }
  /** Answers only once the handle's `release()` is called, else never. */
  | { readonly kind: 'hang'; readonly stage?: 'before' | 'after' }
  /** Cuts the connection with a TCP reset. */
  | { readonly kind: 'reset'; readonly stage?: 'before' | 'after' }
  /** A 200 whose body breaks off in the middle. */
  | { readonly kind: 'malformedJson' }
  /** Every number and boolean of the answer as a string (NOTES.md, "Type quirks"). */
  | { readonly kind: 'looseTypes' }
  /** Every time without its Z, as in some published fixtures (NOTES.md, "Type quirks"). */
  | { readonly kind: 'bareTimes' }
  | { readonly kind: 'nullFields'; readonly fields: readonly string[] }
  | { readonly kind: 'missingFields'; readonly fields: readonly string[] }
  /** Every `status` of the answer reads this. */
  | { readonly kind: 'statusWord'; readonly word: string };

/** All given members must fit; none given means every request. */
interface FaultMatch {
  /** operationId. */
  readonly operation?: string;
  readonly method?: string;
  /** Part of the path. */
  readonly path?: string;
}

export type FaultSpec = FaultKind &
  FaultMatch & {
    /** How many requests it hits before it is used up; unlimited when absent. */
    readonly times?: number;
    /** Lets this many matching requests through first. */
    readonly skip?: number;
    /** 0 to 1, drawn from the seeded generator; 1 when absent. */
    readonly probability?: number;
  };

interface FaultHandle {
  readonly hits: number;
  /** Requests that hang on this fault right now. */
  readonly waiting: number;
  remove(): void;
  /** Removes a `hang` and lets what hangs on it go on. */
  release(): void;
}

/** A fault that has fired on one request. */
interface FiredFault {
  readonly spec: FaultSpec;
  /** For `hang`: settles on release. */
  hold(signal: AbortSignal): Promise<void>;
}

interface Target {
  readonly operation: string;
  readonly method: string;
  readonly path: string;
}

/** These end a request, so only the first that fires on it counts. */
const TERMINAL = new Set<FaultKind['kind']>(['status', 'throttled', 'expiredSignature', 'reset']);

class Fault implements FaultHandle, FiredFault {
  readonly spec: FaultSpec;
  hits = 0;
  readonly #registry: Set<Fault>;
  readonly #held = new Set<() => void>();
  #skipped = 0;

  constructor(spec: FaultSpec, registry: Set<Fault>) {
    this.spec = spec;
    this.#registry = registry;
  }

  get waiting(): number {
    return this.#held.size;
  }

  fires(target: Target, random: () => number): boolean {
    const { operation, method, path, skip = 0, times = Infinity, probability = 1 } = this.spec;
    if (this.hits >= times) return false;
    if (operation !== undefined && operation !== target.operation) return false;
    if (method !== undefined && method !== target.method) return false;
    if (path !== undefined && !target.path.includes(path)) return false;
    if (this.#skipped < skip) {
      this.#skipped += 1;
      return false;
    }
    if (probability < 1 && random() >= probability) return false;
    this.hits += 1;
    return true;
  }

  hold(signal: AbortSignal): Promise<void> {
    if (signal.aborted) return Promise.resolve();
    return new Promise((resolve) => {
      const end = (): void => {
        this.#held.delete(end);
        signal.removeEventListener('abort', end);
        resolve();
      };
      this.#held.add(end);
      signal.addEventListener('abort', end);
    });
  }

  remove(): void {
    this.#registry.delete(this);
  }

  release(): void {
    this.remove();
    for (const end of [...this.#held]) end();
  }
}

export class Faults {
  readonly #faults = new Set<Fault>();
  readonly #random: () => number;

  constructor(seed: number) {
    this.#random = seeded(seed);
  }

  add(spec: FaultSpec): FaultHandle {
    const fault = new Fault(spec, this.#faults);
    this.#faults.add(fault);
    return fault;
  }

  /** Forgets all faults; requests that hang go on. */
  clear(): void {
    for (const fault of [...this.#faults]) fault.release();
  }

  /** The faults that fire on this request, in the order in which they were added. */
  fire(target: Target): readonly FiredFault[] {
    const fired: FiredFault[] = [];
    let ended = false;
    for (const fault of this.#faults) {
      const terminal = TERMINAL.has(fault.spec.kind);
      if ((terminal && ended) || !fault.fires(target, this.#random)) continue;
      ended ||= terminal;
      fired.push(fault);
    }
    return fired;
  }
}

/** mulberry32: small, and the same sequence everywhere for the same seed. */
function seeded(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** A response ready for the wire. */
export interface Reply {
  readonly status: number;
  readonly contentType?: string;
  readonly text: string;
  readonly retryAfter?: string;
}

/** What the faults of one stage lead to: nothing, an answer in place of the real one, or a cut connection. */
type StageOutcome =
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
