/** How well the page follows the gateway: from the events of the socket, and from those of the shell's feed. */
import type { SetEvent } from './live-set.ts';

export interface Live {
  /** `stopped`: the shell's feed has ended with an error, and does not go on by itself. */
  readonly state: 'connecting' | 'live' | 'reconnecting' | 'stopped';
  /**
   * When the connection last came back, and how the feed went on: `reconnected` until its first event tells. `resynchronised`:
   * changes in between may be missing.
   */
  readonly back: { readonly at: number; readonly how: 'reconnected' | 'resumed' | 'resynchronised' } | null;
  /** When the last event or answer arrived, in milliseconds since 1970. */
  readonly updatedAt: number | null;
}

export class LiveState {
  readonly #now: () => number;
  readonly #listeners = new Set<() => void>();
  #live: Live = { state: 'connecting', back: null, updatedAt: null };

  constructor(now: () => number) {
    this.#now = now;
  }

  readonly subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  };

  readonly snapshot = (): Live => this.#live;

  /** @returns whether the connection had been lost. */
  connected(): boolean {
    if (this.#live.state !== 'reconnecting') return false;
    this.#change({ state: 'live', back: { at: this.#now(), how: 'reconnected' } });
    return true;
  }

  closed(): void {
    if (this.#live.state === 'live') this.#change({ state: 'reconnecting' });
  }

  stopped(): void {
    this.#change({ state: 'stopped' });
  }

  updated(): void {
    this.#change({ updatedAt: this.#now() });
  }

  /** An event of the shell's feed; null: there is nothing to follow. */
  readonly heard = (event: SetEvent | null): void => {
    const { back } = this.#live;
    if (back?.how === 'reconnected') {
      this.#change({
        state: 'live',
        back: { ...back, how: event?.kind === 'TRANSITION' ? 'resumed' : 'resynchronised' },
      });
    } else if (event?.kind === 'RESYNC') {
      this.#change({ state: 'live', back: { at: this.#now(), how: 'resynchronised' } });
    } else {
      this.#change({ state: 'live' });
    }
  };

  #change(change: Partial<Live>): void {
    this.#live = { ...this.#live, ...change };
    for (const listener of this.#listeners) listener();
  }
}
