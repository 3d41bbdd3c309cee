import type { ServerResponse } from 'node:http';
import type { ErrorCode } from '../../graphql/errors/error-codes.ts';

const ALWAYS = {
  'x-content-type-options': 'nosniff',
  'referrer-policy': 'no-referrer',
  'cache-control': 'no-store',
} as const;

/** Set before anything can answer, so that every answer has them. */
export function setSecurityHeaders(response: ServerResponse): void {
  for (const [name, value] of Object.entries(ALWAYS)) {
    response.setHeader(name, value);
  }
}

export function sendText(response: ServerResponse, status: number, type: string, body: string): void {
  response.writeHead(status, { 'content-type': type, 'content-length': Buffer.byteLength(body) });
  response.end(body);
}

export function sendJson(response: ServerResponse, status: number, body: unknown): void {
  sendText(response, status, 'application/json; charset=utf-8', `${JSON.stringify(body)}\n`);
}

/** The caller has caused, or holds, as much as it may. */
export function sendTooMany(response: ServerResponse, message: string, retryAfterSeconds: number): void {
  response.setHeader('retry-after', retryAfterSeconds);
  const extensions = { code: 'RATE_LIMITED' satisfies ErrorCode, retryable: true, retryAfterSeconds };
  sendJson(response, 429, { errors: [{ message, extensions }] });
}

/** Faults of the HTTP layer have the shape of GraphQL errors: clients need one reader only. */
export function sendError(response: ServerResponse, status: number, code: ErrorCode, message: string): void {
  // Whatever is answered with 503 here passes: a shutdown, a full table, an issuer that is away.
  sendJson(response, status, { errors: [{ message, extensions: { code, retryable: status === 503 } }] });
}
