/**
 * The least work of a signing proxy: node:http, one signature, one `Pool.dispatch`, JSON parsed, the same twelve
 * fields picked, JSON written. No GraphQL, checks, limits, logs, metrics or event log.
 */
import { createServer, type ServerResponse } from 'node:http';
import { type Dispatcher, Pool } from 'undici';
import { sdkDate, sign } from '../../src/vpcep/signing/signature.ts';
import { CREDENTIAL, LIST_LENGTH, PROJECT_ID, type upstreamEndpoint } from '../support/sample.ts';
import { listen } from './listen.ts';

type Row = ReturnType<typeof upstreamEndpoint>;
interface Call {
  readonly operationName: 'create' | 'one' | 'list';
  readonly variables: { readonly id?: string; readonly input?: Readonly<Record<string, string>> };
}

const origin = process.argv[2] ?? '';
const { host } = new URL(origin);
const pool = new Pool(origin, { connections: 64, pipelining: 1, allowH2: false });
const ENDPOINTS = `/v1/${PROJECT_ID}/vpc-endpoints`;
/** As long as a cursor of the gateway. */
const CURSOR = 'aaaaaaaaaaaa:1000';

function pick(row: Row) {
  return {
    id: row.id,
    status: row.status.toUpperCase(),
    serviceType: row.service_type.toUpperCase(),
    ip: row.ip,
    activeStatus: row.active_status,
    endpointServiceId: row.endpoint_service_id,
    endpointServiceName: row.endpoint_service_name,
    vpcId: row.vpc_id,
    subnetId: row.subnet_id,
    createdAt: row.created_at,
    updatedAt: row.updated_at,
    tags: row.tags.map(({ key, value }) => ({ key, value })),
  };
}

function dataOf(call: Call, text: string) {
  const answer: unknown = JSON.parse(text);
  if (call.operationName === 'create') {
    return { createVpcEndpoint: { statusCursor: CURSOR, endpoint: pick(answer as Row) } };
  }
  if (call.operationName === 'one') return { vpcEndpoint: pick(answer as Row) };
  const page = answer as { endpoints: readonly Row[]; total_count: number };
  return { vpcEndpoints: { totalCount: page.total_count, nodes: page.endpoints.map(pick) } };
}

function send(response: ServerResponse, body: string): void {
  response.writeHead(200, { 'content-type': 'application/json', 'content-length': Buffer.byteLength(body) });
  response.end(body);
}

class Handler implements Dispatcher.DispatchHandler {
  readonly #call: Call;
  readonly #response: ServerResponse;
  #text = '';

  constructor(call: Call, response: ServerResponse) {
    this.#call = call;
    this.#response = response;
  }

  onRequestStart(): void {}

  onResponseData(_controller: Dispatcher.DispatchController, chunk: Buffer): void {
    this.#text += chunk.toString();
  }

  onResponseEnd(): void {
    send(this.#response, JSON.stringify({ data: dataOf(this.#call, this.#text) }));
  }

  onResponseError(_controller: Dispatcher.DispatchController | undefined, error: Error): void {
    this.#response.destroy(error);
  }
}

function forward(call: Call, response: ServerResponse): void {
  const { operationName, variables } = call;
  const method = operationName === 'create' ? 'POST' : 'GET';
  const path = operationName === 'one' ? `${ENDPOINTS}/${variables.id}` : ENDPOINTS;
  const query = operationName === 'list' ? `limit=${LIST_LENGTH}&offset=0` : '';
  const body = operationName === 'create' ? Buffer.from(JSON.stringify(toUpstream(variables.input ?? {}))) : undefined;
  const own = [['content-type', 'application/json']] as const;
  const input = { method, host, path, query, headers: own, projectId: PROJECT_ID, ...(body && { body }) };
  const { headers } = sign(input, CREDENTIAL, sdkDate(Date.now()));
  const target = query === '' ? path : `${path}?${query}`;
  pool.dispatch({ method, path: target, headers, body: body ?? null }, new Handler(call, response));
}

function toUpstream(input: Readonly<Record<string, string>>) {
  const { endpointServiceId, vpcId, subnetId, description } = input;
  return { endpoint_service_id: endpointServiceId, vpc_id: vpcId, subnet_id: subnetId, description };
}

listen(
  createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.once('end', () => forward(JSON.parse(Buffer.concat(chunks).toString()) as Call, response));
  }),
);
