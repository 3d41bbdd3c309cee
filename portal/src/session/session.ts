/** Who is signed in. The token stays in the memory of this page. */
import type { PortalSettings } from './settings.ts';

/** What the provider gave. */
export interface Grant {
  readonly token: string;
  /** Milliseconds since 1970; null: the provider did not say. */
  readonly expiresAt: number | null;
  /** Null: the provider gave no refresh token. */
  readonly refresh: (() => Promise<Grant>) | null;
}

export type SessionState =
  | { readonly kind: 'open' }
  | { readonly kind: 'signed-out'; readonly reason: null | 'expired' | 'refused' }
  | { readonly kind: 'signed-in'; readonly by: 'token' | 'oidc'; readonly expiresAt: number | null };

/** HTTP headers, and as well the payload of `connection_init`. */
export type SentCredentials = Readonly<Record<string, string>>;

export interface Session {
  subscribe(listener: () => void): () => void;
  /** The same object until the next change. */
  snapshot(): SessionState;
  signIn(credential: string | Grant): void;
  signOut(): void;
  /**
   * The gateway answered UNAUTHENTICATED, or closed the socket with 4403.
   * @param sent with that request: the answer to an older token says nothing of the one that replaced it
   */
  refused(sent: SentCredentials): void;
  /** The gateway answered a request with these. */
  accepted(sent: SentCredentials): void;
  headers(): SentCredentials;
  connectionParams(): SentCredentials;
}

export interface SessionClock {
  now(): number;
  sleep(ms: number): Promise<void>;
}

const systemClock: SessionClock = {
  now: () => Date.now(),
  sleep: (ms) => new Promise((resolve) => setTimeout(resolve, ms)),
};

/** A grant is refreshed this long before its end, or in the last quarter of its time if that is less. */
const LEAD_MS = 60_000;
/** Longer timers fire at once. */
const MAX_TIMER_MS = 2 ** 31 - 1;
const NONE: SentCredentials = {};

interface Held {
  readonly sent: SentCredentials;
  readonly expiresAt: number | null;
  readonly refresh: Grant['refresh'];
  /** Whether the gateway has accepted it once: a later refusal ends a session. */
  isAccepted: boolean;
  /** One at a time: a provider that rotates refresh tokens takes each once. */
  renewal: Promise<boolean> | null;
}

export function createSession(settings: Pick<PortalSettings, 'authMode'>, clock: SessionClock = systemClock): Session {
  const listeners = new Set<() => void>();
  let held: Held | null = null;
  let state: SessionState = settings.authMode === 'none' ? { kind: 'open' } : { kind: 'signed-out', reason: null };

  function change(next: Held | null, to: SessionState): void {
    if (state.kind === 'open') return;
    held = next;
    state = to;
    for (const listener of [...listeners]) listener();
  }

  function end(reason: null | 'expired' | 'refused'): void {
    change(null, { kind: 'signed-out', reason });
  }

  function take({ token, expiresAt, refresh }: Grant, by: 'token' | 'oidc'): void {
    const sent = settings.authMode === 'iam-token' ? { 'x-auth-token': token } : { authorization: `Bearer ${token}` };
    const next: Held = { sent, expiresAt, refresh, isAccepted: false, renewal: null };
    change(next, { kind: 'signed-in', by, expiresAt });
    // The end of another token is left to the gateway: this machine's clock can be wrong.
    if (by === 'oidc' && expiresAt !== null) void follow(next, expiresAt);
  }

  /** @returns false when it failed. */
  function renew(old: Held): Promise<boolean> {
    old.renewal ??= (async () => {
      try {
        const grant = await old.refresh?.();
        if (grant !== undefined && held === old) take(grant, 'oidc');
        return grant !== undefined;
      } catch {
        return false;
      } finally {
        old.renewal = null;
      }
    })();
    return old.renewal;
  }

  async function follow(grant: Held, expiresAt: number): Promise<void> {
    const lead = grant.refresh === null ? 0 : Math.max(0, Math.min(LEAD_MS, (expiresAt - clock.now()) / 4));
    let due = expiresAt - lead;
    while (held === grant) {
      const wait = due - clock.now();
      if (wait > 0) {
        await clock.sleep(Math.min(wait, MAX_TIMER_MS));
      } else if (!(await renew(grant)) && held === grant) {
        if (clock.now() >= expiresAt) end('expired');
        due = Math.min(expiresAt, clock.now() + lead / 4);
      }
    }
  }

  /** What is held, if it was sent with these. */
  function heldOf(sent: SentCredentials): Held | null {
    const values = Object.values(sent);
    return held !== null && Object.values(held.sent).every((value) => values.includes(value)) ? held : null;
  }

  const headers = (): SentCredentials => held?.sent ?? NONE;

  return {
    subscribe(listener) {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
    snapshot: () => state,
    signIn(credential) {
      if (typeof credential === 'string') {
        const token = credential.replace(/^\s*bearer\s/i, '').replace(/\s/g, '');
        take({ token, expiresAt: expiryOf(token), refresh: null }, 'token');
      } else {
        take(credential, 'oidc');
      }
    },
    signOut: () => end(null),
    refused(sent) {
      const refused = heldOf(sent);
      if (refused === null) return;
      const { expiresAt, refresh, isAccepted } = refused;
      const isOver = expiresAt !== null && clock.now() >= expiresAt;
      if (!isOver || refresh === null) {
        end(isOver || isAccepted ? 'expired' : 'refused');
        return;
      }
      // Timers stand still while a machine sleeps, so this can come before the refresh.
      void renew(refused).then((renewed) => {
        if (!renewed && held === refused) end('expired');
      });
    },
    accepted(sent) {
      const accepted = heldOf(sent);
      if (accepted !== null) accepted.isAccepted = true;
    },
    headers,
    connectionParams: headers,
  };
}

/** The `exp` of a JWT, in milliseconds; null for other tokens. Only shown: the gateway decides. */
function expiryOf(token: string): number | null {
  try {
    const claims: unknown = JSON.parse(atob((token.split('.')[1] ?? '').replaceAll('-', '+').replaceAll('_', '/')));
    const { exp }: { readonly exp?: unknown } = Object(claims);
    return typeof exp === 'number' ? exp * 1_000 : null;
  } catch {
    return null;
  }
}
