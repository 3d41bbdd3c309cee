import type { Interest, TurnOutcome, TurnRequest } from './event-log.ts';
import { INTEREST_MS, LEASE_MS, MAX_SINGLE_READS, MAX_WAIT_MS } from './retention.ts';

/** Who polls a project, and until when that holds. Times in µs. The same rules in Lua: redis-turn.ts. */
export interface Turns {
  owner: string;
  /** Fencing token of the last poll granted: only its holder may commit what the poll saw. */
  ticket: number;
  due: number;
  /** No poll before this, whoever wakes: upstream has throttled. */
  hold: number;
  expires: number;
  /** When these times were last set: later than now means that the clock has stepped back since. */
  setAt: number;
  polling: boolean;
  woken: boolean;
  /** Replica → what it wants and until when. */
  readonly interests: Map<string, { readonly until: number; readonly wants: Interest }>;
}

export function noTurns(): Turns {
  return {
    owner: '',
    ticket: 0,
    due: 0,
    hold: 0,
    expires: 0,
    setAt: 0,
    polling: false,
    woken: false,
    interests: new Map(),
  };
}

const MICROS = 1000;

/** Ends the poll of `ticket`. Null: that ticket is not current, what it saw must not be committed. */
export function endPoll(
  turns: Turns,
  { ticket, waitMs, throttled }: NonNullable<TurnRequest['done']>,
  now: number,
): { readonly woken: boolean } | null {
  if (turns.ticket !== ticket || !turns.polling) return null;
  const woken = turns.woken;
  const next = now + Math.min(waitMs, MAX_WAIT_MS) * MICROS;
  turns.polling = false;
  turns.woken = false;
  turns.hold = throttled === true ? next : 0;
  turns.due = woken ? Math.max(now, turns.hold) : next;
  turns.expires = turns.due + LEASE_MS * MICROS;
  turns.setAt = now;
  return { woken };
}

export function renewPoll(turns: Turns, ticket: number, now: number): boolean {
  if (turns.ticket !== ticket || !turns.polling) return false;
  turns.expires = now + LEASE_MS * MICROS;
  turns.setAt = now;
  return true;
}

/** `ring`: standbys should take a turn now instead of sleeping until the lease runs out. */
export function takeTurn(
  turns: Turns,
  request: TurnRequest,
  now: number,
): { readonly next: TurnOutcome; readonly ring: boolean } {
  declareInterest(turns, request, now);
  const idle: TurnOutcome = { kind: 'idle' };
  if (turns.interests.size === 0) {
    turns.owner = '';
    turns.expires = 0;
    turns.polling = false;
    return { next: idle, ring: false };
  }
  // By more than a lease: a smaller step ends by itself, and must not cost the poll in flight.
  const steppedBack = turns.setAt > now + LEASE_MS * MICROS;
  const expired = turns.expires <= now || steppedBack;
  if (expired) turns.polling = false;
  if (steppedBack) {
    turns.due = now;
    turns.hold = 0;
  }
  turns.setAt = now;
  if (wantsNothing(request)) return leave(turns, request, now);
  const inFlight = turns.polling;
  if (request.wake === true) {
    if (inFlight) turns.woken = true;
    else turns.due = Math.max(now, turns.hold);
  }
  const mine = turns.owner === request.replica || expired || request.wake === true;
  if (inFlight || !mine) return { next: { kind: 'wait', waitMs: until(turns.expires, now) }, ring: false };
  if (turns.due > now) {
    turns.owner = request.replica;
    turns.expires = turns.due + LEASE_MS * MICROS;
    return { next: { kind: 'wait', waitMs: until(turns.due, now) }, ring: false };
  }
  turns.owner = request.replica;
  turns.ticket = Math.max(turns.ticket + 1, now);
  turns.polling = true;
  turns.woken = false;
  turns.expires = now + LEASE_MS * MICROS;
  return { next: { kind: 'poll', ticket: turns.ticket, asOf: now, interest: wanted(turns) }, ring: false };
}

function leave(
  turns: Turns,
  request: TurnRequest,
  now: number,
): { readonly next: TurnOutcome; readonly ring: boolean } {
  const held = turns.owner === request.replica;
  if (held) {
    turns.owner = '';
    turns.expires = 0;
    turns.polling = false;
  }
  if (request.wake === true) {
    if (turns.polling) turns.woken = true;
    else turns.due = Math.max(now, turns.hold);
  }
  return { next: { kind: 'idle' }, ring: held || (request.wake === true && !turns.polling) };
}

function declareInterest(turns: Turns, request: TurnRequest, now: number): void {
  const until = now + INTEREST_MS * MICROS;
  if (wantsNothing(request)) turns.interests.delete(request.replica);
  else turns.interests.set(request.replica, { until, wants: request.interest ?? [] });
  for (const [replica, interest] of turns.interests) {
    if (interest.until <= now || interest.until > until) turns.interests.delete(replica);
  }
}

function wantsNothing({ interest }: TurnRequest): boolean {
  return interest === null || interest.length === 0;
}

function wanted(turns: Turns): Interest {
  const ids = new Set<string>();
  for (const { wants } of turns.interests.values()) {
    if (wants === 'project') return 'project';
    for (const id of wants) ids.add(id);
  }
  return ids.size > MAX_SINGLE_READS ? 'project' : [...ids].sort();
}

function until(then: number, now: number): number {
  return Math.max(0, Math.ceil((then - now) / MICROS));
}
