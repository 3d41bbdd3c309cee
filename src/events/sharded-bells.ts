import type { RedisNode } from '../config-redis.ts';
import type { Logger } from '../observability/logger.ts';
import type { OpenNode, RedisCommands } from '../redis.ts';
import { backoffMs } from '../redis-options.ts';
import { type BellSink, type BellTransport, ECHO_MS } from './bell-transport.ts';
import { Shard } from './shard.ts';
import { ShardMap, slotOf } from './shard-map.ts';

export interface ShardedBellsOptions {
  readonly open: OpenNode;
  readonly commands: RedisCommands;
  readonly logger: Logger;
  /** Milliseconds between two looks at every connection and at who serves which slot. */
  readonly echoMs?: number;
}

interface Wanted {
  readonly slot: number;
  /** Where it is subscribed; null: nowhere, now. */
  home: Shard | null;
  /** It has been subscribed before, so that the next time ends an interruption. */
  known: boolean;
  /** On its way to where it belongs. */
  settling: Promise<void> | null;
}

/** MOVED sends a channel to the next node; more often than this in a row it waits a little. */
const MAX_HOPS = 5;

/** When slots move, they move in a row: one look for several of them. */
const SOON_MS = 20;

/**
 * Each channel at the master that serves its slot, one connection for each of these. Whatever happens (a node lost, a
 * slot moved, a failover), `#reconcile` brings every channel to where it then belongs.
 */
export class ShardedBells implements BellTransport {
  readonly verb = 'SPUBLISH';
  readonly #options: ShardedBellsOptions;
  readonly #sink: BellSink;
  readonly #map: ShardMap;
  readonly #wanted = new Map<string, Wanted>();
  readonly #shards = new Map<string, Shard>();
  #beat: NodeJS.Timeout | undefined;
  #retry: NodeJS.Timeout | undefined;
  #failures = 0;

  constructor(options: ShardedBellsOptions, sink: BellSink) {
    this.#options = options;
    this.#sink = sink;
    this.#map = new ShardMap(options.commands);
  }

  subscribe(channel: string): Promise<unknown> {
    const wanted = this.#wanted.get(channel) ?? { slot: slotOf(channel), home: null, known: false, settling: null };
    this.#wanted.set(channel, wanted);
    this.#manageBeat();
    return wanted.home === null ? this.#settle(channel, wanted) : Promise.resolve();
  }

  unsubscribe(channel: string): void {
    this.#wanted.get(channel)?.home?.unsubscribe(channel);
    this.#wanted.delete(channel);
    this.#manageBeat();
  }

  timers(): number {
    return [this.#beat, this.#retry].filter((timer) => timer !== undefined).length;
  }

  close(): void {
    this.#wanted.clear();
    this.#manageBeat();
  }

  /** @throws what kept the channel from being subscribed now; it is tried again for as long as it is wanted. */
  #settle(channel: string, wanted: Wanted): Promise<void> {
    wanted.settling ??= this.#bringHome(channel, wanted)
      .catch((error: unknown) => {
        this.#reconcileLater();
        throw error;
      })
      .finally(() => {
        wanted.settling = null;
      });
    return wanted.settling;
  }

  async #bringHome(channel: string, wanted: Wanted): Promise<void> {
    if (this.#map.owner(wanted.slot) === undefined) await this.#map.refresh();
    for (let hop = 0; hop < MAX_HOPS; hop++) {
      const node = this.#map.owner(wanted.slot);
      if (node === undefined || !this.#isWanted(channel, wanted)) break;
      const shard = this.#shardAt(node);
      if (wanted.home === shard) return;
      try {
        await shard.subscribe(channel);
      } catch (error) {
        if (this.#map.correct(error)) continue;
        throw error;
      }
      if (!this.#wanted.has(channel)) shard.unsubscribe(channel);
      if (!this.#isWanted(channel, wanted)) return;
      wanted.home?.unsubscribe(channel);
      wanted.home = shard;
      if (wanted.known) this.#sink.restored([channel]);
      wanted.known = true;
      return;
    }
    throw new Error('no node of the Redis Cluster takes the subscription');
  }

  /** Not when it was given up meanwhile, and perhaps asked for again. */
  #isWanted(channel: string, wanted: Wanted): boolean {
    return this.#wanted.get(channel) === wanted;
  }

  #shardAt(node: RedisNode): Shard {
    const name = `${node.host}:${node.port}`;
    const open = this.#shards.get(name);
    if (open !== undefined) return open;
    const shard: Shard = new Shard(this.#options.open(node), {
      heard: (channel, message) => this.#sink.heard(channel, message),
      lost: (channels) => this.#lost(shard, channels),
      ended: (reason) => {
        if (this.#shards.get(name) === shard) this.#shards.delete(name);
        if (!shard.isEmpty) this.#options.logger.warn({ node: name, reason }, 'redis pub/sub connection lost');
        this.#lost(shard, this.#wanted.keys());
      },
    });
    this.#shards.set(name, shard);
    return shard;
  }

  #lost(shard: Shard, channels: Iterable<string>): void {
    for (const channel of channels) {
      const wanted = this.#wanted.get(channel);
      if (wanted?.home === shard) wanted.home = null;
    }
    this.#reconcileLater();
  }

  #reconcileLater(): void {
    if (this.#retry !== undefined || this.#wanted.size === 0) return;
    this.#retry = setTimeout(
      () => {
        this.#retry = undefined;
        void this.#reconcile();
      },
      this.#failures === 0 ? SOON_MS : backoffMs(this.#failures),
    );
    this.#failures++;
  }

  async #reconcile(): Promise<void> {
    try {
      await this.#map.refresh();
      await Promise.all([...this.#wanted].map(([channel, wanted]) => this.#settle(channel, wanted)));
      this.#failures = 0;
    } catch {
      this.#reconcileLater();
    }
  }

  #look(): void {
    for (const [name, shard] of this.#shards) {
      if (shard.isEmpty) {
        this.#shards.delete(name);
        shard.close();
      } else shard.probe();
    }
    void this.#reconcile();
  }

  #manageBeat(): void {
    if (this.#wanted.size > 0) {
      this.#beat ??= setInterval(() => this.#look(), this.#options.echoMs ?? ECHO_MS).unref();
      return;
    }
    clearInterval(this.#beat);
    clearTimeout(this.#retry);
    this.#beat = undefined;
    this.#retry = undefined;
    this.#failures = 0;
    for (const shard of this.#shards.values()) shard.close();
    this.#shards.clear();
  }
}
