/** Calls with equal keys share one promise while it is pending. */
export class SingleFlight<Value> {
  readonly #pending = new Map<string, Promise<Value>>();

  get size(): number {
    return this.#pending.size;
  }

  has(key: string): boolean {
    return this.#pending.has(key);
  }

  run(key: string, start: () => Promise<Value>): Promise<Value> {
    const pending = this.#pending.get(key);
    if (pending !== undefined) return pending;
    const started = start().finally(() => this.#pending.delete(key));
    this.#pending.set(key, started);
    return started;
  }
}
