import { ApiError, unauthenticated } from '../core/api-error.ts';
import type { SimulatorCredential, SimulatorToken } from '../world/identity.ts';
import type { Clock } from '../world/life.ts';
import type { World } from '../world/world.ts';
import { checkSignature, type WireRequest } from './signature-check.ts';

/** More bad signatures in a row than this lock a key (NOTES.md, "Hosts, identity"). */
const BAD_IN_A_ROW = 5;
const LOCK_MS = 5 * 60_000;

/** The API gateway's checks: the caller's credential, and that it may use the project in the path. */
export class Authenticator {
  readonly #clock: Clock;
  readonly #projectId: string;
  readonly #credentials: ReadonlyMap<string, SimulatorCredential>;
  readonly #tokens: Map<string, SimulatorToken>;
  readonly #bad = new Map<string, number>();
  readonly #lockedUntil = new Map<string, number>();

  constructor(
    { clock, projectId }: World,
    credentials: readonly SimulatorCredential[],
    tokens: readonly SimulatorToken[],
  ) {
    this.#clock = clock;
    this.#projectId = projectId;
    this.#credentials = new Map(credentials.map((credential) => [credential.ak, credential]));
    this.#tokens = new Map(tokens.map((token) => [token.token, token]));
  }

  /**
   * Throws the gateway's refusal. A call about no project (`projectId` empty) needs no credential and takes any
   * X-Project-Id: the official SDKs send one with every call.
   */
  admit(request: WireRequest, projectId: string, operation: string): void {
    const token = request.headers['x-auth-token'];
    if (token !== undefined) this.#admitToken(token, projectId, { operation, method: request.method });
    else if (request.headers.authorization !== undefined) this.#admitSignature(request, projectId);
    else if (projectId !== '') throw unauthenticated('neither a token nor a signature was sent');
    const header = request.headers['x-project-id'];
    if (projectId !== '' && header !== undefined && header !== projectId)
      throw new ApiError(403, 'APIGW.0310', 'The project in X-Project-Id is not that of the path.');
  }

  /** Undefined when the token is unknown, revoked or expired. */
  validToken(text: string): SimulatorToken | undefined {
    const token = this.#tokens.get(text);
    return token === undefined || this.#hasExpired(token) ? undefined : token;
  }

  issue(token: SimulatorToken): void {
    this.#tokens.set(token.token, token);
  }

  revoke(text: string): void {
    this.#tokens.delete(text);
  }

  #admitToken(text: string, projectId: string, asked: { readonly operation: string; readonly method: string }): void {
    const token = this.#tokens.get(text);
    if (token === undefined) throw unauthenticated('decrypt token fail');
    if (this.#hasExpired(token)) throw new ApiError(401, 'APIGW.0307', 'The token must be updated.');
    if (projectId !== '' && (token.projectId !== projectId || token.domainScoped === true))
      throw new ApiError(403, 'APIGW.0302', 'The token is not scoped to this project.');
    if (!isPermitted(token, asked)) throw new ApiError(403, 'EndPoint.0004', 'Policy does not allow this operation.');
  }

  #hasExpired({ expiresAt }: SimulatorToken): boolean {
    return expiresAt !== undefined && expiresAt <= this.#clock.now();
  }

  #admitSignature(request: WireRequest, projectId: string): void {
    const now = this.#clock.now();
    const verdict = checkSignature(request, (ak) => this.#credentials.get(ak), now);
    const ak = verdict.kind === 'ok' ? verdict.credential.ak : verdict.ak;
    if (ak !== null && now < (this.#lockedUntil.get(ak) ?? 0)) throw unauthenticated('the access key is locked');
    if (verdict.kind === 'mismatch' && ak !== null) this.#countBad(ak, now);
    if (verdict.kind !== 'ok') throw unauthenticated(verdict.reason);
    this.#bad.delete(verdict.credential.ak);
    const { projectIds = [this.#projectId] } = verdict.credential;
    if (projectId !== '' && !projectIds.includes(projectId)) {
      throw new ApiError(403, 'APIGW.0310', 'The access key must not be used for this project.');
    }
  }

  #countBad(ak: string, now: number): void {
    const count = (this.#bad.get(ak) ?? 0) + 1;
    this.#bad.set(ak, count);
    if (count <= BAD_IN_A_ROW) return;
    this.#lockedUntil.set(ak, now + LOCK_MS);
    this.#bad.delete(ak);
  }
}

/** What IAM's policies say. A role that only reads may also search by tags, which is a POST. */
function isPermitted(
  { roles = [], denies = [] }: SimulatorToken,
  { operation, method }: { readonly operation: string; readonly method: string },
): boolean {
  const onlyReads = roles.length > 0 && roles.every((role) => role === 'readonly');
  const isRead = method === 'GET' || operation === 'ListResourceInstances';
  return !denies.includes(operation) && (isRead || !onlyReads);
}
