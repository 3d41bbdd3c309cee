/** Upstream hosts as they are first called: the connections to each, and what is remembered about it. */
import { LRUCache } from 'lru-cache';
import type { Dispatcher } from 'undici';
import type { OutboundProxy } from '../../config/outbound-proxy.ts';
import type { HostContact, UnreachableHosts } from '../../observability/unreachable-hosts.ts';
import type { AttemptResult } from '../errors/upstream-error.ts';
import { Pools } from '../http/pools.ts';
import type { CallClass } from '../http/request.ts';
import { contactIn, type HostBreaker } from '../limits/breaker.ts';
import { RetryBudget } from './retry.ts';

interface HostParts {
  readonly dispatcher: Dispatcher;
  /** Connections of their own, so that polls never take those that a caller needs. */
  readonly pollDispatcher: Dispatcher;
  readonly breaker: HostBreaker | undefined;
  readonly contact: HostContact | undefined;
}

/** Projects whose retries are counted at once. One that has not called for 40 s is like a new one. */
const MOST_PROJECTS = 1_000;

export class UpstreamHost {
  /** As it goes out in `Host`: lower case, without the scheme's default port. */
  readonly name: string;
  /** Path of the base URL without a trailing slash; usually empty. */
  readonly basePath: string;
  /** What to add to our clock when signing, milliseconds. */
  skewMs = 0;
  readonly breaker: HostBreaker | undefined;
  readonly #parts: HostParts;
  /** By project: one in trouble must not use up the retries of the others. */
  readonly #retries = new LRUCache<string, RetryBudget>({ max: MOST_PROJECTS });

  constructor(url: URL, parts: HostParts) {
    this.#parts = parts;
    this.breaker = parts.breaker;
    this.name = url.host;
    this.basePath = url.pathname.replace(/\/+$/, '');
  }

  dispatcherFor(callClass: CallClass): Dispatcher {
    return callClass === 'poll' ? this.#parts.pollDispatcher : this.#parts.dispatcher;
  }

  /**
   * @param attempt its number, from 1.
   * @param begunAt by the forward-only clock.
   * @param givenMs how long the attempt was allowed to take.
   */
  noteContact(result: AttemptResult, attempt: number, begunAt: number, givenMs: number): void {
    const { contact } = this.#parts;
    const found = contactIn(result, givenMs);
    if (found === 'answered') contact?.answered(begunAt);
    else if (found !== 'unclear') {
      const { code, sent, reason } = found;
      contact?.failed({ code, sent, timedOut: reason === 'timeout', attempt }, begunAt);
    }
  }

  /**
   * Each call earns its project a part of a retry.
   * @param now by the forward-only clock, as in `payForRetry`.
   */
  countCall(projectId: string, now: number): void {
    this.#retriesOf(projectId, now).earn(now);
  }

  /** True when the project's budget had room for one more retry. */
  payForRetry(projectId: string, now: number): boolean {
    return this.#retriesOf(projectId, now).spend(now);
  }

  #retriesOf(projectId: string, now: number): RetryBudget {
    let budget = this.#retries.get(projectId);
    if (budget === undefined) {
      budget = new RetryBudget(now);
      this.#retries.set(projectId, budget);
    }
    return budget;
  }
}

export interface HostsOptions {
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

export class UpstreamHosts {
  readonly #options: HostsOptions;
  readonly #pools: Pools;
  readonly #pollPools: Pools;
  readonly #byUrl = new Map<string, UpstreamHost>();
  readonly #breakers = new Map<string, HostBreaker>();

  constructor(options: HostsOptions) {
    this.#options = options;
    const { proxy = null } = options;
    this.#pools = new Pools({ proxy });
    this.#pollPools = new Pools({ connections: POLL_CONNECTIONS, proxy });
  }

  get(baseUrl: string): UpstreamHost {
    let host = this.#byUrl.get(baseUrl);
    if (host === undefined) {
      const url = new URL(baseUrl);
      const given = this.#options.dispatcher?.(url.origin);
      host = new UpstreamHost(url, {
        dispatcher: given ?? this.#pools.get(url.origin),
        pollDispatcher: given ?? this.#pollPools.get(url.origin),
        breaker: this.#breakerOf(url.host),
        contact: this.#options.hosts?.at(baseUrl),
      });
      this.#byUrl.set(baseUrl, host);
    }
    return host;
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
