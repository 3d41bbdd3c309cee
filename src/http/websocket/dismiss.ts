import type { WebSocket } from 'ws';

/** How long a client may take to answer the close. */
const CLOSING_MS = 5_000;

/** Closes a socket, also when its client does not answer. */
export function dismiss(socket: WebSocket, code: number, reason: string): void {
  socket.close(code, reason);
  const limit = setTimeout(() => socket.terminate(), CLOSING_MS);
  socket.once('close', () => clearTimeout(limit));
}
