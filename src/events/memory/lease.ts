import type { Interest, LeaseOutcome, LeaseRequest } from '../event-log.ts';
import { INTEREST_MS, LEASE_MS, MAX_SINGLE_READS, MAX_WAIT_MS, WAKE_SPACING_MS } from '../retention.ts';

/** Which replica polls, and until when. Times in µs. The same rules in Lua: events/redis/lease-script.ts. */
export interface LeaseState {
  owner: string;
  /** Fencing token of the last poll granted: only its holder may commit what the poll saw. */
  ticket: number;
  /** When the next poll begins. A granted ticket is a reservation until then, and in flight from then on. */
  due: number;
  /** No poll before this, not even after a wake-up: upstream has throttled, or a poll has only just begun. */
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

export function noLease(): LeaseState {
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

const ALL = '';

/** `notify`: this replica, or ALL, should ask for the lease now instead of sleeping on. */
interface Taken {
  readonly next: LeaseOutcome;
  readonly notify: string | null;
}

/**
 * Ends the poll of `ticket`. Null: its observations must not be committed. Either the ticket is not current, or it is
 * not due yet: then the clock has stepped back, and `asOf` of the poll lies in the future of the log.
 */
export function endPoll(
  lease: LeaseState,
  { ticket, waitMs, throttled }: NonNullable<LeaseRequest['done']>,
  now: number,
): { readonly woken: boolean } | null {
  if (lease.ticket !== ticket || !isInFlight(lease, now)) return null;
  const woken = lease.woken;
  const next = now + Math.min(waitMs, MAX_WAIT_MS) * MICROS;
  lease.polling = false;
  lease.woken = false;
  lease.hold = Math.max(lease.due + WAKE_SPACING_MS * MICROS, throttled === true ? next : 0);
  lease.due = woken ? Math.max(now, lease.hold) : next;
  lease.expires = lease.due + LEASE;
  lease.setAt = now;
  return { woken };
}

export function renewPoll(lease: LeaseState, ticket: number, now: number): boolean {
  if (lease.ticket !== ticket || !lease.polling) return false;
  lease.expires = Math.max(now, lease.due) + LEASE;
  lease.setAt = now;
  return true;
}

export function takeLease(lease: LeaseState, request: LeaseRequest, now: number): Taken {
  declareInterest(lease, request, now);
  if (lease.interests.size === 0) {
    release(lease);
    return { next: { kind: 'idle' }, notify: null };
  }
  // By more than a lease: a smaller step ends by itself, and must not cost the holder its lease.
  const steppedBack = lease.setAt > now + LEASE;
  const expired = lease.expires <= now || steppedBack;
  if (expired) lease.polling = false;
  if (steppedBack) {
    lease.due = now;
    lease.hold = 0;
  }
  lease.setAt = now;
  if (wantsNothing(request)) return leave(lease, request, now);
  // A holder does not ask while it polls: it has slept too long, or does not know how its last poll ended.
  const inFlight = isInFlight(lease, now) && lease.owner !== request.replica;
  if (request.wake === true && inFlight) lease.woken = true;
  const sooner = request.wake === true && !inFlight && bringForward(lease, now);
  const mine = lease.owner === request.replica || expired || sooner;
  if (!inFlight && mine) return grant(lease, request, now);
  return { next: { kind: 'wait', waitMs: until(lease.expires, now) }, notify: null };
}

function grant(lease: LeaseState, { replica }: LeaseRequest, now: number): Taken {
  // Another replica sleeps on a reservation that is void now.
  const loser = lease.polling && lease.owner !== replica ? lease.owner : null;
  const announced = lease.expires;
  lease.owner = replica;
  lease.ticket = Math.max(lease.ticket + 1, now);
  lease.due = Math.max(lease.due, now);
  lease.polling = true;
  lease.woken = false;
  lease.expires = lease.due + LEASE;
  return {
    next: {
      kind: 'poll',
      ticket: lease.ticket,
      asOf: now,
      interest: wanted(lease),
      afterMs: until(lease.due, now),
    },
    // The standbys sleep until the announced end, which may be long after this lease has run out.
    notify: announced - lease.expires > LEASE ? ALL : loser,
  };
}

function leave(lease: LeaseState, { replica, wake }: LeaseRequest, now: number): Taken {
  const held = lease.owner === replica;
  if (held) release(lease);
  const inFlight = isInFlight(lease, now);
  if (wake === true && inFlight) lease.woken = true;
  if (wake === true && !inFlight && bringForward(lease, now)) {
    lease.polling = false;
    lease.expires = Math.min(lease.expires, lease.due + LEASE);
  }
  return { next: { kind: 'idle' }, notify: held || (wake === true && !inFlight) ? ALL : null };
}

function release(lease: LeaseState): void {
  lease.owner = '';
  lease.expires = 0;
  lease.polling = false;
}

function isInFlight(lease: LeaseState, now: number): boolean {
  return lease.polling && lease.due <= now;
}

/** False: what is reserved comes as soon as a poll may. */
function bringForward(lease: LeaseState, now: number): boolean {
  const soonest = Math.max(now, lease.hold);
  if (lease.polling && lease.due <= soonest) return false;
  lease.due = soonest;
  return true;
}

function declareInterest(lease: LeaseState, request: LeaseRequest, now: number): void {
  const until = now + INTEREST_MS * MICROS;
  if (wantsNothing(request)) lease.interests.delete(request.replica);
  else lease.interests.set(request.replica, { until, wants: request.interest ?? [] });
  for (const [replica, interest] of lease.interests) {
    if (interest.until <= now || interest.until > until) lease.interests.delete(replica);
  }
}

function wantsNothing({ interest }: LeaseRequest): boolean {
  return interest === null || interest.length === 0;
}

function wanted(lease: LeaseState): Interest {
  const ids = new Set<string>();
  for (const { wants } of lease.interests.values()) {
    if (wants === 'all') return 'all';
    for (const id of wants) ids.add(id);
  }
  return ids.size > MAX_SINGLE_READS ? 'all' : [...ids].sort();
}

function until(then: number, now: number): number {
  return Math.max(0, Math.ceil((then - now) / MICROS));
}
