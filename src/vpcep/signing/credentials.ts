/** What a call is made with. */
import { hash } from 'node:crypto';
import type { CancelSignal } from '../../shared/cancellation.ts';
import type { Secret } from '../../shared/secret.ts';
import { UpstreamError } from '../errors/upstream-error.ts';

export interface AkSkCredential {
  readonly kind: 'aksk';
  readonly ak: string;
  readonly sk: Secret;
  /** Present on temporary keys; sent and signed as `X-Security-Token`. */
  readonly securityToken?: Secret;
  /** Milliseconds since 1970; absent: does not expire. */
  readonly expiresAt?: number;
}

interface TokenCredential {
  readonly kind: 'token';
  /** An IAM token, sent as `X-Auth-Token`. */
  readonly token: Secret;
}

/** The same for the same key, and another for a new secret under the same id; shows neither. */
export function nameOfKey({ ak, sk, securityToken }: Pick<AkSkCredential, 'ak' | 'sk' | 'securityToken'>): string {
  return hash('sha256', `${ak}\n${sk.reveal()}\n${securityToken?.reveal() ?? ''}`, 'base64');
}

export type Credential = AkSkCredential | TokenCredential;

export interface CredentialSource {
  /**
   * The credential to use now. A source SHOULD return the same object while it is the same credential: the signing key
   * is cached per object.
   * @throws NoCredentialError when this source has none.
   */
  get(signal?: CancelSignal): Credential | Promise<Credential>;
}

/** A source has no credential to give. Its message says why, without any part of a secret. */
export class NoCredentialError extends Error {
  override readonly name = 'NoCredentialError' as const;
}

/** Always the same credential. */
export function fixedCredential(credential: Credential): CredentialSource {
  return { get: () => credential };
}

const OF_TOKENS = new WeakMap<Secret, CredentialSource>();

/** A caller's token: the same source for the same object, as sources should be. */
export function tokenCredential(token: Secret): CredentialSource {
  const known = OF_TOKENS.get(token) ?? fixedCredential({ kind: 'token', token });
  OF_TOKENS.set(token, known);
  return known;
}

/**
 * A promise only where the source has to fetch it.
 * @throws UpstreamError `auth`, `not_sent`, saying why there is no credential.
 */
export function resolveCredential(
  source: CredentialSource | undefined,
  signal: CancelSignal | undefined,
): Credential | Promise<Credential> {
  try {
    if (source === undefined) {
      throw new NoCredentialError('none is configured for this project');
    }
    const credential = source.get(signal);
    return credential instanceof Promise ? credential.catch(withoutCredential) : credential;
  } catch (error) {
    return withoutCredential(error);
  }
}

function withoutCredential(error: unknown): never {
  if (error instanceof UpstreamError) {
    throw error;
  }
  // What another kind of error says is not known to be free of secrets.
  const why = error instanceof NoCredentialError ? error.message : 'reading them failed';
  const message = `No credentials for upstream: ${why}.`;
  throw new UpstreamError({ kind: 'auth', outcome: 'not_sent', message, retryable: false });
}
