import { connect, FeedError, watchEndpoint } from 'vpcep-gateway/client';

// Browsers and Node.js 22 have a WebSocket of their own, Node.js 20 takes that of ws.
const webSocketImpl = 'WebSocket' in globalThis ? globalThis.WebSocket : (await import('ws')).WebSocket;
const client = connect({ url: 'ws://127.0.0.1:4000/graphql', webSocketImpl });
const id = 'db18af8e-6a18-44e5-9c02-838174a4d93f';
try {
  for await (const event of watchEndpoint(client, { id, until: 'SETTLED' })) {
    console.log(event.kind, event.status, event.endpoint?.ip);
  }
} catch (error) {
  if (error instanceof FeedError) console.error(error.code, error.message);
}
