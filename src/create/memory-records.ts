import { shortened } from './creation.ts';
import {
  type BeginStep,
  CLAIM_MS,
  type ClaimCall,
  type CreateClaims,
  type CreateRecords,
  OPEN_MS,
  PENDING_MS,
  RECORD_MS,
  type RecordAttempt,
  type RecordRef,
  SHORT_CLAIM_MS,
  type TakeStep,
} from './records.ts';

interface Claim {
  readonly call: string;
  readonly expiresAt: number;
}

interface Open {
  readonly call: ClaimCall;
  readonly expiresAt: number;
}

/** The claims of one process. The same rules in Lua: redis-records.ts. */
export class MemoryClaims implements CreateClaims {
  readonly #now: () => number;
  /**
   * Oldest first. There are as many as are on their way: few. No Map, because one of short-lived entries is rehashed again
   * and again, and its old tables keep entries alive until the next full garbage collection.
   */
  readonly #open: Open[] = [];
  /** Calls with a key that have no answer, oldest first. */
  readonly #unanswered = new Map<string, { readonly expiresAt: number }>();
  /** By project and resource, oldest first. */
  readonly #claims = new Map<string, Claim>();

  /** @param now milliseconds since 1970 */
  constructor(now: () => number = Date.now) {
    this.#now = now;
  }

  async open(call: ClaimCall): Promise<void> {
    const now = this.#now();
    while (this.#open[0] !== undefined && this.#open[0].expiresAt <= now) this.#open.shift();
    this.#open.push({ call, expiresAt: now + OPEN_MS });
    if (call.hasKey) setLast(this.#unanswered, call.call, { expiresAt: now + RECORD_MS });
  }

  async close(call: ClaimCall, id: string | null): Promise<void> {
    this.#end(call);
    if (id === null) return;
    const now = this.#now();
    forgetExpired(this.#unanswered, now);
    forgetExpired(this.#claims, this.#unanswered.size > 0 ? now : now + CLAIM_MS - SHORT_CLAIM_MS);
    setLast(this.#claims, `${call.projectId} ${id}`, { call: call.call, expiresAt: now + CLAIM_MS });
  }

  async take(call: ClaimCall, candidates: readonly string[]): Promise<TakeStep> {
    if (this.#isBusy(call)) return { kind: 'busy' };
    const left = candidates.filter((id) => {
      const claim = this.#claims.get(`${call.projectId} ${id}`);
      return claim === undefined || claim.call === call.call || claim.expiresAt <= this.#now();
    });
    const [id, ...more] = left;
    if (id === undefined || more.length > 0) return { kind: 'left', ids: left };
    await this.close(call, id);
    return { kind: 'taken', id };
  }

  /** A call with a key may have been opened more than once, each time it was looked for. */
  #end({ call: name, hasKey }: ClaimCall): void {
    for (let at = this.#open.length - 1; at >= 0; at--) {
      if (this.#open[at]?.call.call !== name) continue;
      this.#open.splice(at, 1);
      if (!hasKey) return;
    }
    if (hasKey) this.#unanswered.delete(name);
  }

  /** Resources of which it is remembered to whom they were answered. */
  get size(): number {
    return this.#claims.size;
  }

  /** Another equal call has no answer yet. */
  #isBusy({ call: name, projectId, structure }: ClaimCall): boolean {
    const now = this.#now();
    const own = structure();
    for (const { call, expiresAt } of this.#open) {
      const counts = expiresAt > now && call.call !== name && call.projectId === projectId;
      if (counts && call.structure() === own) return true;
    }
    return false;
  }
}

type Stored = { readonly input: string; readonly expiresAt: number } & (
  | { readonly state: 'pending'; readonly token: string; readonly sentAtMs: number; readonly deadline: number }
  | { readonly state: 'unknown'; readonly sentAtMs: number }
  | { readonly state: 'done'; readonly answer: string }
);

/** Characters of all answers together. With more, an answer is stored as a reference. */
const MOST_CHARACTERS = 16 * 1024 * 1024;

/** The records of one process. The same rules in Lua: redis-records.ts. */
export class MemoryRecords implements CreateRecords {
  readonly #now: () => number;
  readonly #records = new Map<string, Stored>();
  /** Of answers, together. */
  #characters = 0;

  /** @param now milliseconds since 1970 */
  constructor(now: () => number = Date.now) {
    this.#now = now;
  }

  async begin(ref: RecordRef, { input, token }: RecordAttempt): Promise<BeginStep> {
    const now = this.#now();
    const record = this.#get(ref);
    const pending = { state: 'pending', input, token, deadline: now + PENDING_MS, expiresAt: now + RECORD_MS } as const;
    if (record === undefined) {
      this.#put(ref, { ...pending, sentAtMs: now });
      return { kind: 'granted', sentAtMs: now };
    }
    if (record.input !== input) return { kind: 'otherInput' };
    if (record.state === 'done') return { kind: 'done', answer: record.answer };
    if (record.state === 'pending' && isAhead(record.deadline, now)) return { kind: 'pending' };
    this.#put(ref, { ...pending, sentAtMs: record.sentAtMs });
    return { kind: 'reconcile', sentAtMs: record.sentAtMs };
  }

  async finish(ref: RecordRef, { input }: RecordAttempt, answer: string): Promise<void> {
    const record = this.#get(ref);
    if (record !== undefined && (record.state === 'done' || record.input !== input)) return;
    const kept = this.#characters + answer.length > MOST_CHARACTERS ? shortened(answer) : answer;
    this.#characters += kept.length;
    this.#put(ref, { state: 'done', input, answer: kept, expiresAt: this.#now() + RECORD_MS });
  }

  async release(ref: RecordRef, token: string): Promise<void> {
    const record = this.#get(ref);
    if (record?.state === 'pending' && record.token === token) this.#records.delete(nameOf(ref));
  }

  async markUnknown(ref: RecordRef, token: string): Promise<void> {
    const record = this.#get(ref);
    if (record?.state !== 'pending' || record.token !== token) return;
    const { input, sentAtMs } = record;
    this.#put(ref, { state: 'unknown', input, sentAtMs, expiresAt: this.#now() + RECORD_MS });
  }

  get size(): number {
    return this.#records.size;
  }

  #get(ref: RecordRef): Stored | undefined {
    for (const record of forgetExpired(this.#records, this.#now())) {
      if (record.state === 'done') this.#characters -= record.answer.length;
    }
    return this.#records.get(nameOf(ref));
  }

  #put(ref: RecordRef, record: Stored): void {
    setLast(this.#records, nameOf(ref), record);
  }
}

/**
 * Every entry was put at the end with `setLast`, so the oldest are at the front.
 * @returns what it has removed
 */
function forgetExpired<Entry extends { readonly expiresAt: number }>(
  entries: Map<string, Entry>,
  now: number,
): readonly Entry[] {
  const expired: Entry[] = [];
  for (const [name, entry] of entries) {
    if (entry.expiresAt > now) break;
    entries.delete(name);
    expired.push(entry);
  }
  return expired;
}

function setLast<Entry>(entries: Map<string, Entry>, name: string, entry: Entry): void {
  entries.delete(name);
  entries.set(name, entry);
}

function nameOf({ projectId, hash }: RecordRef): string {
  return `${projectId} ${hash}`;
}

/** A deadline further ahead than any that is given out means that the clock has stepped back. */
function isAhead(deadline: number, now: number): boolean {
  return deadline > now && deadline - now <= PENDING_MS;
}
