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
