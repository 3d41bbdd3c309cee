/** An authenticator whose tokens a test issues, changes and withdraws. */
import {
  AuthenticationUnavailableError,
  type Authenticator,
  type Credentials,
  UnauthenticatedError,
} from '../../../src/auth/authenticator.ts';
import type { Identity, Right } from '../../../src/auth/identity.ts';

export interface Issued {
  readonly subject?: string;
  readonly projects?: readonly string[];
  readonly rights?: readonly Right[];
  /** Left out: it never ends. */
  readonly expiresAt?: number;
}

const WORD = /^Bearer (.+)$/;

export class TokenDesk implements Authenticator {
  readonly #identities = new Map<string, Identity>();
  readonly #tokens = new WeakMap<Identity, string>();
  /** Tokens that were re-validated, in order. */
  readonly looks: string[] = [];
  available = true;

  issue(token: string, given: Issued = {}): void {
    const { subject = 'ada', projects = ['project-1'], rights = ['read', 'write'], expiresAt = null } = given;
    const grants = new Map(projects.map((id) => [id, new Set(rights)]));
    const identity: Identity = { subject, projects: grants, expiresAt, token: null };
    this.#identities.set(token, identity);
    this.#tokens.set(identity, token);
  }

  withdraw(token: string): void {
    this.#identities.delete(token);
  }

  known(): undefined {}

  async authenticate({ headers, connectionParams }: Credentials): Promise<Identity> {
    this.#check();
    const value = connectionParams?.authorization ?? headers.authorization;
    return this.#find(typeof value === 'string' ? WORD.exec(value)?.[1] : undefined);
  }

  async revalidate(identity: Identity): Promise<Identity> {
    const token = this.#tokens.get(identity);
    this.looks.push(String(token));
    this.#check();
    return this.#find(token);
  }

  #check(): void {
    if (!this.available) throw new AuthenticationUnavailableError('the desk is closed');
  }

  #find(token: string | undefined): Identity {
    const identity = this.#identities.get(token ?? '');
    if (identity === undefined || (identity.expiresAt !== null && identity.expiresAt <= Date.now())) {
      throw new UnauthenticatedError('no such token');
    }
    return identity;
  }
}

export function bearer(token: string): { readonly authorization: string } {
  return { authorization: `Bearer ${token}` };
}
