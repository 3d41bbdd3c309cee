import type { OpenNode } from '../redis.ts';
import type { BellTransport } from './bell-transport.ts';
import { ClassicBells, type ClassicBellsOptions } from './classic-bells.ts';
import type { Bell } from './event-log.ts';
import { ShardedBells } from './sharded-bells.ts';

export interface RedisBellsOptions extends Omit<ClassicBellsOptions, 'subscriber'> {
  /** One connection, or in a Cluster what connects to each of its nodes. */
  readonly subscriber: ClassicBellsOptions['subscriber'] | OpenNode;
}

/** Doorbells through Redis pub/sub: lossy by nature, so every interruption rings `check` for everybody. */
export class RedisBells {
  readonly #transport: BellTransport;
  readonly #listeners = new Map<string, Set<(bell: Bell) => void>>();

  constructor({ subscriber, ...options }: RedisBellsOptions) {
    const sink = {
      heard: (channel: string, message: string): void => {
        const bell = parseBell(message);
        if (bell !== null) this.#ring(channel, bell);
      },
      restored: (channels: Iterable<string>): void => {
        for (const channel of channels) this.#ring(channel, { kind: 'check' });
      },
    };
    this.#transport =
      typeof subscriber === 'function'
        ? new ShardedBells({ ...options, open: subscriber }, sink)
        : new ClassicBells({ ...options, subscriber }, sink);
  }

  /** The command with which a script has to ring. */
  get verb(): BellTransport['verb'] {
    return this.#transport.verb;
  }

  async listen(channel: string, onBell: (bell: Bell) => void): Promise<() => void> {
    const listeners = this.#listeners.get(channel) ?? new Set();
    this.#listeners.set(channel, listeners);
    const listener = (bell: Bell): void => onBell(bell);
    listeners.add(listener);
    const leave = (): void => {
      if (!listeners.delete(listener) || listeners.size > 0 || this.#listeners.get(channel) !== listeners) return;
      this.#listeners.delete(channel);
      this.#transport.unsubscribe(channel);
    };
    try {
      // The first listener subscribes; those who come meanwhile wait for the same answer.
      await this.#transport.subscribe(channel);
    } catch (error) {
      leave();
      throw error;
    }
    return leave;
  }

  held(): { readonly listeners: number; readonly channels: number; readonly timers: number } {
    let listeners = 0;
    for (const set of this.#listeners.values()) listeners += set.size;
    return { listeners, channels: this.#listeners.size, timers: this.#transport.timers() };
  }

  close(): void {
    this.#listeners.clear();
    this.#transport.close();
  }

  #ring(channel: string, bell: Bell): void {
    const listeners = this.#listeners.get(channel);
    if (listeners === undefined) return;
    for (const listener of [...listeners]) if (listeners.has(listener)) listener(bell);
  }
}

function parseBell(message: string): Bell | null {
  if (message === 'turn') return { kind: 'turn' };
  if (message.startsWith('turn ')) return { kind: 'turn', replica: message.slice('turn '.length) };
  const [kind, epoch, seq] = message.split(' ');
  if (kind === 'moved' && epoch !== undefined && seq !== undefined)
    return { kind: 'moved', position: { epoch, seq: Number(seq) } };
  return null;
}
