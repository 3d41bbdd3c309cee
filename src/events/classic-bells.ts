import type { Redis } from 'ioredis';
import type { Logger } from '../observability/logger.ts';
import type { RedisCommands } from '../redis.ts';
import { type BellSink, type BellTransport, ECHO_MS } from './bell-transport.ts';

export interface ClassicBellsOptions {
  readonly subscriber: Redis;
  readonly commands: RedisCommands;
  /** Channel that only this replica uses, to hear itself. */
  readonly echoChannel: string;
  readonly logger: Logger;
  /** Milliseconds between echoes; two that stay unheard mean a half-open connection. */
  readonly echoMs?: number;
}

const MISSED_ECHOES = 2;

/** All channels on one connection, which hears its own echo through the server. */
export class ClassicBells implements BellTransport {
  readonly verb = 'PUBLISH';
  readonly #options: ClassicBellsOptions;
  readonly #sink: BellSink;
  /** The answer that the channel waits for or has got; null when it failed, and the next `ready` asks again. */
  readonly #wanted = new Map<string, Promise<unknown> | null>();
  readonly #onMessage = (channel: string, message: string): void => this.#heard(channel, message);
  readonly #onReady = (): void => void this.#resubscribe();
  #echoTimer: NodeJS.Timeout | undefined;
  #echoesUnheard = 0;

  constructor(options: ClassicBellsOptions, sink: BellSink) {
    this.#options = options;
    this.#sink = sink;
    options.subscriber.on('message', this.#onMessage);
    options.subscriber.on('ready', this.#onReady);
  }

  subscribe(channel: string): Promise<unknown> {
    const asked = this.#wanted.get(channel);
    if (asked) return asked;
    this.#wanted.set(channel, null);
    // Before the answer is there: on a half-open connection only the missing echo ends the wait for it.
    this.#manageEcho();
    return this.#ask([channel], this.#options.subscriber.subscribe(channel));
  }

  unsubscribe(channel: string): void {
    if (!this.#wanted.delete(channel)) return;
    this.#tell('unsubscribe', channel);
    this.#manageEcho();
  }

  timers(): number {
    return this.#echoTimer === undefined ? 0 : 1;
  }

  close(): void {
    this.#wanted.clear();
    this.#manageEcho();
    this.#options.subscriber.off('message', this.#onMessage);
    this.#options.subscriber.off('ready', this.#onReady);
  }

  #heard(channel: string, message: string): void {
    if (channel === this.#options.echoChannel) this.#echoesUnheard = 0;
    else this.#sink.heard(channel, message);
  }

  async #ask(channels: readonly string[], asked: Promise<unknown>): Promise<unknown> {
    for (const channel of channels) this.#wanted.set(channel, asked);
    try {
      return await asked;
    } catch (error) {
      for (const channel of channels) if (this.#wanted.get(channel) === asked) this.#wanted.set(channel, null);
      throw error;
    }
  }

  async #resubscribe(): Promise<void> {
    const channels = [...this.#wanted.keys()];
    if (channels.length === 0) return;
    this.#echoesUnheard = 0;
    try {
      await this.#ask(channels, this.#options.subscriber.subscribe(...channels, this.#options.echoChannel));
    } catch {
      // The connection went away again: its next `ready` comes back here.
      return;
    }
    this.#sink.restored(channels);
  }

  #manageEcho(): void {
    const wanted = this.#wanted.size > 0;
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
