/**
 * What the transport remembers about one upstream host. Upstream hosts as they are first called: the connections to
 * each, and what is remembered about it.
 */
import type { Dispatcher } from 'undici';
import type { OutboundProxy } from '../../config/outbound-proxy.ts';
import type { HostContact, UnreachableHosts } from '../../observability/unreachable-hosts.ts';
import type { Clock } from '../../shared/clock.ts';
import type { AttemptResult } from '../errors/upstream-error.ts';
import { Pools } from '../http/pools.ts';
import type { CallClass } from '../http/request.ts';
import type { HostBreaker } from '../limits/breaker.ts';
import { contactIn } from '../limits/breaker.ts';
import { earn, fullBudget, type RetryBudget, spend } from './retry.ts';

interface OriginParts {
  readonly dispatcher: Dispatcher;
  /** Connections of their own, so that polls never take those that a caller needs. */
  readonly pollDispatcher: Dispatcher;
  readonly breaker: HostBreaker | undefined;
  readonly contact: HostContact | undefined;
}

/** How an attempt was made. */
interface AttemptMade {
  readonly attempt: number;
  /** By the forward-only clock. */
  readonly begunAt: number;
  /** How long it was allowed to take, milliseconds. */
  readonly givenMs: number;
}

export class Origin {
  readonly breaker: HostBreaker | undefined;
  /** As it goes out in `Host`: lower case, without the scheme's default port. */
  readonly host: string;
  /** Path of the base URL without a trailing slash; usually empty. */
  readonly basePath: string;
  /** What to add to our clock when signing, milliseconds. */
  skewMs = 0;
  readonly #parts: OriginParts;
  readonly #clock: Clock;
  /** By project: one in trouble must not use up the retries of the others. */
  readonly #budgets = new Map<string, RetryBudget>();

  constructor(url: URL, parts: OriginParts, clock: Clock) {
    this.#parts = parts;
    this.breaker = parts.breaker;
    this.host = url.host;
    this.basePath = url.pathname.replace(/\/+$/, '');
    this.#clock = clock;
  }

  dispatcherFor(callClass: CallClass): Dispatcher {
    return callClass === 'poll' ? this.#parts.pollDispatcher : this.#parts.dispatcher;
  }

  noteContact(result: AttemptResult, { attempt, begunAt, givenMs }: AttemptMade): void {
    const { contact } = this.#parts;
    const found = contactIn(result, givenMs);
    if (found === 'answered') contact?.answered(begunAt);
    else if (found !== 'unclear') {
      const { code, sent, fault } = found;
      contact?.failed({ code, sent, timedOut: fault === 'timeout', attempt }, begunAt);
    }
  }

  countCall(projectId: string): void {
    this.#budgets.set(projectId, earn(this.#budget(projectId), this.#clock.elapsed()));
  }

  /** True when the project's budget has room for one more retry, which it then has paid for. */
  payForRetry(projectId: string): boolean {
    const left = spend(this.#budget(projectId), this.#clock.elapsed());
    if (left === undefined) {
      return false;
    }
    this.#budgets.set(projectId, left);
    return true;
  }

  #budget(projectId: string): RetryBudget {
    return this.#budgets.get(projectId) ?? fullBudget(this.#clock.elapsed());
  }
}

export interface OriginsOptions {
  /** Connections by origin; two pools per origin, closed by `close()`, when absent. */
  readonly dispatcher?: (origin: string) => Dispatcher;
  /** For hosts to which no `dispatcher` is given. */
  readonly proxy?: OutboundProxy | null;
  /** One for each host; calls are never stopped when absent. */
  readonly breaker?: (host: string) => HostBreaker;
  /** Learns which hosts cannot be reached. */
  readonly hosts?: Pick<UnreachableHosts, 'at'>;
}

const POLL_CONNECTIONS = 16;

export class Origins {
  readonly #options: OriginsOptions;
  readonly #clock: Clock;
  readonly #pools: Pools;
  readonly #pollPools: Pools;
  readonly #byUrl = new Map<string, Origin>();
  readonly #breakers = new Map<string, HostBreaker>();

  constructor(options: OriginsOptions, clock: Clock) {
    this.#options = options;
    this.#clock = clock;
    const { proxy = null } = options;
    this.#pools = new Pools({ proxy });
    this.#pollPools = new Pools({ connections: POLL_CONNECTIONS, proxy });
  }

  get(baseUrl: string): Origin {
    let origin = this.#byUrl.get(baseUrl);
    if (origin === undefined) {
      const url = new URL(baseUrl);
      const given = this.#options.dispatcher?.(url.origin);
      const parts = {
        dispatcher: given ?? this.#pools.get(url.origin),
        pollDispatcher: given ?? this.#pollPools.get(url.origin),
        breaker: this.#breakerOf(url.host),
        contact: this.#options.hosts?.at(baseUrl),
      };
      origin = new Origin(url, parts, this.#clock);
      this.#byUrl.set(baseUrl, origin);
    }
    return origin;
  }

  /** Lets running calls end, then closes the connections. */
  async close(): Promise<void> {
    await Promise.all([this.#pools.close(), this.#pollPools.close()]);
  }

  #breakerOf(host: string): HostBreaker | undefined {
    const breaker = this.#breakers.get(host) ?? this.#options.breaker?.(host);
    if (breaker !== undefined) this.#breakers.set(host, breaker);
    return breaker;
  }
}
