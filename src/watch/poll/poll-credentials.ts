import { type Identity, mayReach } from '../../auth/identity.ts';
import type { Secret } from '../../shared/secret.ts';
import { UpstreamError } from '../../vpcep/errors/upstream-error.ts';
import { type CredentialSource, tokenCredential } from '../../vpcep/signing/credentials.ts';
import type { CallOptions } from '../../vpcep/transport/transport.ts';
import type { ResourceReads } from '../reads.ts';
import type { ResourceSet } from '../resource.ts';

interface PollCredentialsOptions {
  /** The gateway's own for a project; undefined when it has none. */
  readonly keysOf: (projectId: string) => CredentialSource | undefined;
  /** Milliseconds since 1970. */
  readonly now: () => number;
}

/** Longest time between two checks whether a project can be polled: tokens are renewed, and keys come and go. */
const REVIEW_MS = 60_000;
/** The same while no subscriber has a valid token: one may be renewed. */
const WAITING_MS = 5_000;
/** Tokens tried for one call. */
const MOST_TRIES = 5;

interface Bearer {
  /** Name of the log that is followed. */
  readonly log: string;
  readonly current: () => Identity;
}

interface Held {
  /** One object per subscription: a caller may follow twice. */
  readonly bearers: Set<Bearer>;
  timer: NodeJS.Timeout | undefined;
  canPoll: boolean;
}

/**
 * Credentials for polls where callers bring their own tokens: the project's keys, else the token of a current subscriber.
 * A token is borrowed for the time of its subscription and never stored. docs/decisions/0014-borrowed-tokens.md
 */
export class PollCredentials {
  readonly #options: PollCredentialsOptions;
  readonly #projects = new Map<string, Held>();
  readonly #refused = new WeakSet<Secret>();
  readonly #listeners = new Set<(projectId: string) => void>();

  constructor(options: PollCredentialsOptions) {
    this.#options = options;
  }

  /**
   * Lends the token of a subscriber; the returned function takes it back.
   * @param current its identity now, because tokens are renewed
   */
  lend({ projectId, log }: ResourceSet, current: () => Identity): () => void {
    const held = this.#projects.get(projectId) ?? { bearers: new Set(), timer: undefined, canPoll: false };
    this.#projects.set(projectId, held);
    const bearer = { log, current };
    held.bearers.add(bearer);
    this.#review(projectId, held);
    return () => {
      if (held.bearers.delete(bearer)) this.#review(projectId, held);
    };
  }

  /** False: this replica has neither keys nor a valid token, and must leave the polling to others. */
  canPoll(projectId: string): boolean {
    return this.#options.keysOf(projectId) !== undefined || this.#pick(projectId) !== undefined;
  }

  /** Called when `canPoll` has changed for a project. */
  onChange(listener: (projectId: string) => void): () => void {
    this.#listeners.add(listener);
    return () => void this.#listeners.delete(listener);
  }

  /**
   * Makes a read. A token that upstream refuses is not used again. One without the right to this read gives way to the
   * next; those of the same log come first.
   * @throws UpstreamError
   */
  async use<T>({ projectId, log }: ResourceSet, read: (credential: CredentialSource) => Promise<T>): Promise<T> {
    const keys = this.#options.keysOf(projectId);
    if (keys !== undefined) return await read(keys);
    const tried = new Set<Secret>();
    let failure = noToken();
    const pick = (): Secret | undefined => this.#pick(projectId, log, tried);
    for (let token = pick(); token !== undefined; token = pick()) {
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

  #pick(projectId: string, log?: string, except: ReadonlySet<Secret> = new Set()): Secret | undefined {
    const now = this.#options.now();
    const bearers = this.#projects.get(projectId)?.bearers ?? [];
    // Two passes and no copy: there can be thousands of loans.
    for (const isOwn of log === undefined ? [false] : [true, false]) {
      for (const { log: lentFor, current } of bearers) {
        if ((lentFor === log) !== isOwn) continue;
        const bearer = current();
        const { token, expiresAt } = bearer;
        const isGood = (expiresAt === null || expiresAt > now) && mayReach(bearer, projectId, 'read');
        if (token !== null && isGood && !except.has(token) && !this.#refused.has(token)) return token;
      }
    }
    return undefined;
  }

  #review(projectId: string, held: Held): void {
    if (this.#projects.get(projectId) !== held) return;
    if (held.bearers.size === 0) {
      clearTimeout(held.timer);
      this.#projects.delete(projectId);
    }
    const canPoll = this.canPoll(projectId);
    if (held.bearers.size > 0) held.timer ??= this.#later(projectId, held, canPoll);
    if (canPoll === held.canPoll) return;
    held.canPoll = canPoll;
    for (const listener of this.#listeners) listener(projectId);
  }

  #later(projectId: string, held: Held, canPoll: boolean): NodeJS.Timeout {
    const timer = setTimeout(
      () => {
        held.timer = undefined;
        this.#review(projectId, held);
      },
      canPoll ? Math.min(REVIEW_MS, this.#untilExpiry(held)) : WAITING_MS,
    );
    timer.unref();
    return timer;
  }

  /** Milliseconds until the next of these tokens expires. */
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

function noToken(): UpstreamError {
  const message = 'No credentials for upstream: no subscriber has a valid token of this project.';
  return new UpstreamError({ kind: 'auth', outcome: 'not_sent', message, retryable: false });
}

/** Reads with the credential of `options`, else with that of polls. */
export function withPollCredentials(reads: ResourceReads, credentials: PollCredentials): ResourceReads {
  const run = <T>(set: ResourceSet, options: CallOptions, read: (options: CallOptions) => Promise<T>): Promise<T> =>
    options.credential === undefined
      ? credentials.use(set, (credential) => read({ ...options, credential }))
      : read(options);
  return {
    read: (set, id, options) => run(set, options, (own) => reads.read(set, id, own)),
    list: (set, query, options) => run(set, options, (own) => reads.list(set, query, own)),
  };
}
