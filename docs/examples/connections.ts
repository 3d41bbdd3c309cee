import { connect, watchConnections } from 'vpcep-gateway/client';
import { AcceptServiceConnectionDocument } from 'vpcep-gateway/documents';

// Browsers and Node.js 22 have a WebSocket of their own, Node.js 20 takes that of ws.
const webSocketImpl = 'WebSocket' in globalThis ? globalThis.WebSocket : (await import('ws')).WebSocket;
const client = connect({ url: 'ws://127.0.0.1:4000/graphql', webSocketImpl });
const endpointServiceId = '51a00000-0000-4000-8000-000000000012';

async function accept(endpointId: string): Promise<void> {
  const variables = { input: { endpointServiceId, endpointIds: [endpointId] } };
  for await (const { errors } of client.iterate({ query: AcceptServiceConnectionDocument, variables })) {
    if (errors) console.error(errors);
  }
}

for await (const { status, endpointId, connection } of watchConnections(client, { endpointServiceId })) {
  console.log(status, endpointId, connection?.domainId);
  if (status === 'PENDING_ACCEPTANCE') await accept(endpointId);
  if (status === 'ACCEPTED') break; // The feed does not end by itself.
}
