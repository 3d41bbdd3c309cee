/** The signing keys of an OpenID provider. While it is unavailable, the last keys stay in use. */
import {
  calculateJwkThumbprint,
  createLocalJWKSet,
  createRemoteJWKSet,
  customFetch,
  type FetchImplementation,
  type JWK,
  type RemoteJWKSet,
} from 'jose';
import type { Dispatcher } from 'undici';
import { isTamperProof } from '../shared/net.ts';
import { AuthenticationUnavailableError } from './authenticator.ts';

/** Every client can send tokens with unknown keys, so they cause one fetch in this time only. */
const COOLDOWN_MS = 5_000;
/** After a failure every caller gets the same error for this time. */
const RETRY_MS = 10_000;
const REFRESH_MS = 60_000;

export interface JwtKeysOptions {
  readonly issuer: string;
  /** Null: `{issuer}/.well-known/openid-configuration` names it (OpenID Connect Discovery 1.0, section 4). */
  readonly jwksUrl: string | null;
  readonly fetch: FetchImplementation;
  /** Called once when the keys cannot be fetched, with the reason, and once when they can be again: null. */
  readonly onTrouble: (error: Error | null) => void;
}

export class JwtKeys {
  /** For `jwtVerify`. Rejects with AuthenticationUnavailableError while an unknown key cannot be fetched. */
  readonly find: RemoteJWKSet;
  readonly #options: JwtKeysOptions;
  readonly #timer: NodeJS.Timeout;
  #discovered: string | null = null;
  #thumbprints: ReadonlySet<string> = new Set();
  #failure: { readonly error: Error; readonly retryAt: number } | null = null;

  constructor(options: JwtKeysOptions) {
    this.#options = options;
    this.find = createRemoteJWKSet(new URL(options.jwksUrl ?? options.issuer), {
      // `refresh` renews the keys, so they never expire here.
      cacheMaxAge: Number.POSITIVE_INFINITY,
      cooldownDuration: COOLDOWN_MS,
      [customFetch]: (_url, init) => this.#fetch(init),
    });
    this.#timer = setInterval(() => void this.refresh(), REFRESH_MS).unref();
    // Before the first caller, so that a wrong setting is logged at the start.
    void this.refresh();
  }

  /** The latest attempt to fetch the keys failed. */
  get unavailable(): boolean {
    return this.#failure !== null;
  }

  /** Never rejects: a failure keeps the old keys. */
  async refresh(): Promise<void> {
    if (!this.find.coolingDown) await this.find.reload().catch(() => {});
  }

  /** By thumbprint (RFC 7638, SHA-256): the issuer can give the `kid` of a withdrawn key to another. */
  isPublished(thumbprint: string): boolean {
    return this.#thumbprints.has(thumbprint);
  }

  close(): void {
    clearInterval(this.#timer);
  }

  async #fetch(init: Parameters<FetchImplementation>[1]): Promise<Response> {
    if (this.#failure !== null && Date.now() < this.#failure.retryAt) throw this.#failure.error;
    try {
      const url = this.#options.jwksUrl ?? this.#discovered ?? (await this.#discover(init));
      const { keys } = await this.#read(url, init);
      // Without keys every token would be refused, which no working issuer wants.
      if (!Array.isArray(keys) || keys.length === 0) throw new Error(`${url} holds no keys`);
      createLocalJWKSet({ keys }); // throws unless all are objects
      this.#thumbprints = await thumbprintsOf(keys);
      if (this.#failure !== null) this.#options.onTrouble(null);
      this.#failure = null;
      return Response.json({ keys });
    } catch (cause) {
      // The issuer may have changed the URL.
      this.#discovered = null;
      const error = new AuthenticationUnavailableError(
        'The issuer of tokens is unavailable, so the token cannot be verified: try again',
        { cause },
      );
      if (this.#failure === null) this.#options.onTrouble(cause instanceof Error ? cause : error);
      this.#failure = { error, retryAt: Date.now() + RETRY_MS };
      throw error;
    }
  }

  async #discover(init: Parameters<FetchImplementation>[1]): Promise<string> {
    const { issuer } = this.#options;
    const url = `${issuer.replace(/\/$/, '')}/.well-known/openid-configuration`;
    const document = await this.#read(url, init);
    // Section 4.3: otherwise the document describes another issuer.
    if (document.issuer !== issuer) throw new Error(`${url} is not about the configured issuer`);
    if (typeof document.jwks_uri !== 'string' || !isTamperProof(document.jwks_uri)) {
      throw new Error(`${url} has no jwks_uri that is https`);
    }
    this.#discovered = document.jwks_uri;
    return document.jwks_uri;
  }

  async #read(url: string, init: Parameters<FetchImplementation>[1]): Promise<Readonly<Record<string, unknown>>> {
    try {
      const response = await this.#options.fetch(url, init);
      // Redirects included: keys must come from where the operator said.
      if (response.status !== 200) throw new Error(`answers ${response.status}`);
      const document: unknown = await response.json();
      return { ...Object(document) };
    } catch (cause) {
      throw new Error(`${url}: ${cause instanceof Error ? cause.message : String(cause)}`, { cause });
    }
  }
}

export interface FetchOptions {
  /** By origin. Their `maxResponseSize` bounds the answers. */
  readonly pools: { get(origin: string): Dispatcher };
  /** Called before each request. It returns a callback for the end of the request: null means an answer of any status. */
  readonly observe?: (url: string) => (failure: RequestFailure | null) => void;
}

export interface RequestFailure {
  readonly error: unknown;
  readonly timedOut: boolean;
}

export function fetchOver({ pools, observe }: FetchOptions): FetchImplementation {
  const answerOf = async (url: string, signal: AbortSignal): Promise<Dispatcher.ResponseData> => {
    const ended = observe?.(url);
    try {
      const { origin, pathname, search } = new URL(url);
      const headers = { accept: 'application/json' };
      const answer = await pools
        .get(origin)
        .request({ origin, path: pathname + search, method: 'GET', signal, headers });
      ended?.(null);
      return answer;
    } catch (error) {
      ended?.({ error, timedOut: signal.aborted });
      throw error;
    }
  };
  return async (url, { signal }) => {
    const { statusCode, body } = await answerOf(url, signal);
    return new Response(await body.text(), { status: statusCode });
  };
}

/** Keys of unknown kinds have none, and verify nothing. */
async function thumbprintsOf(keys: readonly JWK[]): Promise<ReadonlySet<string>> {
  const known = await Promise.allSettled(keys.map((key) => calculateJwkThumbprint(key)));
  return new Set(known.flatMap((result) => (result.status === 'fulfilled' ? [result.value] : [])));
}
