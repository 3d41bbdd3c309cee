import type { EventLog } from '../../events/event-log.ts';
import type { Logger } from '../../observability/logger.ts';
import type { EndpointClient } from '../../vpcep/endpoint/client.ts';
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
import type { CallOptions } from '../../vpcep/transport/transport.ts';
import type { Watchers } from '../poll/watchers.ts';
import { ENDPOINTS, endpointsIn, observeEndpoint } from '../resources/watched-endpoints.ts';
import type { ListedEndpoints, RecordedEndpoint } from '../watch.ts';
import type { ObservationRecorder, Recorded } from './observation-recorder.ts';

/** What the watching side needs of the upstream client. */
export type EndpointUpstream = Pick<
  EndpointClient,
  'createEndpoint' | 'getEndpoint' | 'listEndpoints' | 'deleteEndpoint'
>;

export interface EndpointCallsDeps {
  readonly log: EventLog;
  readonly upstream: EndpointUpstream;
  readonly watchers: Watchers;
  readonly recorder: ObservationRecorder;
  readonly logger: Logger;
}

/** What the GraphQL layer uses besides creations. */
export type EndpointCalls = Pick<ObservedEndpoints, 'read' | 'list' | 'delete' | 'noteChange'>;

/** Upstream calls whose answers are observations, committed to the event log before they are returned. */
export class ObservedEndpoints {
  readonly #deps: EndpointCallsDeps;

  constructor(deps: EndpointCallsDeps) {
    this.#deps = deps;
  }

  async create(projectId: string, input: CreateEndpointInput, options: CallOptions): Promise<RecordedEndpoint> {
    const { recorder, upstream } = this.#deps;
    const send = () => upstream.createEndpoint(projectId, input, options);
    return complete(projectId, await recorder.create(endpointsIn(projectId), send, observeEndpoint));
  }

  /** Reads what a creation without an answer has made, and records it as `create` would have. */
  async adopt(projectId: string, endpointId: string, options: CallOptions): Promise<RecordedEndpoint> {
    const { recorder, upstream } = this.#deps;
    const read = () => upstream.getEndpoint(projectId, endpointId, carriedThrough(options));
    return complete(projectId, await recorder.adopt(endpointsIn(projectId), read, observeEndpoint));
  }

  /** Null when upstream says that it does not exist, or that the caller's own token must not read it. */
  async read(projectId: string, endpointId: string, options: CallOptions): Promise<VpcEndpoint | null> {
    const { recorder, upstream } = this.#deps;
    try {
      const answer = await recorder.read<EndpointAnswer>(endpointsIn(projectId), endpointId, options, {
        source: 'read',
        send: (own) => upstream.getEndpoint(projectId, endpointId, own),
        observe: (shown) => [observeEndpoint(shown)],
      });
      return completeEndpoint(answer, projectId);
    } catch (error) {
      if (isNothingToCaller(error)) return null;
      throw error;
    }
  }

  async list(projectId: string, query: ListEndpointsQuery, options: CallOptions): Promise<ListedEndpoints> {
    const { id, vpcId, endpointServiceName, limit, offset, sortKey, sortDir } = query;
    const key = JSON.stringify([id, vpcId, endpointServiceName, limit, offset, sortKey, sortDir]);
    const { endpoints, totalCount } = await this.#deps.recorder.read(endpointsIn(projectId), key, options, {
      source: 'list',
      send: (own) => this.#deps.upstream.listEndpoints(projectId, query, own),
      observe: (page) => page.endpoints.map(observeEndpoint),
    });
    return { endpoints: endpoints.map((answer) => completeEndpoint(answer, projectId)), totalCount };
  }

  /** `endpoint` is its last known state with the status `deleting`. */
  async delete(projectId: string, endpointId: string, options: CallOptions): Promise<RecordedEndpoint> {
    const { answer, statusCursor } = await this.#deps.recorder.remove(
      endpointsIn(projectId),
      endpointId,
      () => this.#deps.upstream.deleteEndpoint(projectId, endpointId, options),
      () => this.#lastFields(projectId, endpointId, options),
    );
    const { id, status: rawStatus, fields } = answer;
    return { endpoint: completeEndpoint({ id, rawStatus, fields }, projectId), statusCursor };
  }

  /**
   * Endpoints were changed from outside their project, such as by the owner of their service: polls those of these
   * projects that hold one of them. Returns at once and never fails.
   */
  noteChange(projectIds: readonly string[], endpointIds: readonly string[]): void {
    // A project that is watched here need not be configured: callers bring projects of their own.
    const watched = this.#deps.watchers.sets().flatMap(({ kind, projectId }) => (kind === ENDPOINTS ? projectId : []));
    for (const projectId of new Set([...projectIds, ...watched])) {
      this.#wakeIfKnown(projectId, endpointIds).catch((error: unknown) => {
        this.#deps.logger.debug({ project: projectId, reason: String(error) }, 'a change could not be announced');
      });
    }
  }

  /** No stored state means that no subscriber can be waiting. */
  async #wakeIfKnown(projectId: string, endpointIds: readonly string[]): Promise<void> {
    const set = endpointsIn(projectId);
    const { states } = await this.#deps.log.state(set.log, endpointIds);
    if (states.length > 0) this.#deps.watchers.wake(set);
  }

  /** The stored fields, else upstream's: the caller gets the object in full. */
  async #lastFields(projectId: string, endpointId: string, options: CallOptions): Promise<Partial<VpcEndpointFields>> {
    const stored = await this.#deps.recorder.stored(endpointsIn(projectId), endpointId);
    if (stored !== null) return stored.fields;
    try {
      return (await this.#deps.upstream.getEndpoint(projectId, endpointId, carriedThrough(options))).fields;
    } catch (error) {
      this.#deps.logger.debug(
        { project: projectId, reason: String(error) },
        'a deleted endpoint is answered without its fields',
      );
      return {};
    }
  }
}

function complete(projectId: string, { answer, statusCursor }: Recorded<EndpointAnswer>): RecordedEndpoint {
  return { endpoint: completeEndpoint(answer, projectId), statusCursor };
}
