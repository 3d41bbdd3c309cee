/** GraphQL over WebSocket: what graphql-transport-ws messages mean here. The socket itself is ws-server.ts. */

import type { IncomingMessage } from 'node:http';
import { execute } from 'graphql';
import { type Context, makeServer, type OperationResult, type Server } from 'graphql-ws';
import { UnauthenticatedError } from '../auth/authenticator.ts';
import type { Identity } from '../auth/identity.ts';
import type { Logger } from '../observability/logger.ts';
import type { HttpDeps } from './deps.ts';
import type { OperationTracker } from './operation-tracker.ts';
import type { Operations } from './operations.ts';
import type { Outlet } from './outlet.ts';
import type { Renderings } from './renderings.ts';
import { SocketDelivery } from './socket-delivery.ts';
import { openSubscription, Subscription } from './subscriptions.ts';

/** What belongs to one socket. */
export interface SocketState {
  readonly request: IncomingMessage;
  /** Of the client, as far as proxies can be trusted to know it. */
  readonly address: string;
  readonly logger: Logger;
  readonly requestId: string;
  readonly outlet: Outlet;
  readonly operations: OperationTracker;
  /** Set once connection_init was accepted. */
  identity: Identity | null;
}

type Parameters = Record<string, unknown>;
type SocketContext = Context<Parameters, SocketState>;

export interface SocketServerParts {
  readonly deps: HttpDeps;
  readonly operations: Operations;
  readonly renderings: Renderings;
}

export function createGraphqlSocketServer({ deps, operations, renderings }: SocketServerParts): Server<SocketState> {
  return makeServer<Parameters, SocketState>({
    connectionInitWaitTimeout: 3000,

    async onConnect({ extra, connectionParams }: SocketContext): Promise<boolean> {
      try {
        const { headers } = extra.request;
        extra.identity = await deps.authenticator.authenticate({ headers, connectionParams: connectionParams ?? {} });
        return true;
      } catch (error) {
        if (!(error instanceof UnauthenticatedError)) {
          extra.logger.error({ err: error }, 'authentication failed unexpectedly');
        }
        return false;
      }
    },

    async onSubscribe({ extra }, id, payload) {
      const { identity, address, requestId } = extra;
      if (identity === null) {
        throw new Error('an operation came before the connection was accepted');
      }
      const operation = extra.operations.start(id, payload.operationName);
      const arrival = { transport: 'websocket', address, requestId } as const;
      const prepared = await operations.accept(payload, { identity, arrival });
      if (!('operation' in prepared)) {
        return prepared;
      }
      operation.resolved(prepared.operation.operation, prepared.operation.name?.value);
      const start = { identity, arrival, logger: extra.logger, signal: operation.signal };
      return operations.argumentsOf(prepared, start);
    },

    execute,
    // onOperation makes of it what graphql-ws can iterate.
    subscribe: (args) => openSubscription(renderings, args) as Promise<unknown> as OperationResult,

    onOperation({ extra }, id, _payload, _args, result: OperationResult) {
      const operation = extra.operations.get(id);
      if (!(result instanceof Subscription)) {
        return;
      }
      operation?.streams();
      return new SocketDelivery(id, result, {
        send: (message) => extra.outlet.sendEvent(message),
        push: (message, ascii) => extra.outlet.pushEvent(message, ascii),
        sent: ({ errors }) => operation?.sent(errors),
      });
    },

    /** Queries and mutations only, and subscriptions that could not begin. */
    onNext({ extra }, id, _payload, _args, result) {
      const { data, errors, extensions } = result;
      const formatted = errors === undefined ? undefined : operations.format(errors);
      extra.operations.get(id)?.sent(formatted);
      return {
        ...(formatted === undefined ? {} : { errors: formatted }),
        ...(data === undefined ? {} : { data }),
        ...(extensions === undefined ? {} : { extensions }),
      };
    },

    onError({ extra }, id, _payload, errors) {
      const formatted = operations.format(errors);
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
