import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Arrival } from '../../graphql/core/context.ts';
import type { Logger } from '../../observability/logger.ts';
import { sendError } from './respond.ts';

/** One request with its answer. */
export interface Exchange {
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
  /** Query with its question mark, or ''. */
  readonly search: string;
  /** Of the client, as far as proxies can be trusted to know it (http/request/client-address.ts). */
  readonly address: string;
  readonly logger: Logger;
  readonly requestId: string;
}

export function arrivalOf(
  { response, address, requestId }: Exchange,
  transport: Exclude<Arrival['transport'], 'websocket'>,
): Arrival {
  const tell = (headers: Readonly<Record<string, string>>): void => {
    if (response.headersSent) return;
    for (const [name, value] of Object.entries(headers)) response.setHeader(name, value);
  };
  return { transport, address, requestId, tell };
}

type Method = 'GET' | 'POST' | 'PUT' | 'DELETE';

export type Handler = (exchange: Exchange) => void | Promise<void>;

export interface Route {
  /** By method. HEAD goes with GET where nothing is posted: for pages and probes. */
  readonly methods: Readonly<Partial<Record<Method, Handler>>>;
  /** Answers whatever name the Host header has. */
  readonly anyHost?: boolean;
}

export type Routes = ReadonlyMap<string, Route>;

function isMethod(method: string | undefined): method is Method {
  return method === 'GET' || method === 'POST' || method === 'PUT' || method === 'DELETE';
}

function takesHead(route: Route): boolean {
  return route.methods.GET !== undefined && route.methods.POST === undefined;
}

export function allowedMethods(route: Route): string {
  return [...Object.keys(route.methods), ...(takesHead(route) ? ['HEAD'] : []), 'OPTIONS'].join(', ');
}

export async function dispatch(route: Route | undefined, exchange: Exchange): Promise<void> {
  const { request, response } = exchange;
  if (route === undefined) {
    sendError(response, 404, 'NOT_FOUND', 'There is nothing here; the API is at /graphql');
    return;
  }
  const method = request.method === 'HEAD' && takesHead(route) ? 'GET' : request.method;
  const handler = isMethod(method) ? route.methods[method] : undefined;
  if (handler === undefined) {
    response.setHeader('allow', allowedMethods(route));
    sendError(response, 405, 'BAD_REQUEST', 'This address does not take that method');
    return;
  }
  await handler(exchange);
}
