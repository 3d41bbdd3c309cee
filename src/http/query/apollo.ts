/**
 * Apollo Server, for requests that are not plain: it reads the request, checks content types and CSRF, and chooses the
 * content type of the answer. Preparing, admitting and running an operation is `Operations`, as on every transport.
 */
import {
  ApolloServer,
  type ApolloServerPlugin,
  type GraphQLRequest,
  type GraphQLResponse,
  HeaderMap,
} from '@apollo/server';
import {
  ApolloServerPluginCacheControlDisabled,
  ApolloServerPluginInlineTraceDisabled,
  ApolloServerPluginLandingPageDisabled,
  ApolloServerPluginSchemaReportingDisabled,
  ApolloServerPluginUsageReportingDisabled,
} from '@apollo/server/plugin/disabled';
import { type FormattedExecutionResult, GraphQLError, type GraphQLSchema, parse } from 'graphql';
import type { ErrorFormatter } from '../../graphql/errors/format-error.ts';
import type { Logger, RequestLog } from '../../observability/logger.ts';
import type { OperationCaller } from '../operation/admission.ts';
import type { OperationPayload, Operations, Prepared } from '../operation/prepare.ts';
import type { TrackedOperation } from '../operation/tracking.ts';

/** Resolvers of subscriptions expect an event, so they must not be executed as queries. */
const NO_SUBSCRIPTIONS = new GraphQLError(
  'Subscriptions are served over WebSocket (graphql-transport-ws) at this address, as Server-Sent Events at ' +
    '/graphql/stream, and to a POST with "Accept: multipart/mixed;subscriptionSpec=1.0"',
  { extensions: { code: 'BAD_REQUEST' } },
);

/** Apollo needs a document; it executes none. */
const REFUSED = parse('{ __typename }');

/** What belongs to one request; Apollo passes it on as its context. */
export interface OneRequest {
  readonly caller: OperationCaller;
  readonly tracked: TrackedOperation;
  readonly logger: RequestLog;
  /** Null: only Apollo can read the request. */
  readonly prepared: Prepared | null;
}

export type Apollo = ApolloServer<OneRequest>;

/** What a query or mutation came to, and the status of its answer. */
export interface Outcome {
  readonly status: number;
  readonly result: FormattedExecutionResult;
}

/** Admits and executes. */
export async function outcomeOf(
  operations: Operations,
  prepared: Prepared,
  { caller, tracked, logger }: Omit<OneRequest, 'prepared'>,
): Promise<Outcome> {
  const admission = operations.admit(prepared, caller);
  const admitted = admission instanceof Promise ? await admission : admission;
  if (!('known' in admitted)) {
    // An admission that fails without a status is a fault of ours.
    const status = statusOf(admitted, 'known' in prepared ? 500 : 400);
    return { status, result: { errors: operations.format(admitted) } };
  }
  const { identity, arrival } = caller;
  const result = await operations.execute(admitted, tracked, { identity, arrival, logger });
  return { status: result.data === undefined ? 400 : 200, result };
}

function statusOf([error]: readonly GraphQLError[], otherwise: number): number {
  const { status = otherwise }: { readonly status?: number } = Object(error?.extensions.http);
  return status;
}

/**
 * Hands the operation to `Operations`: Apollo parses and validates nothing when `didResolveSource` gives a document and
 * there is no document store, and executes nothing when `responseForOperation` answers. Tests hold both.
 */
function operationPlugin(operations: Operations): ApolloServerPlugin<OneRequest> {
  return {
    async requestDidStart({ contextValue: one }) {
      const { tracked } = one;
      let prepared: Prepared = [];
      return {
        async didResolveSource(context) {
          prepared = one.prepared ?? operations.prepare(payloadOf(context.source, context.request));
          if (!('known' in prepared)) {
            Object.assign(context, { document: REFUSED });
            return;
          }
          const { document, operation } = prepared.known;
          Object.assign(context, { document });
          tracked.resolved(prepared.known);
          if (operation.operation === 'subscription') prepared = [NO_SUBSCRIPTIONS];
        },
        async responseForOperation() {
          return answer(await outcomeOf(operations, prepared, one));
        },
        async willSendResponse({ response: { body } }) {
          tracked.answered(body.kind === 'single' ? body.singleResult.errors : undefined);
          tracked.end();
        },
      };
    },
  };
}

function answer({ status, result }: Outcome): GraphQLResponse {
  const head = { headers: new HeaderMap(), ...(status === 200 ? {} : { status }) };
  return { http: head, body: { kind: 'single', singleResult: result } };
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

export function createApollo(options: ApolloOptions): Apollo {
  const { schema, introspection, formatError, operations, logger } = options;
  return new ApolloServer<OneRequest>({
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
