/**
 * How many calls the gateway makes: for each project and class of calls a budget that all replicas share, and a pause for
 * everybody when upstream throttles (docs/decisions/0011-upstream-budget.md).
 */

import { type Sleep, sleep } from '../../shared/clock.ts';
import { UpstreamError } from '../errors/upstream-error.ts';
import { CALL_CLASSES, type CallClass } from '../http/request.ts';
import { BudgetLimiters, type BudgetLimitersOptions } from './budget-limiters.ts';
import { nextPause, type Pause } from './budget-pause.ts';
import { LONGEST_WAIT_MS, lineShapeOf, windowOf } from './budget-rates.ts';
import { type TakeLimits, TokenLine } from './token-line.ts';

export interface UpstreamBudgetOptions extends BudgetLimitersOptions {
  /** A call had to wait for its token, or did not get one. */
  readonly onShort: (callClass: CallClass, what: 'waited' | 'refused') => void;
  readonly sleep?: Sleep;
}

export class UpstreamBudget {
  readonly #options: UpstreamBudgetOptions;
  readonly #limiters: BudgetLimiters;
  readonly #lines = new Map<string, TokenLine>();
  readonly #pauses = new Map<string, Pause>();

  constructor(options: UpstreamBudgetOptions) {
    this.#options = options;
    this.#limiters = new BudgetLimiters(options);
  }

  /**
   * Resolves when one attempt may be made. A caller waits in line, 2 s at most; a poll does not wait.
   * @throws UpstreamError `not_sent`: `throttled` with `retryAfterSeconds`, or `connection` when the caller has gone.
   */
  async take(projectId: string, callClass: CallClass, { waitMs, signal }: TakeLimits): Promise<void> {
    const { onShort } = this.#options;
    const limits = { waitMs: callClass === 'poll' ? 0 : Math.min(waitMs, LONGEST_WAIT_MS), signal };
    try {
      if (await this.#line(projectId, callClass).take(limits)) onShort(callClass, 'waited');
    } catch (error) {
      if (error instanceof UpstreamError && error.kind === 'throttled') onShort(callClass, 'refused');
      throw error;
    }
  }

  /**
   * Upstream has throttled a call: everybody pauses, other replicas from their next call on.
   * @returns the whole seconds after which calls of this class go on.
   */
  async throttled(projectId: string, callClass: CallClass, failure: UpstreamError): Promise<number> {
    const sides: readonly Side[] = isServiceWide(failure) ? ['read', 'write'] : [sideOf(callClass)];
    await Promise.all(sides.map((side) => this.#pause(projectId, side, failure.retryAfterSeconds)));
    const untilMs = this.#pauses.get(nameOf(projectId, sideOf(callClass)))?.untilMs ?? 0;
    return Math.ceil(Math.max(0, untilMs - this.#options.clock.elapsed()) / 1000) + laterSeconds(callClass);
  }

  async #pause(projectId: string, side: Side, retryAfterSeconds: number | undefined): Promise<void> {
    const name = nameOf(projectId, side);
    const pause = nextPause(this.#pauses.get(name), this.#options.clock.elapsed(), retryAfterSeconds);
    if (pause === undefined) return;
    this.#pauses.set(name, pause);
    const held = CALL_CLASSES.filter((callClass) => sideOf(callClass) === side);
    for (const callClass of held) this.#lines.get(nameOf(projectId, callClass))?.forgetStock();
    await Promise.all(
      held.map((callClass) => this.#limiters.block(projectId, callClass, pause.seconds + laterSeconds(callClass))),
    );
  }

  #line(projectId: string, callClass: CallClass): TokenLine {
    const name = nameOf(projectId, callClass);
    let line = this.#lines.get(name);
    if (line === undefined) {
      const { rates, clock } = this.#options;
      line = new TokenLine({
        shape: lineShapeOf(callClass, windowOf(callClass, rates[callClass])),
        fetch: (count) => this.#limiters.take(projectId, callClass, count),
        clock,
        sleep: this.#options.sleep ?? sleep,
      });
      this.#lines.set(name, line);
    }
    return line;
  }
}

/** Upstream's gateway limits each API: a write that is throttled says nothing of reads, but reads and polls are alike. */
type Side = 'read' | 'write';

function sideOf(callClass: CallClass): Side {
  return callClass === 'write' ? 'write' : 'read';
}

/** Users go first when a pause ends. */
function laterSeconds(callClass: CallClass): number {
  return callClass === 'poll' ? 1 : 0;
}

/** `EndPoint.0022` is the service itself: it has had enough of everything. */
function isServiceWide({ code }: UpstreamError): boolean {
  return code?.toLowerCase() === 'endpoint.0022';
}

function nameOf(projectId: string, what: CallClass | Side): string {
  return `${projectId}\n${what}`;
}
