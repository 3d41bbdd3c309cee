/** What the transport remembers about one upstream host. */
import type { Dispatcher } from 'undici';
import type { Clock } from './clock.ts';
import { earn, fullBudget, spend } from './retry-budget.ts';

export class Origin {
  readonly dispatcher: Dispatcher;
  /** As it goes out in `Host`: lower case, without the scheme's default port. */
  readonly host: string;
  /** Path of the base URL without a trailing slash; usually empty. */
  readonly basePath: string;
  /** What to add to our clock when signing, milliseconds. */
  skewMs = 0;
  readonly #clock: Clock;
  #budget;

  constructor(url: URL, dispatcher: Dispatcher, clock: Clock) {
    this.dispatcher = dispatcher;
    this.host = url.host;
    this.basePath = url.pathname.replace(/\/+$/, '');
    this.#clock = clock;
    this.#budget = fullBudget(clock.elapsed());
  }

  countCall(): void {
    this.#budget = earn(this.#budget, this.#clock.elapsed());
  }

  /** True when the budget has room for one more retry, which it then has paid for. */
  payForRetry(): boolean {
    const left = spend(this.#budget, this.#clock.elapsed());
    if (left === undefined) {
      return false;
    }
    this.#budget = left;
    return true;
  }
}
