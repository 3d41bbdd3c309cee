/** Sends operations with the headers of the headers editor: subscriptions over one WebSocket, all else as POST. */
import type { GraphiQLProps } from 'graphiql';
import { getOperationAST, parse } from 'graphql';
import type { Client, Sink } from 'graphql-ws/client';
import { connect, FeedError, resumable } from 'vpcep-gateway/client';

type Send = GraphiQLProps['fetcher'];
type Headers = Readonly<Record<string, string>>;

const ADDRESS = '/graphql';

let socket: { readonly client: Client; readonly parameters: string } | undefined;

/** A WebSocket has no headers, so they are its connection parameters; other headers need another connection. */
function socketWith(headers: Headers): Client {
  const lower = Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value]);
  const connectionParams: Headers = Object.fromEntries(lower);
  const parameters = JSON.stringify(connectionParams);
  if (socket?.parameters !== parameters) {
    const url = new URL(ADDRESS, window.location.href).href;
    socket = { parameters, client: resumable(connect({ url, connectionParams })) };
  }
  return socket.client;
}

export const send: Send = ({ query, variables, operationName }, { headers = {} } = {}) => {
  // GraphiQL's own document is a moment behind what was typed.
  if (getOperationAST(parse(query), operationName)?.operation === 'subscription') {
    const payload = { query, variables, operationName: operationName ?? null };
    const client = socketWith(headers);
    // GraphiQL calls it with an object of the three functions.
    const subscribe = ({ next, error, complete }: Sink) => {
      // GraphiQL shows GraphQL errors as they are, but nothing of a close event.
      const readable = (cause: unknown): void => error(Array.isArray(cause) ? cause : new FeedError(cause));
      return { unsubscribe: client.subscribe(payload, { next, error: readable, complete }) };
    };
    return { subscribe } as ReturnType<Send>;
  }
  return post(JSON.stringify({ query, variables, operationName }), headers);
};

async function post(body: string, headers: Headers) {
  const response = await fetch(ADDRESS, {
    method: 'POST',
    headers: { 'content-type': 'application/json', accept: 'application/graphql-response+json', ...headers },
    body,
  });
  return response.json();
}
