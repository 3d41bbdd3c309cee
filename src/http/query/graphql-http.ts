/**
 * Queries and mutations over HTTP. All that is Apollo's is here: it reads the request, checks content types and CSRF, and
 * writes the answer. Preparing, admitting and running an operation is `Operations`, as on every transport.
 */

import {
  ApolloServer,
  type ApolloServerPlugin,
  type GraphQLRequest,
  type GraphQLResponse,
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
import { type DocumentNode, type FormattedExecutionResult, GraphQLError, type GraphQLSchema, parse } from 'graphql';
import type { Authenticator } from '../../auth/authenticator.ts';
import type { ErrorFormatter } from '../../graphql/errors/format-error.ts';
import type { Logger } from '../../observability/logger.ts';
import type { Metrics } from '../../observability/metrics.ts';
import { arrivalOf, type Exchange, type Handler } from '../core/http-exchange.ts';
import type { OperationCaller } from '../operation/admission.ts';
import type { OperationPayload, Operations, Prepared } from '../operation/prepare.ts';
import { TrackedOperation } from '../operation/tracking.ts';
import { searchWithDocumentId, withDocumentId } from '../operation/trusted-documents.ts';
import { identifyOrRefuse } from '../request/authenticate.ts';
import { readOrRefuse } from '../request/body.ts';
import type { MultipartHandler } from '../subscription/multipart.ts';

/** Resolvers of subscriptions expect an event, so they must not be executed as queries. */
const NO_SUBSCRIPTIONS = new GraphQLError(
  'Subscriptions are served over WebSocket (graphql-transport-ws) at this address, as Server-Sent Events at ' +
    '/graphql/stream, and to a POST with "Accept: multipart/mixed;subscriptionSpec=1.0"',
  { extensions: { code: 'BAD_REQUEST' } },
);

/** Apollo needs a document; it executes none. */
const REFUSED = parse('{ __typename }');

/** Apollo's context: what belongs to one request. */
interface RequestContext {
  readonly caller: OperationCaller;
  readonly tracked: TrackedOperation;
  readonly logger: Logger;
}

/**
 * Hands the operation to `Operations`: Apollo parses and validates nothing when `didResolveSource` gives a document and
 * there is no document store, and executes nothing when `responseForOperation` answers. Tests hold both.
 */
function operationPlugin(operations: Operations): ApolloServerPlugin<RequestContext> {
  return {
    async requestDidStart({ contextValue: { caller, tracked, logger } }) {
      let prepared: Prepared = [];
      return {
        async didResolveSource(context) {
          prepared = operations.prepare(payloadOf(context.source, context.request));
          if ('operation' in prepared) {
            const { operation } = prepared;
            tracked.resolved(operation.operation, operation.name?.value);
            prepared = operation.operation === 'subscription' ? [NO_SUBSCRIPTIONS] : prepared;
          }
          const { document }: { document?: DocumentNode } = 'operation' in prepared ? prepared : { document: REFUSED };
          Object.assign(context, { document });
        },
        async responseForOperation() {
          const admitted = await operations.admit(prepared, caller);
          if (!('operation' in admitted)) {
            // An admission that fails without a status is a fault of ours.
            const status = statusOf(admitted, 'operation' in prepared ? 500 : 400);
            return answer(status, { errors: operations.format(admitted) });
          }
          const result = await operations.execute(admitted, tracked, { ...caller, logger });
          return answer(result.data === undefined ? 400 : undefined, result);
        },
        async willSendResponse({ response: { body } }) {
          tracked.answered(body.kind === 'single' ? body.singleResult.errors : undefined);
          tracked.end();
        },
      };
    },
  };
}

function statusOf([error]: readonly GraphQLError[], otherwise: number): number {
  const { status = otherwise }: { readonly status?: number } = Object(error?.extensions.http);
  return status;
}

function answer(status: number | undefined, singleResult: FormattedExecutionResult): GraphQLResponse {
  const head = { headers: new HeaderMap(), ...(status === undefined ? {} : { status }) };
  return { http: head, body: { kind: 'single', singleResult } };
}

function payloadOf(query: string, { operationName, variables, extensions }: GraphQLRequest): OperationPayload {
  return { query, operationName, variables, extensions };
}

interface ApolloOptions {
  readonly schema: GraphQLSchema;
  readonly introspection: boolean;
  readonly formatError: ErrorFormatter;
  readonly operations: Operations;
  readonly logger: Logger;
}

export function createApollo(options: ApolloOptions): ApolloServer<RequestContext> {
  const { schema, introspection, formatError, operations, logger } = options;
  return new ApolloServer<RequestContext>({
    schema,
    formatError: (_formatted, error) => formatError(error),
    // A validation rule of ours switches it off, so that every transport answers alike.
    introspection: true,
    hideSchemaDetailsFromClientErrors: !introspection,
    documentStore: null,
    // Ids are resolved before Apollo (http/operation/trusted-documents.ts), and clients cannot register documents.
    persistedQueries: false,
    csrfPrevention: true,
    allowBatchedHttpRequests: false,
    includeStacktraceInErrorResponses: false,
    stopOnTerminationSignals: false,
    // Apollo would read NODE_ENV and the environment itself.
    nodeEnv: 'production',
    apollo: {},
    logger,
    plugins: [
      // It would cost 1.6 times the CPU of a list.
      ApolloServerPluginCacheControlDisabled(),
      ApolloServerPluginInlineTraceDisabled(),
      ApolloServerPluginLandingPageDisabled(),
      ApolloServerPluginSchemaReportingDisabled(),
      ApolloServerPluginUsageReportingDisabled(),
      operationPlugin(operations),
    ],
  });
}

/** What Apollo reads: the content types and its CSRF headers. */
const HEADERS = ['accept', 'content-type', 'apollo-require-preflight', 'x-apollo-operation-name'] as const;
/** Errors of a well-formed request: as application/json they come with 200 (GraphQL over HTTP, "application/json"). */
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

interface GraphqlHandlerParts {
  readonly authenticator: Authenticator;
  readonly apollo: ApolloServer<RequestContext>;
  readonly multipart: MultipartHandler;
  readonly metrics: Metrics;
}

export function createGraphqlHandler({ authenticator, apollo, multipart, metrics }: GraphqlHandlerParts): Handler {
  return async (exchange) => {
    const { request, response, search, logger } = exchange;
    const read = request.method === 'POST' ? await readOrRefuse(exchange) : { json: undefined };
    // Authenticated before the document is parsed, so that anonymous callers cannot cause that work.
    const identity = read === null ? null : await identifyOrRefuse(authenticator, exchange);
    // A client that has left during the authentication emits no `close` any more.
    if (read === null || identity === null || response.destroyed) {
      return;
    }
    const body = withDocumentId(read.json);
    if (await multipart(exchange, body, identity)) {
      return;
    }
    const tracked = new TrackedOperation(metrics, logger, undefined);
    response.once('close', () => {
      if (!response.writableFinished) {
        tracked.abandon();
      }
    });
    const context = { caller: { identity, arrival: arrivalOf(exchange, 'http') }, tracked, logger };
    const given = await apollo.executeHTTPGraphQLRequest({
      httpGraphQLRequest: {
        method: request.method ?? '',
        headers: headersFor(exchange),
        search: searchWithDocumentId(search),
        body,
      },
      context: async () => context,
    });
    await write(exchange, given);
  };
}
