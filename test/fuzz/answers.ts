/** The answers that the gateway may give to any input. */
import { ERROR_CODES } from '../../src/graphql/errors/error-codes.ts';

const CODES: ReadonlySet<string> = new Set(Object.keys(ERROR_CODES));

/** @returns why this is no GraphQL answer with documented codes, or null. */
export function faultInAnswer(text: string): string | null {
  let answer: unknown;
  try {
    answer = JSON.parse(text);
  } catch {
    return `not JSON: ${text.slice(0, 300)}`;
  }
  const { data, errors } = Object(answer) as { readonly data?: unknown; readonly errors?: unknown };
  if (errors === undefined) return data === undefined ? `neither data nor errors: ${text.slice(0, 300)}` : null;
  return faultInErrors(errors);
}

/** @returns why these are no errors with documented codes, or null. `INTERNAL_SERVER_ERROR` is always a fault. */
export function faultInErrors(errors: unknown): string | null {
  if (!Array.isArray(errors) || errors.length === 0) return `no list of errors: ${JSON.stringify(errors)}`;
  for (const error of errors) {
    const { message, extensions } = Object(error) as { readonly message?: unknown; readonly extensions?: unknown };
    const { code } = Object(extensions) as { readonly code?: unknown };
    const isDocumented = typeof code === 'string' && CODES.has(code) && code !== 'INTERNAL_SERVER_ERROR';
    if (typeof message !== 'string' || !isDocumented)
      return `an error that is not documented: ${JSON.stringify(error)}`;
  }
  return null;
}
