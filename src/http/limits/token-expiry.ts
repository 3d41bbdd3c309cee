/** Long-lived connections: warn before the token expires, close on expiry, re-validate the caller every 50 s. */
import { AuthenticationUnavailableError, type Authenticator, UnauthenticatedError } from '../../auth/authenticator.ts';
import type { Identity } from '../../auth/identity.ts';
import type { Logger } from '../../observability/logger.ts';

/** Milliseconds between two checks of a caller: a withdrawn right ends within a minute, the check included. */
const RECHECK_MS = 50_000;
/** Random share of that time, so that callers who connected together are not checked together. */
const SPREAD = 0.2;
/** A check that failed is repeated sooner by this factor. */
const SOONER = 5;
/** Checks at the same time: each can be a call to the identity provider. */
const MAX_CONCURRENT = 32;
/** The warning comes this many milliseconds before expiry; for short-lived tokens later, by this share of their time. */
const WARNING_MS = 30_000;
const WARNING_SHARE = 0.1;
/** Longer timers fire at once. */
const MAX_TIMER_MS = 2 ** 31 - 1;

/** The connection's reaction. */
export interface SessionHooks {
  /** The caller has other rights, or a new token. */
  readonly changed: (identity: Identity) => void;
  /** Called once per token before it expires. */
  readonly expiring?: (expiresAt: number) => void;
  /** The caller is no longer accepted. Called at most once, last. */
  readonly ended: (why: 'expired' | 'revoked') => void;
}

export interface TokenExpiryOptions {
  readonly authenticator: Pick<Authenticator, 'revalidate'>;
  readonly logger: Logger;
  /** Milliseconds since 1970. */
  readonly now: () => number;
  /** Milliseconds between two checks of the same identity; 50 s by default. */
  readonly recheckMs?: number | undefined;
}

/** All sessions with one token: they end together, and one check serves all. */
class TokenGroup {
  readonly identity: Identity;
  readonly members = new Set<Session>();
  recheck: NodeJS.Timeout | undefined;
  expiry: NodeJS.Timeout | undefined;
  warned = false;

  constructor(identity: Identity) {
    this.identity = identity;
  }
}

export class Session {
  readonly #expiry: TokenExpiry;
  readonly hooks: SessionHooks;
  #identity: Identity;
  #open = true;

  constructor(expiry: TokenExpiry, identity: Identity, hooks: SessionHooks) {
    this.#expiry = expiry;
    this.#identity = identity;
    this.hooks = hooks;
  }

  get identity(): Identity {
    return this.#identity;
  }

  get open(): boolean {
    return this.#open;
  }

  /** `identity` MUST be of the same subject. */
  become(identity: Identity): void {
    if (this.#open && identity !== this.#identity) {
      this.#expiry.leave(this);
      this.#identity = identity;
      this.#expiry.enter(this);
      this.hooks.changed(identity);
    }
  }

  end(why: 'expired' | 'revoked'): void {
    if (this.#open) {
      this.close();
      this.hooks.ended(why);
    }
  }

  /** The connection has closed. */
  close(): void {
    if (this.#open) {
      this.#open = false;
      this.#expiry.leave(this);
    }
  }
}

export class TokenExpiry {
  readonly #options: TokenExpiryOptions;
  readonly #groups = new Map<Identity, TokenGroup>();
  readonly #due: TokenGroup[] = [];
  #running = 0;

  constructor(options: TokenExpiryOptions) {
    this.#options = options;
  }

  /** Tokens with at least one connection. */
  get size(): number {
    return this.#groups.size;
  }

  open(identity: Identity, hooks: SessionHooks): Session {
    const session = new Session(this, identity, hooks);
    this.enter(session);
    return session;
  }

  enter(session: Session): void {
    const known = this.#groups.get(session.identity);
    if (known !== undefined) {
      known.members.add(session);
      return;
    }
    const group = new TokenGroup(session.identity);
    group.members.add(session);
    this.#groups.set(session.identity, group);
    this.#watchExpiry(group);
    this.#schedule(group, 1);
  }

  leave(session: Session): void {
    const group = this.#groups.get(session.identity);
    group?.members.delete(session);
    if (group?.members.size === 0) {
      this.#groups.delete(session.identity);
      clearTimeout(group.recheck);
      clearTimeout(group.expiry);
    }
  }

  #watchExpiry(group: TokenGroup): void {
    const { expiresAt } = group.identity;
    if (expiresAt === null) {
      return;
    }
    const left = expiresAt - this.#options.now();
    const warnAt = expiresAt - Math.min(WARNING_MS, left * WARNING_SHARE);
    const step = (): void => {
      const now = this.#options.now();
      if (now >= expiresAt) {
        for (const session of [...group.members]) {
          session.end('expired');
        }
        return;
      }
      if (now >= warnAt && !group.warned) {
        group.warned = true;
        for (const { hooks } of [...group.members]) {
          hooks.expiring?.(expiresAt);
        }
      }
      const until = group.warned ? expiresAt : warnAt;
      group.expiry = setTimeout(step, Math.min(Math.max(1, until - now), MAX_TIMER_MS));
    };
    // Not synchronously: the caller of `open` does not have the session yet.
    group.expiry = setTimeout(step, left > 0 ? Math.min(warnAt - this.#options.now(), MAX_TIMER_MS) : 0);
  }

  #schedule(group: TokenGroup, share: number): void {
    const { recheckMs = RECHECK_MS } = this.#options;
    const waitMs = recheckMs * share * (1 - SPREAD * Math.random());
    group.recheck = setTimeout(() => {
      this.#due.push(group);
      this.#checkDue();
    }, waitMs);
    // It must not keep a stopping process alive.
    group.recheck.unref();
  }

  #checkDue(): void {
    while (this.#running < MAX_CONCURRENT) {
      const group = this.#due.shift();
      if (group === undefined) {
        return;
      }
      if (group.members.size > 0) {
        this.#running += 1;
        void this.#recheck(group).finally(() => {
          this.#running -= 1;
          this.#checkDue();
        });
      }
    }
  }

  async #recheck(group: TokenGroup): Promise<void> {
    const { authenticator, logger } = this.#options;
    let share = 1;
    try {
      const identity = await authenticator.revalidate(group.identity);
      for (const session of [...group.members]) {
        session.become(identity);
      }
    } catch (error) {
      if (error instanceof UnauthenticatedError) {
        for (const session of [...group.members]) {
          session.end('revoked');
        }
      } else if (!(error instanceof AuthenticationUnavailableError)) {
        logger.error({ err: error }, 're-validating a caller failed');
      }
      // The result is unknown, so the session goes on, until its token expires at the latest.
      share = 1 / SOONER;
    }
    if (group.members.size > 0) {
      this.#schedule(group, share);
    }
  }
}
