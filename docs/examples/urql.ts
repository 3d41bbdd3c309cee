import { cacheExchange, Client, fetchExchange, subscriptionExchange } from '@urql/core';
import type { Sink } from 'graphql-ws';
import { connect, resumable } from 'vpcep-gateway/client';

const socket = resumable(connect({ url: 'ws://127.0.0.1:4000/graphql' }));
export const client = new Client({
  url: 'http://127.0.0.1:4000/graphql',
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
