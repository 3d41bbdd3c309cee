import type { Interest, TurnOutcome, TurnRequest } from '../event-log.ts';
import { INTEREST_MS, LEASE_MS, MAX_SINGLE_READS, MAX_WAIT_MS, WAKE_SPACING_MS } from '../retention.ts';

/** Who polls a project, and until when that holds. Times in µs. The same rules in Lua: events/redis/lease-script.ts. */
export interface Turns {
  owner: string;
  /** Fencing token of the last poll granted: only its holder may commit what the poll saw. */
  ticket: number;
  /** When the next poll begins; once granted, its ticket is a reservation until then, and in flight from then on. */
  due: number;
  /** No poll before this, whoever wakes: upstream has throttled, or one has only just begun. */
  hold: number;
  expires: number;
  /** When these times were last set: later than now means that the clock has stepped back since. */
  setAt: number;
  /** The ticket is held: reserved or in flight. */
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
const LEASE = LEASE_MS * MICROS;

const EVERYBODY = '';

/** `ring`: this replica, or EVERYBODY, should take a turn now instead of sleeping on. Null: nobody need. */
interface Taken {
  readonly next: TurnOutcome;
  readonly ring: string | null;
}

/**
 * Ends the poll of `ticket`. Null: what it saw must not be committed, because that ticket is not current, or because it
 * has not been due yet: then the clock has stepped back, and the poll's `asOf` is a time that the log has yet to reach.
 */
export function endPoll(
  turns: Turns,
  { ticket, waitMs, throttled }: NonNullable<TurnRequest['done']>,
  now: number,
): { readonly woken: boolean } | null {
  if (turns.ticket !== ticket || !isInFlight(turns, now)) return null;
  const woken = turns.woken;
  const next = now + Math.min(waitMs, MAX_WAIT_MS) * MICROS;
  turns.polling = false;
  turns.woken = false;
  turns.hold = Math.max(turns.due + WAKE_SPACING_MS * MICROS, throttled === true ? next : 0);
  turns.due = woken ? Math.max(now, turns.hold) : next;
  turns.expires = turns.due + LEASE;
  turns.setAt = now;
  return { woken };
}

export function renewPoll(turns: Turns, ticket: number, now: number): boolean {
  if (turns.ticket !== ticket || !turns.polling) return false;
  turns.expires = Math.max(now, turns.due) + LEASE;
  turns.setAt = now;
  return true;
}

export function takeTurn(turns: Turns, request: TurnRequest, now: number): Taken {
  declareInterest(turns, request, now);
  if (turns.interests.size === 0) {
    turns.owner = '';
    turns.expires = 0;
    turns.polling = false;
    return { next: { kind: 'idle' }, ring: null };
  }
  // By more than a lease: a smaller step ends by itself, and must not cost the turn.
  const steppedBack = turns.setAt > now + LEASE;
  const expired = turns.expires <= now || steppedBack;
  if (expired) turns.polling = false;
  if (steppedBack) {
    turns.due = now;
    turns.hold = 0;
  }
  turns.setAt = now;
  if (wantsNothing(request)) return leave(turns, request, now);
  // Who polls does not ask meanwhile: a holder that asks has slept too long, or does not know how its last poll ended.
  const inFlight = isInFlight(turns, now) && turns.owner !== request.replica;
  if (request.wake === true && inFlight) turns.woken = true;
  const sooner = request.wake === true && !inFlight && bringForward(turns, now);
  const mine = turns.owner === request.replica || expired || sooner;
  if (!inFlight && mine) return grant(turns, request, now);
  return { next: { kind: 'wait', waitMs: until(turns.expires, now) }, ring: null };
}

function grant(turns: Turns, { replica }: TurnRequest, now: number): Taken {
  // Another replica sleeps on a reservation that is not worth anything any more.
  const loser = turns.polling && turns.owner !== replica ? turns.owner : null;
  const told = turns.expires;
  turns.owner = replica;
  turns.ticket = Math.max(turns.ticket + 1, now);
  turns.due = Math.max(turns.due, now);
  turns.polling = true;
  turns.woken = false;
  turns.expires = turns.due + LEASE;
  const { ticket } = turns;
  return {
    next: { kind: 'poll', ticket, asOf: now, interest: wanted(turns), afterMs: until(turns.due, now) },
    // Those who stand by have been told to sleep until a time that may be long after this lease has run out.
    ring: told - turns.expires > LEASE ? EVERYBODY : loser,
  };
}

function leave(turns: Turns, { replica, wake }: TurnRequest, now: number): Taken {
  const held = turns.owner === replica;
  if (held) {
    turns.owner = '';
    turns.expires = 0;
    turns.polling = false;
  }
  const inFlight = isInFlight(turns, now);
  if (wake === true && inFlight) turns.woken = true;
  if (wake === true && !inFlight && bringForward(turns, now)) {
    turns.polling = false;
    turns.expires = Math.min(turns.expires, turns.due + LEASE);
  }
  return { next: { kind: 'idle' }, ring: held || (wake === true && !inFlight) ? EVERYBODY : null };
}

function isInFlight(turns: Turns, now: number): boolean {
  return turns.polling && turns.due <= now;
}

/** False: what is reserved comes as soon as a poll may. */
function bringForward(turns: Turns, now: number): boolean {
  const soonest = Math.max(now, turns.hold);
  if (turns.polling && turns.due <= soonest) return false;
  turns.due = soonest;
  return true;
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
