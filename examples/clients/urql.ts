import { Client, cacheExchange, fetchExchange, subscriptionExchange } from '@urql/core';
import type { Sink } from 'graphql-ws';
import { connect, resumable } from 'vpcep-gateway/client';

// Browsers and Node.js 22 have a WebSocket of their own, Node.js 20 takes that of ws.
const webSocketImpl = 'WebSocket' in globalThis ? globalThis.WebSocket : (await import('ws')).WebSocket;
const socket = resumable(connect({ url: 'ws://127.0.0.1:4000/graphql', webSocketImpl }));
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
