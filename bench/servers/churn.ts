/**
 * A whole gateway and its subscribers in one process, run with --expose-gc: subscribe, first event, complete, over and
 * over, on sockets that are replaced now and then. Prints what the heap holds afterwards.
 */
import { setTimeout as delay } from 'node:timers/promises';
import { pino } from 'pino';
import { WebSocket } from 'ws';
import { startGateway } from '../../src/app/gateway.ts';
import { readConfig } from '../../src/config/config.ts';
import { gatewayEnvironment } from '../support/gateway.ts';
import { endpointId } from '../support/sample.ts';

export interface ChurnResult {
  /** Bytes after a full collection: before the first block, then after each. */
  readonly heap: readonly number[];
  readonly seconds: number;
  /** What subscriptions still hold at the end, by name; all zero when nothing leaks. */
  readonly held: Readonly<Record<string, number>>;
}

const [upstreamUrl = '', rounds = '0', blocks = '0'] = process.argv.slice(2);
const PARALLEL = 20;
const ROUNDS_PER_SOCKET = 50;
const QUERY = 'subscription($id: ID!) { endpointStatus(id: $id) { kind status endpoint { id ip } } }';

const config = readConfig(gatewayEnvironment(upstreamUrl, { AUDIT_LOG: 'off' }));
const gateway = await startGateway({ config, logger: pino({ level: 'silent' }), lingerMs: 0 });

async function connect(): Promise<WebSocket> {
  const socket = new WebSocket(`${gateway.url.replace('http', 'ws')}/graphql`, 'graphql-transport-ws');
  await new Promise((resolve, reject) => socket.once('open', resolve).once('error', reject));
  const acknowledged = new Promise((resolve) => socket.once('message', resolve));
  socket.send('{"type":"connection_init"}');
  await acknowledged;
  return socket;
}

async function lane(count: number, first: number): Promise<void> {
  for (let done = 0; done < count; done += ROUNDS_PER_SOCKET) {
    const socket = await connect();
    for (let n = 0; n < Math.min(ROUNDS_PER_SOCKET, count - done); n += 1) {
      const event = new Promise((resolve) => socket.once('message', resolve));
      const variables = { id: endpointId(first) };
      socket.send(JSON.stringify({ id: String(n), type: 'subscribe', payload: { query: QUERY, variables } }));
      await event;
      socket.send(JSON.stringify({ id: String(n), type: 'complete' }));
    }
    const closed = new Promise((resolve) => socket.once('close', resolve));
    socket.close();
    await closed;
  }
}

async function churn(count: number): Promise<void> {
  await Promise.all(Array.from({ length: PARALLEL }, (_, n) => lane(count / PARALLEL, n)));
}

async function settledHeap(): Promise<number> {
  // Timers and sockets that are closing hold what they need until they are done.
  await delay(1_500);
  for (let n = 0; n < 3; n += 1) globalThis.gc?.();
  return process.memoryUsage().heapUsed;
}

await churn(Number(rounds) * 0.3);
const heap = [await settledHeap()];
const startedAt = performance.now();
for (let n = 0; n < Number(blocks); n += 1) {
  await churn(Number(rounds));
  heap.push(await settledHeap());
}
const result: ChurnResult = { heap, seconds: (performance.now() - startedAt) / 1000, held: gateway.held() };
console.log(JSON.stringify(result));
await gateway.close();
process.exit(0);
