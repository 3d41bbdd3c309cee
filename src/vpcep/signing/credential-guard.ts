/**
 * Keeps an access key from being locked. Upstream locks one for five minutes after more than five bad signatures in a
 * row (docs/upstream/NOTES.md, "Hosts, identity"), so the first call with a key is a probe that the others wait for, and
 * a refused signature stops the key: then one call tries it, at most every 60 seconds.
 */
import { LRUCache } from 'lru-cache';
import type { CancelSignal } from '../../shared/cancellation.ts';
import type { Clock } from '../../shared/clock.ts';
import { UpstreamError } from '../errors/upstream-error.ts';
import { type AkSkCredential, type Credential, nameOfKey } from './credentials.ts';

/**
 * `unobjected`: an answer that upstream may have given before it checked the signature (overload, failure). It lets an
 * untried key pass, so that a host in trouble does not make calls queue up, but restarts no stopped key. `unclear`: no
 * answer.
 */
type SignatureVerdict = 'accepted' | 'refused' | 'unobjected' | 'unclear';

const BEFORE_THE_CHECK: ReadonlySet<number> = new Set([408, 429]);

/** The token of APIGW.0307 is no signature; every other 401 is counted as one, to be on the safe side of the lock. */
export function verdictOf({ status, code }: Pick<UpstreamError, 'status' | 'code'>): SignatureVerdict {
  if (status === undefined) {
    return 'unclear';
  }
  if (status === 401 && code?.toLowerCase() !== 'apigw.0307') {
    return 'refused';
  }
  return status >= 500 || BEFORE_THE_CHECK.has(status) ? 'unobjected' : 'accepted';
}

export const PROBE_INTERVAL_MS = 60_000;

export interface Pass {
  /** MUST be called, once or more; the first call lets the waiting ones go on. */
  report(verdict: SignatureVerdict): void;
}

interface KeyState {
  state: 'untried' | 'good' | 'stopped';
  /** Of all calls while the key is good. */
  readonly pass: Pass;
  /** Settles when the call that is trying the key out has reported. */
  probe: Promise<void> | undefined;
  /** By the forward-only clock. */
  probedAt: number;
  /** By the forward-only clock. */
  usedAt: number;
}

const OPEN: Pass = { report: () => undefined };
/** Temporary keys come and go; the least recently used is forgotten first. */
const MOST_KEYS = 1_000;
/** A stopped key that no call has used for this long has been replaced, and is no reason to be unready. */
const STILL_IN_USE_MS = 10 * 60_000;
/** One that is not stopped counts for a day: its projects may only be quiet. */
const WANTED_MS = 24 * 3600_000;

export class CredentialGuard {
  readonly #clock: Clock;
  readonly #keys = new LRUCache<string, KeyState>({ max: MOST_KEYS });
  /** Spares the hash when a source gives the same object again. */
  readonly #known = new WeakMap<AkSkCredential, KeyState>();

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** Permission to use a credential where no call has to wait for it. Tokens are not guarded: upstream locks none. */
  pass(credential: Credential): Pass | undefined {
    if (credential.kind === 'token') return OPEN;
    const key = this.#stateOf(credential);
    if (key.state !== 'good') return undefined;
    key.usedAt = this.#clock.elapsed();
    return key.pass;
  }

  /**
   * Permission to use a credential, once the call that is trying it out has ended.
   * @param waitLimit called only when the call has to wait for the verdict of the first one; ends that wait.
   * @throws UpstreamError `credential_stopped` with `retryAfterSeconds`; `timeout` when the wait was ended.
   */
  async enter(credential: Credential, waitLimit: () => CancelSignal): Promise<Pass> {
    if (credential.kind === 'token') return OPEN;
    const key = this.#stateOf(credential);
    key.usedAt = this.#clock.elapsed();
    while (key.state === 'untried' && key.probe !== undefined) {
      const signal = waitLimit();
      await waitFor(key.probe, signal);
      if (signal.aborted) throw waitedInVain();
    }
    if (key.state === 'good') return key.pass;
    const sinceProbe = this.#clock.elapsed() - key.probedAt;
    if (key.state === 'stopped' && (key.probe !== undefined || sinceProbe < PROBE_INTERVAL_MS)) {
      throw stopped(PROBE_INTERVAL_MS - sinceProbe);
    }
    return this.#probe(key);
  }

  /** The key has been replaced: while no call uses it, that it was stopped is no reason to be unready. */
  retire(credential: AkSkCredential): void {
    const key = this.#keys.peek(nameOfKey(credential));
    if (key !== undefined) key.usedAt = Number.NEGATIVE_INFINITY;
  }

  /** How many of the keys in use are stopped. */
  get refused(): 'none' | 'some' | 'all' {
    const inUse = [...this.#keys.values()].filter(
      ({ state, usedAt }) => this.#clock.elapsed() - usedAt < (state === 'stopped' ? STILL_IN_USE_MS : WANTED_MS),
    );
    const stopped = inUse.filter(({ state }) => state === 'stopped').length;
    if (stopped === 0) return 'none';
    return stopped === inUse.length ? 'all' : 'some';
  }

  #probe(key: KeyState): Pass {
    let release: () => void = () => undefined;
    const probe = new Promise<void>((resolve) => {
      release = resolve;
    });
    key.probe = probe;
    key.probedAt = this.#clock.elapsed();
    return {
      report: (verdict) => {
        if (key.probe === probe) key.probe = undefined;
        this.#judge(key, verdict);
        release();
      },
    };
  }

  #judge(key: KeyState, verdict: SignatureVerdict): void {
    if (verdict === 'accepted' || (verdict === 'unobjected' && key.state === 'untried')) {
      key.state = 'good';
    } else if (verdict === 'refused') {
      key.state = 'stopped';
      key.probedAt = this.#clock.elapsed();
    }
  }

  #untried(): KeyState {
    const key: KeyState = {
      state: 'untried',
      pass: { report: (verdict) => this.#judge(key, verdict) },
      probe: undefined,
      probedAt: 0,
      usedAt: 0,
    };
    return key;
  }

  #stateOf(credential: AkSkCredential): KeyState {
    let key = this.#known.get(credential);
    if (key === undefined) {
      // A new secret for the same key id deserves a fresh start, so both are in the name; neither is kept in the clear.
      const name = nameOfKey(credential);
      key = this.#keys.get(name) ?? this.#untried();
      this.#keys.set(name, key);
      this.#known.set(credential, key);
    }
    return key;
  }
}

function waitFor(probe: Promise<void>, signal: CancelSignal): Promise<void> {
  return new Promise((resolve) => {
    const done = (): void => {
      signal.removeEventListener('abort', done);
      resolve();
    };
    signal.addEventListener('abort', done);
    if (signal.aborted) {
      done();
    }
    void probe.then(done);
  });
}

function stopped(leftMs: number): UpstreamError {
  return new UpstreamError({
    kind: 'credential_stopped',
    outcome: 'not_sent',
    message: 'The access key is not being used, because upstream refused its signature and would lock it.',
    retryable: true,
    retryAfterSeconds: Math.max(1, Math.ceil(leftMs / 1000)),
  });
}

function waitedInVain(): UpstreamError {
  return new UpstreamError({
    kind: 'timeout',
    outcome: 'not_sent',
    message: 'The call ended while another one was trying the access key out.',
    retryable: true,
  });
}
