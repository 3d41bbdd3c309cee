/** Compares the events of every subscriber with what the gateways observed. Pure. */
import type { Position } from '../../src/events/event-log.ts';
import { MIN_ENTRIES } from '../../src/events/retention.ts';
import { positionOf, type SeenEvent, type Step, type Trace } from './trace.ts';

export interface Observed {
  /** Of the resource. */
  readonly id: string;
  readonly status: string;
  readonly version: number;
}

/** Everything known of a log: epoch → seq → transition. */
export type LogHistory = Map<string, Map<number, Observed>>;

export interface Verdict {
  readonly transitions: number;
  readonly resyncs: number;
  /** Those of them whose cursor is so old that the log need not reach back to it. */
  readonly tooOld: number;
  readonly lost: number;
  readonly duplicated: number;
  readonly reordered: number;
  /** Any other violation: forks, versions that go back, another epoch without a RESYNC. */
  readonly wrong: number;
  /** The first violation. */
  readonly first: string | undefined;
  /** The last RESYNC that was not too old. */
  readonly resynced: string | undefined;
}

/**
 * What a subscriber saw was observed, even if the server died before another reader had it: so the history is what the
 * independent reader copied and what all subscribers saw together.
 */
export function completeHistory(history: LogHistory, traces: readonly Trace[]): readonly string[] {
  const forks: string[] = [];
  for (const { name, steps } of traces) {
    for (const event of transitionsOf(steps)) {
      const at = positionOf(event.cursor);
      if (at === null) continue;
      const epoch = history.get(at.epoch) ?? new Map<number, Observed>();
      history.set(at.epoch, epoch);
      const known = epoch.get(at.seq);
      const seen = { id: event.id, status: event.rawStatus, version: event.version };
      if (known === undefined) epoch.set(at.seq, seen);
      else if (JSON.stringify(known) !== JSON.stringify(seen)) {
        forks.push(`${name} saw ${event.cursor} as ${JSON.stringify(seen)}, it is ${JSON.stringify(known)}`);
      }
    }
  }
  return forks;
}

export function judge(trace: Trace, history: LogHistory): Verdict {
  const judge = new Judge(trace, history);
  for (const step of trace.steps) judge.take(step);
  return judge.done();
}

/** Whether an observed event has not reached a connected subscriber yet. */
export function isBehind({ steps, ids }: Trace, history: LogHistory): boolean {
  const last = steps.at(-1);
  if (last?.step === 'end') return false;
  const heard = steps.findLast((step) => step.step === 'event' || step.step === 'empty');
  // Where it stands is not known then.
  if (heard?.step === 'empty') return false;
  const at = heard === undefined ? null : positionOf(heard.event.cursor);
  if (at === null) return true;
  for (const [seq, { id }] of history.get(at.epoch) ?? []) {
    if (seq > at.seq && (ids?.has(id) ?? true)) return true;
  }
  return false;
}

function transitionsOf(steps: readonly Step[]): readonly SeenEvent[] {
  return steps.flatMap((step) => (step.step === 'event' && step.event.kind === 'TRANSITION' ? [step.event] : []));
}

class Judge {
  readonly #trace: Trace;
  readonly #history: LogHistory;
  /** Null: a set must come before anything else. */
  #at: Position | null = null;
  readonly #versions = new Map<string, { readonly version: number; readonly status: string }>();
  readonly #count = { transitions: 0, resyncs: 0, tooOld: 0, lost: 0, duplicated: 0, reordered: 0, wrong: 0 };
  #first: string | undefined;
  #resynced: string | undefined;
  /** The last position that it had. */
  #stood: Position | null = null;
  /** A whole set has come since it subscribed, or it had a cursor: from then on a set must be a RESYNC. */
  #started = false;
  /** It left in the middle of a set, which then begins again: no loss. */
  #again = false;
  #ended = false;
  /** The last set was empty, so that the epoch and the number that it ends at are unknown. */
  #empty = false;

  constructor(trace: Trace, history: LogHistory) {
    this.#trace = trace;
    this.#history = history;
  }

