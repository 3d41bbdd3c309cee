/** Subscriptions: events of the status feed, rendered once for all subscribers whose answer is the same, and delivered. */
import {
  createSourceEventStream,
  type DocumentNode,
  type ExecutionArgs,
  type ExecutionResult,
  execute,
  executeSync,
  type GraphQLError,
  type GraphQLFormattedError,
  getOperationAST,
} from 'graphql';
import { answerVariables } from '../../graphql/status/shareable.ts';
import type { Metrics } from '../../observability/metrics.ts';
import type { StatusEvent, StatusStream } from '../../watch/watch.ts';

/** An event as one group of subscribers gets it. */
export interface Rendered {
  /** The execution result as JSON: `{"data":…}`, or with `errors`. */
  readonly text: string;
  /** All characters of `text` are ASCII. */
  readonly ascii: boolean;
  readonly errors: readonly GraphQLFormattedError[] | undefined;
  /** Resumes behind this event. */
  readonly cursor: string;
}

/** How the events of one subscription are rendered. */
interface Rendering {
  /** Null: each event needs an execution of its own, which can be asynchronous. */
  readonly now: ((event: StatusEvent) => Rendered) | null;
  render(event: StatusEvent): Rendered | Promise<Rendered>;
  /** Called once, when the subscription ends. */
  leave(): void;
}

interface SharedRenderingOptions {
  readonly metrics: Metrics;
  readonly format: (errors: readonly GraphQLError[]) => readonly GraphQLFormattedError[];
}

interface Group {
  members: number;
  /** Weak: an event is kept while it is delivered, or waits for a slow subscriber. */
  readonly rendered: WeakMap<StatusEvent, Rendered>;
}

interface Plan {
  readonly id: number;
  readonly variables: readonly string[] | null;
}

export class SharedRendering {
  readonly #options: SharedRenderingOptions;
  readonly #plans = new WeakMap<DocumentNode, Map<string | null, Plan>>();
  readonly #groups = new Map<string, Group>();
  #planned = 0;

  constructor(options: SharedRenderingOptions) {
    this.#options = options;
  }

  /** Groups that have members now. */
  get size(): number {
    return this.#groups.size;
  }

  /** `args` of a validated subscription whose variables have been accepted. */
  join(args: ExecutionArgs): Rendering {
    const { id, variables } = this.#planOf(args);
    if (variables === null) {
      return { now: null, render: (event) => this.#renderAlone(args, event), leave: () => {} };
    }
    // The caller is not part of the key: the answer to such a document does not depend on it.
    const values = args.variableValues ?? {};
    const given = variables.filter((name) => Object.hasOwn(values, name));
    const key = `${id} ${JSON.stringify(given.map((name) => [name, values[name]]))}`;
    const group = this.#groups.get(key) ?? { members: 0, rendered: new WeakMap() };
    group.members += 1;
    this.#groups.set(key, group);
    const now = (event: StatusEvent): Rendered => this.#renderShared(args, event, group);
    return {
      now,
      render: now,
      leave: () => {
        group.members -= 1;
        if (group.members === 0) {
          this.#groups.delete(key);
        }
      },
    };
  }

  #planOf({ schema, document, operationName }: ExecutionArgs): Plan {
    const plans = this.#plans.get(document) ?? new Map<string | null, Plan>();
    this.#plans.set(document, plans);
    const operation = getOperationAST(document, operationName);
    const name = operation?.name?.value ?? null;
    const known = plans.get(name);
    if (known !== undefined) {
      return known;
    }
    this.#planned += 1;
    const variables = operation ? answerVariables(schema, document, operation) : null;
    const plan = { id: this.#planned, variables };
    plans.set(name, plan);
    return plan;
  }

  #renderShared(args: ExecutionArgs, event: StatusEvent, group: Group): Rendered {
    const known = group.rendered.get(event);
    if (known !== undefined) {
      return known;
    }
    // Synchronous, so that events stay in order: an asynchronous resolver makes this throw.
    const rendered = this.#write(executeSync({ ...args, rootValue: event }), event);
    // The events of a set are made for each subscriber, so only transitions can be shared.
    if (group.members > 1 && event.kind === 'TRANSITION') {
      group.rendered.set(event, rendered);
    }
    return rendered;
  }

  async #renderAlone(args: ExecutionArgs, event: StatusEvent): Promise<Rendered> {
    return this.#write(await execute({ ...args, rootValue: event }), event);
  }

  #write({ data, errors, extensions }: ExecutionResult, { cursor }: StatusEvent): Rendered {
    const { metrics, format } = this.#options;
    metrics.eventsRendered.inc();
    const formatted = errors === undefined ? undefined : format(errors);
    const text = JSON.stringify({ errors: formatted, data, extensions });
    return { text, ascii: isAscii(text), errors: formatted, cursor };
  }
}

export function isAscii(text: string): boolean {
  return Buffer.byteLength(text) === text.length;
}

/** The transport's end of a subscription. */
export interface Sink {
  /** Resolves when the client can take the next event. */
  take(rendered: Rendered): Promise<void>;
  /** Sends without waiting; false: the next events go through `take`. Left out: all do. */
  readonly push?: (rendered: Rendered) => boolean;
}

/** MUST be ended by its opener, also when it was never delivered. */
export class Subscription {
  readonly #source: StatusStream;
  readonly #rendering: Rendering;
  #ended = false;
  #failure: unknown;
  #settle: (() => void) | undefined;

  constructor(source: StatusStream, rendering: Rendering) {
    this.#source = source;
    this.#rendering = rendering;
  }

  /**
   * Delivers all events, each when the one before was taken. Called once. Resolves when the feed or `end` ends it, even
   * while an event is on its way. @throws what the feed, an execution or the sink fails with, or the failure of `end`.
   */
  deliver(sink: Sink): Promise<void> {
    return new Promise((resolve, reject) => {
      this.#settle = () => (this.#failure === undefined ? resolve() : reject(this.#failure));
      if (this.#ended) {
        this.#settle();
        return;
      }
      this.#pump(sink).then(
        () => this.end(),
        (error: unknown) => this.end(error),
      );
    });
  }

  /** Releases everything at once. With a failure, `deliver` rejects with it. */
  end(failure?: unknown): void {
    if (this.#ended) {
      return;
    }
    this.#ended = true;
    this.#failure = failure;
    this.#rendering.leave();
    void this.#source.return();
    this.#settle?.();
  }

  async #pump({ take, push }: Sink): Promise<void> {
    const { now } = this.#rendering;
    for (;;) {
      if (push !== undefined && now !== null) {
        await this.#source.flow((event) => push(now(event)));
      }
      const { done, value } = await this.#source.next();
      const rendered = done === true ? undefined : await this.#rendering.render(value);
      // The client can have left while the event was rendered.
      if (rendered === undefined || this.#ended) {
        return;
      }
      await take(rendered);
    }
  }
}

/** @returns a result with errors when the feed refuses the subscription. */
export async function openSubscription(
  rendering: SharedRendering,
  args: ExecutionArgs,
): Promise<Subscription | ExecutionResult> {
  const source = await createSourceEventStream(args);
  // Every subscription field of the schema returns a stream of the status feed (graphql/status/status.resolver.ts).
  return Symbol.asyncIterator in source ? new Subscription(source as StatusStream, rendering.join(args)) : source;
}
