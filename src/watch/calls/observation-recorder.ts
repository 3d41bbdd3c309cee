import { encodeCursor } from '../../events/cursor.ts';
import type { CommitRequest, EventLog, Observation } from '../../events/event-log.ts';
import type { Logger } from '../../observability/logger.ts';
import { UpstreamError } from '../../vpcep/errors/upstream-error.ts';
import type { Watchers } from '../poll/watchers.ts';

export interface ObservationRecorderDeps {
  readonly log: EventLog;
  readonly watchers: Watchers;
  readonly versionFloor: (projectId: string) => number;
  readonly logger: Logger;
  readonly nowMs: () => number;
}

/** Records what the answers of calls show in the event log. A call is answered even when the log is unavailable. */
export class ObservationRecorder {
  readonly #deps: ObservationRecorderDeps;

  constructor(deps: ObservationRecorderDeps) {
    this.#deps = deps;
  }

  /** The time of an observation, microseconds: taken before its request is sent. */
  asOf(): Promise<number> {
    return this.#orOwn(this.#deps.log.now());
  }

  /** The same where nothing older can have been recorded: of what a call is about to create. */
  asOfNew(): Promise<number> {
    return this.#orOwn(this.#deps.log.recently());
  }

  async #orOwn(time: Promise<number>): Promise<number> {
    try {
      return await time;
    } catch {
      return this.#deps.nowMs() * 1000;
    }
  }

  /** Null when the log is unavailable: then nothing of a read is recorded. */
  asOfOrNull(): Promise<number | null> {
    return this.#deps.log.now().catch(() => null);
  }

  /** The cursor just before what this call has shown. */
  async record(projectId: string, asOf: number, observation: Observation): Promise<string> {
    const observations = [observation];
    const before = await this.commit(projectId, { asOf, observations, source: 'read', firstSight: 'transition' });
    return encodeCursor(before === null ? { kind: 'restart' } : { kind: 'after', ...before });
  }

  /** Null when the log is unavailable: the call itself was done and is answered; its cursor then leads to a RESYNC. */
  async commit(projectId: string, request: CommitRequest) {
    const { log, versionFloor, logger } = this.#deps;
    try {
      return (await log.commit(projectId, { ...request, versionFloor: versionFloor(projectId) })).before;
    } catch (error) {
      logger.warn({ project: projectId, reason: String(error) }, 'an answer could not be recorded in the event log');
      return null;
    }
  }

  wakeIfUnknown(projectId: string, error: unknown): never {
    if (error instanceof UpstreamError && error.outcome === 'unknown') this.#deps.watchers.wake(projectId);
    throw error;
  }
}
