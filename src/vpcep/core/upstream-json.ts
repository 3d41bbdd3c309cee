/** JSON.parse, except that `marker_id` keeps every digit (docs/upstream/NOTES.md, "Type quirks"). */

/** Sixteen digits are the first that can pass 2^53. */
const LONG_NUMBER = /\d{16}/;
const NUMBER = /-?\d+(?![\d.eE])/y;

/** @throws SyntaxError */
export function parseUpstreamJson(text: string): unknown {
  return JSON.parse(LONG_NUMBER.test(text) ? quoteMarkerIds(text) : text);
}

/**
 * Puts quotes around integers that are the value of a member named `marker_id`. It walks over strings as JSON does, so
 * that text which merely looks like such a member stays as it is; broken JSON stays broken.
 */
function quoteMarkerIds(text: string): string {
  let out = '';
  let copied = 0;
  let at = text.indexOf('"');
  while (at !== -1) {
    const end = endOfString(text, at);
    if (end === -1) {
      break;
    }
    if (text.slice(at, end) === '"marker_id"') {
      const number = integerAfterColon(text, end);
      if (number !== undefined) {
        out += `${text.slice(copied, number.start)}"${text.slice(number.start, number.end)}"`;
        copied = number.end;
      }
    }
    at = text.indexOf('"', end);
  }
  return out + text.slice(copied);
}

/** Index just past the closing quote, or -1. */
function endOfString(text: string, open: number): number {
  let close = text.indexOf('"', open + 1);
  while (close !== -1 && isEscaped(text, close, open)) {
    close = text.indexOf('"', close + 1);
  }
  return close === -1 ? -1 : close + 1;
}

function isEscaped(text: string, quote: number, open: number): boolean {
  let backslashes = 0;
  for (let at = quote - 1; at > open && text[at] === '\\'; at -= 1) {
    backslashes += 1;
  }
  return backslashes % 2 === 1;
}

function integerAfterColon(text: string, from: number): { readonly start: number; readonly end: number } | undefined {
  const colon = skipSpace(text, from);
  if (text[colon] !== ':') {
    return undefined;
  }
  const start = skipSpace(text, colon + 1);
  NUMBER.lastIndex = start;
  return NUMBER.test(text) ? { start, end: NUMBER.lastIndex } : undefined;
}

function skipSpace(text: string, from: number): number {
  let at = from;
  while (text[at] === ' ' || text[at] === '\n' || text[at] === '\r' || text[at] === '\t') {
    at += 1;
  }
  return at;
}
