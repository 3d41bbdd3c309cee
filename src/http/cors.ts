/** Cross-origin headers for origins that `judge` has let through. No wildcard, no credentials. */
import type { IncomingMessage, ServerResponse } from 'node:http';

const REQUEST_HEADERS = [
  'content-type',
  'authorization',
  'x-auth-token',
  'x-request-id',
  'apollo-require-preflight',
  'x-apollo-operation-name',
  'x-graphql-event-stream-token',
  'last-event-id',
].join(', ');
const EXPOSED_HEADERS = [
  'x-request-id',
  'ratelimit-limit',
  'ratelimit-remaining',
  'ratelimit-reset',
  'retry-after',
].join(', ');
/** Seconds that a browser may remember a preflight; Chrome keeps none longer than 2 hours. */
const PREFLIGHT_SECONDS = '600';

export function setCorsHeaders(request: IncomingMessage, response: ServerResponse): void {
  response.setHeader('vary', 'Origin');
  if (request.headers.origin !== undefined) {
    response.setHeader('access-control-allow-origin', request.headers.origin);
    response.setHeader('access-control-expose-headers', EXPOSED_HEADERS);
  }
}

export function answerPreflight(response: ServerResponse, methods: string): void {
  response.setHeader('access-control-allow-methods', methods);
  response.setHeader('access-control-allow-headers', REQUEST_HEADERS);
  response.setHeader('access-control-max-age', PREFLIGHT_SECONDS);
  response.setHeader('allow', methods);
  response.writeHead(204);
  response.end();
}
