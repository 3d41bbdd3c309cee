/** Subscriptions for every transport: open one, then pull what it gives, or let it flow. */
import { createSourceEventStream, type ExecutionArgs, type ExecutionResult } from 'graphql';
import type { StatusStream } from '../../watch/watch.ts';
import type { Rendered, Rendering, Renderings } from './renderings.ts';

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
