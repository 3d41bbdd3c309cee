import { createClient } from 'graphql-sse';
import { watchEndpoint } from 'vpcep-gateway/client';

const client = createClient({
  url: 'http://127.0.0.1:4000/graphql/stream',
  retryAttempts: 0,
});
for await (const event of watchEndpoint(client, { id: 'db18af8e-6a18-44e5-9c02-838174a4d93f', until: 'SETTLED' })) {
  console.log(event.kind, event.status);
}
client.dispose();
