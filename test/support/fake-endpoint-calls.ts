/** Upstream calls out of memory: what was asked is recorded, the next call can be made to fail or to wait. */

import type { CreationKey } from '../../src/create/creation.ts';
import type { EndpointCreations } from '../../src/create/endpoint-creations.ts';
import type { CancelSignal } from '../../src/shared/cancellation.ts';
import type { CreateEndpointInput, ListEndpointsQuery, VpcEndpoint } from '../../src/vpcep/endpoint/model.ts';
import { completeEndpoint } from '../../src/vpcep/endpoint/view.ts';
import type { CallOptions } from '../../src/vpcep/transport/transport.ts';
import type { EndpointCalls } from '../../src/watch/calls/endpoint-calls.ts';

export interface RecordedCall {
  readonly operation: 'create' | 'read' | 'list' | 'delete';
  readonly projectId: string;
  readonly argument: unknown;
  readonly signal: CancelSignal | undefined;
}

export class FakeEndpointCalls implements EndpointCalls, EndpointCreations {
  readonly calls: RecordedCall[] = [];
  readonly endpoints = new Map<string, VpcEndpoint>();
  #failure: unknown;
  #gate: Promise<void> | null = null;
  #arrived: (() => void)[] = [];

  /** The next call rejects with this. */
  failNext(error: unknown): void {
    this.#failure = error;
  }

  /** Calls wait until the returned function is called. */
  hold(): () => void {
    let release = (): void => {};
    this.#gate = new Promise((resolve) => {
      release = resolve;
    });
    return release;
  }

  /** Resolves when the next call has begun. */
  arrival(): Promise<void> {
    return new Promise((resolve) => this.#arrived.push(resolve));
  }

  add(id: string, rawStatus = 'accepted', fields: Partial<VpcEndpoint> = {}): VpcEndpoint {
    const endpoint = completeEndpoint({ id, rawStatus, fields }, 'project-1');
    this.endpoints.set(id, endpoint);
    return endpoint;
  }

  async create(projectId: string, input: CreateEndpointInput, _key: CreationKey, options: CallOptions) {
    await this.#begin({ operation: 'create', projectId, argument: input, signal: options.signal });
    const { policyStatement: _, ...fields } = input;
    const endpoint = this.add(`endpoint-${this.calls.length}`, 'creating', fields);
    return { endpoint: { ...endpoint, projectId }, statusCursor: 'cursor-before-create', replayed: false };
  }

  async read(projectId: string, endpointId: string, options: CallOptions) {
    await this.#begin({ operation: 'read', projectId, argument: endpointId, signal: options.signal });
    const found = this.endpoints.get(endpointId);
    return found === undefined ? null : { ...found, projectId };
  }

  async list(projectId: string, query: ListEndpointsQuery, options: CallOptions) {
    await this.#begin({ operation: 'list', projectId, argument: query, signal: options.signal });
    const all = [...this.endpoints.values()].map((endpoint) => ({ ...endpoint, projectId }));
    const offset = query.offset ?? 0;
    return { endpoints: all.slice(offset, offset + (query.limit ?? 10)), totalCount: all.length };
  }

  async delete(projectId: string, endpointId: string, options: CallOptions) {
    await this.#begin({ operation: 'delete', projectId, argument: endpointId, signal: options.signal });
    const endpoint = { ...this.add(endpointId, 'deleting'), projectId };
    return { endpoint, statusCursor: 'cursor-before-delete' };
  }

  noteChange(): void {}

  async #begin(call: RecordedCall): Promise<void> {
    this.calls.push(call);
    for (const resolve of this.#arrived.splice(0)) {
      resolve();
    }
    const failure = this.#failure;
    this.#failure = undefined;
    if (failure !== undefined) {
      throw failure;
    }
    await this.#gate;
  }
}
