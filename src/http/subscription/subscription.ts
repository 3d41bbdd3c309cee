/**
 * From an event to the text that subscribers get: once for all whose answer is the same, else for each. Subscriptions
 * for every transport: open one, then pull what it gives, or let it flow.
 */
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
  /** `text` holds nothing else. */
  readonly ascii: boolean;
  readonly errors: readonly GraphQLFormattedError[] | undefined;
  /** Where to resume behind this event. */
  readonly cursor: string;
}

/** One subscriber's way of rendering. */
interface Rendering {
  /** Null: answers are made for this subscriber alone, and later. */
  readonly now: ((event: StatusEvent) => Rendered) | null;
  render(event: StatusEvent): Rendered | Promise<Rendered>;
  /** The subscriber has left. Once only. */
  leave(): void;
}

interface RenderingOptions {
  readonly metrics: Metrics;
  readonly format: (errors: readonly GraphQLError[]) => readonly GraphQLFormattedError[];
}

interface Group {
  members: number;
  /** As long as somebody holds the event: while it is handed on, or waits for a slow subscriber. */
  readonly rendered: WeakMap<StatusEvent, Rendered>;
}

interface Plan {
  readonly id: number;
  readonly variables: readonly string[] | null;
}

export class Renderings {
  readonly #options: RenderingOptions;
  readonly #plans = new WeakMap<DocumentNode, Map<string | null, Plan>>();
  readonly #groups = new Map<string, Group>();
  #planned = 0;

  constructor(options: RenderingOptions) {
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
    // Never the caller: it has no part in what such a document answers.
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
    // A resolver that breaks its promise to answer at once makes this throw, and does not put events out of order.
    const rendered = this.#write(executeSync({ ...args, rootValue: event }), event);
    // The events of a set are made for each subscriber.
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

/**
 * One subscriber's rendered events. Pulled with `next()` they come one by one, which is backpressure for a transport
 * that waits until its client has taken each; `return()` ends it at once and gives everything back, from wherever it is
 * called. MUST be ended by whoever has opened it, also when nothing was ever pulled.
 */
export class Subscription implements AsyncIterableIterator<Rendered> {
  readonly #source: StatusStream;
  readonly #rendering: Rendering;
  #ended = false;

  constructor(source: StatusStream, rendering: Rendering) {
    this.#source = source;
    this.#rendering = rendering;
  }

  [Symbol.asyncIterator](): this {
    return this;
  }

  /** @throws what the feed or an execution fails with; the subscription is over then. */
  async next(): Promise<IteratorResult<Rendered>> {
    try {
      const event = await this.#source.next();
      const value = event.done === true ? undefined : await this.#rendering.render(event.value);
      // Its client may have left while the answer was made.
      if (value !== undefined && !this.#ended) {
        return { done: false, value };
      }
    } catch (error) {
      await this.return();
      throw error;
    }
    return await this.return();
  }

  /**
   * For transports that can send without waiting: hands on what happens while the subscription is up to date and `take`
   * returns true, with no promise for each. When it resolves, `next()` is to be called: it has something, or is to be
   * waited for (answers that are made for this subscriber alone are always pulled).
   * @throws what an execution or `take` fails with; the subscription is over then.
   */
  async flow(take: (rendered: Rendered) => boolean): Promise<void> {
    const { now } = this.#rendering;
    if (now === null) {
      return;
    }
    try {
      await this.#source.flow((event) => take(now(event)));
    } catch (error) {
      await this.return();
      throw error;
    }
  }

  async return(): Promise<IteratorResult<Rendered>> {
    if (!this.#ended) {
      this.#ended = true;
      this.#rendering.leave();
      await this.#source.return();
    }
    return { done: true, value: undefined };
  }
}

/** @returns a result with errors when there is nothing to subscribe to. */
export async function openSubscription(
  renderings: Renderings,
  args: ExecutionArgs,
): Promise<Subscription | ExecutionResult> {
  const source = await createSourceEventStream(args);
  // Every subscription field of the schema hands on a stream of the status feed (graphql/status/status.resolver.ts).
  return Symbol.asyncIterator in source ? new Subscription(source as StatusStream, renderings.join(args)) : source;
}
