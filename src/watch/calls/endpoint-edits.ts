import { encodeCursor } from '../../events/cursor.ts';
import type { EventLog } from '../../events/event-log.ts';
import type { Logger } from '../../observability/logger.ts';
import type {
  EndpointAnswer,
  PolicyChange,
  RouteTableAnswer,
  RouteTableFailure,
  VpcEndpoint,
  WhitelistChange,
} from '../../vpcep/endpoint/model.ts';
import { type WriteOptions, writeOptions } from '../../vpcep/transport/caller.ts';
import type { Watchers } from '../poll/watchers.ts';
import { type EndpointUpstream, toObservation } from '../watch-upstream.ts';
import { complete, Recorder } from './observation-recorder.ts';

export interface EditedEndpoint {
  /** After the change, in full as far as it could be read. */
  readonly endpoint: VpcEndpoint;
  readonly statusCursor: string;
}

/**
 * Changes of an endpoint, each followed by a read: what the writes answer is partial, or nothing. `before` is what the
 * caller has read; it is fallen back to when the read after the write fails, for then the write has been done all the
 * same. Writes are carried through, whoever leaves. Every method throws UpstreamError.
 */
export interface EndpointEdits {
  updateWhitelist(
    projectId: string,
    endpointId: string,
    change: WhitelistChange,
    before: VpcEndpoint | null,
    options?: WriteOptions,
  ): Promise<EditedEndpoint>;
  updateRouteTables(
    projectId: string,
    endpointId: string,
    routeTables: readonly string[],
    before: VpcEndpoint | null,
    options?: WriteOptions,
  ): Promise<EditedEndpoint & { readonly failures: readonly RouteTableFailure[] }>;
  updatePolicy(
    projectId: string,
    endpointId: string,
    change: PolicyChange,
    before: VpcEndpoint | null,
    options?: WriteOptions,
  ): Promise<EditedEndpoint>;
  deletePolicy(projectId: string, endpointId: string, options?: WriteOptions): Promise<EditedEndpoint>;
  upgrade(projectId: string, endpointId: string, options?: WriteOptions): Promise<EditedEndpoint>;
}

export interface EndpointEditsDeps {
  readonly log: EventLog;
  readonly upstream: Pick<EndpointUpstream, 'getEndpoint'>;
  readonly edits: {
    updateWhitelist(
      projectId: string,
      id: string,
      change: WhitelistChange,
      options: WriteOptions,
    ): Promise<EndpointAnswer | null>;
    updateRouteTables(
      projectId: string,
      id: string,
      routeTables: readonly string[],
      options: WriteOptions,
    ): Promise<RouteTableAnswer>;
    updatePolicy(
      projectId: string,
      id: string,
      change: PolicyChange,
      options: WriteOptions,
    ): Promise<EndpointAnswer | null>;
    deletePolicy(projectId: string, id: string, options: WriteOptions): Promise<EndpointAnswer | null>;
    upgrade(projectId: string, id: string, options: WriteOptions): Promise<void>;
  };
  readonly watchers: Watchers;
  readonly versionFloor: (projectId: string) => number;
  readonly logger: Logger;
  readonly nowMs: () => number;
}

interface Sent {
  readonly asOf: number;
  readonly as: WriteOptions;
}

/** What a write says of the endpoint, when it was asked, and as whom. */
interface Written extends Sent {
  readonly answer: EndpointAnswer | null;
}

export class ObservedEdits implements EndpointEdits {
  readonly #deps: EndpointEditsDeps;
  readonly #recorder: Recorder;

  constructor(deps: EndpointEditsDeps) {
    this.#deps = deps;
    this.#recorder = new Recorder(deps);
  }

