/** Time as the simulator sees it; a test passes its own and moves it by hand. */
export interface Clock {
  /** Milliseconds since 1970. */
  now(): number;
}

export const systemClock: Clock = { now: () => Date.now() };

let lastSecond = Number.NaN;
let lastText = '';

/** UTC text with one-second resolution, `YYYY-MM-DDTHH:MM:SSZ` (NOTES.md, "Type quirks"). */
export function utcSeconds(ms: number): string {
  const second = Math.floor(ms / 1000);
  // Rows of a list often share their second, and formatting a date is the dearest part of a row.
  if (second !== lastSecond) {
    lastText = `${new Date(second * 1000).toISOString().slice(0, 19)}Z`;
    lastSecond = second;
  }
  return lastText;
}

/**
 * The life of an endpoint as a list of dated steps, past and planned: its status is a function of the clock, so nothing
 * here owns a timer. Transitions: NOTES.md, "Endpoint status".
 */

interface Step {
  /** Milliseconds since 1970. */
  readonly at: number;
  readonly status: string;
}

/** Steps in time order; the first is the creation. */
export type Life = readonly Step[];

export interface Timings {
  /** From the order to the end of building, ms. */
  readonly creating: number;
  /** From the delete order to the 404, ms. */
  readonly deleting: number;
}

/** Not a word of the API: from this step on the endpoint answers 404. */
export const GONE = '(gone)';

export function born(now: number, outcome: string, timings: Timings): Life {
  return [
    { at: now, status: 'creating' },
    { at: now + timings.creating, status: outcome },
  ];
}

/** Planned steps are dropped: the order replaces them. */
export function turn(life: Life, now: number, status: string): Life {
  return [...past(life, now), { at: now, status }];
}

export function leave(life: Life, now: number, timings: Timings): Life {
  return [...turn(life, now, 'deleting'), { at: now + timings.deleting, status: GONE }];
}

export function stepAt(life: Life, now: number): Step {
  const step = life.findLast((candidate) => candidate.at <= now) ?? life[0];
  if (step === undefined) throw new Error('a life has at least one step');
  return step;
}

/** True from the first acceptance on; `ip` stays visible after a later rejection (NOTES.md, "Endpoint status"). */
export function wasAccepted(life: Life, now: number): boolean {
  return life.some((step) => step.at <= now && step.status === 'accepted');
}

function past(life: Life, now: number): Life {
  return life.filter((step) => step.at <= now);
}
