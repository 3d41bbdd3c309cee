/** A simulated cloud: endpoints come and become ready, and subscribers note when they hear of it. */

import type { ResourceReads } from '../../src/watch/reads.ts';
import { scopeOf } from '../../src/watch/resource.ts';
import type { StatusEvent } from '../../src/watch/watch.ts';
import { endpointId } from '../support/sample.ts';
import { answerFor, type FakeUpstream, readsOf } from './fake-upstream.ts';

/** One upstream that holds every project, as a gateway has it; projects are numbered. */
export function routed(upstreams: readonly FakeUpstream[]): ResourceReads {
  const of = (projectId: string): FakeUpstream => {
    const upstream = upstreams[Number(projectId)];
    if (upstream === undefined) throw new Error(`there is no project ${projectId}`);
    return upstream;
  };
  return readsOf({
    getEndpoint: (projectId, id) => of(projectId).getEndpoint(projectId, id),
    listEndpoints: (projectId, query) => of(projectId).listEndpoints(projectId, query),
  });
}

/** Subscribers that only note how long after its cause each event reaches them. */
export class Delivered {
  /** Milliseconds from the change upstream to the subscriber. */
  readonly delays: number[] = [];
  events = 0;
  readonly #nowMs: () => number;
  readonly #changedAt = new Map<string, number>();

  constructor(nowMs: () => number) {
    this.#nowMs = nowMs;
  }

  changed(projectId: string, endpointId: string, status: string): void {
    this.#changedAt.set(`${projectId} ${endpointId} ${status}`, this.#nowMs());
  }

  async read(opening: Promise<AsyncIterableIterator<StatusEvent>>): Promise<void> {
    for await (const { kind, log, id, rawStatus } of await opening) {
      const { projectId } = scopeOf(log);
      this.events += 1;
      const since = this.#changedAt.get(`${projectId} ${id} ${rawStatus}`);
      if (kind === 'TRANSITION' && since !== undefined) this.delays.push(this.#nowMs() - since);
    }
  }
}

export interface Life {
  /** Milliseconds between two creations in the project, on average. */
  readonly everyMs: number;
  readonly readyMs: number;
  /** How many there are at most; the oldest ones are made anew under other ids. */
  readonly endpoints: number;
}

/** The endpoints of one project. */
export class Creations {
  readonly #upstream: FakeUpstream;
  readonly #projectId: string;
  readonly #life: Life;
  #next: number;
  #count = 0;
  #pending: { readonly id: string; readonly readyAt: number } | undefined;

  /** @param phase from 0 to 1: where in its first interval the project is */
  constructor(upstream: FakeUpstream, projectId: string, life: Life, phase: number) {
    this.#upstream = upstream;
    this.#projectId = projectId;
    this.#life = life;
    this.#next = phase * life.everyMs;
    for (; this.#count < life.endpoints; this.#count += 1) this.#set(endpointId(this.#count), 'accepted');
  }

  /** @returns true when something was created now, as a mutation of the gateway would tell. */
  step(nowMs: number, delivered: Delivered): boolean {
    const pending = this.#pending;
    if (pending !== undefined && nowMs >= pending.readyAt) {
      this.#pending = undefined;
      this.#set(pending.id, 'accepted');
      delivered.changed(this.#projectId, pending.id, 'accepted');
    }
    if (nowMs < this.#next) return false;
    this.#next += this.#life.everyMs;
    const id = endpointId(this.#count);
    this.#count += 1;
    this.#set(id, 'creating');
    delivered.changed(this.#projectId, id, 'creating');
    this.#pending = { id, readyAt: nowMs + this.#life.readyMs };
    return true;
  }

  #set(id: string, status: string): void {
    this.#upstream.endpoints.set(id, answerFor(id, status));
  }
}

/** Two requests in the same microsecond would otherwise look equally old. */
export function strictly(clock: () => number): () => number {
  let last = 0;
  return () => {
    last = Math.max(last + 1, clock());
    return last;
  };
}
