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
export interface FaultMatch {
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

export interface FaultHandle {
  readonly hits: number;
  /** Requests that hang on this fault right now. */
  readonly waiting: number;
  remove(): void;
  /** Removes a `hang` and lets what hangs on it go on. */
  release(): void;
}

/** A fault that has fired on one request. */
export interface FiredFault {
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
