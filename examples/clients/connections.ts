import { connect, watchConnections } from 'vpcep-gateway/client';
import { AcceptServiceConnectionDocument, type AcceptServiceConnectionMutation } from 'vpcep-gateway/documents';

// Browsers and Node.js 22 have a WebSocket of their own, Node.js 20 takes that of ws.
const webSocketImpl = 'WebSocket' in globalThis ? globalThis.WebSocket : (await import('ws')).WebSocket;
const client = connect({ url: 'ws://127.0.0.1:4000/graphql', webSocketImpl });
const endpointServiceId = '51a00000-0000-4000-8000-000000000012';

async function accept(endpointId: string): Promise<void> {
  const request = {
    query: AcceptServiceConnectionDocument,
    variables: { input: { endpointServiceId, endpointIds: [endpointId] } },
  };
  for await (const { data, errors } of client.iterate<AcceptServiceConnectionMutation>(request)) {
    const error = errors ?? data?.acceptServiceConnection?.results[0]?.error;
    if (error) console.error(error);
  }
}

for await (const event of watchConnections(client, { endpointServiceId })) {
  if (event === null) continue; // There is no connection yet.
  const { status, endpointId, connection } = event;
  console.log(status, endpointId, connection?.domainId);
  if (status === 'PENDING_ACCEPTANCE') await accept(endpointId);
  if (status === 'ACCEPTED') break; // The feed does not end by itself.
}
