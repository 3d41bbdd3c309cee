import { type EventLog, EventLogUnavailableError } from '../../events/event-log.ts';
import type { Logger } from '../../observability/logger.ts';
import { isSettled } from '../../vpcep/endpoint/model.ts';

export interface LingerOptions {
  readonly log: Pick<EventLog, 'listen' | 'state'>;
  readonly logger: Logger;
  readonly projectId: string;
  /** What the last subscriber followed; undefined: the whole project. */
  readonly endpointIds: readonly string[] | undefined;
  /** Milliseconds after which it ends in any case. */
  readonly maxMs: number;
  /** Called at most once, and never after `stop`. */
  readonly onEnd: () => void;
}

/** The time after the last subscriber. It ends as soon as everything that was followed is settled. */
export class Linger {
  readonly #options: LingerOptions;
  readonly #timer: NodeJS.Timeout;
  #leave: (() => void) | undefined;
  #isOver = false;

  constructor(options: LingerOptions) {
    this.#options = options;
    this.#timer = setTimeout(() => this.#end(), options.maxMs);
    this.#timer.unref();
    void this.#start();
  }

  stop(): void {
    this.#isOver = true;
    clearTimeout(this.#timer);
    this.#leave?.();
  }

  /** Any replica may be the one that polls, so the log says when something has settled. */
  async #start(): Promise<void> {
    const { log, projectId } = this.#options;
    await this.#unlessAway(async () => {
      const leave = await log.listen(projectId, (notification) => {
        if (notification.kind !== 'lease') void this.#look();
      });
      if (this.#isOver) leave();
      else this.#leave = leave;
    });
    await this.#look();
  }

  async #look(): Promise<void> {
    const { log, projectId, endpointIds } = this.#options;
    await this.#unlessAway(async () => {
      if (this.#isOver) return;
      const { baseline, endpoints } = await log.state(projectId, endpointIds);
      // An endpoint that the log does not hold is not known to be settled; before the baseline it lacks some.
      const isComplete = endpointIds === undefined ? baseline : endpoints.length === endpointIds.length;
      if (isComplete && endpoints.every(({ status }) => isSettled(status))) this.#end();
    });
  }

  /** While the log is away nothing is known, and the timer remains. */
  async #unlessAway(step: () => Promise<void>): Promise<void> {
    try {
      await step();
    } catch (error) {
      if (error instanceof EventLogUnavailableError) return;
      const { logger, projectId } = this.#options;
      logger.error({ project: projectId, err: error }, 'what is watched without subscribers could not be checked');
    }
  }

  #end(): void {
    if (this.#isOver) return;
    this.stop();
    this.#options.onEnd();
  }
}
