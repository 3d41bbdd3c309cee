/** Apollo Server as this gateway runs it. Cache control costs 1.6 times the CPU of a list, so it is off. */
import { ApolloServer, type ApolloServerPlugin } from '@apollo/server';
import {
  ApolloServerPluginCacheControlDisabled,
  ApolloServerPluginInlineTraceDisabled,
  ApolloServerPluginLandingPageDisabled,
  ApolloServerPluginSchemaReportingDisabled,
  ApolloServerPluginUsageReportingDisabled,
} from '@apollo/server/plugin/disabled';
import { GraphQLError, type ValidationRule } from 'graphql';
import type { GatewayContext } from '../graphql/context.ts';
import type { ErrorFormatter } from '../graphql/errors.ts';
import type { Metrics } from '../observability/metrics.ts';
import type { HttpDeps } from './deps.ts';
import { noteOperation } from './operation-log.ts';

/** Executing one as if it were a query would call resolvers that expect an event. */
const NO_SUBSCRIPTIONS =
  'Subscriptions are served over WebSocket (graphql-transport-ws) at this address, as Server-Sent Events at ' +
  '/graphql/stream, and to a POST with "Accept: multipart/mixed;subscriptionSpec=1.0"';

function operationPlugin(metrics: Metrics): ApolloServerPlugin<GatewayContext> {
  return {
    async requestDidStart() {
      const startedAt = performance.now();
      return {
        async didResolveOperation({ operation }) {
          if (operation?.operation === 'subscription') {
            throw new GraphQLError(NO_SUBSCRIPTIONS, { extensions: { code: 'BAD_REQUEST', http: { status: 400 } } });
          }
        },
        async willSendResponse({ operation, operationName, response, contextValue }) {
          const type = operation?.operation ?? 'unknown';
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

export function createApollo(
  deps: HttpDeps,
  formatError: ErrorFormatter,
  validationRules: ValidationRule[],
): ApolloServer<GatewayContext> {
  return new ApolloServer<GatewayContext>({
    schema: deps.schema,
    formatError: (_formatted, error) => formatError(error),
    // Our own rule answers for it, so that HTTP and WebSocket say the same.
    introspection: true,
    hideSchemaDetailsFromClientErrors: !deps.options.introspection,
    validationRules,
    csrfPrevention: true,
    allowBatchedHttpRequests: false,
    includeStacktraceInErrorResponses: false,
    stopOnTerminationSignals: false,
    // Apollo would read NODE_ENV and the environment itself.
    nodeEnv: 'production',
    apollo: {},
    logger: deps.logger,
    plugins: [
      ApolloServerPluginCacheControlDisabled(),
      ApolloServerPluginInlineTraceDisabled(),
      ApolloServerPluginLandingPageDisabled(),
      ApolloServerPluginSchemaReportingDisabled(),
      ApolloServerPluginUsageReportingDisabled(),
      operationPlugin(deps.metrics),
    ],
  });
}
