/** Server-Sent Events at /graphql/stream: who may open which stream, and what is written into it. */
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Handler as SseHandler, Response as SseResponse } from 'graphql-sse';
import type { Authenticator } from '../../auth/authenticator.ts';
import type { Identity } from '../../auth/identity.ts';
import type { ErrorCode } from '../../graphql/errors/error-codes.ts';
import type { Metrics } from '../../observability/metrics.ts';
import { arrivalOf, type Exchange, type Handler, sendError, sendText } from '../core/http-exchange.ts';
import { OperationTracker } from '../operation/tracking.ts';
import { searchWithDocumentId, withDocumentId } from '../operation/trusted-documents.ts';
import { identifyOrRefuse } from '../request/authenticate.ts';
import { readOrRefuse } from '../request/body.ts';
import type { EventStreams, StreamAccess } from './event-stream.ts';
import { createGraphqlSse, type SseParts, type SseRequest } from './graphql-sse.ts';
import { SseChannel } from './sse-channel.ts';
import { SseReservations } from './sse-reservations.ts';

const EVENT_STREAM = 'text/event-stream';
const HEAD = { contentType: `${EVENT_STREAM}; charset=utf-8`, farewell: '' };
/** A browser waits this long before it comes back, in milliseconds: at random, lest all come at once. */
const RETRY_MS = { least: 500, most: 2_000 };
/** Who comes back with this id has been told that nothing follows; 204 makes a browser stop. */
const COMPLETE_ID = 'complete';

const CODES: Readonly<Record<number, ErrorCode>> = { 404: 'NOT_FOUND', 409: 'CONFLICT' };

function tokenOf({ request, search }: Exchange): string | undefined {
  const header = request.headers['x-graphql-event-stream-token'];
  return typeof header === 'string' ? header : (new URLSearchParams(search).get('token') ?? undefined);
}

/** The library reads two of them; the content type has been judged when it does. */
function headersFor(accept: string) {
  return { get: (name: string) => (name === 'accept' ? accept : 'application/json') };
}

function takesEvents(request: IncomingMessage): boolean {
  return (request.headers.accept ?? '').includes(EVENT_STREAM);
}

function lastEventId(request: IncomingMessage): string | undefined {
  const id = request.headers['last-event-id'];
  return typeof id === 'string' && id !== '' ? id : undefined;
}

/** What the library answers apart from streams, in the shape of all our answers. */
function relay(response: ServerResponse, [body, { status, headers }]: SseResponse): void {
  for (const [name, value] of Object.entries(headers ?? {})) {
    response.setHeader(name, value);
  }
  if (status < 400) {
    sendText(response, status, 'text/plain; charset=utf-8', typeof body === 'string' ? body : '');
    return;
  }
  const { errors } = typeof body === 'string' ? JSON.parse(body) : { errors: [] };
  if (errors[0]?.extensions !== undefined) {
    sendText(response, status, 'application/json; charset=utf-8', String(body));
    return;
  }
  sendError(response, status, CODES[status] ?? 'BAD_REQUEST', errors[0]?.message ?? 'This cannot be answered');
}

interface Stream {
  readonly body: AsyncGenerator<string, void, undefined>;
  readonly request: SseRequest;
}

export interface SseRouteParts extends SseParts {
  readonly authenticator: Authenticator;
  readonly metrics: Metrics;
  readonly streams: EventStreams;
}

class SseRoute {
  readonly #authenticator: Authenticator;
  readonly #metrics: Metrics;
  readonly #streams: EventStreams;
  readonly #handle: SseHandler<IncomingMessage, SseRequest>;
  readonly #access: StreamAccess;
  readonly #reservations = new SseReservations();

  constructor(parts: SseRouteParts) {
    this.#authenticator = parts.authenticator;
    this.#metrics = parts.metrics;
    this.#streams = parts.streams;
    this.#access = parts.access;
    this.#handle = createGraphqlSse(parts);
  }

