/** Upstream hosts as they are first called: the connections to each, and what is remembered about it. */
import type { Dispatcher } from 'undici';
import type { OutboundProxy } from '../../config/outbound-proxy.ts';
import type { UnreachableHosts } from '../../observability/unreachable-hosts.ts';
import type { Clock } from '../../shared/clock.ts';
import { Pools } from '../http/pools.ts';
import type { HostBreaker } from '../limits/breaker.ts';
import { Origin } from './origin.ts';

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
