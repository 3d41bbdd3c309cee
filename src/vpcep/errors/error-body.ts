/** Reads an error body in any of the shapes of docs/upstream/SIGNING.md, "Errors"; never throws. */

export interface ErrorBody {
  /** As sent, if it looks like a code at all. */
  readonly code: string | undefined;
  /** As sent: not fit for people's eyes before `plainText`. */
  readonly message: string | undefined;
  readonly requestId: string | undefined;
}

const NOTHING: ErrorBody = { code: undefined, message: undefined, requestId: undefined };
/** Longer answers are a proxy's page, not an error of the service. */
const LONGEST_BODY = 64 * 1024;
const DEEPEST = 4;
const PAIRS = [
  ['error_code', 'error_msg'],
  ['error_code', 'error_message'],
  ['errorCode', 'errorMsg'],
  ['code', 'message'],
] as const;

export function readErrorBody(text: string): ErrorBody {
  if (text.length === 0 || text.length > LONGEST_BODY) {
    return NOTHING;
  }
  let body: unknown;
  try {
    body = JSON.parse(text);
  } catch {
    return { ...NOTHING, message: text };
  }
  const found = find(body, 0);
  const requestId = isRecord(body) ? wordOf(body.request_id) : undefined;
  return { code: found?.code, message: found?.message, requestId };
}

function find(value: unknown, depth: number): { code: string | undefined; message: string | undefined } | undefined {
  if (!isRecord(value) || depth > DEEPEST) {
    return undefined;
  }
  for (const [codeKey, messageKey] of PAIRS) {
    const code = codeOf(value[codeKey]);
    const message = value[messageKey];
    if (code !== undefined || (typeof message === 'string' && value[codeKey] !== undefined)) {
      return { code, message: typeof message === 'string' ? message : undefined };
    }
  }
  for (const member of Object.values(value)) {
    const found = find(member, depth + 1);
    if (found !== undefined) {
      return found;
    }
  }
  return undefined;
}

/** A number is IAM's way to repeat the status: no code (SIGNING.md: Go ignores it, too). */
function codeOf(value: unknown): string | undefined {
  const word = wordOf(value);
  return word === undefined || /^\d+$/.test(word) ? undefined : word;
}

/** Codes and request ids end up in logs and metrics: short words only. */
export function wordOf(value: unknown): string | undefined {
  return typeof value === 'string' && /^[A-Za-z0-9._:-]{1,64}$/.test(value) ? value : undefined;
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