  async answer(exchange: Exchange): Promise<void> {
    const { request, response, logger } = exchange;
    if (this.#streams.restarting) {
      // A browser would take any answer as final, and comes back after a broken connection.
      request.socket.destroy();
      return;
    }
    const resumeAfter = lastEventId(request);
    if (resumeAfter === COMPLETE_ID) {
      response.writeHead(204).end();
      return;
    }
    const identity = await identifyOrRefuse(this.#authenticator, exchange);
    if (identity === null || response.destroyed) {
      return;
    }
    const found = this.#find(exchange, identity);
    if (found !== null) {
      await this.#pass(exchange, {
        ...found,
        identity,
        arrival: arrivalOf(exchange, 'sse'),
        logger,
        ...(resumeAfter === undefined ? {} : { resumeAfter }),
      });
    }
  }

  close(): void {
    this.#reservations.closeAll();
  }

  /** Which stream this request is about. @returns null when it has answered. */
  #find(exchange: Exchange, identity: Identity): Pick<SseRequest, 'channel' | 'token'> | null {
    const { request, response, logger } = exchange;
    const { subject } = identity;
    const create = (owner: string | null) => new SseChannel(new OperationTracker(this.#metrics, logger), owner);
    if (request.method === 'PUT') {
      const release = this.#access.admitOrRefuse(response, subject, exchange.address);
      if (release === null) {
        return null;
      }
      const channel = create(subject);
      channel.holds(release);
      const token = this.#reservations.reserve(channel, (unused) =>
        this.#giveUp({ channel, token: unused, identity, arrival: arrivalOf(exchange, 'sse'), logger }, request),
      );
      if (token === null) {
        channel.close();
        sendError(response, 503, 'UPSTREAM_UNAVAILABLE', 'Too many streams are reserved and not opened; try later');
        return null;
      }
      return { channel, token };
    }
    const token = tokenOf(exchange);
    if (token !== undefined) {
      const channel = this.#reservations.get(token);
      if (channel?.owner === subject) {
        return { channel, token };
      }
      sendError(response, 404, 'NOT_FOUND', 'There is no such stream; reserve one with PUT');
      return null;
    }
    if (request.method === 'DELETE' || !takesEvents(request)) {
      sendError(response, 406, 'BAD_REQUEST', `Ask with "Accept: ${EVENT_STREAM}", or reserve a stream with PUT`);
      return null;
    }
    const release = this.#access.admitOrRefuse(response, subject, exchange.address);
    if (release === null) {
      return null;
    }
    const channel = create(null);
    channel.holds(release);
    // Whatever is answered: a stream, or why there is none.
    response.once('close', () => channel.close());
    return { channel, token: null };
  }

  async #pass(exchange: Exchange, context: SseRequest): Promise<void> {
    const { request, response } = exchange;
    const read = request.method === 'POST' ? await readOrRefuse(exchange) : { json: null };
    if (read === null) {
      return;
    }
    const answer = await this.#handle({
      method: request.method ?? '',
      url: searchWithDocumentId(exchange.search),
      headers: headersFor(takesEvents(request) ? EVENT_STREAM : '*/*'),
      // What is no object is refused by the library, as is an array.
      body: withDocumentId(read.json) as Record<PropertyKey, unknown> | null,
      raw: request,
      context,
    });
    const [body] = answer;
    if (body === null || typeof body === 'string') {
      relay(response, answer);
    } else {
      await this.#write(response, { body, request: context });
    }
  }

  /** The library forgets a reserved stream when it has been opened and closed. */
  #giveUp(context: SseRequest, raw: IncomingMessage): void {
    const answer = this.#handle({
      method: 'GET',
      url: '',
      headers: headersFor(EVENT_STREAM),
      body: null,
      raw,
      context,
    });
    void Promise.resolve(answer).then(([body]) => {
      if (body !== null && typeof body !== 'string') {
        this.#close({ body, request: context });
      }
    });
  }

  #close({ body, request: { channel, token } }: Stream): void {
    channel.close();
    if (token !== null) {
      this.#reservations.delete(token);
    }
    void body.return();
  }

  async #write(response: ServerResponse, given: Stream): Promise<void> {
    const { channel, token, identity } = given.request;
    if (token !== null) {
      this.#reservations.opened(token);
    }
    if (response.destroyed) {
      this.#close(given);
      return;
    }
    const stream = this.#streams.open(response, HEAD);
    response.once('close', () => this.#close(given));
    if (token !== null) {
      this.#access.endWith(response, identity, () => stream.end());
    }
    await stream.send(`retry: ${Math.round(RETRY_MS.least + Math.random() * (RETRY_MS.most - RETRY_MS.least))}\n\n`);
    channel.open(stream);
    for await (const message of given.body) {
      if (channel.owner !== null || !message.startsWith('event: complete')) {
        await stream.send(message);
      } else if (!channel.comesBack) {
        await stream.send(`id: ${COMPLETE_ID}\n${message}`);
      }
    }
    stream.end();
  }
}

export interface SseService {
  readonly handler: Handler;
  /** Lets go of what has been reserved and not opened; open streams are ended by whoever has the `EventStreams`. */
  close(): void;
}

export function createSseService(parts: SseRouteParts): SseService {
  const route = new SseRoute(parts);
  return { handler: (exchange) => route.answer(exchange), close: () => route.close() };
}
