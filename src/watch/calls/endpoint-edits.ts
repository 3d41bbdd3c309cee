import type { Logger } from '../../observability/logger.ts';
import type { EndpointClient } from '../../vpcep/endpoint/client.ts';
import type {
  EndpointAnswer,
  PolicyChange,
  RouteTableFailure,
  VpcEndpoint,
  WhitelistChange,
} from '../../vpcep/endpoint/model.ts';
import { completeEndpoint, plainEndpoint } from '../../vpcep/endpoint/view.ts';
import { carriedThrough } from '../../vpcep/transport/caller.ts';
import type { CallOptions } from '../../vpcep/transport/transport.ts';
import { endpointsIn, observeEndpoint } from '../resources/watched-endpoints.ts';
import type { RecordedEndpoint } from '../watch.ts';
import { cursorBefore, type ObservationRecorder } from './observation-recorder.ts';

export interface EndpointEditsDeps {
  readonly upstream: EndpointClient;
  readonly recorder: ObservationRecorder;
  readonly logger: Logger;
}

interface Sent {
  /** Taken before the write. */
  readonly asOf: number;
  readonly options: CallOptions;
}

interface Written extends Sent {
  /** What the write says of the endpoint. */
  readonly answer: EndpointAnswer | null;
}

export type EndpointEdits = Pick<ObservedEdits, keyof ObservedEdits>;

/**
 * Changes of an endpoint, each followed by a read, because the answers to the writes are partial or empty. `before` is
 * what the caller has read: it is the fallback when the read after the write fails, because the write has been done.
 * Every method throws UpstreamError.
 */
export class ObservedEdits {
  readonly #deps: EndpointEditsDeps;

  constructor(deps: EndpointEditsDeps) {
    this.#deps = deps;
  }

  async updateWhitelist(
    projectId: string,
    endpointId: string,
    change: WhitelistChange,
    before: VpcEndpoint | null,
    options: CallOptions,
  ): Promise<RecordedEndpoint> {
    const written = await this.#write(projectId, options, (upstream) =>
      upstream.updateWhitelist(projectId, endpointId, change, options),
    );
    return await this.#after(projectId, endpointId, written, before);
  }

  async updateRouteTables(
    projectId: string,
    endpointId: string,
    routeTables: readonly string[],
    before: VpcEndpoint | null,
    options: CallOptions,
  ): Promise<RecordedEndpoint & { readonly failures: readonly RouteTableFailure[] }> {
    const { answer, ...sent } = await this.#write(projectId, options, (upstream) =>
      upstream.updateRouteTables(projectId, endpointId, routeTables, options),
    );
    const known =
      before !== null && answer.routeTables !== null
        ? { ...plainEndpoint(before), routeTables: answer.routeTables }
        : before;
    const edited = await this.#after(projectId, endpointId, { ...sent, answer: null }, known);
    return { ...edited, failures: answer.failures };
  }

  async updatePolicy(
    projectId: string,
    endpointId: string,
    change: PolicyChange,
    before: VpcEndpoint | null,
    options: CallOptions,
  ): Promise<RecordedEndpoint> {
    const written = await this.#write(projectId, options, (upstream) =>
      upstream.updatePolicy(projectId, endpointId, change, options),
    );
    return await this.#after(projectId, endpointId, written, before);
  }

  async deletePolicy(projectId: string, endpointId: string, options: CallOptions): Promise<RecordedEndpoint> {
    const written = await this.#write(projectId, options, (upstream) =>
      upstream.deletePolicy(projectId, endpointId, options),
    );
    return await this.#after(projectId, endpointId, written, null);
  }

  async upgrade(projectId: string, endpointId: string, options: CallOptions): Promise<RecordedEndpoint> {
    const sent = await this.#write(projectId, options, (upstream) => upstream.upgrade(projectId, endpointId, options));
    const edited = await this.#after(projectId, endpointId, { ...sent, answer: null }, null);
    // The order is taken, not carried out: its end shows later.
    this.#deps.recorder.wake(endpointsIn(projectId));
    return edited;
  }

  async #write<Answer>(
    projectId: string,
    options: CallOptions,
    send: (upstream: EndpointClient) => Promise<Answer>,
  ): Promise<Sent & { readonly answer: Answer }> {
    const asOf = await this.#deps.recorder.asOf();
    const answer = await send(this.#deps.upstream).catch((error: unknown) =>
      this.#deps.recorder.wakeIfUnknown(endpointsIn(projectId), error),
    );
    return { asOf, options, answer };
  }

  async #after(
    projectId: string,
    endpointId: string,
    written: Written,
    before: VpcEndpoint | null,
  ): Promise<RecordedEndpoint> {
    const { upstream, logger } = this.#deps;
    try {
      const asOf = await this.#deps.recorder.asOf();
      const answer = await upstream.getEndpoint(projectId, endpointId, carriedThrough(written.options));
      const statusCursor = await this.#deps.recorder.record(endpointsIn(projectId), asOf, observeEndpoint(answer));
      return { endpoint: completeEndpoint(answer, projectId), statusCursor };
    } catch (error) {
      logger.debug({ project: projectId, reason: String(error) }, 'a changed endpoint could not be read again');
      return await this.#fallBack(projectId, endpointId, written, before);
    }
  }

  /** The change was made, so the caller gets what is known instead of an error. */
  async #fallBack(
    projectId: string,
    endpointId: string,
    { asOf, answer }: Written,
    before: VpcEndpoint | null,
  ): Promise<RecordedEndpoint> {
    const last = before ?? (await this.#lastKnown(projectId, endpointId));
    const fields = { ...(last && plainEndpoint(last)), ...answer?.fields };
    const rawStatus = answer?.rawStatus ?? last?.rawStatus ?? 'unknown';
    const statusCursor =
      answer === null
        ? cursorBefore(null)
        : await this.#deps.recorder.record(endpointsIn(projectId), asOf, observeEndpoint(answer));
    this.#deps.recorder.wake(endpointsIn(projectId));
    return { endpoint: completeEndpoint({ id: endpointId, rawStatus, fields }, projectId), statusCursor };
  }

  async #lastKnown(projectId: string, endpointId: string): Promise<VpcEndpoint | null> {
    const stored = await this.#deps.recorder.stored(endpointsIn(projectId), endpointId);
    if (stored === null) return null;
    return completeEndpoint({ id: endpointId, rawStatus: stored.status, fields: stored.fields }, projectId);
  }
}