  async updateWhitelist(
    projectId: string,
    endpointId: string,
    change: WhitelistChange,
    before: VpcEndpoint | null,
    options: WriteOptions = {},
  ): Promise<EditedEndpoint> {
    const written = await this.#write(projectId, options, (edits, as) =>
      edits.updateWhitelist(projectId, endpointId, change, as),
    );
    return await this.#after(projectId, endpointId, written, before);
  }

  async updateRouteTables(
    projectId: string,
    endpointId: string,
    routeTables: readonly string[],
    before: VpcEndpoint | null,
    options: WriteOptions = {},
  ): Promise<EditedEndpoint & { readonly failures: readonly RouteTableFailure[] }> {
    const { answer, ...sent } = await this.#write(projectId, options, (edits, as) =>
      edits.updateRouteTables(projectId, endpointId, routeTables, as),
    );
    const known =
      before !== null && answer.routeTables !== null ? { ...before, routeTables: answer.routeTables } : before;
    const edited = await this.#after(projectId, endpointId, { ...sent, answer: null }, known);
    return { ...edited, failures: answer.failures };
  }

  async updatePolicy(
    projectId: string,
    endpointId: string,
    change: PolicyChange,
    before: VpcEndpoint | null,
    options: WriteOptions = {},
  ): Promise<EditedEndpoint> {
    const written = await this.#write(projectId, options, (edits, as) =>
      edits.updatePolicy(projectId, endpointId, change, as),
    );
    return await this.#after(projectId, endpointId, written, before);
  }

  async deletePolicy(projectId: string, endpointId: string, options: WriteOptions = {}): Promise<EditedEndpoint> {
    const written = await this.#write(projectId, options, (edits, as) => edits.deletePolicy(projectId, endpointId, as));
    return await this.#after(projectId, endpointId, written, null);
  }

  async upgrade(projectId: string, endpointId: string, options: WriteOptions = {}): Promise<EditedEndpoint> {
    const sent = await this.#write(projectId, options, (edits, as) => edits.upgrade(projectId, endpointId, as));
    const edited = await this.#after(projectId, endpointId, { ...sent, answer: null }, null);
    // The order is taken, not carried out: its end shows later.
    this.#deps.watchers.wake(projectId);
    return edited;
  }

  async #write<Answer>(
    projectId: string,
    options: WriteOptions,
    send: (edits: EndpointEditsDeps['edits'], as: WriteOptions) => Promise<Answer>,
  ): Promise<Sent & { readonly answer: Answer }> {
    const as = writeOptions(options);
    const asOf = await this.#recorder.asOf();
    const answer = await send(this.#deps.edits, as).catch((error: unknown) =>
      this.#recorder.wakeIfUnknown(projectId, error),
    );
    return { asOf, as, answer };
  }

  async #after(
    projectId: string,
    endpointId: string,
    written: Written,
    before: VpcEndpoint | null,
  ): Promise<EditedEndpoint> {
    const { upstream, logger } = this.#deps;
    try {
      const asOf = await this.#recorder.asOf();
      const answer = await upstream.getEndpoint(projectId, endpointId, written.as);
      const statusCursor = await this.#recorder.record(projectId, asOf, toObservation(answer));
      return { endpoint: complete(answer, projectId), statusCursor };
    } catch (error) {
      logger.debug({ project: projectId, reason: String(error) }, 'a changed endpoint could not be read again');
      return await this.#fallBack(projectId, endpointId, written, before);
    }
  }

  /** The change was made, so its caller gets what is known instead of an error. */
  async #fallBack(
    projectId: string,
    endpointId: string,
    { asOf, answer }: Written,
    before: VpcEndpoint | null,
  ): Promise<EditedEndpoint> {
    const last = before ?? (await this.#lastKnown(projectId, endpointId));
    const fields = { ...last, ...answer?.fields };
    const rawStatus = answer?.rawStatus ?? last?.rawStatus ?? 'unknown';
    const statusCursor =
      answer === null
        ? encodeCursor({ kind: 'restart' })
        : await this.#recorder.record(projectId, asOf, toObservation(answer));
    this.#deps.watchers.wake(projectId);
    return { endpoint: complete({ id: endpointId, rawStatus, fields }, projectId), statusCursor };
  }

  async #lastKnown(projectId: string, endpointId: string): Promise<VpcEndpoint | null> {
    try {
      const [state] = (await this.#deps.log.state(projectId, [endpointId])).endpoints;
      if (state === undefined) return null;
      return complete({ id: endpointId, rawStatus: state.status, fields: state.fields }, projectId);
    } catch {
      return null;
    }
  }
}
