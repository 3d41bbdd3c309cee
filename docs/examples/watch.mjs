// node docs/examples/watch.mjs <endpoint id> <statusCursor>: prints every status event until the endpoint is settled.
import { createClient } from 'graphql-ws';
import { WebSocket } from 'ws';

const [id, after] = process.argv.slice(2);
const url = process.env.GATEWAY_URL ?? 'ws://127.0.0.1:4000/graphql';
const query = `subscription ($id: ID!, $after: String) {
  endpointStatus(id: $id, after: $after, until: SETTLED) { kind previousStatus status observedAt cursor endpoint { ip } }
}`;

const client = createClient({ url, webSocketImpl: WebSocket });
for await (const { data, errors } of client.iterate({ query, variables: { id, after } })) {
  process.stdout.write(`${JSON.stringify(errors ?? data?.endpointStatus)}\n`);
}
await client.dispose();
