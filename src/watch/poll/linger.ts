import { type EventLog, EventLogUnavailableError } from '../../events/event-log.ts';
import type { Logger } from '../../observability/logger.ts';
import { isSettled, type ResourceSet } from '../resource.ts';

export interface LingerOptions {
  readonly log: Pick<EventLog, 'listen' | 'state'>;
  readonly logger: Logger;
  readonly set: ResourceSet;
  /** What the last subscriber followed; undefined: everything. */
  readonly ids: readonly string[] | undefined;
  /** Milliseconds after which it ends in any case. */
  readonly maxMs: number;
  /** Called at most once. */
  readonly onEnd: () => void;
}

/**
 * The time after the last subscriber. It ends as soon as everything that was followed is settled, which the log knows,
 * because any replica may be the one that polls.
 * @returns ends it early, without a call of `onEnd`
 */
export function linger({ log, logger, set, ids, maxMs, onEnd }: LingerOptions): () => void {
  const over = new AbortController();
  const end = (): void => {
    if (over.signal.aborted) return;
    over.abort();
    onEnd();
  };
  const timer = setTimeout(end, maxMs);
  timer.unref();
  over.signal.addEventListener('abort', () => clearTimeout(timer));

  const listen = async (): Promise<void> => {
    const leave = await log.listen(set.log, ({ kind }) => {
      if (kind !== 'lease') check().catch(report);
    });
    if (over.signal.aborted) leave();
    else over.signal.addEventListener('abort', leave);
  };
  const check = async (): Promise<void> => {
    if (over.signal.aborted) return;
    const { baseline, states } = await log.state(set.log, ids);
    // A resource that the log does not hold is not known to be settled; before the baseline it lacks some.
    const isComplete = ids === undefined ? baseline : states.length === ids.length;
    if (isComplete && states.every(({ status }) => isSettled(set, status))) end();
  };
  /** While the log is unavailable nothing is known, and the timer remains. */
  const report = (error: unknown): void => {
    if (error instanceof EventLogUnavailableError) return;
    logger.error({ log: set.log, err: error }, 'a set without subscribers could not be checked');
  };
  listen().catch(report).then(check).catch(report);
  return () => over.abort();
}
