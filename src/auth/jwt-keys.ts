/**
 * Asks an OpenID provider which keys it signs with. The issuer's keys as they were when it was last asked: asked anew
 * behind the callers, and kept while it is away.
 */
import { calculateJwkThumbprint, createLocalJWKSet, type JSONWebKeySet, type JWK } from 'jose';
import { type Dispatcher, request } from 'undici';
import { AuthenticationUnavailableError } from './authenticator.ts';

const TIMEOUT_MS = 5_000;
const MAX_BYTES = 256 * 1024;

/** The issuer does not say what its keys are. The message is for the operator. */
class IssuerError extends Error {
  override readonly name = 'IssuerError' as const;
}

interface IssuerOptions {
  readonly issuer: string;
  /** Null: `{issuer}/.well-known/openid-configuration` says it (OpenID Connect Discovery 1.0, section 4). */
  readonly jwksUrl: string | null;
  /** Whether keys may be fetched from there: what a discovery document names is held against it as well. */
  readonly mayAsk: (url: string) => boolean;
  /** Connections by origin. They end with this. */
  readonly pools: { get(origin: string): Dispatcher; destroy(): Promise<void> };
  /** Called before each request; what it returns is called when that has ended: with null for an answer of any kind. */
  readonly observe?: (url: string) => (failure: RequestFailure | null) => void;
}

export interface RequestFailure {
  readonly error: unknown;
  readonly timedOut: boolean;
}

export class Issuer {
  readonly #options: IssuerOptions;
  #discovered: string | null = null;

  constructor(options: IssuerOptions) {
    this.#options = options;
  }

  /** @throws IssuerError */
  async keys(): Promise<JSONWebKeySet> {
    const url = this.#options.jwksUrl ?? this.#discovered ?? (await this.#discover());
    try {
      const document = await this.#read(url);
      // Without any key every token would be refused, which an issuer that works never wants.
      if (!Array.isArray(document.keys) || document.keys.length === 0) throw new IssuerError(`${url} holds no keys`);
      return { keys: document.keys };
    } catch (error) {
      // It may have moved.
      this.#discovered = null;
      throw error;
    }
  }

  async close(): Promise<void> {
    await this.#options.pools.destroy();
  }

  async #discover(): Promise<string> {
    const { issuer, mayAsk } = this.#options;
    const url = `${issuer.replace(/\/$/, '')}/.well-known/openid-configuration`;
    const document = await this.#read(url);
    // Section 4.3: otherwise the document is about somebody else.
    if (document.issuer !== issuer) throw new IssuerError(`${url} is not about the configured issuer`);
    if (typeof document.jwks_uri !== 'string' || !mayAsk(document.jwks_uri)) {
      throw new IssuerError(`${url} has no jwks_uri that is https`);
    }
    this.#discovered = document.jwks_uri;
    return document.jwks_uri;
  }

  async #read(url: string): Promise<Readonly<Record<string, unknown>>> {
    const document = parsed(await this.#get(url));
    if (typeof document !== 'object' || document === null) throw new IssuerError(`${url} is not a JSON object`);
    return { ...document };
  }

  /** Redirects are answers like any other that is not 200: a key must come from where the operator said. */
  async #get(url: string): Promise<string> {
    const signal = AbortSignal.timeout(TIMEOUT_MS);
    try {
      const { statusCode, body } = await this.#request(url, signal);
      body.on('error', () => {});
      if (statusCode !== 200) {
        body.destroy();
        throw new IssuerError(`${url} answers ${statusCode}`);
      }
      const chunks: Buffer[] = [];
      let size = 0;
      for await (const chunk of body) {
        size += chunk.length;
        if (size > MAX_BYTES) throw new IssuerError(`${url} answers more than ${MAX_BYTES} bytes`);
        chunks.push(chunk);
      }
      return Buffer.concat(chunks).toString('utf8');
    } catch (error) {
      if (error instanceof IssuerError) throw error;
      const reason = signal.aborted ? `no answer within ${TIMEOUT_MS / 1000} s` : 'it cannot be reached';
      throw new IssuerError(`${url}: ${reason}`, { cause: error });
    }
  }

  async #request(url: string, signal: AbortSignal): Promise<Dispatcher.ResponseData> {
    const { pools, observe } = this.#options;
    const ended = observe?.(url);
    try {
      const headers = { accept: 'application/json' };
      const response = await request(url, { dispatcher: pools.get(new URL(url).origin), signal, headers });
      ended?.(null);
      return response;
    } catch (error) {
      ended?.({ error, timedOut: signal.aborted });
      throw error;
    }
  }
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

