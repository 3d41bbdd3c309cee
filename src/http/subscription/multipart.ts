/** Subscriptions as multipart answers to POST /graphql: the protocol that Apollo Client speaks over HTTP. */
import type { ServerResponse } from 'node:http';
import type { GraphQLError } from 'graphql';
import type { Identity } from '../../auth/identity.ts';
import { RateLimitedError } from '../../graphql/errors/gateway-errors.ts';
import type { Metrics } from '../../observability/metrics.ts';
import { arrivalOf, type Exchange, sendError, sendTooMany } from '../core/http-exchange.ts';
import type { Operations, PreparedOperation } from '../operation/prepare.ts';
import { OperationTracker } from '../operation/tracking.ts';
import type { EventStream, EventStreams, StreamAccess } from './event-stream.ts';
import { Delivery, type Failure } from './event-stream.ts';
import type { Renderings } from './subscription.ts';
import { openSubscription } from './subscription.ts';

/** Between two signs of life, in milliseconds. */
const HEARTBEAT_MS = 12_000;
const BOUNDARY = '\r\n--graphql';
const SHUTTING_DOWN = {
  message: 'This server is shutting down: subscribe again with the last cursor as `after`',
  extensions: { code: 'UPSTREAM_UNAVAILABLE', retryable: true },
};

/** With the boundary behind it, so that its reader need not wait for the next one. */
function part(json: string): string {
  return `\r\ncontent-type: application/json\r\n\r\n${json}${BOUNDARY}`;
}

/** Faults of the stream itself: the subscription does not go on. */
function broken(errors: readonly unknown[]): string {
  return part(JSON.stringify({ payload: null, errors }));
}

const END = '--\r\n';
const HEAD = {
  contentType: 'multipart/mixed; boundary="graphql"; subscriptionSpec="1.0"',
  farewell: `${broken([SHUTTING_DOWN])}${END}`,
};

/** Whether an Accept header asks for `multipart/mixed` with `subscriptionSpec=1.0`. */
export function takesMultipart(accept: string | undefined): boolean {
  return (accept ?? '').split(',').some((range) => {
    const [type, ...parameters] = range.toLowerCase().replaceAll(/[\s"]/g, '').split(';');
    return type === 'multipart/mixed' && parameters.includes('subscriptionspec=1.0');
  });
}

function lastPart({ began, text, errors }: Failure): string {
  return began ? broken(errors) : part(`{"payload":${text}}`);
}

export interface MultipartParts {
  readonly metrics: Metrics;
  readonly operations: Operations;
  readonly renderings: Renderings;
  readonly streams: EventStreams;
  readonly access: StreamAccess;
}

export class Multipart {
  readonly #parts: MultipartParts;

  constructor(parts: MultipartParts) {
    this.#parts = parts;
  }

  /** @returns null when `body` is anything but a valid subscription. */
  prepare(body: unknown): PreparedOperation | null {
    const { query, operationName, variables, extensions } = Object(body) as Record<string, unknown>;
    const isName = operationName === undefined || operationName === null || typeof operationName === 'string';
    if (typeof query !== 'string' || !isName || typeof (variables ?? {}) !== 'object' || Array.isArray(variables)) {
      return null;
    }
    const prepared = this.#parts.operations.prepare({
      query,
      extensions,
      operationName,
      variables: variables as Record<string, unknown> | null | undefined,
    });
    return 'operation' in prepared && prepared.operation.operation === 'subscription' ? prepared : null;
  }

  async answer(exchange: Exchange, prepared: PreparedOperation, identity: Identity): Promise<void> {
    const { response, logger } = exchange;
    const { metrics, streams, access } = this.#parts;
    if (streams.restarting) {
      sendError(response, 503, 'UPSTREAM_UNAVAILABLE', 'This server is shutting down');
      return;
    }
    if (response.destroyed) {
      return;
    }
    const release = access.admitOrRefuse(response, identity.subject, exchange.address);
    if (release === null) {
      return;
    }
    response.once('close', release);
    const tracker = new OperationTracker(metrics, logger);
    response.once('close', () => tracker.endAll());
    const operation = tracker.start('', prepared.payload.operationName);
    operation.resolved('subscription', prepared.operation.name?.value);
    const { operations, renderings } = this.#parts;
    access.watch(operation, identity);
    const start = { identity, arrival: arrivalOf(exchange, 'multipart'), logger };
    const refusal = await operations.refusal(prepared, start);
    if (response.destroyed) {
      return;
    }
    const cause = refusal?.[0]?.originalError;
    if (cause instanceof RateLimitedError) {
      operation.failed(operations.format(refusal ?? []));
      tracker.endAll();
      sendTooMany(response, cause.message, cause.retryAfterSeconds);
      return;
    }
    const args = operations.argumentsOf(prepared, operation, start);
    const stream = this.#open(response);
    const delivery = new Delivery({
      operation,
      format: (errors: readonly GraphQLError[]) => operations.format(errors),
      start: async () => (refusal === null ? await openSubscription(renderings, args) : { errors: refusal }),
      take: (text) => stream.send(part(`{"payload":${text}}`)),
    });
    const failure = await delivery.run();
    tracker.endAll();
    stream.end(`${failure === null ? '' : lastPart(failure)}${END}`);
  }

  #open(response: ServerResponse): EventStream {
    const stream = this.#parts.streams.open(response, HEAD);
    void stream.send(BOUNDARY);
    const heartbeat = setInterval(() => {
      if (!response.writableNeedDrain) {
        void stream.send(part('{}'));
      }
    }, HEARTBEAT_MS);
    response.once('close', () => clearInterval(heartbeat));
    return stream;
  }
}
