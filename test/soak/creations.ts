/** Endpoints that are created and deleted steadily through the gateways, each with the same key until it succeeds. */
import { randomUUID } from 'node:crypto';
import { SERVICE_IDS } from '../../src/simulator/world/services.ts';
import type { Dice } from '../chaos/random.ts';

export interface CreationsOptions {
  readonly projects: readonly string[];
  /** Addresses of the replicas. */
  readonly replicas: readonly string[];
  readonly perSecond: number;
  readonly dice: Dice;
  readonly onCreated: (project: string, id: string, statusCursor: string) => void;
}

interface Job {
  readonly project: string;
  readonly key: string;
  readonly begunAt: number;
  id?: string;
  /** When its next call is due. */
  at: number;
}

interface Created {
  readonly statusCursor: string;
  readonly endpoint?: { readonly id: string };
}

interface Answer {
  readonly data?: { readonly done: Created | null } | null;
  readonly errors?: readonly { readonly extensions: { readonly code: string } }[];
}

const CREATE = `mutation ($project: ID, $input: CreateVpcEndpointInput!) {
  done: createVpcEndpoint(projectId: $project, input: $input) { statusCursor endpoint { id } }
}`;
const DELETE = `mutation ($project: ID, $input: DeleteVpcEndpointInput!) {
  done: deleteVpcEndpoint(projectId: $project, input: $input) { statusCursor }
}`;
const PLACE = {
  endpointServiceId: SERVICE_IDS.plainInterface,
  vpcId: '51a00000-0000-4000-8000-0000000000a1',
  subnetId: '51a00000-0000-4000-8000-0000000000a2',
};
const LIFE_MS = 20_000;
const AGAIN_MS = 2_000;
const ANSWER_MS = 30_000;
/** A creation that upstream never got stays unknown: it is not sent a second time. Its client gives it up. */
const PATIENCE_MS = 60_000;

export class Creations {
  readonly #options: CreationsOptions;
  readonly #jobs = new Set<Job>();
  readonly #calling = new Map<Job, Promise<void>>();
  readonly #timer: NodeJS.Timeout;
  #stopped = false;
  created = 0;
  deleted = 0;
  /** Creations whose outcome stayed unknown. */
  givenUp = 0;
  /** Calls that failed and were repeated, by what was asked and the code of the answer. */
  readonly repeated = new Map<string, number>();

  constructor(options: CreationsOptions) {
    this.#options = options;
    this.#timer = setInterval(() => this.#tick(), 1_000 / options.perSecond);
  }

  async stop(): Promise<void> {
    this.#stopped = true;
    clearInterval(this.#timer);
    await Promise.all(this.#calling.values());
  }

  #tick(): void {
    const now = performance.now();
    const { projects, dice } = this.#options;
    this.#jobs.add({ project: dice.pick(projects), key: randomUUID(), begunAt: now, at: now });
    for (const job of this.#jobs) {
      if (job.at > now || this.#calling.has(job)) continue;
      const call = this.#call(job).finally(() => this.#calling.delete(job));
      this.#calling.set(job, call);
    }
  }

  async #call(job: Job): Promise<void> {
    const { dice, onCreated } = this.#options;
    const { project, key, id } = job;
    const answer = await (id === undefined
      ? this.#send(CREATE, { project, input: { ...PLACE, idempotencyKey: key } })
      : this.#send(DELETE, { project, input: { id } })
    ).catch((): Answer => ({}));
    const done = answer.data?.done ?? null;
    job.at = performance.now() + AGAIN_MS;
    if (id !== undefined && (done !== null || answer.errors?.[0]?.extensions.code === 'NOT_FOUND')) {
      this.#jobs.delete(job);
      this.deleted++;
    } else if (done?.endpoint !== undefined) {
      job.id = done.endpoint.id;
      job.at += LIFE_MS * (1 + dice.next());
      this.created++;
      if (!this.#stopped) onCreated(project, job.id, done.statusCursor);
    } else {
      const code = answer.errors?.[0]?.extensions.code ?? 'no answer';
      const what = `${id === undefined ? 'creations' : 'deletions'} repeated after ${code}`;
      this.repeated.set(what, (this.repeated.get(what) ?? 0) + 1);
      if (id === undefined && job.at - job.begunAt > PATIENCE_MS) {
        this.#jobs.delete(job);
        this.givenUp++;
      }
    }
  }

  async #send(query: string, variables: object): Promise<Answer> {
    const response = await fetch(this.#options.dice.pick(this.#options.replicas), {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ query, variables }),
      signal: AbortSignal.timeout(ANSWER_MS),
    });
    return (await response.json()) as Answer;
  }
}
