// `helm test`: the gateway is ready and knows its caller; with TEST_SERVICE_ID an endpoint is created, watched until it is
// accepted, and deleted. Exit code 0 when all of that worked.
import { readFileSync } from 'node:fs';

const { GATEWAY_URL, AUTH_MODE, TOKEN_FILE, TEST_SERVICE_ID, TEST_VPC_ID, TEST_SUBNET_ID } = process.env;
const PATIENCE_MS = 240_000;

const headers = { 'content-type': 'application/json' };
if (TOKEN_FILE) {
  const token = readFileSync(TOKEN_FILE, 'utf8').trim();
  if (AUTH_MODE === 'iam-token') headers['x-auth-token'] = token;
  else headers.authorization = `Bearer ${token}`;
}

function post(path, query, variables, accept) {
  const body = JSON.stringify({ query, variables });
  const signal = AbortSignal.timeout(PATIENCE_MS);
  return fetch(`${GATEWAY_URL}${path}`, { method: 'POST', headers: { ...headers, accept }, body, signal });
}

function dataOf({ data, errors }) {
  if (errors) throw new Error(errors.map(({ message }) => message).join('; '));
  return data;
}

async function run(query, variables) {
  const answer = await post('/graphql', query, variables, 'application/json');
  return dataOf(await answer.json());
}

/** The results of a subscription, from the `data:` lines of its event stream. */
async function* results(query, variables) {
  const answer = await post('/graphql/stream', query, variables, 'text/event-stream');
  let text = '';
  for await (const part of answer.body.pipeThrough(new TextDecoderStream())) {
    text += part;
    const events = text.split('\n\n');
    text = events.pop();
    for (const event of events) {
      const line = /^data:(.*)$/m.exec(event)?.[1].trim();
      if (line) yield dataOf(JSON.parse(line));
    }
  }
}

async function createAndWatch() {
  const input = {
    endpointServiceId: TEST_SERVICE_ID,
    vpcId: TEST_VPC_ID,
    ...(TEST_SUBNET_ID && { subnetId: TEST_SUBNET_ID }),
  };
  const { createVpcEndpoint } = await run(
    'mutation ($input: CreateVpcEndpointInput!) { createVpcEndpoint(input: $input) { statusCursor endpoint { id } } }',
    { input: { ...input, description: 'helm test' } },
  );
  const { statusCursor: after, endpoint } = createVpcEndpoint;
  let last;
  try {
    const watch =
      'subscription ($id: ID!, $after: String) { endpointStatus(id: $id, after: $after, until: SETTLED) { status } }';
    for await (const { endpointStatus } of results(watch, { id: endpoint.id, after })) {
      last = endpointStatus.status;
      console.log(`${endpoint.id} ${last}`);
    }
  } finally {
    await run('mutation ($id: ID!) { deleteVpcEndpoint(input: { id: $id }) { __typename } }', { id: endpoint.id });
  }
  if (last !== 'ACCEPTED') throw new Error(`the endpoint ended as ${last}`);
}

const ready = await fetch(`${GATEWAY_URL}/readyz`);
if (!ready.ok) throw new Error(`/readyz answers ${ready.status}: ${await ready.text()}`);
const { viewer } = await run('{ viewer { projects { id } } }');
console.log(`ready, with ${viewer.projects.length} projects`);
if (TEST_SERVICE_ID) await createAndWatch();
