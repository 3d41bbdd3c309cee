/**
 * Restarts the gateways of docker/compose.yaml one after the other while a client watches and another creates, all through
 * nginx. Fails unless the watching client saw every transition of every endpoint, each once: tsx roll.ts URL PROJECT
 */
import { execFile } from 'node:child_process';
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';
import { connect, type EndpointEvent, watchProject } from 'vpcep-gateway/client';
import { WebSocket } from 'ws';

const [, , url = '', project = ''] = process.argv;
const run = promisify(execFile);
const LIFE = ['null -> CREATING', 'CREATING -> ACCEPTED'];
const BETWEEN_CREATIONS_MS = 250;
/** One creation takes the simulator 6 s. */
const PATIENCE_MS = 30_000;

const say = (line: string) => process.stdout.write(`${line}\n`);
const podman = (...args: string[]) => run('podman', args);
const container = (service: string) => `${project}_${service}_1`;
const succeeds = (job: Promise<unknown>) =>
  job.then(
    () => true,
    () => false,
  );

async function until(holds: () => boolean | Promise<boolean>, what: string): Promise<void> {
  const end = Date.now() + PATIENCE_MS;
  while (!(await holds())) {
    if (Date.now() > end) throw new Error(`not within ${PATIENCE_MS / 1000} s: ${what}`);
    await sleep(100);
  }
}

const lives = new Map<string, string[]>();
const kinds = new Set<string>();
let connections = 0;
let events = 0;

function note(event: EndpointEvent | null): void {
  events++;
  if (event === null) return;
  kinds.add(event.kind);
  if (event.kind !== 'TRANSITION') return;
  lives.set(event.endpointId, [...(lives.get(event.endpointId) ?? []), `${event.previousStatus} -> ${event.status}`]);
}

const CREATE = 'mutation ($input: CreateVpcEndpointInput!) { createVpcEndpoint(input: $input) { endpoint { id } } }';
let retries = 0;

/** A request that a restart cuts is sent again with its key, as a client would. */
async function create(idempotencyKey: string): Promise<string> {
  const input = {
    endpointServiceId: '51a00000-0000-4000-8000-000000000003',
    vpcId: '11111111-1111-4111-8111-111111111111',
    subnetId: '22222222-2222-4222-8222-222222222222',
    idempotencyKey,
  };
  for (let attempt = 1; ; attempt++) {
    const answer = await fetch(`${url}/graphql`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ query: CREATE, variables: { input } }),
    });
    const text = await answer.text();
    const id = /"endpoint":\{"id":"([^"]+)"/.exec(text)?.[1];
    if (answer.ok && id !== undefined) return id;
    if (answer.status !== 502 || attempt === 5) throw new Error(`creation answered ${answer.status}: ${text}`);
    retries++;
    await sleep(500);
  }
}

async function restart(service: string): Promise<void> {
  await podman('restart', '--time', '30', container(service));
  await until(() => succeeds(podman('healthcheck', 'run', container(service))), `${service} is healthy`);
  // A restarted container has a new address, and nginx asks for addresses only when it reads its configuration.
  await podman('exec', container('nginx'), 'nginx', '-s', 'reload');
}

const client = connect({ url: `${url}/graphql`, webSocketImpl: WebSocket });
client.on('connected', () => connections++);
const watching = (async () => {
  for await (const event of watchProject(client, {})) note(event);
})();
await until(() => events > 0, 'the watching client has its first event');

let rolling = true;
const creating = (async () => {
  const ids: string[] = [];
  while (rolling) {
    ids.push(await create(crypto.randomUUID()));
    await sleep(BETWEEN_CREATIONS_MS);
  }
  return ids;
})();
for (const service of ['gateway-1', 'gateway-2']) {
  await sleep(2_000);
  await restart(service);
}
await sleep(2_000);
rolling = false;
const ids = await creating;
const isComplete = (id: string) => lives.get(id)?.join() === LIFE.join();
const complete = await succeeds(until(() => ids.every(isComplete), 'every transition was seen'));
const wrong = ids.filter((id) => !isComplete(id));
for (const id of wrong) say(`${id}: ${lives.get(id)?.join(', ') ?? 'nothing was seen'}`);
if (kinds.has('RESYNC')) say('the feed had to begin anew (RESYNC)');
if (connections < 2) say('the watching client was never cut, so nothing was tested');
say(
  `${ids.length} creations, ${connections} connections, ${retries} requests sent again, ${wrong.length} endpoints with lost transitions`,
);
await client.dispose();
await Promise.race([watching.catch(() => undefined), sleep(1_000)]);
process.exit(complete && !kinds.has('RESYNC') && connections > 1 ? 0 : 1);
