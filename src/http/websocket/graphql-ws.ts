/**
 * GraphQL over WebSocket (graphql-transport-ws): messages to operations and back. The socket itself is ws-server.ts. The
 * server of graphql-ws is not used: it holds a chain of promises for each running subscription.
 */
import type { IncomingHttpHeaders } from 'node:http';
import { GraphQLError } from 'graphql';
import { CloseCode, type Message, MessageType, type SubscribeMessage, validateMessage } from 'graphql-ws';
import { UnauthenticatedError } from '../../auth/authenticator.ts';
import type { Identity } from '../../auth/identity.ts';
import type { Tracing } from '../../observability/tracing.ts';
import { tooManySubscriptions } from '../limits/connection-limits.ts';
import type { Operations } from '../operation/prepare.ts';
import { type Rendered, type Sink, Subscription } from '../operation/subscription.ts';
import { TrackedOperation } from '../operation/tracking.ts';
import { withDocumentId } from '../operation/trusted-documents.ts';
import { type SocketFacts, SocketSession, type SocketSessionParts } from './socket-session.ts';
import { nextFrame, nextHead, type SocketWriter } from './socket-writer.ts';

/** One operation, from its `subscribe` to its end. */
class SocketOperation extends TrackedOperation implements Sink {
  readonly id: string;
  readonly #head: string;
  readonly #socket: GraphqlSocket;
  readonly #writer: SocketWriter;

  constructor(
    socket: GraphqlSocket,
    { metrics, tracing }: Pick<GraphqlSocketParts, 'metrics' | 'tracing'>,
    { id, payload }: SubscribeMessage,
  ) {
    const { logger, writer, span: link } = socket.facts;
    // A socket can be open for days: one trace for all of its operations would have no end.
    const span = tracing?.begin('operation', { parent: null, link }) ?? null;
    super({ metrics, logger, span, name: payload.operationName });
    this.id = id;
    this.#head = nextHead(id);
    this.#socket = socket;
    this.#writer = writer;
  }

  async take(rendered: Rendered): Promise<void> {
    this.sent(rendered.errors);
    await this.#writer.sendEvent(rendered.message(this.#head, nextFrame));
  }

  push(rendered: Rendered): boolean {
    this.sent(rendered.errors);
    return this.#writer.pushEvent(rendered.message(this.#head, nextFrame));
  }

  ended(failure: unknown): void {
    this.#socket.subscriptionEnded(this, failure);
  }
}

export interface GraphqlSocketParts extends SocketSessionParts {
  readonly operations: Operations;
  readonly tracing: Tracing | null;
  /** On one socket. */
  readonly maxSubscriptions: number;
  /** Milliseconds that a client may take to send `connection_init`. */
  readonly initMs: number;
}

/** The validation takes no `subscribe` without a text. */
function withNamedDocument(message: unknown): unknown {
  const { type, payload }: { readonly type?: unknown; readonly payload?: unknown } = Object(message);
  return type === MessageType.Subscribe ? { ...Object(message), payload: withDocumentId(payload) } : message;
}

function messageOf(text: string): Message | null {
  try {
    return validateMessage(withNamedDocument(JSON.parse(text)));
  } catch {
    return null;
  }
}

/** The conversation on one socket. */
export class GraphqlSocket {
  readonly facts: SocketFacts;
  readonly #session: SocketSession;
  readonly #parts: GraphqlSocketParts;
  /** By id. Each ends exactly once, at the latest when the socket closes. */
  readonly #running = new Map<string, SocketOperation>();
  #init: NodeJS.Timeout | undefined;
  #acknowledged = false;

