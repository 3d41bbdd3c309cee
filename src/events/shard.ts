import type { Redis } from 'ioredis';

export interface ShardEvents {
  heard(channel: string, message: string): void;
  /** These are not subscribed here any more. */
  lost(channels: readonly string[]): void;
  /** The connection is gone, and with it all of them. */
  ended(reason: string | null): void;
}

/** The subscriptions of one connection to one node of a Cluster. It ends with the connection. */
export class Shard {
  readonly #redis: Redis;
  readonly #events: ShardEvents;
  readonly #channels = new Set<string>();
  readonly #connected: Promise<void>;
  #asked = 0;

  constructor(redis: Redis, events: ShardEvents) {
    this.#redis = redis;
    this.#events = events;
    let reason: string | null = null;
    // Without a listener an error event would end the process.
    redis.on('error', (error: Error) => {
      reason = error.message;
    });
    redis.on('smessage', (channel: string, message: string) => events.heard(channel, message));
    // The node gave up a slot, and unsubscribed its channels by itself.
    redis.on('moved', () => this.#compare());
    redis.once('end', () => events.ended(reason));
    this.#connected = redis.connect();
    this.#connected.catch(() => {});
  }

  /** True when nothing is subscribed here, or about to be. */
  get isEmpty(): boolean {
    return this.#channels.size === 0 && this.#asked === 0;
  }

  /** @throws when the node cannot be reached, or does not serve the slot of the channel. */
  async subscribe(channel: string): Promise<void> {
    this.#asked++;
    try {
      await this.#connected;
      await this.#redis.ssubscribe(channel);
      this.#channels.add(channel);
    } finally {
      this.#asked--;
    }
  }

  unsubscribe(channel: string): void {
    this.#channels.delete(channel);
    // A failure means a lost connection.
    if (this.#redis.status === 'ready') this.#redis.sunsubscribe(channel).catch(() => {});
  }

  /** On a half-open connection this stays without an answer, and the timeout for answers then closes it. */
  probe(): void {
    if (this.#redis.status !== 'ready') return;
    this.#redis.ping().catch(() => {});
    this.#compare();
  }

  close(): void {
    this.#redis.removeAllListeners('end');
    this.#redis.disconnect();
  }

  /** ioredis keeps the set of what the server has confirmed and not taken back, but does not say what it took back. */
  #compare(): void {
    const subscriber = this.#redis.condition?.subscriber;
    const confirmed = new Set(subscriber ? subscriber.channels('ssubscribe') : []);
    const lost = [...this.#channels].filter((channel) => !confirmed.has(channel));
    for (const channel of lost) this.#channels.delete(channel);
    if (lost.length > 0) this.#events.lost(lost);
  }
}
