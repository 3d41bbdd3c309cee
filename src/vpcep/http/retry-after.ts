/** The header `Retry-After` (RFC 9110, 10.2.3): seconds or an HTTP date. */

/** A day; a longer wait is a misread header. */
const LONGEST_SECONDS = 86_400;

/** @returns whole seconds from `nowMs` (milliseconds since 1970), rounded up; undefined when it says nothing usable. */
export function retryAfterSeconds(value: string | undefined, nowMs: number): number | undefined {
  const text = value?.trim();
  if (text === undefined || text === '') {
    return undefined;
  }
  if (/^\d{1,9}$/.test(text)) {
    return Math.min(Number(text), LONGEST_SECONDS);
  }
  const at = httpDate(text);
  return at === undefined ? undefined : Math.min(Math.max(0, Math.ceil((at - nowMs) / 1000)), LONGEST_SECONDS);
}

/** Milliseconds since 1970 of an HTTP date in its one current form (`Sun, 06 Nov 1994 08:49:37 GMT`). */
export function httpDate(value: string | undefined): number | undefined {
  if (value === undefined || !/^[A-Z][a-z]{2}, \d{2} [A-Z][a-z]{2} \d{4} \d{2}:\d{2}:\d{2} GMT$/.test(value)) {
    return undefined;
  }
  const at = Date.parse(value);
  return Number.isNaN(at) ? undefined : at;
}
