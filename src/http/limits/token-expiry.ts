/** Whoever stays: told before its token ends, ended when it does, and looked at again for as long as it stays. */
import { AuthenticationUnavailableError, type Authenticator, UnauthenticatedError } from '../../auth/authenticator.ts';
import type { Identity } from '../../auth/identity.ts';
import type { Logger } from '../../observability/logger.ts';

/** What has been withdrawn has no effect after a minute: this long between two looks, and the rest for the look itself. */
const RECHECK_MS = 50_000;
/** So much of the time between two looks is left to chance, so that callers who came together are not looked at together. */
const SPREAD = 0.2;
/** After a look that could not be taken the next one comes sooner, by this factor. */
const SOONER = 5;
/** Looks under way at the same moment: each may be a call. */
const MAX_LOOKS = 32;
/** The warning comes so many milliseconds before the end, at most; a token that is good for less is warned of later. */
const WARNING_MS = 30_000;
const WARNING_SHARE = 0.1;
/** Longer timers fire at once. */
const MAX_TIMER_MS = 2 ** 31 - 1;

/** What the owner of a session does. */
export interface SessionHooks {
  /** From now on it is this identity: other rights, or a new token. */
  readonly changed: (identity: Identity) => void;
  /** The token ends at `expiresAt`. Said once for each token, where it can be answered. */
  readonly expiring?: (expiresAt: number) => void;
  /** It is not let in any more. The last thing that a session says. */
  readonly ended: (why: 'expired' | 'revoked') => void;
}

export interface SessionsOptions {
  readonly authenticator: Pick<Authenticator, 'revalidate'>;
  readonly logger: Logger;
  /** Milliseconds since 1970. */
  readonly now: () => number;
  /** Milliseconds between two looks at the same identity, at most; 50 s by default. */
  readonly recheckMs?: number | undefined;
}

/** All sessions with one identity, that is, with one token: they end together, and one look is enough for all. */
class Standing {
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
  readonly #sessions: Sessions;
  readonly hooks: SessionHooks;
  #identity: Identity;
  #open = true;

  constructor(sessions: Sessions, identity: Identity, hooks: SessionHooks) {
    this.#sessions = sessions;
    this.#identity = identity;
    this.hooks = hooks;
  }

  /** Of now. */
  get identity(): Identity {
    return this.#identity;
  }

  get open(): boolean {
    return this.#open;
  }

  /** `identity` MUST be of the same subject. */
  become(identity: Identity): void {
    if (this.#open && identity !== this.#identity) {
      this.#sessions.leave(this);
      this.#identity = identity;
      this.#sessions.enter(this);
      this.hooks.changed(identity);
    }
  }

  end(why: 'expired' | 'revoked'): void {
    if (this.#open) {
      this.close();
      this.hooks.ended(why);
    }
  }

  /** Its owner has gone. */
  close(): void {
    if (this.#open) {
      this.#open = false;
      this.#sessions.leave(this);
    }
  }
}

export class Sessions {
  readonly #options: SessionsOptions;
  readonly #standings = new Map<Identity, Standing>();
  readonly #due: Standing[] = [];
  #looks = 0;

  constructor(options: SessionsOptions) {
    this.#options = options;
  }

  /** Tokens that somebody is here with. */
  get size(): number {
    return this.#standings.size;
  }

  open(identity: Identity, hooks: SessionHooks): Session {
    const session = new Session(this, identity, hooks);
    this.enter(session);
    return session;
  }

  enter(session: Session): void {
    const known = this.#standings.get(session.identity);
    if (known !== undefined) {
      known.members.add(session);
      return;
    }
    const standing = new Standing(session.identity);
    standing.members.add(session);
    this.#standings.set(session.identity, standing);
    this.#watchExpiry(standing);
    this.#scheduleLook(standing, 1);
  }

  leave(session: Session): void {
    const standing = this.#standings.get(session.identity);
    standing?.members.delete(session);
    if (standing?.members.size === 0) {
      this.#standings.delete(session.identity);
      clearTimeout(standing.recheck);
      clearTimeout(standing.expiry);
    }
  }

  #watchExpiry(standing: Standing): void {
    const { expiresAt } = standing.identity;
    if (expiresAt === null) {
      return;
    }
    const left = expiresAt - this.#options.now();
    const warnAt = expiresAt - Math.min(WARNING_MS, left * WARNING_SHARE);
    const step = (): void => {
      const now = this.#options.now();
      if (now >= expiresAt) {
        for (const session of [...standing.members]) {
          session.end('expired');
        }
        return;
      }
      if (now >= warnAt && !standing.warned) {
        standing.warned = true;
        for (const { hooks } of [...standing.members]) {
          hooks.expiring?.(expiresAt);
        }
      }
      const until = standing.warned ? expiresAt : warnAt;
      standing.expiry = setTimeout(step, Math.min(Math.max(1, until - now), MAX_TIMER_MS));
    };
    // Not at once: whoever opens the session is not ready for its end.
    standing.expiry = setTimeout(step, left > 0 ? Math.min(warnAt - this.#options.now(), MAX_TIMER_MS) : 0);
  }

  #scheduleLook(standing: Standing, share: number): void {
    const { recheckMs = RECHECK_MS } = this.#options;
    const waitMs = recheckMs * share * (1 - SPREAD * Math.random());
    standing.recheck = setTimeout(() => {
      this.#due.push(standing);
      this.#look();
    }, waitMs);
    // Nobody waits for it: a server that ends need not.
    standing.recheck.unref();
  }

  #look(): void {
    while (this.#looks < MAX_LOOKS) {
      const standing = this.#due.shift();
      if (standing === undefined) {
        return;
      }
      if (standing.members.size > 0) {
        this.#looks += 1;
        void this.#lookAt(standing).finally(() => {
          this.#looks -= 1;
          this.#look();
        });
      }
    }
  }

  async #lookAt(standing: Standing): Promise<void> {
    const { authenticator, logger } = this.#options;
    let share = 1;
    try {
      const identity = await authenticator.revalidate(standing.identity);
      for (const session of [...standing.members]) {
        session.become(identity);
      }
    } catch (error) {
      if (error instanceof UnauthenticatedError) {
        for (const session of [...standing.members]) {
          session.end('revoked');
        }
      } else if (!(error instanceof AuthenticationUnavailableError)) {
        logger.error({ err: error }, 'a caller could not be looked at again');
      }
      // Nothing is known: what held goes on to hold, until the token ends at the latest.
      share = 1 / SOONER;
    }
    if (standing.members.size > 0) {
      this.#scheduleLook(standing, share);
    }
  }
}
