import type { Rendered } from '../subscription/renderings.ts';
import { isAscii } from '../subscription/renderings.ts';
import type { Subscription } from '../subscription/subscriptions.ts';

const END = { done: true, value: undefined } as const;

/** Where the messages of one subscription go. */
export interface DeliveryTarget {
  /** Resolves when the next one may come. */
  send(message: string): Promise<void>;
  /** Without waiting. `ascii`: it holds nothing else. False: enough waits, the next ones are to be sent. */
  push(message: string, ascii: boolean): boolean;
  sent(rendered: Rendered): void;
}

/**
 * One subscription of a socket, as graphql-ws sees it: an iterator that gives nothing and ends. The `next` messages go
 * past it, straight to the socket; what graphql-ws says afterwards (`complete`, `error`) goes the same way, behind them.
 */
export class SocketDelivery implements AsyncIterableIterator<never> {
  readonly #subscription: Subscription;
  readonly #target: DeliveryTarget;
  readonly #head: string;
  #end: () => void = () => {};
  #fail: (error: Error) => void = () => {};
  #refusal: Error | undefined;

  constructor(id: string, subscription: Subscription, target: DeliveryTarget) {
    this.#subscription = subscription;
    this.#target = target;
    this.#head = `{"id":${JSON.stringify(id)},"type":"next","payload":`;
  }

  [Symbol.asyncIterator](): this {
    return this;
  }

  /** Asked for once. Resolves at the latest with `return()`, whatever is still on its way. @throws what the subscription fails with. */
  next(): Promise<IteratorResult<never>> {
    return new Promise((resolve, reject) => {
      if (this.#refusal !== undefined) {
        reject(this.#refusal);
        return;
      }
      this.#end = () => resolve(END);
      this.#fail = reject;
      this.#run().then(this.#end, reject);
    });
  }

  /** Ends it with an error, behind what has been sent. */
  refuse(error: Error): void {
    this.#refusal ??= error;
    this.#fail(error);
    void this.#subscription.return();
  }

  async return(): Promise<IteratorResult<never>> {
    await this.#subscription.return();
    this.#end();
    return END;
  }

  async #run(): Promise<void> {
    const headIsAscii = isAscii(this.#head);
    const push = (rendered: Rendered): boolean => {
      this.#target.sent(rendered);
      return this.#target.push(`${this.#head}${rendered.text}}`, headIsAscii && rendered.ascii);
    };
    for (;;) {
      await this.#subscription.flow(push);
      const { done, value } = await this.#subscription.next();
      if (done === true) {
        return;
      }
      this.#target.sent(value);
      await this.#target.send(`${this.#head}${value.text}}`);
    }
  }
}
