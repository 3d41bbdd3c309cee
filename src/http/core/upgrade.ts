/** Which requests become WebSockets, and the answer to those that may not. */
import { IncomingMessage, STATUS_CODES } from 'node:http';
import type { Duplex } from 'node:stream';
import type { ErrorCode } from '../../graphql/errors/error-codes.ts';

/** RFC 6455 4.2.1. `ws` checks the values of the key and the version, and names what is wrong with them. */
function isHandshake({ method, httpVersion, headers }: IncomingMessage): boolean {
  return (
    method === 'GET' &&
    httpVersion === '1.1' &&
    headers.upgrade?.toLowerCase() === 'websocket' &&
    headers['sec-websocket-key'] !== undefined &&
    (headers['content-length'] ?? '0') === '0' &&
    headers['transfer-encoding'] === undefined
  );
}

/**
 * Node.js hands a request over to `upgrade` listeners when this property is true. Clients also offer h2c and TLS, which
 * a server that does not take them ignores (RFC 9110 7.8). See docs/decisions/0017-upgrade-offers.md.
 */
export class HttpRequest extends IncomingMessage {
  /** By the parser: `Upgrade` with `Connection: upgrade`, or CONNECT. Not `#`: the base constructor sets `upgrade`. */
  offered = false;

  get upgrade(): boolean {
    return this.offered && (this.method === 'CONNECT' || isHandshake(this));
  }

  set upgrade(offered: boolean | null) {
    this.offered = offered === true;
  }
}

export interface UpgradeRefusal {
  readonly status: number;
  readonly code: ErrorCode;
  readonly message: string;
  /** When trying again can help; undefined: it is not known for a 503, and never for others. */
  readonly retryAfterSeconds?: number;
}

/** Answers an upgrade request that is not let through: there is no ServerResponse yet, so by hand. */
export function refuseUpgrade(socket: Duplex, { status, code, message, retryAfterSeconds }: UpgradeRefusal): void {
  const later =
    retryAfterSeconds === undefined ? { retryable: status === 503 } : { retryable: true, retryAfterSeconds };
  const body = `${JSON.stringify({ errors: [{ message, extensions: { code, ...later } }] })}\n`;
  socket.on('error', () => socket.destroy());
  socket.end(
    [
      `HTTP/1.1 ${status} ${STATUS_CODES[status] ?? ''}`,
      'connection: close',
      'content-type: application/json; charset=utf-8',
      `content-length: ${Buffer.byteLength(body)}`,
      'vary: Origin',
      ...(retryAfterSeconds === undefined ? [] : [`retry-after: ${retryAfterSeconds}`]),
      '',
      body,
    ].join('\r\n'),
  );
}
