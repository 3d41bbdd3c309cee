/** From an event to the text that subscribers get: once for all whose answer is the same, else for each. */
import {
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
import type { StatusEvent } from '../../watch/watch.ts';

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
export interface Rendering {
  /** Null: answers are made for this subscriber alone, and later. */
  readonly now: ((event: StatusEvent) => Rendered) | null;
  render(event: StatusEvent): Rendered | Promise<Rendered>;
  /** The subscriber has left. Once only. */
  leave(): void;
}

export interface RenderingOptions {
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
