/** The calls of the three operations for servers that are not ours: our signature, `Pool.dispatch`, JSON parsed, fields renamed. */
import { type Dispatcher, Pool } from 'undici';
import { sdkDate, sign } from '../../src/vpcep/signing/signature.ts';
import { CREDENTIAL, PROJECT_ID, type upstreamEndpoint } from '../support/sample.ts';

type Row = ReturnType<typeof upstreamEndpoint>;
type Done<T> = (answer: T) => void;
type Failed = (error: Error) => void;
export type Input = Readonly<Record<string, string>>;

const ENDPOINTS = `/v1/${PROJECT_ID}/vpc-endpoints`;
const JSON_TYPE = [['content-type', 'application/json']] as const;

export function endpointOf(row: Row) {
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

export type Endpoint = ReturnType<typeof endpointOf>;

export interface Page {
  readonly totalCount: number;
  readonly nodes: readonly Endpoint[];
}

export class SignedCalls {
  readonly #host: string;
  readonly #pool: Pool;

  constructor(origin: string) {
    this.#host = new URL(origin).host;
    this.#pool = new Pool(origin, { connections: 64, pipelining: 1, allowH2: false });
  }

  create({ endpointServiceId, vpcId, subnetId, description }: Input, done: Done<Endpoint>, failed: Failed): void {
    const body = { endpoint_service_id: endpointServiceId, vpc_id: vpcId, subnet_id: subnetId, description };
    const parse = (text: string): void => done(endpointOf(JSON.parse(text) as Row));
    this.#send('POST', ENDPOINTS, '', Buffer.from(JSON.stringify(body)), parse, failed);
  }

  one(id: string, done: Done<Endpoint>, failed: Failed): void {
    const parse = (text: string): void => done(endpointOf(JSON.parse(text) as Row));
    this.#send('GET', `${ENDPOINTS}/${id}`, '', null, parse, failed);
  }

  list(first: number, vpcId: string, done: Done<Page>, failed: Failed): void {
    const query = `limit=${first}&offset=0&sort_dir=desc&sort_key=create_at&vpc_id=${vpcId}`;
    const parse = (text: string): void => {
      const page = JSON.parse(text) as { readonly endpoints: readonly Row[]; readonly total_count: number };
      done({ totalCount: page.total_count, nodes: page.endpoints.map(endpointOf) });
    };
    this.#send('GET', ENDPOINTS, query, null, parse, failed);
  }

  #send(
    method: 'GET' | 'POST',
    path: string,
    query: string,
    body: Buffer | null,
    done: Done<string>,
    failed: Failed,
  ): void {
    const input = { method, host: this.#host, path, query, headers: JSON_TYPE, projectId: PROJECT_ID };
    const { headers } = sign(body === null ? input : { ...input, body }, CREDENTIAL, sdkDate(Date.now()));
    const target = query === '' ? path : `${path}?${query}`;
    this.#pool.dispatch({ method, path: target, headers, body }, new Answer(done, failed));
  }
}

class Answer implements Dispatcher.DispatchHandler {
  readonly #done: Done<string>;
  readonly #failed: Failed;
  #text = '';

  constructor(done: Done<string>, failed: Failed) {
    this.#done = done;
    this.#failed = failed;
  }

  onRequestStart(): void {}

  onResponseData(_controller: Dispatcher.DispatchController, chunk: Buffer): void {
    this.#text += chunk.toString();
  }

  onResponseEnd(): void {
    this.#done(this.#text);
  }

  onResponseError(_controller: Dispatcher.DispatchController | undefined, error: Error): void {
    this.#failed(error);
  }
}
