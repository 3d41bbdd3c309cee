/**
 * Apollo Server as this gateway runs it. Cache control costs 1.6 times the CPU of a list, so it is off. GraphQL over
 * HTTP: request → Apollo → response.
 */

import { setMaxListeners } from 'node:events';
import {
  ApolloServer,
  type ApolloServerPlugin,
  type GraphQLRequest,
  HeaderMap,
  type HTTPGraphQLResponse,
} from '@apollo/server';
import {
  ApolloServerPluginCacheControlDisabled,
  ApolloServerPluginInlineTraceDisabled,
  ApolloServerPluginLandingPageDisabled,
  ApolloServerPluginSchemaReportingDisabled,
  ApolloServerPluginUsageReportingDisabled,
} from '@apollo/server/plugin/disabled';
import { type DocumentNode, GraphQLError, type GraphQLSchema, parse } from 'graphql';
import { AuthenticationUnavailableError, type Authenticator, UnauthenticatedError } from '../../auth/authenticator.ts';
import type { Identity } from '../../auth/identity.ts';
import { meterFor } from '../../graphql/core/caller-options.ts';
import type { ContextFactory, GatewayContext } from '../../graphql/core/context.ts';
import type { ErrorFormatter } from '../../graphql/errors/format-error.ts';
import { RateLimitedError } from '../../graphql/errors/gateway-errors.ts';
import type { Logger } from '../../observability/logger.ts';
import type { Metrics } from '../../observability/metrics.ts';
import { arrivalOf, type Exchange, type Handler } from '../core/http-exchange.ts';
import {
  MAX_COERCION_ERRORS,
  type OperationPayload,
  type Operations,
  type PreparedOperation,
} from '../operation/prepare.ts';
import { noteOperation } from '../operation/tracking.ts';
import { extensionsOf, searchWithDocumentId, withDocumentId } from '../operation/trusted-documents.ts';
import { identifyOrRefuse } from '../request/authenticate.ts';
import { readOrRefuse } from '../request/body.ts';
import { type Multipart, takesMultipart } from '../subscription/multipart.ts';

/** Executing one as if it were a query would call resolvers that expect an event. */
const NO_SUBSCRIPTIONS =
  'Subscriptions are served over WebSocket (graphql-transport-ws) at this address, as Server-Sent Events at ' +
  '/graphql/stream, and to a POST with "Accept: multipart/mixed;subscriptionSpec=1.0"';

/** Stands for a document that is refused; nothing of it is executed. */
const REFUSED = parse('{ __typename }');

/**
 * Apollo takes the document that our own `Operations` have read, judged and validated, as every transport does: it looks
 * for none itself when there is one after `didResolveSource` and it has no store of documents. A test holds it to that.
 */
function operationPlugin(metrics: Metrics, operations: Operations): ApolloServerPlugin<GatewayContext> {
  return {
    async requestDidStart() {
      const startedAt = performance.now();
      let prepared: PreparedOperation | readonly GraphQLError[] = [];
      return {
        async didResolveSource(request) {
          prepared = operations.prepare(payloadOf(request.source, request.request));
          const { document }: { document?: DocumentNode } = 'operation' in prepared ? prepared : { document: REFUSED };
          Object.assign(request, { document });
        },
        async didResolveOperation({ operation, contextValue }) {
          if (!('operation' in prepared)) {
            return;
          }
          if (operation?.operation === 'subscription') {
            throw new GraphQLError(NO_SUBSCRIPTIONS, { extensions: { code: 'BAD_REQUEST', http: { status: 400 } } });
          }
          await operations.admit(prepared, contextValue);
        },
        async responseForOperation() {
          if ('operation' in prepared) {
            return null;
          }
          const singleResult = { errors: operations.format(prepared) };
          return { http: { status: 400, headers: new HeaderMap() }, body: { kind: 'single', singleResult } };
        },
        async willSendResponse({ operationName, response, contextValue }) {
          const { meter } = contextValue;
          if (meter !== undefined && 'operation' in prepared && response.body.kind === 'single') {
            meter.estimated = prepared.estimate.calls;
            response.body.singleResult.extensions = { ...response.body.singleResult.extensions, ...meter.report() };
          }
          const type = 'operation' in prepared ? prepared.operation.operation : 'unknown';
          const errors = response.body.kind === 'single' ? response.body.singleResult.errors : undefined;
          noteOperation(metrics, contextValue.logger, {
            type,
            name: operationName,
            errors,
            startedAt,
            abandoned: contextValue.signal?.aborted ?? false,
          });
        },
      };
    },
  };
}

function payloadOf(query: string, { operationName, variables, extensions }: GraphQLRequest): OperationPayload {
  return { query, operationName, variables, extensions };
}

interface ApolloOptions {
  readonly schema: GraphQLSchema;
  readonly introspection: boolean;
  readonly formatError: ErrorFormatter;
  readonly operations: Operations;
  readonly metrics: Metrics;
  readonly logger: Logger;
}

export function createApollo(options: ApolloOptions): ApolloServer<GatewayContext> {
  const { schema, introspection, formatError, operations, metrics, logger } = options;
  return new ApolloServer<GatewayContext>({
    schema,
    formatError: (_formatted, error) => formatError(error),
    // Our own rule answers for it, so that HTTP and WebSocket say the same.
    introspection: true,
    hideSchemaDetailsFromClientErrors: !introspection,
    documentStore: null,
    // Ids are looked up before (http/operation/trusted-documents.ts), and no client registers a document.
    persistedQueries: false,
    executionOptions: { maxCoercionErrors: MAX_COERCION_ERRORS },
    csrfPrevention: true,
    allowBatchedHttpRequests: false,
    includeStacktraceInErrorResponses: false,
    stopOnTerminationSignals: false,
    // Apollo would read NODE_ENV and the environment itself.
    nodeEnv: 'production',
    apollo: {},
    logger,
    plugins: [
      ApolloServerPluginCacheControlDisabled(),
      ApolloServerPluginInlineTraceDisabled(),
      ApolloServerPluginLandingPageDisabled(),
      ApolloServerPluginSchemaReportingDisabled(),
      ApolloServerPluginUsageReportingDisabled(),
      operationPlugin(metrics, operations),
    ],
  });
}

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

interface GraphqlHandlerParts {
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