/** For so long keys are used while the issuer cannot be asked. */
const KEEP_MS = 24 * 3_600_000;
/** After a failure, and after a token with an unknown key, the issuer is left alone for so long. */
const COOLDOWN_MS = 10_000;

export interface KeySet {
  readonly find: ReturnType<typeof createLocalJWKSet>;
  /** RFC 7638, SHA-256: a `kid` may be given to another key, this cannot. */
  readonly thumbprints: ReadonlySet<string>;
  readonly readAt: number;
}

/** Ages in milliseconds. */
export interface Freshness {
  /** Beyond it the keys are asked for anew, but nobody waits for that. */
  readonly behind: number;
  /** Beyond it callers wait for the answer, unless the issuer was away the last time. */
  readonly wait: number;
}

interface JwtKeysOptions {
  readonly fetch: () => Promise<JSONWebKeySet>;
  /** Milliseconds of a clock that only goes forward. */
  readonly elapsed: () => number;
  /** Told once when the issuer cannot be asked, with the reason, and once when it can be again: null. */
  readonly onTrouble: (error: Error | null) => void;
}

export class JwtKeys {
  readonly #options: JwtKeysOptions;
  #set: KeySet | null = null;
  #asking: Promise<void> | null = null;
  #failedAt: number | null = null;
  #missedAt = Number.NEGATIVE_INFINITY;

  constructor(options: JwtKeysOptions) {
    this.#options = options;
  }

  /** Null: all is well. */
  get trouble(): string | null {
    return this.#failedAt === null ? null : 'the keys that tokens are checked with cannot be fetched from their issuer';
  }

  /** Asks for the keys before somebody needs them. */
  prepare(): void {
    void this.#ask();
  }

  /** @throws AuthenticationUnavailableError when there are no keys, or only ones that are too old */
  async current({ behind, wait }: Freshness): Promise<KeySet> {
    const age = this.#age();
    if (age >= behind && (this.#failedAt === null || this.#since(this.#failedAt) >= COOLDOWN_MS)) {
      const asked = this.#ask();
      if (age >= KEEP_MS || (age >= wait && this.#failedAt === null)) await asked;
    }
    if (this.#set === null || this.#age() >= KEEP_MS) throw unavailable();
    return this.#set;
  }

  /**
   * For a token whose key is not in `seen`: what the issuer publishes by now. It is asked at most once per cooldown, since
   * anybody can send such tokens.
   * @throws AuthenticationUnavailableError when it cannot be asked
   */
  async newerThan(seen: KeySet): Promise<KeySet> {
    if (this.#set === seen) {
      if (this.#since(this.#missedAt) >= COOLDOWN_MS) {
        this.#missedAt = this.#options.elapsed();
        await this.#ask();
      } else {
        await this.#asking;
      }
    }
    if (this.#failedAt !== null) throw unavailable();
    return this.#set ?? seen;
  }

  #age(): number {
    return this.#set === null ? Number.POSITIVE_INFINITY : this.#since(this.#set.readAt);
  }

  #since(time: number): number {
    return this.#options.elapsed() - time;
  }

  /** One question at a time. Never rejects: what is there stays. */
  #ask(): Promise<void> {
    this.#asking ??= this.#read().finally(() => {
      this.#asking = null;
    });
    return this.#asking;
  }

  async #read(): Promise<void> {
    const { fetch, elapsed, onTrouble } = this.#options;
    const wasAway = this.#failedAt !== null;
    // Before the question: what was revoked while the answer travelled is not in it.
    const readAt = elapsed();
    try {
      const document = await fetch();
      const find = createLocalJWKSet(document);
      this.#set = { find, thumbprints: await thumbprintsOf(document.keys), readAt };
      this.#failedAt = null;
      if (wasAway) onTrouble(null);
    } catch (error) {
      this.#failedAt = elapsed();
      if (!wasAway) onTrouble(error instanceof Error ? error : new Error('the keys cannot be read'));
    }
  }
}

function unavailable(): AuthenticationUnavailableError {
  return new AuthenticationUnavailableError('Tokens cannot be checked right now: try again');
}

/** Keys of kinds that nobody knows here have none, and verify nothing. */
async function thumbprintsOf(keys: readonly JWK[]): Promise<ReadonlySet<string>> {
  const known = await Promise.allSettled(keys.map((key) => calculateJwkThumbprint(key)));
  return new Set(known.flatMap((result) => (result.status === 'fulfilled' ? [result.value] : [])));
}
