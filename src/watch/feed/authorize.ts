import { LRUCache } from 'lru-cache';
import type { Identity } from '../../auth/identity.ts';
import type { Secret } from '../../shared/secret.ts';
import { SingleFlight } from '../../shared/single-flight.ts';
import { UpstreamError } from '../../vpcep/errors/upstream-error.ts';
import { tokenCredential } from '../../vpcep/signing/credentials.ts';
import { isNotFound, type ResourceReads } from '../reads.ts';
import type { ResourceSet } from '../resource.ts';
import type { FeedRequest } from '../watch.ts';

export interface FeedAuthorizationOptions {
  readonly reads: ResourceReads;
  /** Milliseconds, of any epoch; must not step. */
  readonly elapsed: () => number;
}

/** How long an answer of upstream holds. */
const FRESH_MS = 60_000;
/** How long it holds while upstream is unavailable. */
const STALE_MS = 15 * 60_000;
const MOST_KEPT = 10_000;
const ONE_ROW = { limit: 1, offset: 0, sortKey: 'create_at', sortDir: 'asc' } as const;

/**
 * Whether a caller with a token of its own may follow. A feed is read with other credentials for all its subscribers, so
 * upstream must allow the same read with the token of each.
 */
export class FeedAuthorization {
  readonly #options: FeedAuthorizationOptions;
  /** Time of the last permission. */
  readonly #allowed = new LRUCache<string, number>({ max: MOST_KEPT });
  readonly #asking = new SingleFlight<void>();

  constructor(options: FeedAuthorizationOptions) {
    this.#options = options;
  }

  /** @throws UpstreamError: `unreadable`, `token_refused`, or why upstream is unavailable */
  async check({ set, scope }: FeedRequest, { token }: Identity): Promise<void> {
    if (token === null) return;
    const id = scope.kind === 'one' ? scope.id : null;
    const name = JSON.stringify([token.digest(), set.log, id]);
    const age = this.#options.elapsed() - (this.#allowed.get(name) ?? Number.NEGATIVE_INFINITY);
    if (age < FRESH_MS) return;
    try {
      await this.#asking.run(name, () => this.#ask(set, id, token));
      this.#allowed.set(name, this.#options.elapsed());
    } catch (error) {
      if (age >= STALE_MS || isRefusal(error)) {
        this.#allowed.delete(name);
        throw error;
      }
    }
  }

  async #ask(set: ResourceSet, id: string | null, token: Secret): Promise<void> {
    const { reads } = this.#options;
    const options = { credential: tokenCredential(token) };
    try {
      if (id === null) await reads.list(set, ONE_ROW, options);
      else await reads.read(set, id, options);
    } catch (error) {
      // It may be deleted, or not exist yet: the feed reports that.
      if (!isNotFound(error)) throw error;
    }
  }
}

function isRefusal(error: unknown): boolean {
  return error instanceof UpstreamError && (error.kind === 'unreadable' || error.kind === 'token_refused');
}
