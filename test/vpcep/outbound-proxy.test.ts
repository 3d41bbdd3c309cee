/** HTTP_PROXY, HTTPS_PROXY, NO_PROXY: how VPCEP, IAM and the issuer of tokens are reached from inside a company. */
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { createServer as createHttpServer } from 'node:http';
import { type AddressInfo, connect } from 'node:net';
import { createServer } from 'node:tls';
import { afterEach, beforeEach, expect, it, onTestFinished } from 'vitest';
import { VpcEndpointDocument } from '../../src/client/generated/documents.ts';
import { readConfig } from '../../src/config/config.ts';
import type { Simulator } from '../../src/simulator/server.ts';
import { SIMULATOR_PROJECT_ID } from '../../src/simulator/world/identity.ts';
import { exchange } from '../../src/vpcep/http/exchange.ts';
import { Pools } from '../../src/vpcep/http/pools.ts';
import { type Certificate, makeCertificate } from '../app/certificate.ts';
import { post } from '../support/fake-gateway.ts';
import { ask, send } from '../support/graphql-client.ts';
import { issue, postAs, startIamGateway } from '../support/iam-gateway.ts';
import { TestIssuer } from '../support/issuer.ts';
import { environmentFor, recordingLogger, startTestGateway, startTestSimulator } from '../support/start-gateway.ts';
import { startGatewayProcess } from '../support/start-process.ts';
import { type ForwardProxy, startForwardProxy } from './forward-proxy.ts';

const VPCEP = { url: 'http://vpcep.test' };

/** Names that only the proxy knows, and their ports on loopback. */
let names: Record<string, number>;

let simulator: Simulator;
let proxy: ForwardProxy;
let log: ReturnType<typeof recordingLogger>;
let id: string;
beforeEach(async () => {
  simulator = await startTestSimulator();
  [id = ''] = simulator.world.seed(1, { projectId: SIMULATOR_PROJECT_ID, status: 'accepted' });
  names = { 'vpcep.test:80': simulator.port };
  proxy = await startForwardProxy(names);
  log = recordingLogger();
});
afterEach(async () => {
  await proxy.close();
  await simulator.close();
});

const proxyUrl = (login = '') => `http://${login}127.0.0.1:${proxy.port}`;

async function start(env: Record<string, string>, upstream = VPCEP): Promise<string> {
  const gateway = await startTestGateway(upstream, { env, logger: log.logger });
  onTestFinished(() => gateway.close());
  return gateway.url;
}

async function hosts(url: string): Promise<unknown> {
  const response = await fetch(`${url}/readyz`);
  expect(response.status).toBe(200);
  const { reasons } = (await response.json()) as { reasons?: { hosts?: string } };
  return reasons?.hosts;
}

