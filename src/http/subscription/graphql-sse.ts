/** GraphQL over Server-Sent Events: what the messages of that protocol mean here. Routes and streams are sse.ts. */
import type { IncomingMessage } from 'node:http';
import { GraphQLError } from 'graphql';
import { createHandler, type Handler, type RequestParams, type Response } from 'graphql-sse';
import type { Identity } from '../../auth/identity.ts';
import type { Arrival } from '../../graphql/core/context.ts';
import type { Logger } from '../../observability/logger.ts';
import { tooManySubscriptions } from '../limits/connection-limits.ts';
import type { Operations, PreparedOperation } from '../operation/prepare.ts';
import { executeMetered } from '../operation/prepare.ts';
import type { TrackedOperation } from '../operation/tracking.ts';
import type { StreamAccess } from './event-stream.ts';
import { Delivery } from './event-stream.ts';
import type { SseChannel } from './sse-channel.ts';
import { SseOperation, sseMessage } from './sse-operation.ts';
import type { Renderings } from './subscription.ts';
import { openSubscription } from './subscription.ts';

/** What belongs to one request. */
export interface SseRequest {
  readonly channel: SseChannel;
  /** Of the stream that it is about; a new one where a stream is reserved. */
  readonly token: string | null;
  readonly identity: Identity;
  readonly arrival: Arrival;
  readonly logger: Logger;
  /** `Last-Event-ID`; counts for a stream with one operation. */
  readonly resumeAfter?: string;
}

export interface SseParts {
  readonly operations: Operations;
  readonly renderings: Renderings;
  readonly access: StreamAccess;
  /** On one stream. */
  readonly maxSubscriptions: number;
}

function refusal(status: number, errors: readonly unknown[], headers: Record<string, string> = {}): Response {
  return [JSON.stringify({ errors }), { status, statusText: '', headers }];
}

function fault(status: number, code: string, message: string, headers: Record<string, string> = {}): Response {
  return refusal(status, [{ message, extensions: { code, retryable: false } }], headers);
}

export function createGraphqlSse(parts: SseParts): Handler<IncomingMessage, SseRequest> {
  const { operations, renderings, access, maxSubscriptions } = parts;
  const format = (errors: readonly GraphQLError[]) => operations.format(errors);

  function start(prepared: PreparedOperation, request: SseRequest, tracked: TrackedOperation) {
    const { identity, arrival, logger, resumeAfter, channel } = request;
    const args = operations.argumentsOf(prepared, tracked, {
      identity,
      arrival,
      logger,
      ...(resumeAfter === undefined || channel.owner !== null ? {} : { resumeAfter }),
    });
    const isSubscription = prepared.operation.operation === 'subscription';
    return async () => {
      if (channel.operations.subscriptions > maxSubscriptions) {
        return { errors: [new GraphQLError('', { originalError: tooManySubscriptions(maxSubscriptions) })] };
      }
      return isSubscription ? await openSubscription(renderings, args) : await executeMetered(args);
    };
  }

  return createHandler<IncomingMessage, SseRequest>({
    authenticate: ({ context }) => context.token,

    async onSubscribe({ method, context }, params: RequestParams) {
      const { channel } = context;
      const alone = channel.owner === null;
      if (channel.closed) {
        return fault(404, 'NOT_FOUND', 'The stream has ended');
      }
      const prepared = await operations.accept(params, context);
      if (channel.closed) {
        return fault(404, 'NOT_FOUND', 'The stream has ended');
      }
      const faulty = !('operation' in prepared);
      // A simple request: another site can have a browser send it, and an EventSource sends it again and again.
      if (!faulty && method === 'GET' && prepared.operation.operation !== 'subscription') {
        return fault(405, 'BAD_REQUEST', 'GET is for subscriptions; POST the others', { allow: 'POST' });
      }
      const id = alone ? '' : String(params.extensions?.operationId);
      const track = () => {
        const operation = channel.operations.start(id, params.operationName);
        if (!faulty) {
          operation.resolved(prepared.operation.operation, prepared.operation.name?.value);
        }
        return operation;
      };
      const end = () => channel.operations.end(id);
      if (faulty && !alone) {
        const errors = format(prepared);
        track().failed(errors);
        end();
        return refusal(errors[0]?.extensions?.code === 'RATE_LIMITED' ? 429 : 400, errors);
      }
      const wrap = (text: string) => (alone ? text : `{"id":${JSON.stringify(id)},"payload":${text}}`);
      return new SseOperation({
        channel,
        wrap,
        end,
        autoResumes: alone && method === 'GET',
        begin() {
          const operation = track();
          access.watch(operation, context.identity, alone ? () => channel.end() : undefined);
          return new Delivery({
            operation,
            format,
            start: faulty ? async () => ({ errors: prepared }) : start(prepared, context, operation),
            // Only a stream with one operation can go on where a cursor says.
            take: (text, cursor) => channel.send(sseMessage(wrap(text), alone ? cursor : null)),
          });
        },
      });
    },
  });
}
