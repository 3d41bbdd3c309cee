/** GraphQL over HTTP: request → Apollo → response. */
import { setMaxListeners } from 'node:events';
import { type ApolloServer, HeaderMap, type HTTPGraphQLResponse } from '@apollo/server';
import { GraphQLError } from 'graphql';
import { AuthenticationUnavailableError, type Authenticator, UnauthenticatedError } from '../../auth/authenticator.ts';
import type { Identity } from '../../auth/identity.ts';
import { meterFor } from '../../graphql/core/call-meter.ts';
import type { ContextFactory, GatewayContext } from '../../graphql/core/context.ts';
import { RateLimitedError } from '../../graphql/errors/gateway-errors.ts';
import { arrivalOf, type Exchange, type Handler } from '../core/router.ts';
import { extensionsOf, searchWithDocumentId, withDocumentId } from '../operation/document-id.ts';
import { identifyOrRefuse } from '../request/authenticate.ts';
import { readOrRefuse } from '../request/body.ts';
import { type Multipart, takesMultipart } from '../subscription/multipart.ts';

/** What Apollo reads: the content types and its CSRF headers. */
const HEADERS = ['accept', 'content-type', 'apollo-require-preflight', 'x-apollo-operation-name'] as const;
/** Faults of a well-formed request: as application/json they come with 200 (GraphQL over HTTP, "application/json"). */
const WELL_FORMED =
  /"code":"(?:GRAPHQL_PARSE_FAILED|GRAPHQL_VALIDATION_FAILED|QUERY_TOO_COMPLEX|PERSISTED_QUERY_NOT_FOUND|BAD_USER_INPUT)"/;

function headersFor(exchange: Exchange): HeaderMap {
  const headers = new HeaderMap();
  for (const name of HEADERS) {
    const value = exchange.request.headers[name];
    if (value !== undefined) {
      headers.set(name, Array.isArray(value) ? value.join(', ') : value);
    }
  }
  return headers;
}

function statusOfAnswer(answer: HTTPGraphQLResponse): number {
  const status = answer.status ?? 200;
  const legacy = answer.headers.get('content-type')?.startsWith('application/json') ?? false;
  if (status === 400 && legacy && answer.body.kind === 'complete' && WELL_FORMED.test(answer.body.string)) {
    return 200;
  }
  return status;
}

async function write(exchange: Exchange, answer: HTTPGraphQLResponse): Promise<void> {
  const { response } = exchange;
  for (const [name, value] of answer.headers) {
    response.setHeader(name, value);
  }
  response.statusCode = statusOfAnswer(answer);
  if (answer.body.kind === 'complete') {
    response.setHeader('content-length', Buffer.byteLength(answer.body.string));
    response.end(answer.body.string);
    return;
  }
  for await (const chunk of answer.body.asyncIterator) {
    response.write(chunk);
  }
  response.end();
}

/** Apollo answers 500 to whatever goes wrong before an operation, unless it is told otherwise. */
async function identify(authenticator: Authenticator, exchange: Exchange): Promise<Identity> {
  try {
    return await authenticator.authenticate({
      headers: exchange.request.headers,
      address: exchange.address,
    });
  } catch (error) {
    if (error instanceof RateLimitedError) {
      const headers = new HeaderMap([['retry-after', String(error.retryAfterSeconds)]]);
      throw new GraphQLError(error.message, { originalError: error, extensions: { http: { status: 429, headers } } });
    }
    const isUnknown = error instanceof UnauthenticatedError;
    if (!isUnknown && !(error instanceof AuthenticationUnavailableError)) {
      throw error;
    }
    const http = isUnknown
      ? { status: 401, headers: new HeaderMap([['www-authenticate', 'Bearer']]) }
      : { status: 503 };
    throw new GraphQLError(error.message, { originalError: error, extensions: { http } });
  }
}

export interface GraphqlHandlerParts {
  readonly authenticator: Authenticator;
  readonly contextFor: ContextFactory;
  readonly apollo: ApolloServer<GatewayContext>;
  readonly multipart: Multipart;
}

export function createGraphqlHandler({ authenticator, contextFor, apollo, multipart }: GraphqlHandlerParts): Handler {
  return async (exchange) => {
    const { request, response, search, logger } = exchange;
    const read = request.method === 'POST' ? await readOrRefuse(exchange) : { json: undefined };
    if (read === null) {
      return;
    }
    const body = withDocumentId(read.json);
    if (request.method === 'POST' && takesMultipart(request.headers.accept)) {
      // Who asks comes first: reading and judging a document is work.
      const identity = await identifyOrRefuse(authenticator, exchange);
      const subscription = identity === null ? null : multipart.prepare(body);
      if (identity !== null && subscription !== null) {
        await multipart.answer(exchange, subscription, identity);
      }
      if (identity === null || subscription !== null) {
        return;
      }
    }
    const gone = new AbortController();
    // Each call under way for this request listens; that many are no leak.
    setMaxListeners(0, gone.signal);
    response.once('close', () => {
      if (!response.writableFinished) {
        gone.abort();
      }
    });
    const answer = await apollo.executeHTTPGraphQLRequest({
      httpGraphQLRequest: {
        method: request.method ?? '',
        headers: headersFor(exchange),
        search: searchWithDocumentId(search),
        body,
      },
      context: async () => {
        const identity = await identify(authenticator, exchange);
        const meter = meterFor(extensionsOf(body, search));
        return contextFor({
          identity,
          arrival: arrivalOf(exchange, 'http'),
          logger,
          signal: gone.signal,
          ...(meter === undefined ? {} : { meter }),
        });
      },
    });
    await write(exchange, answer);
  };
}
