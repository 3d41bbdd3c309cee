import type { Sink } from 'graphql-ws';
import { Client, cacheExchange, fetchExchange, subscriptionExchange } from 'urql';
import { connect, resumable } from 'vpcep-gateway/client';

const url = 'http://127.0.0.1:4000/graphql';

/** After a lost connection its subscriptions continue behind their last event. */
export const socket = resumable(connect({ url }));

export const client = new Client({
  url,
  preferGetMethod: false,
  exchanges: [
    cacheExchange,
    fetchExchange,
    subscriptionExchange({
      forwardSubscription: ({ query = '', variables = {} }) => ({
        subscribe: (sink) => ({ unsubscribe: socket.subscribe({ query, variables }, sink as Sink) }),
      }),
    }),
  ],
});
