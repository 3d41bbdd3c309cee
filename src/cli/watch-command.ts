import type { Client } from 'graphql-ws';
import { type EndpointEvent, type WatchOptions, watchEndpoint, watchProject } from '../client/client.ts';
import { FeedError } from '../client/failure.ts';
import type { Subscriber } from '../client/resume.ts';
import { COMMON, command, EXIT, type StoppedError, stopSignal, UsageError } from './command.ts';
import { failureOf, GatewayClient } from './gateway-client.ts';
import { Screen } from './screen.ts';

const UNTIL = ['accepted', 'deleted', 'settled'] as const;
type Until = (typeof UNTIL)[number];

const HINTS: Readonly<Record<string, string>> = {
  CREATING: 'CREATING, usually 1 to 2 minutes',
  PENDING_ACCEPTANCE: 'PENDING_ACCEPTANCE, waits for the owner of the service',
};

export const watchCommand = command({
  summary: 'follow the status of endpoints, by default until each is accepted',
  synopsis: '<endpoint id…> | --all',
  options: {
    all: { type: 'boolean', help: 'all endpoints of the project, without end' },
    until: { type: 'string', value: 'STATE', choices: UNTIL, help: 'the wanted state; "settled" is any final one' },
    after: { type: 'string', value: 'CURSOR', help: 'go on behind this position, which an earlier command printed' },
    ...COMMON,
  },
  async run({ all, until, after, project, timeout, json }, ids, io) {
    if (Boolean(all) === ids.length > 0) throw new UsageError('Give the ids of endpoints, or --all');
    if (all && until) throw new UsageError('--until needs the ids of endpoints: --all has no end');
    const signal = stopSignal(io, timeout);
    const following = new Following(new GatewayClient(io), new Screen(io), { project, json, signal, data: true });
    return all ? following.project(after) : following.endpoints(ids, { after, until: until as Until | undefined });
  },
});

interface FollowOptions {
  readonly project: string | undefined;
  readonly json: boolean | undefined;
  /** Aborted with a StoppedError. */
  readonly signal: AbortSignal;
  /** Whether lines about changes are the data of the command, or talk. */
  readonly data: boolean;
}

interface Wanted {
  readonly after: string | undefined;
  readonly until?: Until | undefined;
}

type Open<Event> = (client: Subscriber, options: WatchOptions) => AsyncIterableIterator<Event>;

/** Follows endpoints, and prints every change. */
export class Following {
  readonly #options: FollowOptions;
  readonly #screen: Screen;
  readonly #gateway: GatewayClient;
  /** The last known status by endpoint. */
  readonly #states = new Map<string, string>();
  readonly #resumes: string[] = [];
  #trouble = '';
  readonly #client: Client;
  #connected = false;