  take(step: Step): void {
    this.#stood = this.#at ?? this.#stood;
    if (step.step === 'begin') {
      this.#ended = false;
      this.#started = step.after !== null;
      this.#again = step.after !== null && positionOf(step.after) === null;
      this.#at = step.after === null ? null : positionOf(step.after);
      this.#empty = false;
    } else if (step.step === 'end') {
      this.#ended = true;
    } else if (step.step === 'empty') {
      if (this.#started && !this.#empty && !this.#again) this.#resync(null);
      this.#again = false;
      this.#at = null;
      this.#empty = true;
    } else {
      this.#age(step.event);
      if (step.event.kind === 'TRANSITION') this.#transition(step.event);
      else this.#state(step.event);
    }
  }

  done(): Verdict {
    // A subscriber that left on purpose misses nothing.
    if (!this.#ended && this.#at !== null) this.#missing(this.#at, Number.POSITIVE_INFINITY);
    return { ...this.#count, first: this.#first, resynced: this.#resynced };
  }

  #state(event: SeenEvent): void {
    if (this.#started !== (event.kind === 'RESYNC') && !this.#empty) {
      this.#fault(
        'wrong',
        `${event.kind} ${event.cursor} ${this.#started ? 'in the middle of a feed' : 'at its begin'}`,
      );
    }
    this.#empty = false;
    if (event.more) {
      this.#at = null;
      return;
    }
    const at = positionOf(event.cursor);
    if (event.kind === 'RESYNC' && !this.#again) this.#resync(at);
    this.#again = false;
    this.#at = at;
    this.#started = true;
  }

  #resync(at: Position | null): void {
    const from = this.#stood;
    this.#count.resyncs++;
    if (at !== null && from?.epoch === at.epoch && at.seq - from.seq >= MIN_ENTRIES) this.#count.tooOld++;
    else this.#resynced = `from ${JSON.stringify(from)} to ${JSON.stringify(at)}`;
  }

  #transition(event: SeenEvent): void {
    this.#count.transitions++;
    if (!(this.#trace.ids?.has(event.id) ?? true)) this.#fault('wrong', `${event.cursor} is about another resource`);
    const at = positionOf(event.cursor);
    if (at !== null && this.#empty) {
      this.#empty = false;
      this.#started = true;
      this.#at = at;
      return;
    }
    if (at === null || this.#at === null) {
      this.#fault('wrong', `a transition before the set was complete: ${event.cursor}`);
      return;
    }
    if (at.epoch !== this.#at.epoch) {
      this.#fault('wrong', `another epoch without a RESYNC: ${event.cursor} after ${this.#at.epoch}:${this.#at.seq}`);
    } else if (at.seq === this.#at.seq) {
      this.#fault('duplicated', `${event.cursor} twice`);
    } else if (at.seq < this.#at.seq) {
      this.#fault('reordered', `${event.cursor} after ${this.#at.seq}`);
    } else {
      this.#missing(this.#at, at.seq);
    }
    this.#at = at;
  }

  #missing(from: Position, to: number): void {
    for (const [seq, { id, status }] of this.#history.get(from.epoch) ?? []) {
      if (seq <= from.seq || seq >= to || !(this.#trace.ids?.has(id) ?? true)) continue;
      this.#fault('lost', `${from.epoch}:${seq} (${id} ${status}), which lies between ${from.seq} and ${to}`);
    }
  }

  /** Versions of a resource never go back, whatever happens to the log. */
  #age({ kind, id, rawStatus, version, cursor }: SeenEvent): void {
    const last = this.#versions.get(id);
    const now = version;
    const older = last !== undefined && (now < last.version || (kind === 'TRANSITION' && now === last.version));
    const other = last !== undefined && now === last.version && rawStatus !== last.status;
    if (older || other) {
      this.#fault(
        'wrong',
        `${kind} ${cursor}: ${id} ${rawStatus} has version ${version} after ${last?.version} (${last?.status})`,
      );
    }
    this.#versions.set(id, { version: now, status: rawStatus });
  }

  #fault(what: 'lost' | 'duplicated' | 'reordered' | 'wrong', text: string): void {
    this.#count[what]++;
    this.#first ??= `${this.#trace.name}: ${what}: ${text}`;
  }
}
