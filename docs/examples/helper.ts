import { connect, FeedError, watchEndpoint } from 'vpcep-gateway/client';
import { WebSocket } from 'ws'; // Not in browsers, nor in Node.js 22 and newer: they have one.

const client = connect({
  url: 'ws://127.0.0.1:4000/graphql',
  webSocketImpl: WebSocket,
});
const id = 'db18af8e-6a18-44e5-9c02-838174a4d93f';
try {
  for await (const event of watchEndpoint(client, { id, until: 'SETTLED' })) {
    console.log(event.kind, event.status, event.endpoint?.ip);
  }
} catch (error) {
  if (error instanceof FeedError) console.error(error.code, error.message);
}
