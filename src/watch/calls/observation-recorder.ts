import { encodeCursor } from '../../events/cursor.ts';
import type { CommitRequest, CommitResult, EventLog, Fields, Observation, Position } from '../../events/event-log.ts';
import type { Logger } from '../../observability/logger.ts';
import { UpstreamError } from '../../vpcep/errors/upstream-error.ts';
import type { SharedCalls } from '../../vpcep/transport/shared-calls.ts';
import type { CallOptions } from '../../vpcep/transport/transport.ts';
import type { Watchers } from '../poll/watchers.ts';
import { isNotFound, observed } from '../reads.ts';
import { canonicalId, DELETING, type ResourceSet } from '../resource.ts';
import type { CreationWatch } from './creation-watch.ts';

export interface ObservationRecorderDeps {
  readonly log: EventLog;
  readonly watchers: Watchers;
  readonly creations: CreationWatch;
  /** The reads in flight, which the writes of the upstream client end. */
  readonly shared: SharedCalls;
  readonly versionFloor: (log: string) => number;
  readonly logger: Logger;
  readonly nowMs: () => number;
}

/** An answer, and the cursor just before what it has shown: a feed that resumes there starts with it. */
export interface Recorded<Answer> {
  readonly answer: Answer;
  readonly statusCursor: string;
}

/** Transitions that a new resource can have had before it is adopted, with room to spare. */
const FIRST_STEPS = 20;

/** Records what the answers of calls show in the event log. A call is answered even when the log is unavailable. */
export class ObservationRecorder {
  readonly #deps: ObservationRecorderDeps;

  constructor(deps: ObservationRecorderDeps) {
    this.#deps = deps;
  }

  /** A call that creates a resource, which is then followed until it settles. */
  async create<Answer>(
    set: ResourceSet,
    send: () => Promise<Answer>,
    observe: (answer: Answer) => Observation,
  ): Promise<Recorded<Answer>> {
    // Nothing older can have been recorded of what is about to be created.
    const asOf = await this.#orOwn(this.#deps.log.recently());
    let answer: Answer;
    try {
      answer = await send();
    } catch (error) {
      return this.wakeIfUnknown(set, error);
    }
    return { answer, statusCursor: await this.#recordNew(set, asOf, observe(answer)) };
  }

  /** Reads what a creation without an answer has made, and records it as `create` would have. */
  async adopt<Answer>(
    set: ResourceSet,
    read: () => Promise<Answer>,
    observe: (answer: Answer) => Observation,
  ): Promise<Recorded<Answer>> {
    const asOf = await this.asOf();
    const answer = await read();
    return { answer, statusCursor: await this.#recordNew(set, asOf, observe(answer)) };
  }

  /**
   * A call that deletes. Its answer has no body: that it was taken means `deleting` (docs/upstream/NOTES.md, "Endpoint
   * status", "Endpoint service and connection status").
   * @param lastFields is called after it
   */
  async remove(
    set: ResourceSet,
    givenId: string,
    send: () => Promise<void>,
    lastFields: () => Promise<Fields>,
  ): Promise<Recorded<Observation>> {
    const id = canonicalId(givenId);
    const { asOf, position } = await this.before(set);
    await send().catch((error: unknown) => this.wakeIfUnknown(set, error));
    const answer = { id, status: DELETING, fields: await lastFields() };
    const recorded = await this.record(set, asOf, answer);
    this.#deps.watchers.wake(set);
    return { answer, statusCursor: position === null ? recorded : cursorBefore(position) };
  }

  /**
   * A read, recorded while its set is watched: without subscribers it costs no round trip to the log. Shared here and not by
   * the client below: what is shared must include the time that is taken before the request.
   * @param key all that makes two reads of one caller equal, besides the set
   */
  async read<Answer>(
    set: ResourceSet,
    key: string,
    options: CallOptions,
    { source, send, observe }: ReadCall<Answer>,
  ): Promise<Answer> {
    return await this.#deps.shared.run(set.projectId, `${set.log} ${key}`, options, async (own) => {
      const asOf = this.#deps.watchers.isWatched(set) ? await this.#deps.log.now().catch(() => null) : null;
      try {
        const answer = await send(own);
        if (asOf !== null) await this.commit(set, observed(asOf, source, observe(answer)));
        return answer;
      } catch (error) {
        if (asOf !== null && isNotFound(error)) this.#deps.watchers.wake(set);
        throw error;
      }
    });
  }

