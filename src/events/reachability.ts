import { setTimeout as delay } from 'node:timers/promises';

export interface ReachabilityOptions {
  /** Rejects while the log cannot be used. Made in the project whose step has failed last. */
  readonly probe: (project: string) => Promise<unknown>;
  /** Milliseconds for which it may be away without consequences. */
  readonly graceMs: number;
  /** Milliseconds between two probes, on average. */
  readonly probeMs: number;
  /** It has been away for longer than that. */
  readonly onAway: () => void;
  /** It answers again. Rejects when that did not last. */
  readonly onBack: () => Promise<void>;
}

/** Whether the shared log can be used: doubted after a failure, probed from then on, away when that does not help. */
export class Reachability {
  readonly #options: ReachabilityOptions;
  readonly #closing = new AbortController();
  #project = '';
  #probing = false;
  #doubted = false;
  #grace: NodeJS.Timeout | undefined;
  #away = false;

  constructor(options: ReachabilityOptions) {
    this.#options = options;
  }

  get away(): boolean {
    return this.#away;
  }

  /** True from the first failure until a probe has been answered. */
  get doubtful(): boolean {
    return this.#probing;
  }

  get timers(): number {
    return this.#probing ? 1 : 0;
  }

  /** A step has failed, or a connection was lost. */
  doubt(project = this.#project): void {
    if (this.#closing.signal.aborted) return;
    this.#project = project;
    this.#doubted = true;
    if (this.#probing) return;
    this.#probing = true;
    void this.#probe();
  }

  close(): void {
    this.#closing.abort();
    clearTimeout(this.#grace);
  }

  async #probe(): Promise<void> {
    const { probe, onBack } = this.#options;
    while (this.#doubted && !this.#closing.signal.aborted) {
      this.#startGrace();
      await this.#pause();
      // What fails from here on says more than this probe.
      this.#doubted = false;
      try {
        await probe(this.#project);
        clearTimeout(this.#grace);
        this.#grace = undefined;
        this.#away = false;
        await onBack();
      } catch {
        this.#doubted = true;
      }
    }
    this.#probing = false;
  }

  /** A frozen server answers nothing at all, so the time runs beside the probes. */
  #startGrace(): void {
    if (this.#away || this.#grace !== undefined) return;
    this.#grace = setTimeout(() => {
      this.#grace = undefined;
      this.#away = true;
      this.#options.onAway();
    }, this.#options.graceMs);
    this.#grace.unref();
  }

  /** With jitter, so that not all replicas come back in the same moment. */
  async #pause(): Promise<void> {
    const { probeMs } = this.#options;
    const ms = probeMs * (0.5 + Math.random());
    await delay(ms, undefined, { signal: this.#closing.signal, ref: false }).catch(() => {});
  }
}
