/** One request as it arrived and how it was answered. Holds no header values but X-Project-Id: the others may be secret. */
export interface RecordedRequest {
  /** The X-Request-Id of the answer. */
  readonly id: string;
  /** operationId; null for a path that is not published. */
  readonly operation: string | null;
  readonly method: string;
  readonly path: string;
  readonly query: Readonly<Record<string, string>>;
  /** Parsed JSON; undefined when there was none or it was broken. */
  readonly body: unknown;
  /** Lower case, in the order of arrival. */
  readonly headerNames: readonly string[];
  readonly projectHeader: string | null;
  /** Kinds of the faults that fired. */
  readonly faults: readonly string[];
  /** Null while in flight and for a cut connection. */
  readonly status: number | null;
  /** Milliseconds on the simulator's clock. */
  readonly receivedAt: number;
  /** Null while in flight. */
  readonly answeredAt: number | null;
  /** Places in one running count of arrivals and endings: two requests overlapped when these intervals do. */
  readonly receivedSeq: number;
  readonly answeredSeq: number | null;
}

export type Arrival = Omit<RecordedRequest, 'faults' | 'status' | 'answeredAt' | 'receivedSeq' | 'answeredSeq'>;

export interface InFlight {
  /** Requests being answered right now, of one operation or of all. */
  now(operation?: string): number;
  /** The most that were in flight at once since the start or the last `reset`. */
  peak(operation?: string): number;
  reset(): void;
}

type Mutable<T> = { -readonly [K in keyof T]: T[K] };
const ALL = '*';

export class RequestLog implements InFlight {
  readonly requests: RecordedRequest[] = [];
  readonly #limit: number;
  readonly #current = new Map<string, number>();
  readonly #peak = new Map<string, number>();
  readonly #listeners = new Set<() => void>();
  #seq = 0;

  /** `limit`: how many requests are kept, the oldest go first. */
  constructor(limit: number) {
    this.#limit = limit;
  }

  arrive(arrival: Arrival): {
    readonly faults: readonly string[];
    fired(kinds: readonly string[]): void;
    end(status: number | null, at: number): void;
  } {
    const entry: Mutable<RecordedRequest> = {
      ...arrival,
      faults: [],
      status: null,
      answeredAt: null,
      receivedSeq: ++this.#seq,
      answeredSeq: null,
    };
    this.requests.push(entry);
    // Trimmed in large steps: each shift moves the whole array.
    if (this.requests.length > this.#limit * 2) this.requests.splice(0, this.requests.length - this.#limit);
    this.#count(entry.operation, 1);
    this.#changed();
    return {
      get faults() {
        return entry.faults;
      },
      fired: (kinds) => {
        entry.faults = kinds;
        this.#changed();
      },
      end: (status, at) => {
        if (entry.answeredSeq !== null) return;
        Object.assign(entry, { status, answeredAt: at, answeredSeq: ++this.#seq });
        this.#count(entry.operation, -1);
        this.#changed();
      },
    };
  }

  now(operation: string = ALL): number {
    return this.#current.get(operation) ?? 0;
  }

  peak(operation: string = ALL): number {
    return this.#peak.get(operation) ?? 0;
  }

  reset(): void {
    this.#peak.clear();
    for (const [key, count] of this.#current) this.#peak.set(key, count);
  }

  /** Resolves once `condition` holds; checked at every arrival, fault and answer. */
  async until(condition: (requests: readonly RecordedRequest[]) => boolean): Promise<void> {
    if (condition(this.requests)) return;
    await new Promise<void>((resolve) => {
      const listener = (): void => {
        if (!condition(this.requests)) return;
        this.#listeners.delete(listener);
        resolve();
      };
      this.#listeners.add(listener);
    });
  }

  clear(): void {
    this.requests.length = 0;
  }

  #changed(): void {
    for (const listener of [...this.#listeners]) listener();
  }

  #count(operation: string | null, step: 1 | -1): void {
    for (const key of operation === null ? [ALL] : [ALL, operation]) {
      const count = (this.#current.get(key) ?? 0) + step;
      this.#current.set(key, count);
      this.#peak.set(key, Math.max(count, this.#peak.get(key) ?? 0));
    }
  }
}
