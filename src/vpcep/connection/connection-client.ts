/** The connection operations (schema/vpcep.openapi.yaml, tag "Connections"); upstream's words stay in this folder. */
import type { UpstreamCaller, UpstreamCallOptions } from '../transport/caller.ts';
import { parseConnectionPage, parseConnections } from './connection-parse.ts';
import { connectionTextsBody, decisionBody, listConnectionsQuery } from './connection-request.ts';
import type {
  ConnectionDecision,
  ConnectionPage,
  ConnectionText,
  ListConnectionsQuery,
  ServiceConnection,
} from './model.ts';

/** Every method throws UpstreamError. */
export class ConnectionClient {
  readonly #caller: UpstreamCaller;

  constructor(caller: UpstreamCaller) {
    this.#caller = caller;
  }

  /** ListServiceConnections: one page of the endpoints of all tenants that are connected to the service. */
  async listConnections(
    projectId: string,
    serviceId: string,
    query: ListConnectionsQuery,
    options: UpstreamCallOptions = {},
  ): Promise<ConnectionPage> {
    const request = {
      operation: 'ListServiceConnections',
      method: 'GET',
      projectId,
      segments: connections(projectId, serviceId),
      query: listConnectionsQuery(query),
    } as const;
    const answer = await this.#caller.call(request, options);
    const { rows, totalCount, skipped } = parseConnectionPage(answer.text, { ...answer, method: 'GET' });
    this.#caller.note(request, answer, options, skipped);
    return { connections: rows, totalCount };
  }

  /** AcceptOrRejectEndpoint, for one endpoint, as upstream wants it. @returns the connections that the answer shows. */
  decideConnection(
    projectId: string,
    serviceId: string,
    endpointId: string,
    decision: ConnectionDecision,
    options: UpstreamCallOptions = {},
  ): Promise<readonly ServiceConnection[]> {
    const segments = [...connections(projectId, serviceId), 'action'];
    const write = { operation: 'AcceptOrRejectEndpoint', method: 'POST', projectId, segments } as const;
    return this.#write({ ...write, body: bytes(decisionBody(decision, endpointId)) }, options);
  }

  /** UpdateEndpointConnectionsDesc. @returns the connections that the answer shows. */
  describeConnections(
    projectId: string,
    serviceId: string,
    texts: readonly ConnectionText[],
    options: UpstreamCallOptions = {},
  ): Promise<readonly ServiceConnection[]> {
    const segments = [...connections(projectId, serviceId), 'description'];
    const write = { operation: 'UpdateEndpointConnectionsDesc', method: 'PUT', projectId, segments } as const;
    return this.#write({ ...write, body: bytes(connectionTextsBody(texts)) }, options);
  }

  async #write(
    request: Parameters<UpstreamCaller['call']>[0],
    options: UpstreamCallOptions,
  ): Promise<readonly ServiceConnection[]> {
    const answer = await this.#caller.call(request, options);
    const { rows, skipped } = parseConnections(answer.text, { ...answer, method: request.method });
    this.#caller.note(request, answer, options, skipped);
    return rows;
  }
}

function connections(projectId: string, serviceId: string): readonly string[] {
  return ['v1', projectId, 'vpc-endpoint-services', serviceId, 'connections'];
}

function bytes(body: object): Uint8Array {
  return Buffer.from(JSON.stringify(body));
}
