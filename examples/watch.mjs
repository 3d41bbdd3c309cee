// node examples/watch.mjs <endpoint id> <statusCursor>: prints every status event until the endpoint is settled.
import { connect, watchEndpoint } from 'vpcep-gateway/client';
import { WebSocket } from 'ws';

const [id, after] = process.argv.slice(2);
const url = process.env.GATEWAY_URL ?? 'ws://127.0.0.1:4000/graphql';

try {
  const client = connect({ url, webSocketImpl: WebSocket });
  for await (const event of watchEndpoint(client, { id, after, until: 'SETTLED' }, { retries: 2 })) {
    const { kind, previousStatus, status, observedAt, cursor, endpoint } = event;
    process.stdout.write(
      `${JSON.stringify({ kind, previousStatus, status, observedAt, cursor, ip: endpoint?.ip ?? null })}\n`,
    );
  }
} catch (error) {
  process.stderr.write(`${error.message}\n`);
  process.exitCode = 1;
}
