import { type Payload, type Result, type ResumeOptions, resume, type Subscriber } from './resume.ts';

export interface WatchOptions extends ResumeOptions {
  /**
   * How many events may wait for a slow consumer; 1000 by default. With more the subscription is given up, and taken up
   * again at its cursor once all of them are read: memory stays bounded and nothing is lost. Only a SNAPSHOT or RESYNC
   * set can be larger, as it cannot be continued in the middle.
   */
  readonly buffer?: number;
}

/**
 * The results of one subscription, asked for at the first `next()`. Written by hand: an async generator would not hear
 * of `return()` before the next event.
 * @param read what to make of a result. @param wrap what to make of what ends the feed.
 */
export function iterate<Item>(
  client: Subscriber,
  payload: Payload,
  options: WatchOptions,
  read: (result: Result) => Item,
  wrap: (cause: unknown) => unknown,
): AsyncIterableIterator<Item> {
  const items: Item[] = [];
  const waiting: ((result: IteratorResult<Item> | Promise<never>) => void)[] = [];
  let running = false;
  /** How it ends once everything is read: an error is thrown once, after it there is nothing. */
  let end: (() => IteratorResult<Item> | Promise<never>) | undefined;

  const done = (): IteratorResult<Item> => ({ done: true, value: undefined });
  const pause = (): void => {
    running = false;
    subscription.stop();
  };
  const finish = (how: typeof end): void => {
    end = how;
    serve();
  };
  const subscription = resume(
    client,
    payload,
    {
      next(result) {
        items.push(read(result));
        serve();
        if (items.length >= (options.buffer ?? 1_000)) pause();
      },
      error: (cause) => finish(() => Promise.reject(wrap(cause))),
      complete: () => finish(done),
    },
    options,
  );

  function serve(): void {
    while (waiting.length > 0) {
      if (items.length > 0) {
        waiting.shift()?.({ done: false, value: items.shift() as Item });
      } else if (end) {
        waiting.shift()?.(end());
        end = done;
      } else {
        if (!running) {
          running = true;
          subscription.start();
        }
        return;
      }
    }
  }

  return {
    [Symbol.asyncIterator]() {
      return this;
    },
    next: () =>
      new Promise((resolve) => {
        waiting.push(resolve);
        serve();
      }),
    async return() {
      items.length = 0;
      pause();
      finish(done);
      return done();
    },
  };
}
