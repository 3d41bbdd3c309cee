import { createClient } from 'graphql-ws';
import { resumable } from 'vpcep-gateway/client';

// Browsers and Node.js 22 have a WebSocket of their own, Node.js 20 takes that of ws.
const webSocketImpl = 'WebSocket' in globalThis ? globalThis.WebSocket : (await import('ws')).WebSocket;
const client = resumable(createClient({ url: 'ws://127.0.0.1:4000/graphql', webSocketImpl, shouldRetry: () => true }));
const query = `subscription ($id: ID!, $after: String) {
  endpointStatus(id: $id, after: $after) { cursor status }
}`;
export const unsubscribe = client.subscribe(
  { query, variables: { id: 'db18af8e-6a18-44e5-9c02-838174a4d93f' } },
  { next: (result) => console.log(result), error: console.error, complete: () => console.log('complete') },
);
