/** GraphQL over Server-Sent Events at /graphql/stream, "distinct connections" mode: one response for each operation. */
import type { IncomingMessage } from 'node:http';
import type { Authenticator } from '../../auth/authenticator.ts';
import { type Handler, refuse } from '../core/http-exchange.ts';
import { type Operations, payloadOf } from '../operation/prepare.ts';
import { requestOf, withDocumentId } from '../operation/trusted-documents.ts';
import { identifyOrRefuse } from '../request/authenticate.ts';
import { readOrRefuse } from '../request/body.ts';
import type { EventStreams, Failure, StreamProtocol } from './event-stream.ts';

const EVENT_STREAM = 'text/event-stream';
/** A browser waits this long before it reconnects, in milliseconds: at random, so that not all reconnect at once. */
const RETRY_MS = { least: 500, most: 2_000 };
/** The id of the `complete` message: a browser that reconnects with it gets 204, which makes it stop. */
const COMPLETE_ID = 'complete';
const COMPLETE = `id: ${COMPLETE_ID}\nevent: complete\ndata: \n\n`;

/** @param cursor what a browser sends as `Last-Event-ID` when it reconnects. */
function next(text: string, cursor: string | null): string {
  return `event: next\n${cursor === null ? '' : `id: ${cursor}\n`}data: ${text}\n\n`;
}

/** @param resumes the client is a browser's `EventSource`, which reconnects after a stream without `complete`. */
function protocolFor(resumes: boolean): StreamProtocol {
  const passes = ({ errors }: Failure): boolean => errors.every((error) => error.extensions?.retryable === true);
  return {
    transport: 'sse',
    contentType: `${EVENT_STREAM}; charset=utf-8`,
    // The comment makes Firefox and Safari take the head as received.
    opening: () => `retry: ${Math.round(RETRY_MS.least + Math.random() * (RETRY_MS.most - RETRY_MS.least))}\n\n:\n\n`,
    heartbeat: ':\n\n',
    result: next,
    ending: (failure) =>
      failure === null ? COMPLETE : next(failure.text, null) + (resumes && passes(failure) ? '' : COMPLETE),
    farewell: '',
    reconnects: true,
  };
}

const GET = protocolFor(true);
const POST = protocolFor(false);

function takesEvents(request: IncomingMessage): boolean {
  return (request.headers.accept ?? '').includes(EVENT_STREAM);
}

function lastEventId(request: IncomingMessage): string | undefined {
  const id = request.headers['last-event-id'];
  return typeof id === 'string' && id !== '' ? id : undefined;
}

export interface SseParts {
  readonly authenticator: Authenticator;
  readonly operations: Operations;
  readonly streams: EventStreams;
}

export function createSseHandler({ authenticator, operations, streams }: SseParts): Handler {
  return async (exchange) => {
    const { request, response, search } = exchange;
    if (streams.restarting) {
      // A browser takes any answer as final, and reconnects after a broken connection.
      request.socket.destroy();
      return;
    }
    const resumeAfter = lastEventId(request);
    if (resumeAfter === COMPLETE_ID) {
      response.writeHead(204).end();
      return;
    }
    const identity = await identifyOrRefuse(authenticator, exchange);
    if (identity === null) {
      return;
    }
    if (!takesEvents(request)) {
      const message = `This address answers with events: send "Accept: ${EVENT_STREAM}"`;
      refuse(response, { status: 406, code: 'BAD_REQUEST', message });
      return;
    }
    const isGet = request.method === 'GET';
    const read = isGet ? { json: requestOf(search) } : await readOrRefuse(exchange);
    const payload = read === null ? null : payloadOf(withDocumentId(read.json));
    if (read !== null && payload === null) {
      const message =
        'Send an object with the text `query`, and `operationName`, `variables` and `extensions` if needed';
      refuse(response, { status: 400, code: 'BAD_REQUEST', message });
    }
    if (payload === null) {
      return;
    }
    const prepared = operations.prepare(payload);
    // Another site can make a browser send a GET, and an EventSource repeats it.
    if (isGet && 'known' in prepared && prepared.known.operation.operation !== 'subscription') {
      response.setHeader('allow', 'POST');
      const message = 'GET is for subscriptions; POST queries and mutations';
      refuse(response, { status: 405, code: 'BAD_REQUEST', message });
      return;
    }
    const { operationName } = payload;
    const resume = resumeAfter === undefined ? {} : { resumeAfter };
    await streams.answer(exchange, { protocol: isGet ? GET : POST, identity, operationName, prepared, ...resume });
  };
}