  constructor(gateway: GatewayClient, screen: Screen, options: FollowOptions) {
    this.#options = options;
    this.#screen = screen;
    this.#gateway = gateway;
    this.#client = gateway.feed(() => {
      this.#connected = true;
    });
  }

  /** @returns the highest exit code of all of them. */
  async endpoints(ids: readonly string[], wanted: Wanted): Promise<number> {
    return this.#show(
      () => this.#summary(ids.length),
      async () => Math.max(...(await Promise.all(ids.map((id) => this.#endpoint(id, wanted))))),
    );
  }

  async project(after: string | undefined): Promise<number> {
    const { project: projectId, signal } = this.#options;
    let cursor = after;
    return this.#show(
      () => `watching ${this.#states.size} endpoints`,
      async () => {
        const open: Open<EndpointEvent | null> = (client, options) =>
          watchProject(client, { projectId, after }, options);
        for await (const event of this.#events(open)) {
          if (event === null) {
            this.#screen.say('There are no endpoints yet.');
          } else {
            cursor = event.cursor;
            this.#change(event);
            if (event.status === 'DELETED') this.#states.delete(event.endpointId);
          }
        }
        return this.#stopped(['--all'], cursor, signal.reason);
      },
    );
  }

  async #endpoint(id: string, { after, until = 'accepted' }: Wanted): Promise<number> {
    const { project: projectId, signal } = this.#options;
    let last: EndpointEvent | undefined;
    const variables = { id, projectId, after, until: until === 'deleted' ? 'DELETED' : 'SETTLED' } as const;
    try {
      for await (const event of this.#events((client, options) => watchEndpoint(client, variables, options))) {
        last = event;
        this.#change(event);
        if (until === 'deleted' && deletionFailed(event)) return EXIT.settledOtherwise;
      }
    } catch (error) {
      const failure = failureOf(error, { id: '<endpoint id>' });
      if (failure === undefined) throw error;
      for (const line of failure.lines) this.#screen.say(`${id}: ${line}`);
      return failure.exitCode;
    }
    if (signal.aborted) {
      const flags = until === 'accepted' ? [id] : [id, '--until', until];
      return this.#stopped(flags, last?.cursor ?? after, signal.reason);
    }
    // Nothing has happened since `after`, and the end was reached before: a fresh feed shows the state.
    if (last === undefined && after !== undefined) return this.#endpoint(id, { after: undefined, until });
    return until === 'settled' || last?.status === until.toUpperCase() ? EXIT.ok : EXIT.settledOtherwise;
  }

  /** The events until the feed ends or the signal ends it. The first connection must succeed, later ones are repeated. */
  async *#events<Event>(open: Open<Event>): AsyncGenerator<Event> {
    const { signal } = this.#options;
    let failed: Error | undefined;
    const feed = open(this.#client, {
      onTrouble: (cause) => {
        if (this.#connected) {
          this.#report(cause);
        } else {
          const { code } = Object(cause);
          failed = code === 4403 ? new FeedError(cause) : this.#gateway.unreachable(cause);
          void feed.return?.();
        }
      },
    });
    const stop = (): void => void feed.return?.();
    signal.addEventListener('abort', stop);
    try {
      if (!signal.aborted) yield* feed;
    } finally {
      signal.removeEventListener('abort', stop);
    }
    if (failed) throw failed;
  }

  async #show(text: () => string, work: () => Promise<number>): Promise<number> {
    this.#screen.progress(text);
    try {
      return await work();
    } finally {
      // Not awaited: it waits for a connection that a silent server never completes.
      void this.#client.dispose();
      this.#screen.done();
      for (const line of this.#resumes) this.#screen.say(line);
    }
  }

  #summary(count: number): string {
    const states = [...this.#states.values()];
    if (count === 1) return HINTS[states[0] ?? ''] ?? states[0] ?? 'connecting';
    const counts = new Map(states.map((state) => [state, states.filter((other) => other === state).length]));
    return [`${count} endpoints`, ...[...counts].map(([state, number]) => `${number} ${state}`)].join('  ');
  }

  #change(event: EndpointEvent): void {
    const { kind, endpointId, status, rawStatus, previousStatus, observedAt, endpoint, faults } = event;
    const { json, data } = this.#options;
    this.#trouble = '';
    this.#states.set(endpointId, status);
    if (json) {
      this.#screen.print(JSON.stringify(event));
      return;
    }
    const state = status === 'UNKNOWN' ? `UNKNOWN (${rawStatus})` : status;
    const detail = faults.map(({ code, message }) => [code, message].filter(Boolean).join(' ')).join('; ');
    const line = [
      observedAt,
      endpointId,
      kind === 'TRANSITION' && previousStatus ? `${previousStatus} -> ${state}` : state,
      detail || (status === 'DELETED' ? '' : endpoint?.ip),
    ];
    if (kind === 'RESYNC') this.#screen.say('The state now follows: changes before it may be missing.');
    this.#screen[data ? 'print' : 'say'](line.filter(Boolean).join('  '));
    if (status === 'PENDING_ACCEPTANCE') this.#screen.say(`${endpointId} waits for the owner of the service.`);
  }

  #report(cause: unknown): void {
    const text = `${new FeedError(cause).message}. Trying again.`;
    if (text !== this.#trouble) this.#screen.say(text);
    this.#trouble = text;
  }

  #stopped(what: readonly string[], cursor: string | undefined, reason: StoppedError): number {
    const { project, json } = this.#options;
    const words = [
      ...what,
      ...(project ? ['--project', project] : []),
      ...(cursor ? ['--after', cursor] : []),
      ...(json ? ['--json'] : []),
    ];
    this.#resumes.push(`${reason.message} Go on with: vpcep-gateway watch ${words.map(quoted).join(' ')}`);
    return reason.exitCode;
  }
}

function deletionFailed({ kind, previousStatus, status, settled }: EndpointEvent): boolean {
  return kind === 'TRANSITION' && previousStatus === 'DELETING' && settled && status !== 'DELETED';
}

export function quoted(word: string): string {
  return /^[\w:.,@/-]+$/.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`;
}
