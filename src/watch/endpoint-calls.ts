import { encodeCursor } from '../events/cursor.ts';
import type { CommitRequest, EventLog, Observation } from '../events/event-log.ts';
import type { Logger } from '../observability/logger.ts';
import { UpstreamError } from '../vpcep/errors.ts';
import {
  type CreateEndpointInput,
  completeEndpoint,
  type EndpointAnswer,
  type ListEndpointsQuery,
  type VpcEndpoint,
  type VpcEndpointFields,
} from '../vpcep/model.ts';
import type { CreationWatch } from './creation-watch.ts';
import { type EndpointUpstream, isNotFound, observed, toObservation } from './upstream.ts';
import type { CallOptions, EndpointCalls } from './watch.ts';
import type { Watchers } from './watchers.ts';

export interface EndpointCallsDeps {
  readonly log: EventLog;
  readonly upstream: EndpointUpstream;
  readonly watchers: Watchers;
  readonly creations: CreationWatch;
  readonly versionFloor: (projectId: string) => number;
  readonly logger: Logger;
  readonly nowMs: () => number;
}

const DELETING = 'deleting';
/** Transitions that a new endpoint can have had before it is adopted, with room to spare. */
const FIRST_STEPS = 20;

export class ObservedCalls implements EndpointCalls {
  readonly #deps: EndpointCallsDeps;

  constructor(deps: EndpointCallsDeps) {
    this.#deps = deps;
  }

  async create(
    projectId: string,
    input: CreateEndpointInput,
  ): Promise<{ readonly endpoint: VpcEndpoint; readonly statusCursor: string }> {
    const asOf = await this.#asOf();
    // Without the caller's signal: a creation that is on its way is carried through.
    const answer = await this.#deps.upstream
      .createEndpoint(projectId, input)
      .catch((error: unknown) => this.#wakeIfUnknown(projectId, error));
    const statusCursor = await this.#record(projectId, asOf, toObservation(answer));
    this.#deps.creations.watch(projectId, answer.id);
    return { endpoint: complete(answer, projectId), statusCursor };
  }

  /** What a creation without an answer has made, found again: as `create`, but the answer is a read. */
  async adopt(
    projectId: string,
    endpointId: string,
  ): Promise<{ readonly endpoint: VpcEndpoint; readonly statusCursor: string }> {
    const asOf = await this.#asOf();
    const answer = await this.#deps.upstream.getEndpoint(projectId, endpointId);
    const recorded = await this.#record(projectId, asOf, toObservation(answer));
    this.#deps.creations.watch(projectId, answer.id);
    return {
      endpoint: complete(answer, projectId),
      statusCursor: (await this.#beforeFirstSight(projectId, endpointId)) ?? recorded,
    };
  }

  async read(projectId: string, endpointId: string, options: CallOptions = {}): Promise<VpcEndpoint | null> {
    const asOf = await this.#asOfIfWatched(projectId);
    try {
      const answer = await this.#deps.upstream.getEndpoint(projectId, endpointId, options);
      if (asOf !== null) await this.#commit(projectId, observed(asOf, 'read', [toObservation(answer)]));
      return complete(answer, projectId);
    } catch (error) {
      if (!isNotFound(error)) throw error;
      if (asOf !== null) this.#deps.watchers.wake(projectId);
      return null;
    }
  }

  async list(
    projectId: string,
    query: ListEndpointsQuery,
    options: CallOptions = {},
  ): Promise<{ readonly endpoints: readonly VpcEndpoint[]; readonly totalCount: number }> {
    const asOf = await this.#asOfIfWatched(projectId);
    const page = await this.#deps.upstream.listEndpoints(projectId, query, options);
    if (asOf !== null) await this.#commit(projectId, observed(asOf, 'list', page.endpoints.map(toObservation)));
    return { endpoints: page.endpoints.map((answer) => complete(answer, projectId)), totalCount: page.totalCount };
  }

  async delete(
    projectId: string,
    endpointId: string,
  ): Promise<{ readonly endpoint: VpcEndpoint; readonly statusCursor: string }> {
    const asOf = await this.#asOf();
    await this.#deps.upstream
      .deleteEndpoint(projectId, endpointId)
      .catch((error: unknown) => this.#wakeIfUnknown(projectId, error));
    const fields = await this.#lastFields(projectId, endpointId);
    // The answer has no body: that it was taken means `deleting` (docs/upstream/NOTES.md, "Endpoint status").
    const answer = { id: endpointId, rawStatus: DELETING, fields };
    const statusCursor = await this.#record(projectId, asOf, toObservation(answer));
    this.#deps.watchers.wake(projectId);
    return { endpoint: complete(answer, projectId), statusCursor };
  }

  noteChange(projectIds: readonly string[], endpointIds: readonly string[]): void {
    for (const projectId of projectIds) {
      this.#wakeIfKnown(projectId, endpointIds).catch((error: unknown) => {
        this.#deps.logger.debug({ project: projectId, reason: String(error) }, 'a change could not be announced');
      });
    }
  }

  /** What nobody has ever seen, nobody waits for. */
  async #wakeIfKnown(projectId: string, endpointIds: readonly string[]): Promise<void> {
    const { endpoints } = await this.#deps.log.state(projectId, endpointIds);
    if (endpoints.length > 0) this.#deps.watchers.wake(projectId);
  }

