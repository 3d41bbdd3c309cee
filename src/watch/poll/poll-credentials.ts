import { type Identity, mayReach } from '../../auth/identity.ts';
import type { Secret } from '../../shared/secret.ts';
import type { EndpointAnswer, EndpointPage, ListEndpointsQuery } from '../../vpcep/endpoint/model.ts';
import { UpstreamError } from '../../vpcep/errors/upstream-error.ts';
import { type CredentialSource, tokenCredential } from '../../vpcep/signing/credentials.ts';
import type { CallOptions } from '../../vpcep/transport/transport.ts';
import type { EndpointReads } from '../watch-upstream.ts';

interface WatchCredentialsOptions {
  /** The gateway's own for a project; undefined when it has none. */
  readonly keysOf: (projectId: string) => CredentialSource | undefined;
  /** Milliseconds since 1970. */
  readonly now: () => number;
}

/** Longest time without a look at whether a project can still be watched: tokens are renewed, and keys come and go. */
const REVIEW_MS = 60_000;
/** While nobody's token is good any more, but somebody may bring a fresh one. */
const WAITING_MS = 5_000;
/** Tokens that one call is tried with. */
const MOST_TRIES = 5;

interface Held {
  /** In an object of its own each: a caller may follow twice. */
  readonly bearers: Set<{ readonly current: () => Identity }>;
  timer: NodeJS.Timeout | undefined;
  canWatch: boolean;
}

/**
 * As whom projects are watched where callers bring their own tokens: with the project's keys, else with the token of
 * somebody who is subscribed right now. Tokens are borrowed where they are, and never kept: with its subscription each is
 * gone from here. docs/decisions/0014-borrowed-tokens.md
 */
export class WatchCredentials {
  readonly #options: WatchCredentialsOptions;
  readonly #projects = new Map<string, Held>();
  readonly #refused = new WeakSet<Secret>();
  readonly #listeners = new Set<(projectId: string) => void>();

  constructor(options: WatchCredentialsOptions) {
    this.#options = options;
  }

  /**
   * Lends a subscriber's token for as long as it is subscribed: the returned function takes it back.
   * @param current who it is now, as its token may be renewed meanwhile
   */
  lend(projectId: string, current: () => Identity): () => void {
    const held = this.#projects.get(projectId) ?? { bearers: new Set(), timer: undefined, canWatch: false };
    this.#projects.set(projectId, held);
    const bearer = { current };
    held.bearers.add(bearer);
    this.#review(projectId, held);
    return () => {
      if (held.bearers.delete(bearer)) this.#review(projectId, held);
    };
  }

  /** False: this replica has neither keys nor a good token for it, and must leave polling it to others. */
  canWatch(projectId: string): boolean {
    return this.#options.keysOf(projectId) !== undefined || this.#pick(projectId, new Set()) !== undefined;
  }

  /** Told when `canWatch` has changed for a project. */
  onChange(listener: (projectId: string) => void): () => void {
    this.#listeners.add(listener);
    return () => void this.#listeners.delete(listener);
  }

  /**
   * Makes a read. A token that upstream does not accept is not used again; with one that must not read this, another is
   * tried.
   * @throws UpstreamError
   */
  async use<T>(projectId: string, read: (credential: CredentialSource) => Promise<T>): Promise<T> {
    const keys = this.#options.keysOf(projectId);
    if (keys !== undefined) return await read(keys);
    const tried = new Set<Secret>();
    let failure = nobody();
    for (let token = this.#pick(projectId, tried); token !== undefined; token = this.#pick(projectId, tried)) {
      try {
        return await read(tokenCredential(token));
      } catch (error) {
        if (!(error instanceof UpstreamError) || !isAboutToken(error)) throw error;
        if (error.kind === 'token_refused') this.#refuse(projectId, token);
        failure = error;
        tried.add(token);
        if (tried.size === MOST_TRIES) break;
      }
    }
    throw failure;
  }

  held(): { readonly lent: number } {
    let lent = 0;
    for (const { bearers } of this.#projects.values()) lent += bearers.size;
    return { lent };
  }

  close(): void {
    for (const { timer } of this.#projects.values()) clearTimeout(timer);
    this.#projects.clear();
  }

  #refuse(projectId: string, token: Secret): void {
    this.#refused.add(token);
    const held = this.#projects.get(projectId);
    if (held !== undefined) this.#review(projectId, held);
  }

  #pick(projectId: string, except: ReadonlySet<Secret>): Secret | undefined {
    const now = this.#options.now();
    for (const { current } of this.#projects.get(projectId)?.bearers ?? []) {
      const bearer = current();
      const { token, expiresAt } = bearer;
      const isGood = (expiresAt === null || expiresAt > now) && mayReach(bearer, projectId, 'read');
      if (token !== null && isGood && !except.has(token) && !this.#refused.has(token)) return token;
    }
    return undefined;
  }

  #review(projectId: string, held: Held): void {
    if (this.#projects.get(projectId) !== held) return;
    if (held.bearers.size === 0) {
      clearTimeout(held.timer);
      this.#projects.delete(projectId);
    }
    const canWatch = this.canWatch(projectId);
    if (held.bearers.size > 0) held.timer ??= this.#later(projectId, held, canWatch);
    if (canWatch === held.canWatch) return;
    held.canWatch = canWatch;
    for (const listener of this.#listeners) listener(projectId);
  }

  #later(projectId: string, held: Held, canWatch: boolean): NodeJS.Timeout {
    const timer = setTimeout(
      () => {
        held.timer = undefined;
        this.#review(projectId, held);
      },
      canWatch ? Math.min(REVIEW_MS, this.#untilExpiry(held)) : WAITING_MS,
    );
    timer.unref();
    return timer;
  }

  /** Milliseconds until the first of these tokens ends; what is over already ends no more. */
  #untilExpiry({ bearers }: Held): number {
    const now = this.#options.now();
    let soonest = REVIEW_MS;
    for (const { current } of bearers) {
      const left = (current().expiresAt ?? Number.POSITIVE_INFINITY) - now;
      if (left > 0) soonest = Math.min(soonest, left);
    }
    return soonest;
  }
}

function isAboutToken({ kind }: UpstreamError): boolean {
  return kind === 'token_refused' || kind === 'unreadable';
}

function nobody(): UpstreamError {
  const message = 'No credentials for upstream: nobody who is subscribed has a good token of this project.';
  return new UpstreamError({ kind: 'auth', outcome: 'not_sent', message, retryable: false });
}

/** Reads for the status feed: as the caller who asks, and where nobody does as whoever the project is watched as. */
export class WatchingUpstream implements EndpointReads {
  readonly #upstream: EndpointReads;
  readonly #credentials: WatchCredentials;

  constructor(upstream: EndpointReads, credentials: WatchCredentials) {
    this.#upstream = upstream;
    this.#credentials = credentials;
  }

  getEndpoint(projectId: string, id: string, options: CallOptions): Promise<EndpointAnswer> {
    return this.#as(projectId, options, (own) => this.#upstream.getEndpoint(projectId, id, own));
  }

  listEndpoints(projectId: string, query: ListEndpointsQuery, options: CallOptions): Promise<EndpointPage> {
    return this.#as(projectId, options, (own) => this.#upstream.listEndpoints(projectId, query, own));
  }

  #as<T>(projectId: string, options: CallOptions, read: (options: CallOptions) => Promise<T>): Promise<T> {
    if (options.credential !== undefined) return read(options);
    return this.#credentials.use(projectId, (credential) => read({ ...options, credential }));
  }
}
