/** One method per VPCEP operation that the gateway uses (schema/vpcep.openapi.yaml); upstream's words stay in here. */
import type { UpstreamAnswer, UpstreamRequest } from './attempt.ts';
import { createEndpointBody, listEndpointsQuery } from './endpoint-request.ts';
import { UpstreamError } from './errors.ts';
import type { CreateEndpointInput, EndpointAnswer, EndpointPage, ListEndpointsQuery } from './model.ts';
import { parseEndpoint, parseEndpointPage } from './parse.ts';
import type { Transport, TransportCallOptions } from './transport.ts';

export interface AnswerNote {
  readonly operation: string;
  readonly status: number;
  /** Upstream's `X-Request-Id`, for logs. A failed call has it on its UpstreamError. */
  readonly requestId: string | undefined;
  /** List rows that could not be read. */
  readonly skipped: number;
}

export interface UpstreamCallOptions extends TransportCallOptions {
  /** Told about each successful answer, just before the method resolves. */
  readonly onAnswer?: (note: AnswerNote) => void;
}

export interface VpcepClientOptions {
  readonly transport: Transport;
}

/** Every method throws UpstreamError. */
export class VpcepClient {
  readonly #transport: Transport;

  constructor({ transport }: VpcepClientOptions) {
    this.#transport = transport;
  }

  /** CreateEndpoint: not idempotent; building takes a minute or two after the answer. */
  async createEndpoint(
    projectId: string,
    input: CreateEndpointInput,
    options: UpstreamCallOptions = {},
  ): Promise<EndpointAnswer> {
    const body = Buffer.from(JSON.stringify(createEndpointBody(input)));
    const request = {
      operation: 'CreateEndpoint',
      method: 'POST',
      projectId,
      segments: endpoints(projectId),
      body,
    } as const;
    const answer = await this.#call(request, options);
    const endpoint = parseEndpoint(answer.text, 'create', { ...answer, method: 'POST' });
    note(request, answer, options);
    return endpoint;
  }

  /** ListEndpointInfoDetails. An endpoint that is gone is an UpstreamError `not_found`. */
  async getEndpoint(projectId: string, id: string, options: UpstreamCallOptions = {}): Promise<EndpointAnswer> {
    const segments = [...endpoints(projectId), id];
    const request = { operation: 'ListEndpointInfoDetails', method: 'GET', projectId, segments } as const;
    const answer = await this.#call(request, options);
    const endpoint = parseEndpoint(answer.text, 'detail', { ...answer, method: 'GET' });
    note(request, answer, options);
    return endpoint;
  }

  /** ListEndpoints: one page. */
  async listEndpoints(
    projectId: string,
    query: ListEndpointsQuery,
    options: UpstreamCallOptions = {},
  ): Promise<EndpointPage> {
    const pairs = listEndpointsQuery(query);
    const request = {
      operation: 'ListEndpoints',
      method: 'GET',
      projectId,
      segments: endpoints(projectId),
      query: pairs,
    } as const;
    const answer = await this.#call(request, options);
    const { skipped, ...page } = parseEndpointPage(answer.text, { ...answer, method: 'GET' });
    note(request, answer, options, skipped);
    return page;
  }

  /** DeleteEndpoint: 204 by contract, 200 by its prose, 202 in other clients (docs/upstream/NOTES.md); all are success. */
  async deleteEndpoint(projectId: string, id: string, options: UpstreamCallOptions = {}): Promise<void> {
    const segments = [...endpoints(projectId), id];
    const request = { operation: 'DeleteEndpoint', method: 'DELETE', projectId, segments } as const;
    note(request, await this.#call(request, options), options);
  }

  async #call(request: UpstreamRequest, options: UpstreamCallOptions): Promise<UpstreamAnswer> {
    if (request.segments.some(isUnusable)) {
      throw new UpstreamError({
        kind: 'validation',
        outcome: 'not_sent',
        message: 'An id is empty or cannot be part of a path.',
        retryable: false,
      });
    }
    return this.#transport.call(request, options);
  }
}

function endpoints(projectId: string): readonly string[] {
  return ['v1', projectId, 'vpc-endpoints'];
}

/** A dot segment would be resolved on the way, and an empty one would turn a detail call into a list. */
function isUnusable(segment: string): boolean {
  return segment === '' || segment === '.' || segment === '..';
}

function note(
  request: UpstreamRequest,
  { status, requestId }: UpstreamAnswer,
  options: UpstreamCallOptions,
  skipped = 0,
): void {
  options.onAnswer?.({ operation: request.operation, status, requestId, skipped });
}
