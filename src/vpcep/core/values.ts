/**
 * Reads single values out of an upstream answer, whatever their type turns out to be; nothing here throws. The
 * looseness is that of published samples (docs/upstream/NOTES.md, "Type quirks").
 */
import type { JsonObject, Tag, UpstreamFault } from './model.ts';

/** Shared by all answers, so it must not change. */
const NONE: readonly never[] = Object.freeze([]);
const LONGEST_STATUS = 64;
const PLAIN_WORD = /^[A-Za-z_-]{1,64}$/;
const NOT_FOR_A_STATUS = /[\p{Cc}\p{Cs}\u2028\u2029|]/gu;
const PLAIN_TIME = /^\d{4}-(?:0\d|1[0-2])-(?:[01]\d|2[0-8])T(?:[01]\d|2[0-3]):[0-5]\d:[0-5]\dZ$/;
const TIME = /^(\d{4}-\d{2}-\d{2})[T ](\d{2}:\d{2}:\d{2})(?:\.\d+)?(Z|[+-]\d{2}:?\d{2})?$/i;

export function isRecord(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** Empty text counts as "none": upstream sends it for what an endpoint does not have. */
export function text(value: unknown): string | null {
  if (typeof value === 'string') {
    return value === '' ? null : value;
  }
  return typeof value === 'number' && Number.isFinite(value) ? String(value) : null;
}

export function bool(value: unknown): boolean | null {
  if (typeof value === 'boolean') {
    return value;
  }
  const word = typeof value === 'string' ? value.trim().toLowerCase() : value;
  if (word === 'true' || word === 1 || word === '1') {
    return true;
  }
  return word === 'false' || word === 0 || word === '0' ? false : null;
}

/** A lone value stands for an array of one. */
export function texts(value: unknown): readonly string[] {
  if (value === undefined || value === null) {
    return NONE;
  }
  // The common case, and a list has several such arrays in each row: nothing to convert, nothing to copy.
  if (Array.isArray(value) && value.every(isFilledText)) {
    return value;
  }
  const list: readonly unknown[] = Array.isArray(value) ? value : [value];
  return list.flatMap((item) => text(item) ?? []);
}

/** Decimal digits. A number past 2^53 has lost some already: it can only be one that came as text. */
export function digits(value: unknown): string | null {
  if (typeof value === 'number') {
    return Number.isSafeInteger(value) && value >= 0 ? String(value) : null;
  }
  const word = typeof value === 'string' ? value.trim() : '';
  return /^\d{1,40}$/.test(word) ? word : null;
}

/** UTC text `YYYY-MM-DDTHH:MM:SSZ`; without a zone it is taken as UTC, fractions of a second are dropped. */
export function time(value: unknown): string | null {
  if (typeof value !== 'string') {
    return null;
  }
  if (PLAIN_TIME.test(value)) {
    return value;
  }
  const parts = TIME.exec(value.trim());
  if (parts === null) {
    return null;
  }
  const at = Date.parse(`${parts[1]}T${parts[2]}${(parts[3] ?? 'Z').toUpperCase()}`);
  return Number.isNaN(at) ? null : `${new Date(at).toISOString().slice(0, 19)}Z`;
}

/** Absent is null, an unknown word is UNKNOWN: enums are open upstream. */
export function word<T extends string>(value: unknown, known: Readonly<Record<string, T>>): T | 'UNKNOWN' | null {
  if (typeof value === 'string' && Object.hasOwn(known, value)) {
    return known[value] ?? 'UNKNOWN';
  }
  const said = text(value)?.trim().toLowerCase();
  if (said === undefined || said === '') {
    return null;
  }
  return Object.hasOwn(known, said) ? (known[said] ?? 'UNKNOWN') : 'UNKNOWN';
}

/** An id is never blank. */
export function idIn(value: unknown): string | undefined {
  return text(value)?.trim() || undefined;
}

/** Upstream's own word; null exactly where `word` is. */
export function rawWord(value: unknown): string | null {
  return text(value)?.trim() || null;
}

/** Of an answer that says none. */
export const NO_STATUS = 'unknown';

/** The status word as it is stored, compared and shown: no control characters, no `|` (which separates words in the log). */
export function statusWord(value: unknown): string {
  if (typeof value !== 'string') {
    return NO_STATUS;
  }
  if (PLAIN_WORD.test(value)) {
    return value;
  }
  const clean = value.replace(NOT_FOR_A_STATUS, '').trim().slice(0, LONGEST_STATUS);
  // The cut may have halved a surrogate pair.
  return clean.replace(/\p{Cs}/gu, '').trim() || 'unknown';
}

function isFilledText(value: unknown): value is string {
  return typeof value === 'string' && value !== '';
}

function isTag(value: unknown): value is Tag {
  return isRecord(value) && isFilledText(value.key) && typeof value.value === 'string';
}

export function tags(value: unknown): readonly Tag[] {
  if (Array.isArray(value) && value.every(isTag)) {
    return value;
  }
  return records(value).flatMap((tag) => {
    const key = text(tag.key);
    return key === null ? [] : [{ key, value: text(tag.value) ?? '' }];
  });
}

/** A list of faults, or a single one; both pairs of names are seen (docs/upstream/NOTES.md, "Errors"). */
export function faults(value: unknown): readonly UpstreamFault[] {
  return records(value).flatMap((fault) => {
    const code = text(fault.error_code) ?? text(fault.code);
    const message = text(fault.error_message) ?? text(fault.error_msg) ?? text(fault.message);
    return code === null && message === null ? [] : [{ code, message }];
  });
}

/** A lone record stands for an array of one; what is no record is left out. */
export function records(value: unknown): readonly JsonObject[] {
  if (value === undefined || value === null) {
    return NONE;
  }
  const list: readonly unknown[] = Array.isArray(value) ? value : [value];
  return list.filter(isRecord);
}

export const SERVICE_TYPES = { gateway: 'GATEWAY', gataway: 'GATEWAY', interface: 'INTERFACE' } as const;

const LONG_MARKER = /([{,\s]"marker_id"\s*:\s*)(\d{16,})(?=[\s,}])/g;

/**
 * JSON.parse, except that the `marker_id` of an answer and of its rows keeps every digit (docs/upstream/NOTES.md, "Type
 * quirks"). Within a string a quotation mark is escaped, so what the pattern finds in valid JSON is always a member.
 * @throws SyntaxError
 */
export function parseUpstreamJson(text: string): unknown {
  const answer: unknown = JSON.parse(text);
  return isRecord(answer) && hasLongMarker(answer) ? JSON.parse(text.replace(LONG_MARKER, '$1"$2"')) : answer;
}

function hasLongMarker(answer: JsonObject): boolean {
  if (isLong(answer.marker_id)) return true;
  for (const name in answer) {
    const rows = answer[name];
    if (Array.isArray(rows) && rows.some((row) => isRecord(row) && isLong(row.marker_id))) return true;
  }
  return false;
}

function isLong(value: unknown): boolean {
  return typeof value === 'number' && value > Number.MAX_SAFE_INTEGER;
}
