import { STATUS_CODES } from 'node:http';
import type { Duplex } from 'node:stream';
import type { ErrorCode } from '../graphql/error-codes.ts';

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
