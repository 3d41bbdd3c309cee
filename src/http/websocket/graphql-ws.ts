/** GraphQL over WebSocket: what graphql-transport-ws messages mean here. The socket itself is ws-server.ts. */
import { GraphQLError } from 'graphql';
import { type Context, makeServer, type OperationResult, type Server } from 'graphql-ws';
import { UnauthenticatedError } from '../../auth/authenticator.ts';
import { tooManySubscriptions } from '../limits/connection-limits.ts';
import type { Operations } from '../operation/prepare.ts';
import { executeMetered } from '../operation/prepare.ts';
import { withDocumentId } from '../operation/trusted-documents.ts';
import {
  isAscii,
  openSubscription,
  type Rendered,
  type Renderings,
  Subscription,
} from '../subscription/subscription.ts';
import type { SocketSession } from './socket-session.ts';

const END = { done: true, value: undefined } as const;

/** Where the messages of one subscription go. */
interface DeliveryTarget {
  /** Resolves when the next one may come. */
  send(message: string): Promise<void>;
  /** Without waiting. `ascii`: it holds nothing else. False: enough waits, the next ones are to be sent. */
  push(message: string, ascii: boolean): boolean;
  sent(rendered: Rendered): void;
}

/**
 * One subscription of a socket, as graphql-ws sees it: an iterator that gives nothing and ends. The `next` messages go
 * past it, straight to the socket; what graphql-ws says afterwards (`complete`, `error`) goes the same way, behind them.
 */
class SocketDelivery implements AsyncIterableIterator<never> {
  readonly #subscription: Subscription;
  readonly #target: DeliveryTarget;
  readonly #head: string;
  #end: () => void = () => {};
  #fail: (error: Error) => void = () => {};
  #refusal: Error | undefined;

  constructor(id: string, subscription: Subscription, target: DeliveryTarget) {
    this.#subscription = subscription;
    this.#target = target;
    this.#head = `{"id":${JSON.stringify(id)},"type":"next","payload":`;
  }

  [Symbol.asyncIterator](): this {
    return this;
  }

  /** Asked for once. Resolves at the latest with `return()`, whatever is still on its way. @throws what the subscription fails with. */
  next(): Promise<IteratorResult<never>> {
    return new Promise((resolve, reject) => {
      if (this.#refusal !== undefined) {
        reject(this.#refusal);
        return;
      }
      this.#end = () => resolve(END);
      this.#fail = reject;
      this.#run().then(this.#end, reject);
    });
  }

  /** Ends it with an error, behind what has been sent. */
  refuse(error: Error): void {
    this.#refusal ??= error;
    this.#fail(error);
    void this.#subscription.return();
  }

  async return(): Promise<IteratorResult<never>> {
    await this.#subscription.return();
    this.#end();
    return END;
  }

  async #run(): Promise<void> {
    const headIsAscii = isAscii(this.#head);
    const push = (rendered: Rendered): boolean => {
      this.#target.sent(rendered);
      return this.#target.push(`${this.#head}${rendered.text}}`, headIsAscii && rendered.ascii);
    };
    for (;;) {
      await this.#subscription.flow(push);
      const { done, value } = await this.#subscription.next();
      if (done === true) {
        return;
      }
      this.#target.sent(value);
      await this.#target.send(`${this.#head}${value.text}}`);
    }
  }
}

type Parameters = Record<string, unknown>;
type SocketContext = Context<Parameters, SocketSession>;

interface SocketServerParts {
  readonly operations: Operations;
  readonly renderings: Renderings;
  /** On one socket. */
  readonly maxSubscriptions: number;
  /** How long a client may take until it says who it is, in milliseconds. */
  readonly initMs: number;
}

/** The library takes no `subscribe` without a text. */
function withNamedDocument(message: { readonly type?: unknown; readonly payload?: unknown } | null): unknown {
  return message?.type === 'subscribe' ? { ...message, payload: withDocumentId(message.payload) } : message;
}

export function createGraphqlSocketServer(parts: SocketServerParts): Server<SocketSession> {
  const { operations, renderings, maxSubscriptions, initMs } = parts;
  return makeServer<Parameters, SocketSession>({
    connectionInitWaitTimeout: initMs,
    jsonMessageReviver: (key, value) => (key === '' ? withNamedDocument(value) : value),

    onConnect({ extra, connectionParams }: SocketContext) {
      return extra.connect(connectionParams ?? {});
    },

    async onSubscribe({ extra }, id, payload) {
      const { arrival, logger, operations: tracker } = extra.facts;
      const caller = extra.identity;
      if (caller === null) {
        throw new Error('an operation came before the connection was accepted');
      }
      const operation = tracker.start(id, payload.operationName);
      const prepared = await operations.accept(payload, { identity: caller, arrival });
      if (!('operation' in prepared)) {
        return prepared;
      }
      operation.resolved(prepared.operation.operation, prepared.operation.name?.value);
      if (tracker.subscriptions > maxSubscriptions) {
        return [new GraphQLError('', { originalError: tooManySubscriptions(maxSubscriptions) })];
      }
      // It may have changed in between.
      const { identity } = extra;
      if (identity === null) {
        return [new GraphQLError('', { originalError: new UnauthenticatedError('The token is not good any more') })];
      }
      return operations.argumentsOf(prepared, operation, { identity, arrival, logger });
    },

    execute: executeMetered,
    // onOperation makes of it what graphql-ws can iterate.
    subscribe: (args) => openSubscription(renderings, args) as Promise<unknown> as OperationResult,

    onOperation({ extra }, id, _payload, _args, result: OperationResult) {
      const operation = extra.facts.operations.get(id);
      if (!(result instanceof Subscription)) {
        return;
      }
      const delivery = new SocketDelivery(id, result, {
        send: (message) => extra.facts.outlet.sendEvent(message),
        push: (message, ascii) => extra.facts.outlet.pushEvent(message, ascii),
        sent: ({ errors }) => operation?.sent(errors),
      });
      operation?.streams((error) => delivery.refuse(error));
      return delivery;
    },

    /** Queries and mutations only, and subscriptions that could not begin. */
    onNext({ extra }, id, _payload, _args, result) {
      const { data, errors, extensions } = result;
      const formatted = errors === undefined ? undefined : operations.format(errors);
      extra.facts.operations.get(id)?.sent(formatted);
      return {
        ...(formatted === undefined ? {} : { errors: formatted }),
        ...(data === undefined ? {} : { data }),
        ...(extensions === undefined ? {} : { extensions }),
      };
    },

    onError({ extra }, id, _payload, errors) {
      const formatted = operations.format(errors);
      extra.facts.operations.get(id)?.failed(formatted);
      // graphql-ws goes on to onComplete only for errors of a running stream.
      extra.facts.operations.end(id);
      return formatted;
    },

    onComplete({ extra }, id) {
      extra.facts.operations.end(id);
    },
  });
}
