/** Faults that a test or a person scripts: which requests they hit, how often, and what then happens. */
import { setTimeout as delay } from 'node:timers/promises';
import * as z from 'zod';
import { ApiError, errorReply, jsonReply, type Reply, unauthenticated } from './core/api-error.ts';
import type { Answer } from './core/call.ts';
import { type Json, mapMembers, writeJson } from './world/json.ts';

/** When the fault happens: before the work, or after it, so that the caller cannot know the outcome. */
const stage = z.enum(['before', 'after']).exactOptional();
const fields = z.array(z.string()).min(1).readonly();

/** `operation` (operationId), `method` and `path` (a part of it) must all match; none given means every request. */
const common = {
  operation: z.string().exactOptional(),
  method: z.string().exactOptional(),
  path: z.string().exactOptional(),
  /** How many requests it hits before it is used up; unlimited when absent. */
  times: z.int().positive().exactOptional(),
  /** Lets this many matching requests through first. */
  skip: z.int().nonnegative().exactOptional(),
  /** 0 to 1, drawn from the seeded generator; 1 when absent. */
  probability: z.number().min(0).max(1).exactOptional(),
};

export const faultSchema = z.discriminatedUnion('kind', [
  z.strictObject({
    ...common,
    kind: z.literal('status'),
    status: z.int().min(400).max(599),
    /** Default: a code that fits the status. */
    code: z.string().exactOptional(),
    message: z.string().exactOptional(),
    /** Seconds; written as they are, or as an HTTP date that far ahead on the simulator's clock. */
    retryAfter: z.number().nonnegative().exactOptional(),
    retryAfterAs: z.enum(['delta', 'date']).exactOptional(),
    /** `html` and `empty` are what a balancer in front of the API would send. */
    body: z.enum(['json', 'html', 'empty']).exactOptional(),
    stage,
  }),
  /** Throttling in the form of a 400, EndPoint.0022 (NOTES.md, "Errors"). */
  z.strictObject({ ...common, kind: z.literal('throttled') }),
  /** 401 as after a clock that is 15 minutes off; does not count towards the lock of a key. */
  z.strictObject({ ...common, kind: z.literal('expiredSignature') }),
  /** Waits this many real milliseconds. */
  z.strictObject({ ...common, kind: z.literal('slow'), delayMs: z.int().nonnegative(), stage }),
  /** Answers only once the handle's `release()` is called, else never. */
  z.strictObject({ ...common, kind: z.literal('hang'), stage }),
  /** Cuts the connection with a TCP reset. */
  z.strictObject({ ...common, kind: z.literal('reset'), stage }),
  /** A 200 whose body breaks off in the middle. */
  z.strictObject({ ...common, kind: z.literal('malformedJson') }),
  /** Every number and boolean of the answer as a string (NOTES.md, "Type quirks"). */
  z.strictObject({ ...common, kind: z.literal('looseTypes') }),
  /** Every time without its Z, as in some published fixtures (NOTES.md, "Type quirks"). */
  z.strictObject({ ...common, kind: z.literal('bareTimes') }),
  z.strictObject({ ...common, kind: z.literal('nullFields'), fields }),
  z.strictObject({ ...common, kind: z.literal('missingFields'), fields }),
  /** Every `status` of the answer reads this. */
  z.strictObject({ ...common, kind: z.literal('statusWord'), word: z.string() }),
]);

export type FaultSpec = z.infer<typeof faultSchema>;

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
const TERMINAL = new Set<FaultSpec['kind']>(['status', 'throttled', 'expiredSignature', 'reset']);

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
export function seeded(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

export interface StageContext {
  readonly now: number;
  readonly requestId: string;
  /** Aborted when the simulator closes. */
  readonly signal: AbortSignal;
}

/**
 * Waits first, then the one fault that ends the request.
 * @returns the answer in place of the real one, null for a cut connection, undefined to go on.
 */
export async function runStage(
  faults: readonly FiredFault[],
  at: 'before' | 'after',
  context: StageContext,
): Promise<Reply | null | undefined> {
  const due = faults.filter(({ spec }) => stageOf(spec) === at);
  for (const fault of due) await wait(fault, context.signal);
  for (const { spec } of due) {
    if (spec.kind === 'reset') return null;
    const reply = faultReply(spec, context);
    if (reply !== null) return reply;
  }
  return undefined;
}

/** The real answer with what the faults do to its body. */
export function writeAnswer(answer: Answer, faults: readonly FiredFault[]): Reply {
  if (answer.body === undefined) return { status: answer.status, text: '' };
  const body = faults.reduce<Json>((current, { spec }) => distort(current, spec), answer.body);
  const text = writeJson(body);
  const broken = faults.some(({ spec }) => spec.kind === 'malformedJson');
  return jsonReply(answer.status, broken ? text.slice(0, Math.ceil(text.length / 2)) : text);
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

function faultReply(spec: FaultSpec, { now, requestId }: StageContext): Reply | null {
  if (spec.kind === 'throttled')
    return errorReply(new ApiError(400, 'EndPoint.0022', 'The request is throttled.'), requestId);
  if (spec.kind === 'expiredSignature') return errorReply(unauthenticated('signature expired'), requestId);
  if (spec.kind !== 'status') return null;
  const { retryAfter, retryAfterAs = 'delta' } = spec;
  const reply = statusReply(spec, requestId);
  return retryAfter === undefined ? reply : { ...reply, retryAfter: retryAfterText(retryAfter, retryAfterAs, now) };
}

function statusReply(spec: Extract<FaultSpec, { kind: 'status' }>, requestId: string): Reply {
  const { status, code = defaultCode(status), message = 'Fault injected by the simulator.', body = 'json' } = spec;
  if (body === 'empty') return { status, text: '' };
  if (body === 'html')
    return { status, contentType: 'text/html', text: `<html><body><h1>${status}</h1></body></html>` };
  return errorReply(new ApiError(status, code, message), requestId);
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
