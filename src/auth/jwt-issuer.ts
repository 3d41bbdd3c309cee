/** Asks an OpenID provider which keys it signs with. */
import type { JSONWebKeySet } from 'jose';
import { type Dispatcher, request } from 'undici';

const TIMEOUT_MS = 5_000;
const MAX_BYTES = 256 * 1024;

/** The issuer does not say what its keys are. The message is for the operator. */
export class IssuerError extends Error {
  override readonly name = 'IssuerError' as const;
}

export interface IssuerOptions {
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
