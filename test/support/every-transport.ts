/** One operation over each transport, as raw as the transport allows; the answer is the result that a client reads. */
import { expect } from 'vitest';
import type { GraphqlFault } from './graphql-client.ts';
import { SocketClient } from './socket-client.ts';

/** Members of a request, right or wrong. */
export type RawRequest = Readonly<Record<string, unknown>>;

export interface RawResult {
  readonly data?: Readonly<Record<string, unknown>> | null;
  readonly errors?: readonly GraphqlFault[];
  readonly extensions?: Readonly<Record<string, unknown>>;
}

type Ask = (url: string, request: RawRequest) => Promise<RawResult>;

const JSON_BODY = { 'content-type': 'application/json' };

export async function overHttp(url: string, request: RawRequest): Promise<RawResult> {
  const headers = { ...JSON_BODY, accept: 'application/graphql-response+json' };
  const response = await fetch(`${url}/graphql`, { method: 'POST', headers, body: JSON.stringify(request) });
  return (await response.json()) as RawResult;
}

export function searchOf(request: RawRequest): string {
  const search = new URLSearchParams();
  for (const [name, value] of Object.entries(request)) {
    search.set(name, typeof value === 'string' ? value : JSON.stringify(value));
  }
  return `?${search}`;
}

export async function overGet(url: string, request: RawRequest): Promise<RawResult> {
  const headers = { 'apollo-require-preflight': 'true', accept: 'application/graphql-response+json' };
  return (await (await fetch(`${url}/graphql${searchOf(request)}`, { headers })).json()) as RawResult;
}

export async function overSse(url: string, request: RawRequest): Promise<RawResult> {
  const headers = { ...JSON_BODY, accept: 'text/event-stream' };
  const response = await fetch(`${url}/graphql/stream`, { method: 'POST', headers, body: JSON.stringify(request) });
  const text = await response.text();
  const [, data] = /event: next\n(?:id: .*\n)?data: (.*)\n/.exec(text) ?? [];
  return JSON.parse(data ?? text) as RawResult;
}

export async function overWebSocket(url: string, request: RawRequest): Promise<RawResult> {
  const socket = new SocketClient(url);
  await socket.opened();
  socket.send({ type: 'connection_init' });
  expect(await socket.next()).toMatchObject({ type: 'connection_ack' });
  socket.send({ type: 'subscribe', id: '1', payload: request });
  const { type, payload } = await Promise.race([
    socket.next(),
    socket.closed.then((closed) => ({ type: 'closed', payload: closed })),
  ]);
  socket.close();
  return type === 'error' ? { errors: payload as GraphqlFault[] } : (payload as RawResult);
}

export const TRANSPORTS: readonly (readonly [name: string, ask: Ask])[] = [
  ['HTTP', overHttp],
  ['WebSocket', overWebSocket],
  ['Server-Sent Events', overSse],
];
