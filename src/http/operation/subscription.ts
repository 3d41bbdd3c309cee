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
import { UnauthenticatedError } from '../../auth/authenticator.ts';
import { DELETED } from '../../events/event-log.ts';
import type { FlowTarget } from '../../events/follow/follower.ts';
import { AccessError } from '../../graphql/errors/gateway-errors.ts';
import { answerVariables } from '../../graphql/status/shareable.ts';
import type { EndReason, Metrics } from '../../observability/metrics.ts';
import type { StatusEvent, StatusStream } from '../../watch/watch.ts';
import { eventCompletion } from './plan.ts';

/** An event as one group of subscribers gets it. */
export class Rendered {
  /** The execution result as JSON: `{"data":…}`, or with `errors`. */
  readonly text: string;
  readonly errors: readonly GraphQLFormattedError[] | undefined;
  /** Resumes behind this event. */
  readonly cursor: string;
  /** All characters of `text` are ASCII. */
  readonly #ascii: boolean;
  #head: string | undefined;
  #message: Buffer | undefined;

  constructor(text: string, errors: readonly GraphQLFormattedError[] | undefined, cursor: string) {
    this.text = text;
    this.errors = errors;
    this.cursor = cursor;
    this.#ascii = Buffer.byteLength(text) === text.length;
  }

  /** @param write its result is kept: the heads of many clients are the same. */
  message(head: string, write: (head: string, text: string, ascii: boolean) => Buffer): Buffer {
    if (this.#message === undefined || this.#head !== head) {
      this.#message = write(head, this.text, this.#ascii);
      this.#head = head;
    }
    return this.#message;
  }
}

/** How the events of one subscription are rendered. */
interface Rendering<R extends Rendered | Promise<Rendered> = Rendered | Promise<Rendered>> {
  render(event: StatusEvent): R;
  /** Called once, when the subscription ends. */
  leave(): void;
}

interface SharedRenderingOptions {
  readonly metrics: Metrics;
  readonly format: (errors: readonly GraphQLError[]) => readonly GraphQLFormattedError[];
}

/** Subscribers whose answer to an event is the same. */
class Group implements Rendering<Rendered> {
  readonly #rendering: SharedRendering;
  readonly #args: ExecutionArgs;
  readonly #key: string;
  readonly #complete: RenderingPlan['complete'];
  /** Weak: an event is kept while it is delivered, or waits for a slow subscriber. */
  #rendered: WeakMap<StatusEvent, Rendered> | undefined;
  #members = 0;

  constructor(rendering: SharedRendering, args: ExecutionArgs, key: string, complete: RenderingPlan['complete']) {
    this.#rendering = rendering;
    this.#complete = complete;
    // The answer does not depend on the caller, and a group can outlive the one that came first.
    this.#args = { ...args, contextValue: undefined };
    this.#key = key;
  }

  join(): void {
    this.#members += 1;
  }

