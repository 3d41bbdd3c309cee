import { CLAIM_MS, type ClaimCall, type CreateClaims, OPEN_MS, type TakeStep } from './claims.ts';

interface Claim {
  readonly call: string;
  readonly expiresAt: number;
}

/** The claims of one process. The same rules in Lua: redis-claims.ts. */
export class MemoryClaims implements CreateClaims {
  readonly #now: () => number;
  /** By project and structure: call → when it no longer counts. */
  readonly #open = new Map<string, Map<string, number>>();
  /** By project and resource, oldest first. */
  readonly #claims = new Map<string, Claim>();

  /** @param now milliseconds since 1970 */
  constructor(now: () => number = Date.now) {
    this.#now = now;
  }

  async open(call: ClaimCall): Promise<void> {
    this.#forgetLost();
    const name = `${call.projectId} ${call.structure}`;
    const calls = this.#open.get(name) ?? new Map<string, number>();
    this.#open.set(name, calls.set(call.call, this.#now() + OPEN_MS));
  }

  async close(call: ClaimCall, id: string | null): Promise<void> {
    const name = `${call.projectId} ${call.structure}`;
    const calls = this.#open.get(name);
    calls?.delete(call.call);
    if (calls?.size === 0) this.#open.delete(name);
    if (id !== null) this.#claim(call, id);
  }

  async take(call: ClaimCall, candidates: readonly string[]): Promise<TakeStep> {
    const others = this.#open.get(`${call.projectId} ${call.structure}`) ?? new Map<string, number>();
    for (const [other, expiresAt] of others) {
      if (other !== call.call && expiresAt > this.#now()) return { kind: 'busy' };
    }
    const left = candidates.filter((id) => {
      const claim = this.#claims.get(`${call.projectId} ${id}`);
      return claim === undefined || claim.call === call.call || claim.expiresAt <= this.#now();
    });
    const [id, ...more] = left;
    if (id === undefined || more.length > 0) return { kind: 'left', ids: left };
    await this.close(call, id);
    return { kind: 'taken', id };
  }

  /** Calls that never ended. There are as many as are on their way: few. */
  #forgetLost(): void {
    for (const [name, calls] of this.#open) {
      for (const [call, expiresAt] of calls) if (expiresAt <= this.#now()) calls.delete(call);
      if (calls.size === 0) this.#open.delete(name);
    }
  }

  #claim({ projectId, call }: ClaimCall, id: string): void {
    for (const [name, claim] of this.#claims) {
      if (claim.expiresAt > this.#now()) break;
      this.#claims.delete(name);
    }
    const name = `${projectId} ${id}`;
    this.#claims.delete(name);
    this.#claims.set(name, { call, expiresAt: this.#now() + CLAIM_MS });
  }
}
