/** Apollo Server as this gateway runs it. Cache control costs 1.6 times the CPU of a list, so it is off. */
import { ApolloServer, type ApolloServerPlugin, type GraphQLRequest, HeaderMap } from '@apollo/server';
import {
  ApolloServerPluginCacheControlDisabled,
  ApolloServerPluginInlineTraceDisabled,
  ApolloServerPluginLandingPageDisabled,
  ApolloServerPluginSchemaReportingDisabled,
  ApolloServerPluginUsageReportingDisabled,
} from '@apollo/server/plugin/disabled';
import { type DocumentNode, GraphQLError, type GraphQLSchema, parse } from 'graphql';
import type { GatewayContext } from '../../graphql/core/context.ts';
import type { ErrorFormatter } from '../../graphql/errors/format-error.ts';
import type { Logger } from '../../observability/logger.ts';
import type { Metrics } from '../../observability/metrics.ts';
import { noteOperation } from '../operation/operation-log.ts';
import {
  MAX_COERCION_ERRORS,
  type OperationPayload,
  type Operations,
  type PreparedOperation,
} from '../operation/operations.ts';

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

export interface ApolloOptions {
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
    // Ids are looked up before (http/operation/document-id.ts), and no client registers a document.
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