/** TLS in front of a server on loopback. */
async function startTls(port: number, { cert, key }: Certificate): Promise<number> {
  const server = createServer({ cert: readFileSync(cert), key: readFileSync(key) }, (near) => {
    const far = connect(port, '127.0.0.1');
    for (const [one, other] of [[near, far] as const, [far, near] as const])
      one.on('error', () => other.destroy()).on('close', () => other.destroy());
    near.pipe(far).pipe(near);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(() => void server.close());
  return (server.address() as AddressInfo).port;
}

it('VPCEP and IAM are reached through it; its login is for it alone, and never logged', async () => {
  const iam = createHttpServer((_request, response) =>
    response.end(JSON.stringify({ projects: [{ id: SIMULATOR_PROJECT_ID }] })),
  );
  iam.listen(0, '127.0.0.1');
  await once(iam, 'listening');
  onTestFinished(() => void iam.close());
  names['iam.test:80'] = (iam.address() as AddressInfo).port;
  const login = { http_proxy: proxyUrl('us%3Aer:pass%40word@') };
  const url = await start({ ...login, IAM_URL: 'http://iam.test', HUAWEICLOUD_SDK_PROJECT_ID: '' });
  expect((await ask(url, VpcEndpointDocument, { id })).vpcEndpoint?.id).toBe(id);
  expect(new Set(proxy.targets)).toEqual(new Set(['iam.test:80', 'vpcep.test:80']));

  const encoded = Buffer.from('us:er:pass@word').toString('base64');
  expect(new Set(proxy.logins)).toEqual(new Set([`Basic ${encoded}`]));
  expect(simulator.requests.length).toBeGreaterThan(0);
  for (const { headerNames } of simulator.requests) expect(headerNames).not.toContain('proxy-authorization');
  const address = `127.0.0.1:${proxy.port}`;
  expect(log.text()).toContain(
    `"http":"${address}","https":"${address}","msg":"VPCEP, IAM and the issuer of tokens are called through a proxy"`,
  );
  proxy.answer(407);
  await send(await start(login), VpcEndpointDocument, { id });
  for (const secret of ['pass', encoded]) expect(log.text()).not.toContain(secret);
});

it('IAM is asked about tokens of callers through it', async () => {
  names['iam.test:80'] = simulator.port;
  const env = { HTTP_PROXY: proxyUrl(), VPCEP_URL: VPCEP.url, IAM_URL: 'http://iam.test' };
  const gateway = await startIamGateway(simulator, { env });
  onTestFinished(() => gateway.close());
  const query = 'query ($id: ID!) { vpcEndpoint(id: $id) { id } }';
  expect((await postAs(gateway.url, issue(simulator), query, { id })).data).toEqual({ vpcEndpoint: { id } });
  expect(new Set(proxy.targets)).toEqual(new Set(['iam.test:80', 'vpcep.test:80']));
});

it('https goes through HTTPS_PROXY in a tunnel, for the issuer as well, and certificates are verified in it', async () => {
  const issuer = await TestIssuer.start();
  onTestFinished(() => issuer.close());
  const certificate = makeCertificate(['vpcep.test', 'issuer.test']);
  names['vpcep.test:443'] = await startTls(simulator.port, certificate);
  names['issuer.test:443'] = await startTls(Number(new URL(issuer.url).port), certificate);
  const https = { HTTPS_PROXY: proxyUrl('me:a-password@') };
  const gateway = await startGatewayProcess({
    ...environmentFor({ url: 'https://vpcep.test' }, https),
    ...issuer.env,
    JWT_JWKS_URL: 'https://issuer.test/keys',
    NODE_EXTRA_CA_CERTS: certificate.cert,
  });
  onTestFinished(() => gateway.stop());
  const authorization = `Bearer ${await issuer.token({ projects: { [SIMULATOR_PROJECT_ID]: ['read'] } })}`;
  const query = 'query ($id: ID!) { vpcEndpoint(id: $id) { id } }';
  expect((await post(gateway.url, query, { id }, { authorization })).data).toEqual({ vpcEndpoint: { id } });
  expect(new Set(proxy.targets)).toEqual(new Set(['issuer.test:443', 'vpcep.test:443']));
  expect(gateway.output()).not.toContain('a-password');

  // This process does not know the CA.
  const url = await start(https, { url: 'https://vpcep.test' });
  await send(url, VpcEndpointDocument, { id });
  expect(await hosts(url)).toBe('unreachable: vpcep.test (tls)');
});

it.each([
  ['a name in NO_PROXY', { NO_PROXY: 'other.test, vpcep.test:80' }],
  ['a domain in NO_PROXY', { no_proxy: '.test' }],
  ['any with NO_PROXY=*', { NO_PROXY: '*' }],
  ['http when only HTTPS_PROXY is set', { HTTP_PROXY: '' }],
])('%s is called directly', async (_, env) => {
  const url = await start({ HTTP_PROXY: proxyUrl(), HTTPS_PROXY: proxyUrl(), ...env });
  await send(url, VpcEndpointDocument, { id });
  // Without the proxy the name means nothing.
  expect(await hosts(url)).toBe('unreachable: vpcep.test (dns)');
  expect(proxy.targets).toEqual([]);
});

it('loopback is called directly, whatever NO_PROXY says', async () => {
  const { port } = simulator;
  for (const host of ['127.0.0.1', '127.0.0.2', 'localhost']) {
    const url = await start({ HTTP_PROXY: proxyUrl(), NO_PROXY: 'vpcep.test' }, { url: `http://${host}:${port}` });
    await send(url, VpcEndpointDocument, { id });
  }
  expect(simulator.requests.length).toBeGreaterThan(0);
  expect(proxy.targets).toEqual([]);
});

it.each([
  [407, 'PROXY_407'],
  ['close', 'PROXY_UND_ERR_SOCKET'],
] as const)(
  'a proxy that answers %s is the reason, and not called more often than there are attempts',
  async (how, code) => {
    proxy.answer(how);
    const url = await start({ HTTP_PROXY: proxyUrl() });
    const { errors } = await send(url, VpcEndpointDocument, { id });
    expect(errors?.[0]?.extensions).toMatchObject({ code: 'UPSTREAM_UNAVAILABLE', retryable: true });
    expect(await hosts(url)).toBe('unreachable: vpcep.test (proxy)');
    expect(log.text()).toContain(`"host":"vpcep.test","port":80,"reason":"proxy","code":"${code}","attempt":1`);
    // One call has at most 4 attempts.
    expect(proxy.targets.length).toBeLessThanOrEqual(4);
    proxy.answer(200);
    expect((await ask(url, VpcEndpointDocument, { id })).vpcEndpoint?.id).toBe(id);
    expect(await hosts(url)).toBeUndefined();
    expect(log.text().match(/host is reachable again/g)).toHaveLength(1);
  },
);

it('a proxy that is silent is the reason before the shortest deadline of a call, which is 5 s', async () => {
  proxy.answer('silence');
  const pools = new Pools({ proxy: readConfig({ HTTP_PROXY: proxyUrl() }).outboundProxy });
  onTestFinished(() => pools.destroy());
  const call = exchange(
    pools.get(VPCEP.url),
    { method: 'GET', path: '/', headers: {} },
    { timeoutMs: 5_000, maxBytes: 1 },
  );
  await expect(call).rejects.toMatchObject({ sent: false, code: 'PROXY_UND_ERR_HEADERS_TIMEOUT' });
});

it('a proxy that cannot be reached is the reason, until it can be', async () => {
  await proxy.close();
  const url = await start({ HTTP_PROXY: proxyUrl() });
  await send(url, VpcEndpointDocument, { id });
  expect(await hosts(url)).toBe('unreachable: vpcep.test (proxy)');
  expect(log.text()).toContain('"reason":"proxy","code":"PROXY_ECONNREFUSED"');
  proxy = await startForwardProxy(names, proxy.port);
  expect((await ask(url, VpcEndpointDocument, { id })).vpcEndpoint?.id).toBe(id);
  expect(await hosts(url)).toBeUndefined();
});