  leave(): void {
    this.#members -= 1;
    if (this.#members === 0) this.#rendering.drop(this.#key);
  }

  render(event: StatusEvent): Rendered {
    const known = this.#rendered?.get(event);
    if (known !== undefined) {
      return known;
    }
    // Synchronous, so that events stay in order: an asynchronous resolver makes this throw.
    const data = this.#complete?.(event) ?? null;
    const result = data === null ? executeSync({ ...this.#args, rootValue: event }) : { data };
    const rendered = this.#rendering.write(result, event);
    // The events of a set are made for each subscriber, so only transitions can be shared.
    if (this.#members > 1 && event.kind === 'TRANSITION') {
      this.#rendered ??= new WeakMap();
      this.#rendered.set(event, rendered);
    }
    return rendered;
  }
}

interface RenderingPlan {
  readonly id: number;
  readonly variables: readonly string[] | null;
  /** Null: graphql-js makes the data of its events. */
  readonly complete: ReturnType<typeof eventCompletion>;
}

export class SharedRendering {
  readonly #options: SharedRenderingOptions;
  readonly #plans = new WeakMap<DocumentNode, Map<string | null, RenderingPlan>>();
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
    const { id, variables, complete } = this.#planOf(args);
    if (variables === null) {
      // Each event needs an execution of its own, which can be asynchronous.
      const render = async (event: StatusEvent): Promise<Rendered> =>
        this.write(await execute({ ...args, rootValue: event }), event);
      return { render, leave: () => {} };
    }
    // The caller is not part of the key: the answer to such a document does not depend on it.
    const values = args.variableValues ?? {};
    const given = variables.filter((name) => Object.hasOwn(values, name));
    const key = `${id} ${JSON.stringify(given.map((name) => [name, values[name]]))}`;
    const group = this.#groups.get(key) ?? new Group(this, args, key, complete);
    this.#groups.set(key, group);
    group.join();
    return group;
  }

  drop(key: string): void {
    this.#groups.delete(key);
  }

  write({ data, errors, extensions }: ExecutionResult, { cursor }: StatusEvent): Rendered {
    const { metrics, format } = this.#options;
    metrics.eventsRendered.inc();
    const formatted = errors === undefined ? undefined : format(errors);
    return new Rendered(JSON.stringify({ errors: formatted, data, extensions }), formatted, cursor);
  }

  #planOf({ schema, document, operationName }: ExecutionArgs): RenderingPlan {
    const plans = this.#plans.get(document) ?? new Map<string | null, RenderingPlan>();
    this.#plans.set(document, plans);
    const operation = getOperationAST(document, operationName);
    const name = operation?.name?.value ?? null;
    const known = plans.get(name);
    if (known !== undefined) {
      return known;
    }
    this.#planned += 1;
    const variables = operation ? answerVariables(schema, document, operation) : null;
    const complete = operation ? eventCompletion(schema, document, operation) : null;
    const plan = { id: this.#planned, variables, complete };
    plans.set(name, plan);
    return plan;
  }
}

/** The transport's end of a subscription. */
export interface Sink {
  /** Resolves when the client can take the next event. */
  take(rendered: Rendered): Promise<void>;
  /** Sends without waiting; false: the next events go through `take`. Left out: all do. */
  push?(rendered: Rendered): boolean;
  /** Called once, last. @param failure what the feed, an execution or the sink fails with, or the failure of `end`. */
  ended(failure: unknown): void;
}

/** MUST be ended by its opener, also when it was never delivered. */
export class Subscription implements FlowTarget {
  readonly #source: StatusStream;
  readonly #rendering: Rendering;
  #sink: Sink | undefined;
  #ended = false;
  #failure: unknown;
  /** Undefined while it runs, and when it was ended from outside. */
  endedBy: EndReason | undefined;

  constructor(source: StatusStream, rendering: Rendering) {
    this.#source = source;
    this.#rendering = rendering;
  }

  /** Delivers all events, each when the one before was taken. Called once. */
  deliver(sink: Sink): void {
    this.#sink = sink;
    if (this.#ended) sink.ended(this.#failure);
    else this.pulls();
  }

  /** Releases everything at once, even while an event is on its way. */
  end(failure?: unknown): void {
    if (this.#ended) {
      return;
    }
    this.#ended = true;
    this.#failure = failure;
    if (failure !== undefined) this.endedBy = isAboutCaller(failure) ? 'expired' : 'error';
    this.#rendering.leave();
    void this.#source.return();
    this.#sink?.ended(failure);
  }

  take(event: StatusEvent): boolean {
    try {
      return this.#sink?.push?.((this.#rendering as Group).render(event)) ?? false;
    } catch (error) {
      this.end(error);
      return true;
    }
  }

  pulls(): void {
    if (!this.#ended && this.#sink !== undefined) {
      this.#pull(this.#sink).catch((error: unknown) => this.end(error));
    }
  }

  /** Until the feed pushes. While it does, nothing waits: thousands of subscribers do. */
  async #pull(sink: Sink): Promise<void> {
    const flows = sink.push !== undefined && this.#rendering instanceof Group;
    do {
      const { done, value } = await this.#source.next();
      const rendered = done === true ? undefined : await this.#rendering.render(value);
      // The client can have left while the event was rendered.
      if (this.#ended) {
        return;
      }
      if (rendered === undefined) {
        this.endedBy = this.#source.lastStatus === DELETED ? 'deleted' : 'settled';
        this.end();
        return;
      }
      await sink.take(rendered);
    } while (!(flows && (await this.#source.flow(this))));
  }
}

/** The caller's token or right has ended. */
function isAboutCaller(failure: unknown): boolean {
  return failure instanceof UnauthenticatedError || failure instanceof AccessError;
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
