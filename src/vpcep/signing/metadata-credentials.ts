/** Temporary keys of an ECS instance's agency (docs/upstream/SIGNING.md, "Credentials", ECS metadata). */
import type { Dispatcher } from 'undici';
import { type Clock, systemClock } from '../../shared/clock.ts';
import { Secret } from '../../shared/secret.ts';
import { SingleFlight } from '../../shared/single-flight.ts';
import { json } from '../core/answers.ts';
import { isRecord } from '../core/values.ts';
import { type ExchangeAnswer, exchange } from '../http/exchange.ts';
import { METADATA_URL } from '../http/outbound-proxy.ts';
import { Pools } from '../http/pools.ts';
import { type AkSkCredential, type CredentialSource, NoCredentialError } from './credentials.ts';

export interface MetadataOptions {
  /** `http://169.254.169.254` when absent. */
  readonly baseUrl?: string;
  readonly dispatcher?: Dispatcher;
  readonly clock?: Clock;
  /** For each request, milliseconds. */
  readonly timeoutMs?: number;
}

const REFRESH_BEFORE_MS = 40 * 60_000;
/** Between two tries to renew a credential that is still valid. */
const RETRY_REFRESH_MS = 30_000;
const TOKEN_SECONDS = 21_600;
/** The service expires a token by its own clock, so it is renewed a little earlier. */
const TOKEN_MARGIN_MS = 60_000;
const WITHOUT_TOKEN_MS = 24 * 60 * 60_000;
const NO_TOKEN_SERVICE: ReadonlySet<number> = new Set([404, 405, 503]);
const NO_AGENCY = 'Please configure Cloud Service Agency first';
const MAX_BYTES = 64 * 1024;

/** @throws NoCredentialError from `get` when there is no credential that is still valid. */
export class MetadataCredential implements CredentialSource {
  readonly #dispatcher: Dispatcher;
  readonly #clock: Clock;
  readonly #timeoutMs: number;
  #current: (AkSkCredential & { readonly expiresAt: number }) | undefined;
  readonly #refreshing = new SingleFlight<void>();
  #lastTry = Number.NEGATIVE_INFINITY;
  #token: { readonly value: string | undefined; readonly until: number } | undefined;

  constructor(options: MetadataOptions = {}) {
    this.#dispatcher = options.dispatcher ?? new Pools({ connections: 1 }).get(options.baseUrl ?? METADATA_URL);
    this.#clock = options.clock ?? systemClock;
    this.#timeoutMs = options.timeoutMs ?? 3_000;
  }

  async get(): Promise<AkSkCredential> {
    // All callers share one refresh, so none of them may cancel it.
    if (this.#isDue()) await this.#refreshing.run('', () => this.#refresh());
    const current = this.#current;
    if (current === undefined || current.expiresAt <= this.#clock.now()) {
      throw new NoCredentialError('instance metadata gave no usable credential');
    }
    return current;
  }

  #isDue(): boolean {
    const left = this.#current === undefined ? 0 : this.#current.expiresAt - this.#clock.now();
    // Without a valid key there is no fallback, so every call tries.
    return left <= 0 || (left < REFRESH_BEFORE_MS && this.#clock.elapsed() - this.#lastTry >= RETRY_REFRESH_MS);
  }

  /** Never rejects: a valid old key is kept. */
  async #refresh(): Promise<void> {
    const credential = await this.#load().catch(() => undefined);
    this.#current = credential ?? this.#current;
    this.#lastTry = this.#clock.elapsed();
  }

  async #load(): Promise<(AkSkCredential & { readonly expiresAt: number }) | undefined> {
    let answer = await this.#securityKey();
    if (answer.status === 401 && !answer.text.includes(NO_AGENCY)) {
      // The token has gone stale.
      this.#token = undefined;
      answer = await this.#securityKey();
    }
    return answer.status === 200 ? readSecurityKey(answer.text) : undefined;
  }

  async #securityKey(): Promise<ExchangeAnswer> {
    const token = await this.#metadataToken();
    return this.#ask('GET', '/openstack/latest/securitykey', token === undefined ? {} : { 'x-metadata-token': token });
  }

  async #metadataToken(): Promise<string | undefined> {
    const now = this.#clock.elapsed();
    if (this.#token !== undefined && now < this.#token.until) {
      return this.#token.value;
    }
    const ttl = { 'x-metadata-token-ttl-seconds': String(TOKEN_SECONDS) };
    const answer = await this.#ask('PUT', '/meta-data/latest/api/token', ttl);
    const value = answer.text.trim();
    if (answer.status === 200 && value !== '') {
      this.#token = { value, until: now + TOKEN_SECONDS * 1000 - TOKEN_MARGIN_MS };
    } else if (NO_TOKEN_SERVICE.has(answer.status)) {
      this.#token = { value: undefined, until: now + WITHOUT_TOKEN_MS };
    } else {
      throw new NoCredentialError('instance metadata gave no token');
    }
    return this.#token.value;
  }

  #ask(method: 'GET' | 'PUT', path: string, headers: Record<string, string>): Promise<ExchangeAnswer> {
    return exchange(this.#dispatcher, { method, path, headers }, { timeoutMs: this.#timeoutMs, maxBytes: MAX_BYTES });
  }
}

/** The body of `securitykey`; undefined when it is not what SIGNING.md says. */
export function readSecurityKey(body: string): (AkSkCredential & { readonly expiresAt: number }) | undefined {
  const parsed = json(body);
  const credential = isRecord(parsed) ? parsed.credential : undefined;
  if (!isRecord(credential)) {
    return undefined;
  }
  const { access, secret, securitytoken, expires_at: expires } = credential;
  const expiresAt = typeof expires === 'string' ? Date.parse(expires) : Number.NaN;
  if (!isFilled(access) || !isFilled(secret) || !isFilled(securitytoken) || Number.isNaN(expiresAt)) {
    return undefined;
  }
  return { kind: 'aksk', ak: access, sk: new Secret(secret), securityToken: new Secret(securitytoken), expiresAt };
}

function isFilled(value: unknown): value is string {
  return typeof value === 'string' && value !== '';
}
