/** Subscriptions as multipart answers to POST /graphql: the protocol that Apollo Client speaks over HTTP. */
import type { Identity } from '../../auth/identity.ts';
import { type Exchange, refuse } from '../core/http-exchange.ts';
import type { PreparedOperation } from '../operation/prepare.ts';
import { accepts } from '../request/accepts.ts';
import type { EventStreams, StreamProtocol } from './event-stream.ts';

const BOUNDARY = '\r\n--graphql';
const END = '--\r\n';
const SHUTTING_DOWN = {
  message: 'This server is shutting down: subscribe again with the last cursor as `after`',
  extensions: { code: 'UPSTREAM_UNAVAILABLE', retryable: true },
};

/** The boundary follows at once, so that the reader need not wait for the next part. */
function part(json: string): string {
  return `\r\ncontent-type: application/json\r\n\r\n${json}${BOUNDARY}`;
}

function payloadPart(text: string): string {
  return part(`{"payload":${text}}`);
}

/** Errors of the stream itself: the subscription has ended. */
function brokenPart(errors: readonly unknown[]): string {
  return part(JSON.stringify({ payload: null, errors }));
}

const PROTOCOL: StreamProtocol = {
  transport: 'multipart',
  contentType: 'multipart/mixed; boundary="graphql"; subscriptionSpec="1.0"',
  opening: () => BOUNDARY,
  heartbeat: part('{}'),
  result: payloadPart,
  ending: (failure) => {
    if (failure === null) {
      return END;
    }
    return `${failure.began ? brokenPart(failure.errors) : payloadPart(failure.text)}${END}`;
  },
  farewell: `${brokenPart([SHUTTING_DOWN])}${END}`,
  reconnects: false,
};

/** @returns false when it has not answered: the client takes no such answer. */
export type MultipartHandler = (
  exchange: Exchange,
  subscription: PreparedOperation,
  identity: Identity,
) => Promise<boolean>;

export function createMultipartHandler(streams: EventStreams): MultipartHandler {
  return async (exchange, prepared, identity) => {
    const { request, response } = exchange;
    if (!accepts(request.headers.accept, 'multipart/mixed', 'subscriptionspec=1.0')) {
      return false;
    }
    if (streams.restarting) {
      refuse(response, { status: 503, code: 'UPSTREAM_UNAVAILABLE', message: 'This server is shutting down' });
      return true;
    }
    const { operationName } = prepared.payload;
    await streams.answer(exchange, { protocol: PROTOCOL, identity, operationName, prepared });
    return true;
  };
}
