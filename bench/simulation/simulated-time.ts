/**
 * Timers and the time of day as a simulation: an hour takes only the time of its work. All code of the process uses
 * these timers, so a simulation needs a process of its own.
 */
import { mock } from 'node:test';
import { setImmediate as turnOfTheLoop } from 'node:timers/promises';

/** Rounds of the event loop after each step: promises that a timer has woken go on until they wait for the next one. */
const ROUNDS = 2;

export class SimulatedTime {
  readonly #stepMs: number;
  #ms = 0;

  /** @param stepMs what happens within a step happens at its end */
  constructor(stepMs: number) {
    this.#stepMs = stepMs;
    mock.timers.enable({ apis: ['setTimeout', 'setInterval', 'Date'], now: Date.UTC(2026, 0, 1) });
  }

  /** Milliseconds since the simulation began. */
  readonly nowMs = (): number => this.#ms;

  async advance(ms: number): Promise<void> {
    for (const end = this.#ms + ms; this.#ms < end; ) {
      this.#ms += this.#stepMs;
      mock.timers.tick(this.#stepMs);
      for (let round = 0; round < ROUNDS; round += 1) await turnOfTheLoop();
    }
  }

  end(): void {
    mock.timers.reset();
  }
}