  /** What is known of the endpoint; asked of upstream when nothing is, because the caller gets the object in full. */
  async #lastFields(projectId: string, endpointId: string): Promise<Partial<VpcEndpointFields>> {
    try {
      const [state] = (await this.#deps.log.state(projectId, [endpointId])).endpoints;
      if (state !== undefined) return state.fields as Partial<VpcEndpointFields>;
      return (await this.#deps.upstream.getEndpoint(projectId, endpointId)).fields;
    } catch (error) {
      this.#deps.logger.debug(
        { project: projectId, reason: String(error) },
        'a deleted endpoint is answered without its fields',
      );
      return {};
    }
  }

  /** The cursor just before what this call has shown. */
  async #record(projectId: string, asOf: number, observation: Observation): Promise<string> {
    const request = { ...observed(asOf, 'read', [observation]), firstSight: 'transition' as const };
    const before = await this.#commit(projectId, request);
    return encodeCursor(before === null ? { kind: 'restart' } : { kind: 'after', ...before });
  }

  /** A poll may have seen it before it was adopted. Null when the log does not have the first sight. */
  async #beforeFirstSight(projectId: string, endpointId: string): Promise<string | null> {
    try {
      const { position, entries } = await this.#deps.log.history(projectId, [endpointId], FIRST_STEPS);
      const [first] = entries;
      if (position === null || first?.previousStatus !== null) return null;
      return encodeCursor({ kind: 'after', epoch: position.epoch, seq: first.seq - 1 });
    } catch {
      return null;
    }
  }

  /** Null when the log is away: the call itself was done and is answered; its cursor then leads to a RESYNC. */
  async #commit(projectId: string, request: CommitRequest) {
    const { log, versionFloor, logger } = this.#deps;
    try {
      return (await log.commit(projectId, { ...request, versionFloor: versionFloor(projectId) })).before;
    } catch (error) {
      logger.warn({ project: projectId, reason: String(error) }, 'an answer could not be recorded in the event log');
      return null;
    }
  }

  async #asOf(): Promise<number> {
    return await this.#deps.log.now().catch(() => this.#deps.nowMs() * 1000);
  }

  /** Nobody follows: reading costs no round trip to the log. */
  async #asOfIfWatched(projectId: string): Promise<number | null> {
    return this.#deps.watchers.isWatched(projectId) ? await this.#deps.log.now().catch(() => null) : null;
  }

  #wakeIfUnknown(projectId: string, error: unknown): never {
    if (error instanceof UpstreamError && error.outcome === 'unknown') this.#deps.watchers.wake(projectId);
    throw error;
  }
}

function complete(answer: EndpointAnswer, projectId: string): VpcEndpoint {
  const endpoint = completeEndpoint(answer);
  return endpoint.projectId === null ? { ...endpoint, projectId } : endpoint;
}
