import type { Redis } from 'ioredis';
import type { Logger } from '../observability/logger.ts';
import type { Bell } from './event-log.ts';

export interface RedisBellsOptions {
  readonly subscriber: Redis;
  readonly commands: Redis;
  /** Channel that only this replica uses, to hear itself. */
  readonly echoChannel: string;
  readonly logger: Logger;
  /** Milliseconds between echoes; two that stay unheard mean a half-open connection. */
  readonly echoMs?: number;
}

const ECHO_MS = 5_000;
const MISSED_ECHOES = 2;

/** Doorbells through Redis pub/sub: lossy by nature, so every interruption rings `check` for everybody. */
export class RedisBells {
  readonly #options: RedisBellsOptions;
  readonly #listeners = new Map<string, Set<(bell: Bell) => void>>();
  readonly #pending = new Map<string, Promise<unknown>>();
  readonly #onMessage = (channel: string, message: string): void => this.#heard(channel, message);
  readonly #onReady = (): void => void this.#resubscribe();
  #echoTimer: NodeJS.Timeout | undefined;
  #echoesUnheard = 0;

  constructor(options: RedisBellsOptions) {
    this.#options = options;
    options.subscriber.on('message', this.#onMessage);
    options.subscriber.on('ready', this.#onReady);
  }

  async listen(channel: string, onBell: (bell: Bell) => void): Promise<() => void> {
    const listeners = this.#listeners.get(channel) ?? new Set();
    this.#listeners.set(channel, listeners);
    const listener = (bell: Bell): void => onBell(bell);
    listeners.add(listener);
    const leave = (): void => {
      if (!listeners.delete(listener) || listeners.size > 0 || this.#listeners.get(channel) !== listeners) return;
      this.#listeners.delete(channel);
      this.#pending.delete(channel);
      this.#tell('unsubscribe', channel);
      this.#manageEcho();
    };
    // Before the answer is there: on a half-open connection only the missing echo ends the wait for it.
    this.#manageEcho();
    try {
      // The first listener subscribes; those who come meanwhile wait for the same answer.
      let subscribed = this.#pending.get(channel);
      if (subscribed === undefined) {
        subscribed = this.#options.subscriber.subscribe(channel);
        this.#pending.set(channel, subscribed);
      }
      await subscribed;
    } catch (error) {
      this.#pending.delete(channel);
      leave();
      throw error;
    }
    return leave;
  }

  held(): { readonly listeners: number; readonly channels: number; readonly timers: number } {
    let listeners = 0;
    for (const set of this.#listeners.values()) listeners += set.size;
    return { listeners, channels: this.#listeners.size, timers: this.#echoTimer === undefined ? 0 : 1 };
  }

  close(): void {
    this.#listeners.clear();
    this.#pending.clear();
    this.#manageEcho();
    this.#options.subscriber.off('message', this.#onMessage);
    this.#options.subscriber.off('ready', this.#onReady);
  }

  #heard(channel: string, message: string): void {
    if (channel === this.#options.echoChannel) {
      this.#echoesUnheard = 0;
      return;
    }
    const bell = parseBell(message);
    if (bell !== null) this.#ring(channel, bell);
  }

  #ring(channel: string, bell: Bell): void {
    const listeners = this.#listeners.get(channel);
    if (listeners === undefined) return;
    for (const listener of [...listeners]) if (listeners.has(listener)) listener(bell);
  }

  async #resubscribe(): Promise<void> {
    const channels = [...this.#listeners.keys()];
    if (channels.length === 0) return;
    this.#echoesUnheard = 0;
    try {
      const again = this.#options.subscriber.subscribe(...channels, this.#options.echoChannel);
      for (const channel of channels) this.#pending.set(channel, again);
      await again;
    } catch {
      // The connection went away again: its next `ready` comes back here.
      return;
    }
    for (const channel of channels) this.#ring(channel, { kind: 'check' });
  }

  #manageEcho(): void {
    const wanted = this.#listeners.size > 0;
    if (wanted === (this.#echoTimer !== undefined)) return;
    if (!wanted) {
      clearInterval(this.#echoTimer);
      this.#echoTimer = undefined;
      this.#tell('unsubscribe', this.#options.echoChannel);
      return;
    }
    this.#echoesUnheard = 0;
    this.#tell('subscribe', this.#options.echoChannel);
    this.#echoTimer = setInterval(() => this.#echo(), this.#options.echoMs ?? ECHO_MS);
    this.#echoTimer.unref();
  }

  #echo(): void {
    const { subscriber, commands, echoChannel, logger } = this.#options;
    if (subscriber.status !== 'ready') return;
    if (this.#echoesUnheard >= MISSED_ECHOES) {
      this.#echoesUnheard = 0;
      logger.warn('redis pub/sub is silent although connected: reconnecting');
      subscriber.disconnect(true);
      return;
    }
    // Counted when it is sent: it is often heard before the answer to the publish is. What was not sent is not missed.
    this.#echoesUnheard++;
    commands.publish(echoChannel, 'echo').catch(() => {
      this.#echoesUnheard = Math.max(0, this.#echoesUnheard - 1);
    });
  }

  #tell(verb: 'subscribe' | 'unsubscribe', channel: string): void {
    // A failure means a lost connection; the next `ready` subscribes to what is then wanted.
    this.#options.subscriber[verb](channel).catch(() => {});
  }
}

function parseBell(message: string): Bell | null {
  const [kind, epoch, seq] = message.split(' ');
  if (kind === 'turn') return { kind: 'turn' };
  if (kind === 'moved' && epoch !== undefined && seq !== undefined)
    return { kind: 'moved', position: { epoch, seq: Number(seq) } };
  return null;
}
