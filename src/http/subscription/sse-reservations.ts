import { randomUUID } from 'node:crypto';
import type { SseChannel } from './sse-channel.ts';

/** A reserved stream that nobody opens for so long is given up, in milliseconds. */
const RESERVED_MS = 30_000;
/** A bound for memory. Each caller has one of its own, lest one takes them all (http/limits/connection-limits.ts). */
const MAX_RESERVED = 10_000;

interface Reservation {
  readonly channel: SseChannel;
  readonly timer: NodeJS.Timeout;
}

/** The streams of the protocol's single connection mode, by token: reserved, and then open. */
export class SseReservations {
  readonly #reservations = new Map<string, Reservation>();
  /** Reserved, and not opened yet. */
  #waiting = 0;

  get(token: string): SseChannel | undefined {
    return this.#reservations.get(token)?.channel;
  }

  /** @param giveUp called when nobody has come. @returns the token; null when there are too many already. */
  reserve(channel: SseChannel, giveUp: (token: string) => void): string | null {
    if (this.#waiting >= MAX_RESERVED) {
      return null;
    }
    const token = randomUUID();
    const timer = setTimeout(() => giveUp(token), RESERVED_MS);
    timer.unref();
    this.#reservations.set(token, { channel, timer });
    this.#waiting += 1;
    return token;
  }

  opened(token: string): void {
    const reservation = this.#reservations.get(token);
    if (reservation !== undefined) {
      clearTimeout(reservation.timer);
      this.#waiting -= 1;
    }
  }

  /** MUST have been opened, if only to be closed. */
  delete(token: string): void {
    this.#reservations.delete(token);
  }

  closeAll(): void {
    for (const { channel, timer } of this.#reservations.values()) {
      clearTimeout(timer);
      channel.close();
    }
    this.#reservations.clear();
  }
}