  /** @param headers of the upgrade request. */
  constructor(parts: GraphqlSocketParts, facts: SocketFacts, headers: IncomingHttpHeaders) {
    const { writer } = facts;
    this.#parts = parts;
    this.facts = facts;
    this.#session = new SocketSession(parts, facts, headers, this);
    this.#init = setTimeout(
      () => writer.dismiss(CloseCode.ConnectionInitialisationTimeout, 'Connection initialisation timeout'),
      parts.initMs,
    );
  }

  receive(text: string): void {
    const message = messageOf(text);
    switch (message?.type) {
      case MessageType.ConnectionInit:
        this.#guard(this.#connect(message.payload ?? {}));
        return;
      case MessageType.Ping:
        this.#guard(this.#session.ping(message.payload ?? undefined));
        return;
      case MessageType.Pong:
        return;
      case MessageType.Subscribe:
        this.#subscribe(message);
        return;
      case MessageType.Complete:
        this.#dismiss(message.id);
        return;
      case undefined:
        this.facts.writer.dismiss(CloseCode.BadRequest, 'Invalid message received');
        return;
      case MessageType.ConnectionAck:
      case MessageType.Next:
      case MessageType.Error:
        this.facts.writer.dismiss(CloseCode.BadRequest, 'Only a server sends messages of this type');
    }
  }

  /** The socket has closed. */
  leave(): void {
    clearTimeout(this.#init);
    this.facts.writer.leave();
    this.#session.leave();
    const running = [...this.#running.values()];
    this.#running.clear();
    const { closedFor } = this.facts.writer;
    for (const operation of running) {
      if (closedFor !== undefined) operation.ending(closedFor);
      operation.end();
    }
  }

  changed(identity: Identity): void {
    for (const operation of [...this.#running.values()]) {
      operation.changed(identity);
    }
  }

  subscriptionEnded(operation: SocketOperation, failure: unknown): void {
    if (failure === undefined) {
      this.#complete(operation);
      return;
    }
    const originalError = failure instanceof Error ? failure : new Error(String(failure));
    this.#refuse(operation, [new GraphQLError(originalError.message, { originalError })]);
  }

  async #connect(payload: Readonly<Record<string, unknown>>): Promise<void> {
    const { writer } = this.facts;
    if (this.#init === undefined) {
      writer.dismiss(CloseCode.TooManyInitialisationRequests, 'Too many initialisation requests');
      return;
    }
    clearTimeout(this.#init);
    this.#init = undefined;
    const accepted = await this.#session.connect(payload);
    if (accepted === false) {
      writer.dismiss(CloseCode.Forbidden, 'Forbidden');
      return;
    }
    this.#acknowledged = true;
    const type = MessageType.ConnectionAck;
    await writer.send(accepted === true ? { type } : { type, payload: accepted });
  }

  #subscribe(message: SubscribeMessage): void {
    const { id } = message;
    const { writer } = this.facts;
    if (!this.#acknowledged) {
      writer.dismiss(CloseCode.Unauthorized, 'Unauthorized');
      return;
    }
    if (this.#running.has(id)) {
      writer.dismiss(CloseCode.SubscriberAlreadyExists, `Subscriber for ${id} already exists`);
      return;
    }
    const operation = new SocketOperation(this, this.#parts, message);
    this.#running.set(id, operation);
    this.#guard(this.#run(operation, message.payload));
  }

  async #run(operation: SocketOperation, payload: SubscribeMessage['payload']): Promise<void> {
    const { operations, maxSubscriptions } = this.#parts;
    const { arrival, logger, writer } = this.facts;
    const caller = this.#callerOf(operation);
    if (caller === null) {
      return;
    }
    const prepared = operations.prepare(payload);
    if ('known' in prepared) {
      operation.resolved(prepared.known);
    }
    const isOneTooMany = this.#subscriptions > maxSubscriptions;
    const admitted = await operations.admit(prepared, { identity: caller, arrival });
    if (!('known' in admitted)) {
      this.#refuse(operation, admitted);
      return;
    }
    if (isOneTooMany) {
      this.#refuse(operation, [new GraphQLError('', { originalError: tooManySubscriptions(maxSubscriptions) })]);
      return;
    }
    // It can have changed during the admission.
    const identity = this.#callerOf(operation);
    if (identity === null) {
      return;
    }
    const outcome = await operations.run(admitted, operation, { identity, arrival, logger });
    if (outcome instanceof Subscription) {
      outcome.deliver(operation);
      return;
    }
    operation.answered(outcome.errors);
    if (this.#runs(operation)) {
      await writer.send({ id: operation.id, type: MessageType.Next, payload: outcome });
    }
    this.#complete(operation);
  }

  /** Null: the operation was refused. */
  #callerOf(operation: SocketOperation): Identity | null {
    const { identity } = this.#session;
    if (identity === null) {
      const originalError = new UnauthenticatedError('The token is not accepted any more');
      this.#refuse(operation, [new GraphQLError('', { originalError })]);
    }
    return identity;
  }

  /** False: its client or the socket has ended it. */
  #runs(operation: SocketOperation): boolean {
    return this.#running.get(operation.id) === operation;
  }

  #complete(operation: SocketOperation): void {
    this.#end(operation, { type: MessageType.Complete });
  }

  #refuse(operation: SocketOperation, errors: readonly GraphQLError[]): void {
    const payload = this.#parts.operations.format(errors);
    operation.answered(payload);
    this.#end(operation, { type: MessageType.Error, payload });
  }

  /** With the last message for its client. */
  #end(operation: SocketOperation, last: object): void {
    const { id } = operation;
    if (this.#runs(operation)) {
      this.#running.delete(id);
      void this.facts.writer.send({ id, ...last });
    }
    operation.end();
  }

  /** Its client takes no more of it. Queries and mutations run to their end. */
  #dismiss(id: string): void {
    const operation = this.#running.get(id);
    this.#running.delete(id);
    if (operation?.isSubscription) {
      operation.end();
    } else {
      operation?.abandon();
    }
  }

  /** Running or starting. */
  get #subscriptions(): number {
    let count = 0;
    for (const { isSubscription } of this.#running.values()) {
      count += isSubscription ? 1 : 0;
    }
    return count;
  }

  #guard(work: Promise<void>): void {
    work.catch((error: unknown) => {
      this.facts.logger.error({ err: error }, 'message handling failed');
      this.facts.writer.dismiss(CloseCode.InternalServerError, 'Internal server error');
    });
  }
}
