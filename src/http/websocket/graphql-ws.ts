/** GraphQL over WebSocket (graphql-transport-ws): messages to operations and back. The socket itself is ws-server.ts. */
import { type ExecutionArgs, type FormattedExecutionResult, GraphQLError, type GraphQLSchema } from 'graphql';
import { type Context, makeServer, type OperationResult, type Server } from 'graphql-ws';
import { UnauthenticatedError } from '../../auth/authenticator.ts';
import { tooManySubscriptions } from '../limits/connection-limits.ts';
import type { Operations } from '../operation/prepare.ts';
import { isAscii, type Rendered, Subscription } from '../operation/subscription.ts';
import type { TrackedOperation } from '../operation/tracking.ts';
import { withDocumentId } from '../operation/trusted-documents.ts';
import type { SocketSession } from './socket-session.ts';
import type { SocketWriter } from './socket-writer.ts';

const END = { done: true, value: undefined } as const;

/**
 * Delivers a subscription straight to the socket. graphql-ws sees an iterator that ends without a value, and sends
 * `complete` or `error` after it: through the library each event would be serialised for each client.
 */
function deliver(
  subscription: Subscription,
  id: string,
  operation: TrackedOperation,
  writer: SocketWriter,
): AsyncIterableIterator<never> {
  const head = `{"id":${JSON.stringify(id)},"type":"next","payload":`;
  const headIsAscii = isAscii(head);
  const iterator: AsyncIterableIterator<never> = {
    [Symbol.asyncIterator]: () => iterator,
    async next() {
      await subscription.deliver({
        async take({ text, errors }) {
          operation.sent(errors);
          await writer.sendEvent(`${head}${text}}`);
        },
        push({ text, errors, ascii }: Rendered) {
          operation.sent(errors);
          return writer.pushEvent(`${head}${text}}`, headIsAscii && ascii);
        },
      });
      return END;
    },
    async return() {
      subscription.end();
      return END;
    },
  };
  return iterator;
}

type Parameters = Record<string, unknown>;
type SocketContext = Context<Parameters, SocketSession>;

interface SocketServerParts {
  readonly schema: GraphQLSchema;
  readonly operations: Operations;
  /** On one socket. */
  readonly maxSubscriptions: number;
  /** Milliseconds that a client may take to send `connection_init`. */
  readonly initMs: number;
}

/** The library takes no `subscribe` without a text. */
function withNamedDocument(message: { readonly type?: unknown; readonly payload?: unknown } | null): unknown {
  return message?.type === 'subscribe' ? { ...message, payload: withDocumentId(message.payload) } : message;
}

/** The library passes the outcome of `onSubscribe` on as the context of an execution that was already made. */
function outcomeOf({ contextValue }: ExecutionArgs): OperationResult {
  return contextValue as OperationResult;
}

export function createGraphqlSocketServer(parts: SocketServerParts): Server<SocketSession> {
  const { schema, operations, maxSubscriptions, initMs } = parts;
  return makeServer<Parameters, SocketSession>({
    connectionInitWaitTimeout: initMs,
    jsonMessageReviver: (key, value) => (key === '' ? withNamedDocument(value) : value),

    onConnect({ extra, connectionParams }: SocketContext) {
      return extra.connect(connectionParams ?? {});
    },

    async onSubscribe({ extra }, id, payload) {
      const { arrival, logger, writer } = extra.facts;
      const caller = extra.identity;
      if (caller === null) {
        throw new Error('an operation came before the connection was accepted');
      }
      const operation = extra.operations.start(id, payload.operationName);
      const prepared = await operations.admit(operations.prepare(payload), { identity: caller, arrival });
      if (!('known' in prepared)) {
        return prepared;
      }
      operation.resolved(prepared.known.operation.operation, prepared.known.operation.name?.value);
      if (extra.operations.subscriptions > maxSubscriptions) {
        return [new GraphQLError('', { originalError: tooManySubscriptions(maxSubscriptions) })];
      }
      // It can have changed during the admission.
      const { identity } = extra;
      if (identity === null) {
        return [
          new GraphQLError('', { originalError: new UnauthenticatedError('The token is not accepted any more') }),
        ];
      }
      const outcome = await operations.run(prepared, operation, { identity, arrival, logger });
      const contextValue = outcome instanceof Subscription ? deliver(outcome, id, operation, writer) : outcome;
      const { document } = prepared.known;
      return { schema, document, operationName: payload.operationName ?? null, contextValue };
    },

    execute: outcomeOf,
    subscribe: outcomeOf,

    /** Queries and mutations, and subscriptions that the feed refused. */
    onNext({ extra }, id, _payload, _args, result) {
      const formatted = result as FormattedExecutionResult;
      extra.operations.get(id)?.answered(formatted.errors);
      return formatted;
    },

    onError({ extra }, id, _payload, errors) {
      const formatted = operations.format(errors);
      extra.operations.get(id)?.answered(formatted);
      // graphql-ws calls onComplete only after errors of a running stream.
      extra.operations.end(id);
      return formatted;
    },

    onComplete({ extra }, id) {
      extra.operations.end(id);
    },
  });
}
