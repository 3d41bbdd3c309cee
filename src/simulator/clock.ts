/** Time as the simulator sees it; a test passes its own and moves it by hand. */
export interface Clock {
  /** Milliseconds since 1970. */
  now(): number;
}

export const systemClock: Clock = { now: () => Date.now() };

/** UTC text with one-second resolution, `YYYY-MM-DDTHH:MM:SSZ` (NOTES.md, "Type quirks"). */
export function utcSeconds(ms: number): string {
  return `${new Date(ms).toISOString().slice(0, 19)}Z`;
}
