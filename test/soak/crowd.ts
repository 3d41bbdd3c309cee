/** Subscribers whose number stays the same: one that the gateway has ended is replaced. */

import { WebSocket } from 'ws';
import { connect, watch } from '../../src/client/client.ts';
import { endpointFeed } from '../chaos/feeds.ts';
import type { HistoryReader } from '../chaos/history-reader.ts';
import type { Dice } from '../chaos/random.ts';
import { Subscriber, type SubscriberOptions } from '../chaos/subscriber.ts';

export interface CrowdOptions {
  readonly projects: readonly string[];
  /** Addresses of the replicas. */
  readonly replicas: readonly string[];
  readonly size: number;
  readonly dice: Dice;
  readonly reader: HistoryReader;
}

/** Every so many follow a whole project, the others one endpoint. */
const WHOLE_PROJECT = 10;
const LATENCY = `subscription ($project: ID, $after: String) {
  event: projectEndpointStatus(projectId: $project, after: $after) { kind cursor more observedAt }
}`;

export class Crowd {
  /** All that there ever were: what they saw is judged at the end. */
  readonly members: Subscriber[] = [];
  /** Those that follow something now, for churn. */
  readonly active: Subscriber[] = [];
  /** Milliseconds from observation to delivery, since they were last taken. */
  #latencies: number[] = [];
  readonly #options: CrowdOptions;
  /** By project: one that stays, and so knows which endpoints exist. */
  readonly #guides = new Map<string, Subscriber>();
  readonly #closers: (() => unknown)[] = [];
  #names = 0;

  constructor(options: CrowdOptions) {
    this.#options = options;
    for (const project of options.projects) {
      options.reader.copy(endpointFeed(project).set.log);
      this.#guides.set(project, this.#join({ feed: endpointFeed(project), ids: null }));
      for (const url of options.replicas) this.#measure(project, url);
    }
  }

  /** True once every project's endpoints are known. */
  get isGuided(): boolean {
    return [...this.#guides.values()].every(({ statuses }) => statuses.size > 0);
  }

  /** Brings the crowd to its size. */
  fill(): void {
    const { size, dice, projects } = this.#options;
    for (let at = this.active.length - 1; at >= 0; at--) {
      const state = this.active[at]?.state;
      if (state === 'completed' || state === 'failed') this.active.splice(at, 1);
    }
    while (this.active.length < size) {
      const project = dice.pick(projects);
      const isWhole = this.#names % WHOLE_PROJECT === 0;
      this.#follow({ feed: endpointFeed(project), ids: isWhole ? null : [dice.pick(this.#endpointsOf(project))] });
    }
  }

  /** Follows a new endpoint from its creation on. */
  follow(project: string, id: string, after: string): void {
    this.#follow({ feed: endpointFeed(project), ids: [id], after });
  }

  takeLatencies(): readonly number[] {
    const taken = this.#latencies;
    this.#latencies = [];
    return taken;
  }

  async leave(): Promise<void> {
    for (const close of this.#closers) close();
    await Promise.all(this.members.map((one) => one.leave()));
  }

  #endpointsOf(project: string): readonly string[] {
    const statuses = this.#guides.get(project)?.statuses ?? new Map<string, string>();
    return [...statuses].flatMap(([id, status]) => (status === 'deleted' || status === 'deleting' ? [] : [id]));
  }

  #follow(options: Omit<SubscriberOptions, 'name' | 'replicas'>): void {
    this.active.push(this.#join(options));
  }

  #join(options: Omit<SubscriberOptions, 'name' | 'replicas'>): Subscriber {
    const { replicas, dice } = this.#options;
    const one = new Subscriber({ ...options, replicas, name: `${++this.#names} of ${options.feed.set.log}` });
    this.members.push(one);
    one.begin(dice.below(replicas.length));
    return one;
  }

  #measure(project: string, url: string): void {
    const client = connect({ url, webSocketImpl: WebSocket });
    type Data = { readonly event: { readonly kind: string; readonly observedAt: string } | null };
    const feed = watch<Data, Record<string, unknown>>(client, { query: LATENCY, variables: { project } });
    this.#closers.push(
      () => feed.return?.(),
      () => client.dispose(),
    );
    void (async () => {
      for await (const event of feed) {
        if (event?.kind === 'TRANSITION') this.#latencies.push(Date.now() - Date.parse(event.observedAt));
      }
    })();
  }
}
