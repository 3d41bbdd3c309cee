/** One client of the feed, as an application would write it, whose connection can be cut at any moment. */
import { WebSocket } from 'ws';
import { connect, watch } from '../../src/client/client.ts';
import { deferred } from '../support/deferred.ts';
import type { SeenEvent, Step, Trace } from './trace.ts';

export interface SubscriberOptions {
  readonly name: string;
  readonly project: string;
  readonly ids: readonly string[] | null;
  /** Addresses of the replicas. */
  readonly replicas: readonly string[];
}

const FIELDS = 'kind endpointId rawStatus version cursor more';
const ONE = `subscription one($id: ID!, $project: ID, $after: String) {
  event: endpointStatus(id: $id, projectId: $project, after: $after) { ${FIELDS} }
}`;
const MANY = `subscription many($ids: [ID!], $project: ID, $after: String) {
  event: projectEndpointStatus(ids: $ids, projectId: $project, after: $after) { ${FIELDS} }
}`;

type Data = { readonly event: SeenEvent };
type Variables = Record<string, unknown>;

export class Subscriber implements Trace {
  readonly name: string;
  readonly project: string;
  readonly ids: ReadonlySet<string> | null;
  readonly steps: Step[] = [];
  /** Endpoint → last received status. */
  readonly statuses = new Map<string, string>();
  /** Connections that were made. */
  connections = 0;
  readonly #options: SubscriberOptions;
  readonly #sockets = new Set<WebSocket>();
  #cursor: string | null = null;
  #set = new Set<string>();
  #stop: (() => Promise<void>) | undefined;
  /** `completed`: the gateway has ended the feed, because its endpoint is gone. */
  state: 'idle' | 'running' | 'leaving' | 'completed' | 'failed' = 'idle';

  constructor(options: SubscriberOptions) {
    this.#options = options;
    this.name = options.name;
    this.project = options.project;
    this.ids = options.ids === null ? null : new Set(options.ids);
  }

  /** (Re)subscribes at a replica, going on where it was. */
  begin(replica: number): void {
    if (this.state !== 'idle') return;
    this.state = 'running';
    this.#set = new Set();
    this.steps.push({ step: 'begin', after: this.#cursor, replica });
    const client = connect({ url: this.#options.replicas[replica] ?? '', webSocketImpl: this.#socketClass() });
    const [id] = this.#options.ids ?? [];
    const single = this.#options.ids?.length === 1;
    const after = this.#cursor === null ? {} : { after: this.#cursor };
    const scope = single ? { id } : this.#options.ids === null ? {} : { ids: this.#options.ids };
    const feed = watch<Data, Variables>(client, {
      query: single ? ONE : MANY,
      variables: { ...scope, project: this.project, ...after },
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

  async #read(feed: AsyncIterable<SeenEvent>): Promise<void> {
    try {
      for await (const event of feed) this.#take(event);
      if (this.#stop !== undefined) this.state = 'completed';
      this.steps.push({ step: 'end', reason: this.state });
    } catch (error) {
      this.state = 'failed';
      this.steps.push({ step: 'end', reason: String(error) });
    }
  }

  #take(event: SeenEvent): void {
    this.steps.push({ step: 'event', event });
    this.#cursor = event.cursor;
    this.statuses.set(event.endpointId, event.rawStatus);
    if (event.kind === 'TRANSITION') return;
    this.#set.add(event.endpointId);
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
