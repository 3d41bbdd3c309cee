// node examples/create-and-watch.mjs: creates an endpoint and prints its statuses until it is settled.
import { randomUUID } from 'node:crypto';
import { connect, watchEndpoint } from 'vpcep-gateway/client';
import { CreateVpcEndpointDocument } from 'vpcep-gateway/documents';
import { WebSocket } from 'ws';

const url = process.env.GATEWAY_URL ?? 'http://127.0.0.1:4000/graphql';
const input = {
  endpointServiceId: '51a00000-0000-4000-8000-000000000003',
  vpcId: '11111111-1111-4111-8111-111111111111',
  subnetId: '22222222-2222-4222-8222-222222222222',
  // Repeating the request with this key does not create a second endpoint.
  idempotencyKey: randomUUID(),
};

const response = await fetch(url, {
  method: 'POST',
  headers: { 'content-type': 'application/json' },
  body: JSON.stringify({ query: CreateVpcEndpointDocument, variables: { input } }),
});
const { data, errors } = await response.json();
if (errors) {
  console.error(JSON.stringify(errors, null, 2));
  process.exit(1);
}

const { endpoint, statusCursor } = data.createVpcEndpoint;
const client = connect({ url, webSocketImpl: WebSocket });
for await (const { status } of watchEndpoint(client, { id: endpoint.id, after: statusCursor, until: 'SETTLED' })) {
  console.log(endpoint.id, status);
}