  /** The time of an observation, microseconds: taken before its request is sent. */
  asOf(): Promise<number> {
    return this.#orOwn(this.#deps.log.now());
  }

  /** Before a write: a poll can show what it does before its answer is recorded. Position null: there is no log, or none now. */
  async before({ log: name }: ResourceSet): Promise<{ readonly asOf: number; readonly position: Position | null }> {
    const [asOf, position] = await Promise.all([this.asOf(), this.#deps.log.position(name).catch(() => null)]);
    return { asOf, position };
  }

  /** The cursor just before what this call has shown. */
  async record(set: ResourceSet, asOf: number, observation: Observation): Promise<string> {
    return cursorBefore((await this.#commitOne(set, asOf, observation))?.before ?? null);
  }

  /** The cursor just before the first sight of it, which a poll can have had before this call was answered. */
  async #recordNew(set: ResourceSet, asOf: number, observation: Observation): Promise<string> {
    const result = await this.#commitOne(set, asOf, observation);
    this.#deps.creations.watch(set, observation);
    const isFirst = result === null || result.transitions[0]?.firstSight === true;
    const earlier = isFirst ? null : await this.#beforeFirstSight(set, observation.id);
    return earlier ?? cursorBefore(result?.before ?? null);
  }

  #commitOne(set: ResourceSet, asOf: number, observation: Observation): Promise<CommitResult | null> {
    return this.commit(set, { asOf, observations: [observation], source: 'read', firstSight: 'transition' });
  }

  /** Null when the log is unavailable: the call itself was done and is answered; its cursor then leads to a RESYNC. */
  async commit({ log: name, projectId }: ResourceSet, request: CommitRequest): Promise<CommitResult | null> {
    const { log, versionFloor, logger } = this.#deps;
    try {
      return await log.commit(name, { ...request, versionFloor: versionFloor(name) });
    } catch (error) {
      logger.warn({ project: projectId, reason: String(error) }, 'an answer could not be recorded in the event log');
      return null;
    }
  }

  /** The fields that the log has; null: none, or it is unavailable. */
  async stored(set: ResourceSet, id: string): Promise<Observation | null> {
    try {
      return (await this.#deps.log.state(set.log, [id])).states[0] ?? null;
    } catch {
      return null;
    }
  }

  wake(set: ResourceSet): void {
    this.#deps.watchers.wake(set);
  }

  wakeIfUnknown(set: ResourceSet, error: unknown): never {
    if (error instanceof UpstreamError && error.outcome === 'unknown') this.wake(set);
    throw error;
  }

  async #orOwn(time: Promise<number>): Promise<number> {
    try {
      return await time;
    } catch {
      return this.#deps.nowMs() * 1000;
    }
  }

  /** A poll may have seen it before it was adopted. Null when the log does not have the first sight. */
  async #beforeFirstSight(set: ResourceSet, id: string): Promise<string | null> {
    try {
      const { position, entries } = await this.#deps.log.history(set.log, [id], FIRST_STEPS);
      const [first] = entries;
      if (position === null || first?.previousStatus !== null) return null;
      return encodeCursor({ kind: 'after', epoch: position.epoch, seq: first.seq - 1 });
    } catch {
      return null;
    }
  }
}

export interface ReadCall<Answer> {
  readonly source: CommitRequest['source'];
  readonly send: (own: CallOptions) => Promise<Answer>;
  readonly observe: (answer: Answer) => readonly Observation[];
}

export function cursorBefore(position: Position | null): string {
  return encodeCursor(position === null ? { kind: 'restart' } : { kind: 'after', ...position });
}
