/** Cross-origin headers for origins that `judge` has let through. No wildcard, no credentials. */
import type { IncomingMessage, ServerResponse } from 'node:http';

/** A token of RFC 9110 5.6.2 without `*`, which alone would grant every header. */
const HEADER_NAME = /^[\w!#$%&'+.^`|~-]+$/;
const EXPOSED_HEADERS = [
  'x-request-id',
  'ratelimit-limit',
  'ratelimit-remaining',
  'ratelimit-reset',
  'retry-after',
].join(', ');
/** Chrome caches no preflight for longer. */
const PREFLIGHT_SECONDS = '7200';

export function setCorsHeaders(request: IncomingMessage, response: ServerResponse): void {
  response.setHeader('vary', 'Origin');
  if (request.headers.origin !== undefined) {
    response.setHeader('access-control-allow-origin', request.headers.origin);
    response.setHeader('access-control-expose-headers', EXPOSED_HEADERS);
  }
}

/** An allowed origin may send any header: what may call is decided by the origin, and no header gives more rights. */
export function answerPreflight(request: IncomingMessage, response: ServerResponse, methods: string): void {
  const asked = request.headers['access-control-request-headers'] ?? '';
  const names = asked.split(',').flatMap((name) => (HEADER_NAME.test(name.trim()) ? [name.trim()] : []));
  response.setHeader('vary', 'Origin, Access-Control-Request-Headers');
  response.setHeader('access-control-allow-methods', methods);
  if (names.length > 0) response.setHeader('access-control-allow-headers', names.join(', '));
  response.setHeader('access-control-max-age', PREFLIGHT_SECONDS);
  response.setHeader('allow', methods);
  response.writeHead(204);
  response.end();
}
