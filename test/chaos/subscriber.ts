/** One client of the feed, as an application would write it, whose connection can be cut at any moment. */
import { WebSocket } from 'ws';
import { connect, watch } from '../../src/client/client.ts';
import { deferred } from '../support/deferred.ts';
import type { Feed } from './feeds.ts';
import type { SeenEvent, Step, Trace } from './trace.ts';

export interface SubscriberOptions {
  readonly name: string;
  readonly feed: Feed;
  /** Null: all resources of the feed. */
  readonly ids: readonly string[] | null;
  /** Where it begins; left out: with a SNAPSHOT. */
  readonly after?: string;
  /** Addresses of the replicas. */
  readonly replicas: readonly string[];
}

type Data = { readonly event: SeenEvent | null };
type Variables = Record<string, unknown>;

export class Subscriber implements Trace {
  readonly name: string;
  readonly feed: Feed;
  readonly log: string;
  readonly ids: ReadonlySet<string> | null;
  readonly steps: Step[] = [];
  /** Resource → last received status. */
  readonly statuses = new Map<string, string>();
  /** Connections that were made. */
  connections = 0;
  readonly #options: SubscriberOptions;
  readonly #sockets = new Set<WebSocket>();
  #cursor: string | null;
  #set = new Set<string>();
  #stop: (() => Promise<void>) | undefined;
  /** `completed`: the gateway has ended the feed, because its resource is gone. */
  state: 'idle' | 'running' | 'leaving' | 'completed' | 'failed' = 'idle';

  constructor(options: SubscriberOptions) {
    this.#options = options;
    this.name = options.name;
    this.feed = options.feed;
    this.log = options.feed.set.log;
    this.#cursor = options.after ?? null;
    this.ids = options.ids === null ? null : new Set(options.ids);
  }

  /** Connections that are open now. */
  get sockets(): number {
    return this.#sockets.size;
  }

  /** (Re)subscribes at a replica, going on where it was. */
  begin(replica: number): void {
    if (this.state !== 'idle') return;
    this.state = 'running';
    this.#set = new Set();
    this.steps.push({ step: 'begin', after: this.#cursor, replica });
    const client = connect({ url: this.#options.replicas[replica] ?? '', webSocketImpl: this.#socketClass() });
    const { ids } = this.#options;
    const { one, many, set } = this.feed;
    const isOne = one !== undefined && ids?.length === 1;
    const feed = watch<Data, Variables>(client, {
      query: isOne ? one : many,
      variables: {
        project: set.projectId,
        ...(set.parentId !== undefined && { parent: set.parentId }),
        ...(isOne ? { id: ids[0] } : ids !== null && { ids }),
        ...(this.#cursor !== null && { after: this.#cursor }),
      },
    });
    const ended = deferred();
    this.#stop = async () => {
      await feed.return?.();
      await ended.promise;
      // It fails when the last attempt to connect did, and waits for one that a frozen replica does not answer.
      void Promise.resolve(client.dispose()).catch(() => {});
    };
    void this.#read(feed).finally(ended.resolve);
  }

  /** Leaves on purpose; `begin` goes on from here. */
  async leave(): Promise<void> {
    const stop = this.#stop;
    if (stop === undefined || this.state !== 'running') return;
    this.#stop = undefined;
    this.state = 'leaving';
    await stop();
    if (this.state === 'leaving') this.state = 'idle';
  }

  /** Destroys the connection without a close frame. */
  cut(): void {
    for (const socket of this.#sockets) socket.terminate();
  }

  async #read(feed: AsyncIterable<SeenEvent | null>): Promise<void> {
    try {
      for await (const event of feed) {
        if (event === null) this.#empty();
        else this.#take(event);
      }
      if (this.#stop !== undefined) this.state = 'completed';
      this.steps.push({ step: 'end', reason: this.state });
    } catch (error) {
      this.state = 'failed';
      this.steps.push({ step: 'end', reason: String(error) });
    }
  }

  #empty(): void {
    this.steps.push({ step: 'empty' });
    this.statuses.clear();
  }

  #take(event: SeenEvent): void {
    this.steps.push({ step: 'event', event });
    this.#cursor = event.cursor;
    this.statuses.set(event.id, event.rawStatus);
    if (event.kind === 'TRANSITION') return;
    this.#set.add(event.id);
    if (event.more) return;
    // What is not in a complete set no longer exists.
    for (const id of this.statuses.keys()) if (!this.#set.has(id)) this.statuses.delete(id);
    this.#set = new Set();
  }

  #socketClass(): new (address: string | URL, protocols?: string | string[]) => WebSocket {
    const sockets = this.#sockets;
    const count = (): void => {
      this.connections++;
    };
    return class extends WebSocket {
      constructor(address: string | URL, protocols?: string | string[]) {
        super(address, protocols);
        sockets.add(this);
        count();
        this.once('close', () => sockets.delete(this));
      }
    };
  }
}
