/**
 * Queries and mutations over HTTP. A plain request of a frequent operation is answered at once; Apollo serves the others,
 * and so learns which content type each `Accept` gets.
 */
import { HeaderMap, type HTTPGraphQLResponse } from '@apollo/server';
import { LRUCache } from 'lru-cache';
import type { Authenticator } from '../../auth/authenticator.ts';
import type { Metrics } from '../../observability/metrics.ts';
import type { Tracing } from '../../observability/tracing.ts';
import { arrivalOf, type Exchange, type Handler } from '../core/http-exchange.ts';
import { type Operations, type Prepared, type PreparedOperation, payloadOf } from '../operation/prepare.ts';
import { TrackedOperation } from '../operation/tracking.ts';
import { searchWithDocumentId, withDocumentId } from '../operation/trusted-documents.ts';
import { identifyOrRefuse } from '../request/authenticate.ts';
import { readOrRefuse } from '../request/body.ts';
import type { MultipartHandler } from '../subscription/multipart.ts';
import { type Apollo, type OneRequest, outcomeOf } from './apollo.ts';

/** What Apollo reads: the content types and its CSRF headers. */
const HEADERS = ['accept', 'content-type', 'apollo-require-preflight', 'x-apollo-operation-name'] as const;
/** Errors of a well-formed request: as application/json they come with 200 (GraphQL over HTTP, "application/json"). */
const WELL_FORMED =
  /"code":"(?:GRAPHQL_PARSE_FAILED|GRAPHQL_VALIDATION_FAILED|QUERY_TOO_COMPLEX|PERSISTED_QUERY_NOT_FOUND|BAD_USER_INPUT)"/;
/** Values of `Accept` whose content type is known; clients send a few. */
const MAX_ACCEPTED = 100;

function headersFor({ request }: Exchange): HeaderMap {
  const headers = new HeaderMap();
  for (const name of HEADERS) {
    const value = request.headers[name];
    if (value !== undefined) {
      headers.set(name, Array.isArray(value) ? value.join(', ') : value);
    }
  }
  return headers;
}

function send({ response }: Exchange, status: number, headers: readonly string[], body: string): void {
  const length = String(Buffer.byteLength(body));
  response.writeWholeHead(status, [...headers, 'content-length', length]);
  response.end(body);
}

function statusFor(status: number, type: string | undefined, body: string): number {
  const isLegacy = type?.startsWith('application/json') ?? false;
  return status === 400 && isLegacy && WELL_FORMED.test(body) ? 200 : status;
}

/** @returns the content type. */
async function write(exchange: Exchange, answer: HTTPGraphQLResponse): Promise<string | undefined> {
  const { response } = exchange;
  const type = answer.headers.get('content-type');
  if (answer.body.kind === 'complete') {
    const { string } = answer.body;
    const headers = [...answer.headers].filter(([name]) => name !== 'content-length').flat();
    send(exchange, statusFor(answer.status ?? 200, type, string), headers, string);
    return type;
  }
  for (const [name, value] of answer.headers) {
    response.setHeader(name, value);
  }
  for await (const chunk of answer.body.asyncIterator) {
    response.write(chunk);
  }
  response.end();
  return undefined;
}

interface GraphqlHandlerParts {
  readonly authenticator: Authenticator;
  readonly apollo: Apollo;
  readonly operations: Operations;
  readonly multipart: MultipartHandler;
  readonly metrics: Metrics;
  readonly tracing: Tracing | null;
  /** False: Apollo serves every request. */
  readonly fastPath: boolean;
}

export function createGraphqlHandler(parts: GraphqlHandlerParts): Handler {
  const { authenticator, apollo, operations, multipart, metrics, tracing, fastPath } = parts;
  /** Content type of an answer to a POST, by what its client accepts. */
  const accepted = new LRUCache<string, string>({ max: MAX_ACCEPTED });

  async function answerAtOnce(exchange: Exchange, prepared: PreparedOperation, type: string, one: OneRequest) {
    const { tracked } = one;
    tracked.resolved(prepared.known);
    const { status, result } = await outcomeOf(operations, prepared, one);
    tracked.answered(result.errors);
    tracked.end();
    const body = `${JSON.stringify(result)}\n`;
    send(exchange, statusFor(status, type, body), ['content-type', type], body);
  }

  async function answerByApollo(exchange: Exchange, body: unknown, one: OneRequest): Promise<void> {
    const { request, search } = exchange;
    const { method = '' } = request;
    const headers = headersFor(exchange);
    const httpGraphQLRequest = { method, headers, search: searchWithDocumentId(search), body };
    const given = await apollo.executeHTTPGraphQLRequest({ httpGraphQLRequest, context: async () => one });
    const type = await write(exchange, given);
    if (method === 'POST' && type !== undefined && (given.status ?? 200) === 200) {
      accepted.set(request.headers.accept ?? '', type);
    }
  }

  return async (exchange) => {
    const { request, response, logger } = exchange;
    const read = request.method === 'POST' ? await readOrRefuse(exchange) : { json: undefined };
    if (read === null) {
      return;
    }
    // Authenticated before the document is parsed, so that anonymous callers cannot cause that work.
    const identified = identifyOrRefuse(authenticator, exchange);
    const identity = identified instanceof Promise ? await identified : identified;
    // A client that has left during the authentication emits no `close` any more.
    if (identity === null || response.destroyed) {
      return;
    }
    const body = withDocumentId(read.json);
    const payload = payloadOf(body);
    const prepared: Prepared | null = payload === null ? null : operations.prepare(payload);
    const valid = prepared !== null && 'known' in prepared ? prepared : null;
    const isSubscription = valid?.known.operation.operation === 'subscription';
    if (valid !== null && isSubscription && (await multipart(exchange, valid, identity))) {
      return;
    }
    const span = tracing?.begin('operation') ?? null;
    const tracked = new TrackedOperation({ metrics, logger, span });
    exchange.onAbandoned = () => tracked.abandon();
    const one = { caller: { identity, arrival: arrivalOf(exchange, 'http') }, tracked, logger, prepared };
    const type = fastPath && !isSubscription ? accepted.get(request.headers.accept ?? '') : undefined;
    if (valid?.known.isFrequent === true && type !== undefined) {
      await answerAtOnce(exchange, valid, type, one);
    } else {
      await answerByApollo(exchange, body, one);
      // Still open when Apollo has refused the request itself: it has seen no operation.
      span?.end('BAD_REQUEST');
    }
  };
}
