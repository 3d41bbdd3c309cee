import type { Redis } from 'ioredis';
import type { Logger } from '../../observability/logger.ts';
import type { RedisCommands } from '../../redis/connect.ts';
import type { Notification } from '../event-log.ts';

export interface RedisNotificationsOptions {
  /** One connection for all channels. In a Cluster to any node, because every node gets every message. */
  readonly subscriber: Redis;
  readonly commands: RedisCommands;
  /** A channel of this replica alone. */
  readonly echoChannel: string;
  readonly logger: Logger;
  /** Milliseconds between echoes; two missing ones mean a half-open connection. */
  readonly echoMs?: number;
}

interface Channel {
  readonly listeners: Set<(notification: Notification) => void>;
  /** The answer to SUBSCRIBE; null when it failed: the next `ready` event subscribes again. */
  subscribed: Promise<unknown> | null;
}

const ECHO_MS = 5_000;
const MISSED_ECHOES = 2;

/** Notifications through Redis pub/sub. They can get lost, so every interruption sends `check` to all listeners. */
export class RedisNotifications {
  readonly #options: RedisNotificationsOptions;
  readonly #channels = new Map<string, Channel>();
  readonly #onMessage = (name: string, message: string): void => this.#heard(name, message);
  readonly #onReady = (): void => void this.#resubscribe();
  #echoTimer: NodeJS.Timeout | undefined;
  #missingEchoes = 0;

  constructor(options: RedisNotificationsOptions) {
    this.#options = options;
    options.subscriber.on('message', this.#onMessage);
    options.subscriber.on('ready', this.#onReady);
  }

  async listen(name: string, onNotification: (notification: Notification) => void): Promise<() => void> {
    const channel = this.#channels.get(name) ?? { listeners: new Set(), subscribed: null };
    this.#channels.set(name, channel);
    const listener = (notification: Notification): void => onNotification(notification);
    channel.listeners.add(listener);
    const leave = (): void => {
      if (!channel.listeners.delete(listener) || channel.listeners.size > 0) return;
      if (this.#channels.get(name) !== channel) return;
      this.#channels.delete(name);
      this.#send('unsubscribe', name);
      this.#manageEcho();
    };
    // Before the answer: on a half-open connection only missing echoes end the wait for it.
    this.#manageEcho();
    try {
      // The first listener subscribes; later ones wait for the same answer.
      await (channel.subscribed ?? this.#await([channel], this.#options.subscriber.subscribe(name)));
    } catch (error) {
      leave();
      throw error;
    }
    return leave;
  }

  held(): { readonly listeners: number; readonly channels: number; readonly timers: number } {
    let listeners = 0;
    for (const channel of this.#channels.values()) listeners += channel.listeners.size;
    return { listeners, channels: this.#channels.size, timers: this.#echoTimer === undefined ? 0 : 1 };
  }

  close(): void {
    this.#channels.clear();
    this.#manageEcho();
    this.#options.subscriber.off('message', this.#onMessage);
    this.#options.subscriber.off('ready', this.#onReady);
  }

  #heard(name: string, message: string): void {
    const notification = parseNotification(message);
    if (name === this.#options.echoChannel) this.#missingEchoes = 0;
    else if (notification !== null) this.#notify(name, notification);
  }

  #notify(name: string, notification: Notification): void {
    const listeners = this.#channels.get(name)?.listeners ?? new Set();
    for (const listener of [...listeners]) if (listeners.has(listener)) listener(notification);
  }

  async #await(channels: readonly Channel[], answer: Promise<unknown>): Promise<void> {
    for (const channel of channels) channel.subscribed = answer;
    try {
      await answer;
    } catch (error) {
      for (const channel of channels) if (channel.subscribed === answer) channel.subscribed = null;
      throw error;
    }
  }

  async #resubscribe(): Promise<void> {
    const { subscriber, echoChannel } = this.#options;
    const names = [...this.#channels.keys()];
    if (names.length === 0) return;
    this.#missingEchoes = 0;
    try {
      await this.#await([...this.#channels.values()], subscriber.subscribe(...names, echoChannel));
    } catch {
      // The connection is lost again: its next `ready` event tries again.
      return;
    }
    for (const name of names) this.#notify(name, { kind: 'check' });
  }

  #manageEcho(): void {
    const wanted = this.#channels.size > 0;
    if (wanted === (this.#echoTimer !== undefined)) return;
    this.#send(wanted ? 'subscribe' : 'unsubscribe', this.#options.echoChannel);
    if (!wanted) {
      clearInterval(this.#echoTimer);
      this.#echoTimer = undefined;
      return;
    }
    this.#missingEchoes = 0;
    this.#echoTimer = setInterval(() => this.#echo(), this.#options.echoMs ?? ECHO_MS);
    this.#echoTimer.unref();
  }

  #echo(): void {
    const { subscriber, commands, echoChannel, logger } = this.#options;
    if (subscriber.status !== 'ready') return;
    if (this.#missingEchoes >= MISSED_ECHOES) {
      this.#missingEchoes = 0;
      logger.warn('Redis pub/sub is connected but silent: reconnecting');
      subscriber.disconnect(true);
      return;
    }
    // Counted when sent, because the echo often arrives before the answer to PUBLISH.
    this.#missingEchoes++;
    commands.publish(echoChannel, 'echo').catch(() => {
      this.#missingEchoes = Math.max(0, this.#missingEchoes - 1);
    });
  }

  #send(verb: 'subscribe' | 'unsubscribe', name: string): void {
    // A failure means a lost connection: the next `ready` event subscribes to the channels of that time.
    this.#options.subscriber[verb](name).catch(() => {});
  }
}

function parseNotification(message: string): Notification | null {
  if (message === 'lease') return { kind: 'lease' };
  if (message.startsWith('lease ')) return { kind: 'lease', replica: message.slice('lease '.length) };
  const [kind, epoch, seq, cause] = message.split(' ');
  if (kind === 'moved' && epoch !== undefined && seq !== undefined)
    return { kind: 'moved', position: { epoch, seq: Number(seq) }, ...(cause !== undefined && { cause }) };
  return null;
}
