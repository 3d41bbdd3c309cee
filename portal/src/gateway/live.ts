/** How well the page follows the gateway: from the events of the socket, and from those of the feeds. */

export interface Live {
  /** `stopped`: the feed has ended with an error, and does not go on by itself. */
  readonly state: 'connecting' | 'live' | 'reconnecting' | 'stopped';
  /** When the connection last came back, and how its feeds went on. `resynchronised`: changes in between may be missing. */
  readonly back: { readonly at: number; readonly how: 'resumed' | 'resynchronised' } | null;
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

  connected(): void {
    const { state, back } = this.#live;
    this.#change({ state: 'live', back: state === 'reconnecting' ? { at: this.#now(), how: 'resumed' } : back });
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

  resynchronised(): void {
    this.#change({ back: { at: this.#now(), how: 'resynchronised' } });
  }

  #change(change: Partial<Live>): void {
    this.#live = { ...this.#live, ...change };
    for (const listener of this.#listeners) listener();
  }
}
