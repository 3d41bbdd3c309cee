import { createHash, createHmac } from 'node:crypto';
import { request } from 'undici';
import { SIMULATOR_AK, SIMULATOR_PROJECT_ID, SIMULATOR_SK } from '../../src/simulator/world/identity.ts';

/** An independent signer, so that the simulator's check is not tested with the product's code. */

export interface CallOptions {
  readonly query?: Readonly<Record<string, string>>;
  readonly body?: unknown;
  /** Sent instead of the JSON of `body`. */
  readonly rawBody?: string;
  readonly ak?: string;
  readonly sk?: string;
  readonly at?: number;
  /** Signed with the rest. */
  readonly headers?: Readonly<Record<string, string>>;
  /** Set or, with null, dropped after signing. */
  readonly tamper?: Readonly<Record<string, string | null>>;
  readonly token?: string;
  readonly signal?: AbortSignal;
}

export interface Result {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly text: string;
  readonly json: JsonBody;
}

/** A body for comparisons: every member may be read. */
export type JsonBody = { readonly [key: string]: unknown };

export const PROJECT = SIMULATOR_PROJECT_ID;
export const ENDPOINTS = `/v1/${PROJECT}/vpc-endpoints`;
export const SERVICES = `/v1/${PROJECT}/vpc-endpoint-services`;

export async function call(
  url: string,
  method: 'GET' | 'POST' | 'DELETE' | 'PUT',
  path: string,
  options: CallOptions = {},
): Promise<Result> {
  const body = options.rawBody ?? (options.body === undefined ? '' : JSON.stringify(options.body));
  const query = Object.entries(options.query ?? {})
    .map(([name, value]) => `${encode(name)}=${encode(value)}`)
    .sort()
    .join('&');
  const signed =
    options.token === undefined ? sign(url, method, path, query, body, options) : { 'x-auth-token': options.token };
  const headers: Record<string, string> = { ...signed };
  for (const [name, value] of Object.entries(options.tamper ?? {})) {
    if (value === null) delete headers[name];
    else headers[name] = value;
  }
  const answer = await request(`${url}${path}${query === '' ? '' : `?${query}`}`, {
    method,
    headers,
    ...(body === '' ? {} : { body }),
    ...(options.signal === undefined ? {} : { signal: options.signal }),
  });
  const text = await answer.body.text();
  return { status: answer.statusCode, headers: answer.headers, text, json: parse(text) };
}

function sign(
  url: string,
  method: string,
  path: string,
  query: string,
  body: string,
  options: CallOptions,
): Record<string, string> {
  const date = new Date(options.at ?? Date.now()).toISOString().replace(/[-:]|\.\d+/g, '');
  const headers: Record<string, string> = {
    'content-type': 'application/json',
    host: new URL(url).host,
    'x-sdk-date': date,
    ...options.headers,
  };
  const names = Object.keys(headers).sort();
  const hash = headers['x-sdk-content-sha256'] ?? sha256(body);
  const lines = names.map((name) => `${name}:${headers[name]}`);
  const canonical = [method, path.endsWith('/') ? path : `${path}/`, query, ...lines, '', names.join(';'), hash].join(
    '\n',
  );
  const signature = createHmac('sha256', options.sk ?? SIMULATOR_SK)
    .update(`SDK-HMAC-SHA256\n${date}\n${sha256(canonical)}`)
    .digest('hex');
  const access = options.ak ?? SIMULATOR_AK;
  return {
    ...headers,
    authorization: `SDK-HMAC-SHA256 Access=${access}, SignedHeaders=${names.join(';')}, Signature=${signature}`,
  };
}

function parse(text: string): JsonBody {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null ? { ...value } : {};
  } catch {
    return {};
  }
}

function sha256(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}

function encode(text: string): string {
  return encodeURIComponent(text).replace(
    /[!'()*]/g,
    (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`,
  );
}

/** A clock that stands still until it is moved, at a whole second. */
export function stoppedClock(start = Date.UTC(2025, 4, 15, 8, 0, 0)): { now(): number; advance(ms: number): void } {
  let time = start;
  return {
    now: () => time,
    advance: (ms) => {
      time += ms;
    },
  };
}

export const VPC_ID = '4e65f8b1-306d-4522-8ecd-aa374000e2a4';
export const SUBNET_ID = '5d1c1d71-2613-4274-b34e-d82af550f967';
