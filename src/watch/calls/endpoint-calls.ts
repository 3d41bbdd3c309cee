import { encodeCursor } from '../../events/cursor.ts';
import type { EventLog } from '../../events/event-log.ts';
import type { Logger } from '../../observability/logger.ts';
import type {
  CreateEndpointInput,
  EndpointAnswer,
  ListEndpointsQuery,
  VpcEndpoint,
  VpcEndpointFields,
} from '../../vpcep/endpoint/model.ts';
import { completeEndpoint } from '../../vpcep/endpoint/view.ts';
import { isNothingToCaller } from '../../vpcep/errors/upstream-error.ts';
import { carriedThrough } from '../../vpcep/transport/caller.ts';
import type { SharedCalls } from '../../vpcep/transport/shared-calls.ts';
import type { CallOptions } from '../../vpcep/transport/transport.ts';
import type { Watchers } from '../poll/watchers.ts';
import type { EndpointCalls, ListedEndpoints, RecordedEndpoint } from '../watch.ts';
import { type EndpointUpstream, isNotFound, observed, toObservation } from '../watch-upstream.ts';
import type { CreationWatch } from './creation-watch.ts';
import { ObservationRecorder } from './observation-recorder.ts';

export interface EndpointCallsDeps {
  readonly log: EventLog;
  readonly upstream: EndpointUpstream;
  /** The reads in flight, which the writes of `upstream` end. */
  readonly shared: SharedCalls;
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
  readonly #recorder: ObservationRecorder;

  constructor(deps: EndpointCallsDeps) {
    this.#deps = deps;
    this.#recorder = new ObservationRecorder(deps);
  }

  async create(projectId: string, input: CreateEndpointInput, options: CallOptions): Promise<RecordedEndpoint> {
    const asOf = await this.#recorder.asOfNew();
    let answer: EndpointAnswer;
    try {
      answer = await this.#deps.upstream.createEndpoint(projectId, input, options);
    } catch (error) {
      return this.#recorder.wakeIfUnknown(projectId, error);
    }
    const statusCursor = await this.#recorder.record(projectId, asOf, toObservation(answer));
    this.#deps.creations.watch(projectId, answer);
    return { endpoint: completeEndpoint(answer, projectId), statusCursor };
  }

  /** Reads what a creation without an answer has made, and records it as `create` would have. */
  async adopt(projectId: string, endpointId: string, options: CallOptions): Promise<RecordedEndpoint> {
    const asOf = await this.#recorder.asOf();
    const answer = await this.#deps.upstream.getEndpoint(projectId, endpointId, carriedThrough(options));
    const recorded = await this.#recorder.record(projectId, asOf, toObservation(answer));
    this.#deps.creations.watch(projectId, answer);
    return {
      endpoint: completeEndpoint(answer, projectId),
      statusCursor: (await this.#beforeFirstSight(projectId, endpointId)) ?? recorded,
    };
  }

  /**
   * Shared here and not by the client below: what is shared must include `asOf`, which is taken before the request. Without
   * subscribers a read costs no round trip to the log.
   */
  read(projectId: string, endpointId: string, options: CallOptions): Promise<VpcEndpoint | null> {
    return this.#deps.shared.run(projectId, `read ${endpointId}`, options, (own) =>
      this.#read(projectId, endpointId, own),
    );
  }

  async #read(projectId: string, endpointId: string, options: CallOptions): Promise<VpcEndpoint | null> {
    const { upstream, watchers } = this.#deps;
    const asOf = watchers.isWatched(projectId) ? await this.#recorder.asOfOrNull() : null;
    try {
      const answer = await upstream.getEndpoint(projectId, endpointId, options);
      if (asOf !== null) await this.#recorder.commit(projectId, observed(asOf, 'read', [toObservation(answer)]));
      return completeEndpoint(answer, projectId);
    } catch (error) {
      if (!isNothingToCaller(error)) throw error;
      if (asOf !== null && isNotFound(error)) watchers.wake(projectId);
      return null;
    }
  }

  list(projectId: string, query: ListEndpointsQuery, options: CallOptions): Promise<ListedEndpoints> {
    const { id, vpcId, endpointServiceName, limit, offset, sortKey, sortDir } = query;
    const key = JSON.stringify([id, vpcId, endpointServiceName, limit, offset, sortKey, sortDir]);
    return this.#deps.shared.run(projectId, `list ${key}`, options, (own) => this.#list(projectId, query, own));
  }

  async #list(projectId: string, query: ListEndpointsQuery, options: CallOptions): Promise<ListedEndpoints> {
    const { upstream, watchers } = this.#deps;
    const asOf = watchers.isWatched(projectId) ? await this.#recorder.asOfOrNull() : null;
    const { endpoints, totalCount } = await upstream.listEndpoints(projectId, query, options);
    if (asOf !== null) {
      await this.#recorder.commit(projectId, observed(asOf, 'list', endpoints.map(toObservation)));
    }
    return { endpoints: endpoints.map((answer) => completeEndpoint(answer, projectId)), totalCount };
  }

  async delete(projectId: string, endpointId: string, options: CallOptions): Promise<RecordedEndpoint> {
    const asOf = await this.#recorder.asOf();
    await this.#deps.upstream
      .deleteEndpoint(projectId, endpointId, options)
      .catch((error: unknown) => this.#recorder.wakeIfUnknown(projectId, error));
    const fields = await this.#lastFields(projectId, endpointId, options);
    // The answer has no body: that it was taken means `deleting` (docs/upstream/NOTES.md, "Endpoint status").
    const answer = { id: endpointId, rawStatus: DELETING, fields };
    const statusCursor = await this.#recorder.record(projectId, asOf, toObservation(answer));
    this.#deps.watchers.wake(projectId);
    return { endpoint: completeEndpoint(answer, projectId), statusCursor };
  }

  noteChange(projectIds: readonly string[], endpointIds: readonly string[]): void {
    // A project that is watched here need not be configured: callers bring projects of their own.
    for (const projectId of new Set([...projectIds, ...this.#deps.watchers.projectIds()])) {
      this.#wakeIfKnown(projectId, endpointIds).catch((error: unknown) => {
        this.#deps.logger.debug({ project: projectId, reason: String(error) }, 'a change could not be announced');
      });
    }
  }

  /** No stored state means that no subscriber can be waiting. */
  async #wakeIfKnown(projectId: string, endpointIds: readonly string[]): Promise<void> {
    const { endpoints } = await this.#deps.log.state(projectId, endpointIds);
    if (endpoints.length > 0) this.#deps.watchers.wake(projectId);
  }

  /** The stored fields, else upstream's: the caller gets the object in full. */
  async #lastFields(projectId: string, endpointId: string, options: CallOptions): Promise<Partial<VpcEndpointFields>> {
    try {
      const [state] = (await this.#deps.log.state(projectId, [endpointId])).endpoints;
      if (state !== undefined) return state.fields as Partial<VpcEndpointFields>;
      return (await this.#deps.upstream.getEndpoint(projectId, endpointId, carriedThrough(options))).fields;
    } catch (error) {
      this.#deps.logger.debug(
        { project: projectId, reason: String(error) },
        'a deleted endpoint is answered without its fields',
      );
      return {};
    }
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
}
