/** GraphQL over WebSocket: what graphql-transport-ws messages mean here. The socket itself is ws-server.ts. */

import type { IncomingMessage } from 'node:http';
import {
  type DocumentNode,
  execute,
  GraphQLError,
  getOperationAST,
  Kind,
  parse,
  specifiedRules,
  subscribe,
  type ValidationRule,
  validate,
} from 'graphql';
import { type Context, makeServer, type OperationResult, type Server } from 'graphql-ws';
import type { Identity } from '../auth/identity.ts';
import type { ErrorFormatter } from '../graphql/errors.ts';
import { AccessError } from '../graphql/gateway-error.ts';
import type { Logger } from '../observability/logger.ts';
import type { HttpDeps } from './deps.ts';
import type { OperationTracker } from './operation-tracker.ts';

/** What belongs to one socket. */
export interface SocketState {
  readonly request: IncomingMessage;
  readonly logger: Logger;
  readonly operations: OperationTracker;
  /** Set once connection_init was accepted. */
  identity: Identity | null;
}

type Parameters = Record<string, unknown>;
type SocketContext = Context<Parameters, SocketState>;

/** Suggestions tell names of the schema: without introspection they go (as Apollo does over HTTP). */
const SUGGESTION = / ?Did you mean .+\?$/s;

function withCode(error: GraphQLError, code: string, suggest = true): GraphQLError {
  const { message, nodes, source, positions } = error;
  return new GraphQLError(suggest ? message : message.replace(SUGGESTION, ''), {
    nodes: nodes ?? null,
    source: source ?? null,
    positions: positions ?? null,
    extensions: { code },
  });
}

function parseDocument(query: string): DocumentNode | GraphQLError {
  try {
    return parse(query);
  } catch (error) {
    if (error instanceof GraphQLError) {
      return withCode(error, 'GRAPHQL_PARSE_FAILED');
    }
    throw error;
  }
}

/** A scalar's own error hides under a variable's: the place in the document tells them from failures of ours. */
function isAboutVariable(error: GraphQLError): boolean {
  return error.path === undefined && error.nodes?.length === 1 && error.nodes[0]?.kind === Kind.VARIABLE_DEFINITION;
}

export function createGraphqlSocketServer(
  deps: HttpDeps,
  formatError: ErrorFormatter,
  validationRules: readonly ValidationRule[],
): Server<SocketState> {
  const rules = [...specifiedRules, ...validationRules];
  const format = (errors: readonly GraphQLError[]) =>
    errors.map((error) => formatError(isAboutVariable(error) ? withCode(error, 'BAD_USER_INPUT') : error));

  return makeServer<Parameters, SocketState>({
    connectionInitWaitTimeout: 3000,

    async onConnect({ extra, connectionParams }: SocketContext): Promise<boolean> {
      try {
        const { headers } = extra.request;
        extra.identity = await deps.authenticate({ headers, connectionParams: connectionParams ?? {} });
        return true;
      } catch (error) {
        if (!(error instanceof AccessError)) {
          extra.logger.error({ err: error }, 'authentication failed unexpectedly');
        }
        return false;
      }
    },

    onSubscribe({ extra }, id, payload) {
      const operation = extra.operations.start(id, payload.operationName);
      const document = parseDocument(payload.query);
      if (document instanceof GraphQLError) {
        return [document];
      }
      const faults = validate(deps.schema, document, rules);
      if (faults.length > 0) {
        return faults.map((fault) => withCode(fault, 'GRAPHQL_VALIDATION_FAILED', deps.options.introspection));
      }
      const node = getOperationAST(document, payload.operationName);
      if (!node) {
        const message = 'operationName must name one of the operations in the document';
        return [new GraphQLError(message, { extensions: { code: 'OPERATION_RESOLUTION_FAILURE' } })];
      }
      if (extra.identity === null) {
        throw new Error('an operation came before the connection was accepted');
      }
      operation.resolved(node.operation, node.name?.value);
      return {
        schema: deps.schema,
        document,
        operationName: payload.operationName,
        variableValues: payload.variables,
        contextValue: deps.contextFor({ identity: extra.identity, logger: extra.logger, signal: operation.signal }),
      };
    },

    execute,
    subscribe,

    onOperation({ extra }, id, _payload, _args, result: OperationResult) {
      if (Symbol.asyncIterator in result) {
        extra.operations.get(id)?.streams();
      }
    },

    onNext({ extra }, id, _payload, _args, result) {
      const { data, errors, extensions } = result;
      const formatted = errors === undefined ? undefined : format(errors);
      extra.operations.get(id)?.sent(formatted);
      return {
        ...(formatted === undefined ? {} : { errors: formatted }),
        ...(data === undefined ? {} : { data }),
        ...(extensions === undefined ? {} : { extensions }),
      };
    },

    onError({ extra }, id, _payload, errors) {
      const formatted = format(errors);
      extra.operations.get(id)?.failed(formatted);
      // graphql-ws goes on to onComplete only for errors of a running stream.
      extra.operations.end(id);
      return formatted;
    },

    onComplete({ extra }, id) {
      extra.operations.end(id);
    },
  });
}
