import { Command } from 'ioredis';
import type { RedisNode } from '../config-redis.ts';
import type { RedisCommands } from '../redis.ts';

interface SlotRange {
  readonly first: number;
  readonly last: number;
  readonly node: RedisNode;
}

/** Which master serves which slot of a Cluster, as far as is known. */
export class ShardMap {
  readonly #commands: RedisCommands;
  #ranges: readonly SlotRange[] = [];
  /** What nodes have said since the ranges were read. */
  readonly #corrections = new Map<number, RedisNode>();

  constructor(commands: RedisCommands) {
    this.#commands = commands;
  }

  /** @throws when the cluster is not connected or does not answer. */
  async refresh(): Promise<void> {
    if (this.#commands.status !== 'ready') throw new Error('the Redis Cluster is not connected');
    const rows = await this.#commands.cluster('SLOTS');
    this.#corrections.clear();
    this.#ranges = rows.flatMap(([first, last, master]) => {
      const [host, port] = master ?? [];
      // A node that does not know its own address says nothing, or a question mark.
      return host && host !== '?' && port !== undefined ? [{ first, last, node: { host, port } }] : [];
    });
  }

  owner(slot: number): RedisNode | undefined {
    const corrected = this.#corrections.get(slot);
    return corrected ?? this.#ranges.find(({ first, last }) => first <= slot && slot <= last)?.node;
  }

  /** Takes over what a node says about the slot when it does not serve it. False when the error says nothing of that kind. */
  correct(error: unknown): boolean {
    if (!(error instanceof Error)) return false;
    const [, slot, host = '', port] = /^MOVED (\d+) (.*):(\d+)$/.exec(error.message) ?? [];
    if (slot === undefined || host === '' || host === '?') return false;
    this.#corrections.set(Number(slot), { host, port: Number(port) });
    return true;
  }
}

export function slotOf(channel: string): number {
  return new Command('ssubscribe', [channel]).getSlot();
}
