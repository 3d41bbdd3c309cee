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
  /** Called at most once. */
  readonly onEnd: () => void;
}

/**
 * The time after the last subscriber. It ends as soon as everything that was followed is settled, which the log knows,
 * because any replica may be the one that polls.
 * @returns ends it early, without a call of `onEnd`
 */
export function linger({ log, logger, projectId, endpointIds, maxMs, onEnd }: LingerOptions): () => void {
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
    const leave = await log.listen(projectId, ({ kind }) => {
      if (kind !== 'lease') check().catch(report);
    });
    if (over.signal.aborted) leave();
    else over.signal.addEventListener('abort', leave);
  };
  const check = async (): Promise<void> => {
    if (over.signal.aborted) return;
    const { baseline, endpoints } = await log.state(projectId, endpointIds);
    // An endpoint that the log does not hold is not known to be settled; before the baseline it lacks some.
    const isComplete = endpointIds === undefined ? baseline : endpoints.length === endpointIds.length;
    if (isComplete && endpoints.every(({ status }) => isSettled(status))) end();
  };
  /** While the log is unavailable nothing is known, and the timer remains. */
  const report = (error: unknown): void => {
    if (error instanceof EventLogUnavailableError) return;
    logger.error({ project: projectId, err: error }, 'a project without subscribers could not be checked');
  };
  listen().catch(report).then(check).catch(report);
  return () => over.abort();
}
