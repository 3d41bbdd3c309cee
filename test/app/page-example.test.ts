/** The example of the page "Creating a VPC Endpoint", byte for byte on the wire and field by field in GraphQL. */
import { createHash, createHmac } from 'node:crypto';
import { createServer, type IncomingMessage, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, beforeEach, expect, it } from 'vitest';
import type { Gateway } from '../../src/app/gateway.ts';
import { CreateVpcEndpointDocument } from '../../src/client/generated/documents.ts';
import { SIMULATOR_AK, SIMULATOR_SK } from '../../src/simulator/world/identity.ts';
import { ask } from '../support/graphql-client.ts';
import { startTestGateway } from '../support/start-gateway.ts';

const PROJECT = '0605767a3300d5762fb7c0186d9e1779';
const ANSWER = {
  id: '492c776f-2cb9-40a2-9735-d7279ab2bbb6',
  status: 'accepted',
  ip: '172.16.0.154',
  tags: [],
  whitelist: [],
  marker_id: 302010104,
  active_status: ['active'],
  vpc_id: '0da03835-1dcf-4361-9b87-34139d58dd59',
  service_type: 'interface',
  project_id: PROJECT,
  subnet_id: 'fb1b8b7e-f34c-4ff1-b3a7-221acef3b3aa',
  enable_dns: false,
  created_at: '2022-04-28T02:44:50Z',
  updated_at: '2022-04-28T02:56:15Z',
  endpoint_service_id: '8843fac2-bc01-445a-a822-c8124ff3968c',
  endpoint_service_name: 'br-abc-aaa1.vm_test.8843fac2-bc01-445a-a822-c8124ff3968c',
  enable_whitelist: false,
  specification_name: 'default',
  endpoint_pool_id: '501f4a3b-6f96-4309-97d1-e291b8ca5b96',
  enable_status: 'enable',
  public_border_group: 'center',
};

interface Received {
  readonly method: string | undefined;
  readonly url: string | undefined;
  readonly headers: IncomingMessage['headers'];
  readonly body: string;
}

let received: Received[];
let upstream: Server;
let gateway: Gateway;

beforeEach(async () => {
  received = [];
  upstream = createServer((request, response) => {
    let body = '';
    request.on('data', (chunk: Buffer) => {
      body += chunk.toString();
    });
    request.on('end', () => {
      const { method, url, headers } = request;
      received.push({ method, url, headers, body });
      response
        .setHeader('content-type', 'application/json')
        .setHeader('x-request-id', 'req-1')
        .end(JSON.stringify(ANSWER));
    });
  });
  await new Promise<void>((resolve) => upstream.listen(0, '127.0.0.1', resolve));
  const { port } = upstream.address() as AddressInfo;
  gateway = await startTestGateway(
    { url: `http://127.0.0.1:${port}` },
    { env: { HUAWEICLOUD_SDK_PROJECT_ID: PROJECT } },
  );
});
afterEach(async () => {
  await gateway.close();
  upstream.closeAllConnections();
  await new Promise((resolve) => upstream.close(resolve));
});

/** The signature by the letter of docs/upstream/SIGNING.md, written again so that the client's own code is not its judge. */
function expectedAuthorization({ method, headers, body }: Received, path: string): string {
  const names = /SignedHeaders=([^,]+)/.exec(headers.authorization ?? '')?.[1] ?? '';
  const lines = names.split(';').map((name) => `${name}:${String(headers[name]).trim()}\n`);
  const hash = (text: string): string => createHash('sha256').update(text).digest('hex');
  const canonical = [method, `${path}/`, '', lines.join(''), names, hash(body)].join('\n');
  const toSign = ['SDK-HMAC-SHA256', headers['x-sdk-date'], hash(canonical)].join('\n');
  const signature = createHmac('sha256', SIMULATOR_SK).update(toSign).digest('hex');
  return `SDK-HMAC-SHA256 Access=${SIMULATOR_AK}, SignedHeaders=${names}, Signature=${signature}`;
}

it('sends the page’s request and gives its answer back', async () => {
  const { createVpcEndpoint } = await ask(gateway.url, CreateVpcEndpointDocument, {
    input: {
      subnetId: '5d1c1d71-2613-4274-b34e-d82af550f967',
      vpcId: '4e65f8b1-306d-4522-8ecd-aa374000e2a4',
      endpointServiceId: '813d9300-8473-405b-bfcd-f711117bad65',
      enableDns: false,
    },
  });
  const [request] = received.filter(({ method }) => method === 'POST');
  const path = `/v1/${PROJECT}/vpc-endpoints`;
  expect(request).toMatchObject({ method: 'POST', url: path });
  expect(JSON.parse(request?.body ?? '')).toEqual({
    subnet_id: '5d1c1d71-2613-4274-b34e-d82af550f967',
    vpc_id: '4e65f8b1-306d-4522-8ecd-aa374000e2a4',
    endpoint_service_id: '813d9300-8473-405b-bfcd-f711117bad65',
    enable_dns: false,
  });
  expect(request?.headers).toMatchObject({ 'content-type': 'application/json', 'x-project-id': PROJECT });
  expect(request?.headers['x-sdk-date']).toMatch(/^\d{8}T\d{6}Z$/);
  if (request === undefined) return;
  for (const name of ['content-type', 'host', 'x-project-id', 'x-sdk-date'])
    expect(request.headers.authorization).toContain(name);
  expect(request.headers.authorization).toBe(expectedAuthorization(request, path));

  expect(createVpcEndpoint.endpoint).toEqual({
    id: ANSWER.id,
    status: 'ACCEPTED',
    rawStatus: 'accepted',
    ip: '172.16.0.154',
    tags: [],
    whitelist: [],
    markerId: '302010104',
    activeStatus: ['active'],
    vpcId: ANSWER.vpc_id,
    serviceType: 'INTERFACE',
    rawServiceType: 'interface',
    projectId: PROJECT,
    subnetId: ANSWER.subnet_id,
    enableDns: false,
    createdAt: ANSWER.created_at,
    updatedAt: ANSWER.updated_at,
    endpointServiceId: ANSWER.endpoint_service_id,
    endpointServiceName: ANSWER.endpoint_service_name,
    enableWhitelist: false,
    specificationName: 'default',
    enableStatus: 'ENABLE',
    rawEnableStatus: 'enable',
    publicBorderGroup: 'center',
    ipVersion: null,
    rawIpVersion: null,
    ipv6Address: null,
    description: null,
    dnsNames: [],
    routeTables: [],
    policyStatements: [],
    policyDocument: null,
    faults: [],
  });
});
