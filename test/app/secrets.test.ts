import { afterEach, beforeEach, expect, it } from 'vitest';
import type { Gateway } from '../../src/app/gateway.ts';
import {
  CreateVpcEndpointDocument,
  VpcEndpointDocument,
  VpcEndpointsDocument,
} from '../../src/client/generated/documents.ts';
import type { Simulator } from '../../src/simulator/server.ts';
import { SIMULATOR_AK, SIMULATOR_PROJECT_ID, SIMULATOR_SK } from '../../src/simulator/world/identity.ts';
import { SERVICE_IDS } from '../../src/simulator/world/services.ts';
import { Subscription, send } from '../support/graphql-client.ts';
import { recordingLogger, startTestGateway, startTestSimulator } from '../support/start-gateway.ts';

const SECURITY_TOKEN = 'a-security-token-that-must-not-leak';
const CALLER_TOKEN = 'a-callers-token-that-must-not-leak';
const METRICS_TOKEN = 'a-metrics-token-that-must-not-leak';
const DESCRIPTION = 'a description that belongs to the tenant';

let simulator: Simulator;
let gateways: Gateway[];

beforeEach(async () => {
  gateways = [];
  simulator = await startTestSimulator({
    credentials: [{ ak: SIMULATOR_AK, sk: SIMULATOR_SK, securityToken: SECURITY_TOKEN }],
  });
});
afterEach(async () => {
  await Promise.all(gateways.map((gateway) => gateway.close()));
  await simulator.close();
});

it('no secret reaches a log, an error or a metric in any failure', async () => {
  const { logger, text } = recordingLogger();
  const env = { HUAWEICLOUD_SDK_SECURITY_TOKEN: SECURITY_TOKEN, METRICS_TOKEN };
  const good = await startTestGateway(simulator, { logger, env });
  const bad = await startTestGateway(simulator, {
    logger,
    env: { ...env, HUAWEICLOUD_SDK_SK: `${SIMULATOR_SK}-wrong` },
  });
  gateways.push(good, bad);
  const answers: unknown[] = [];
  const input = {
    endpointServiceId: SERVICE_IDS.plainInterface,
    vpcId: '4e65f8b1-306d-4522-8ecd-aa374000e2a4',
    subnetId: '5d1c1d71-2613-4274-b34e-d82af550f967',
    description: DESCRIPTION,
  };
  const [id = ''] = simulator.world.seed(1, { projectId: SIMULATOR_PROJECT_ID, status: 'accepted' });

  const feed = Subscription.endpoint(good.url, { id });
  answers.push(await feed.next());
  for (const kind of ['reset', 'malformedJson', 'throttled', 'expiredSignature'] as const) {
    simulator.faults.add({ kind, times: 3 });
    answers.push(await send(good.url, VpcEndpointsDocument, {}));
  }
  simulator.faults.add({ kind: 'status', status: 500, body: 'html', times: 3 });
  answers.push(await send(good.url, VpcEndpointDocument, { id }));
  simulator.faults.clear();
  answers.push(await send(good.url, CreateVpcEndpointDocument, { input }));
  answers.push(
    await send(bad.url, VpcEndpointDocument, { id }),
    await send(bad.url, CreateVpcEndpointDocument, { input }),
  );
  for (const url of [good.url, bad.url]) {
    const headers = {
      authorization: `Bearer ${CALLER_TOKEN}`,
      'x-auth-token': CALLER_TOKEN,
      'content-type': 'application/json',
    };
    answers.push(
      await (await fetch(`${url}/graphql`, { method: 'POST', headers, body: '{"query":"{ nonsense }"}' })).text(),
    );
    answers.push(await (await fetch(`${url}/graphql`, { method: 'POST', headers, body: '{' })).text());
    answers.push(
      await (await fetch(`${url}/metrics`, { headers: { authorization: `Bearer ${METRICS_TOKEN}` } })).text(),
    );
    answers.push(await (await fetch(`${url}/readyz`)).text());
  }
  await feed.close();

  const signatures = text().match(/Signature=|SDK-HMAC-SHA256 Access/g);
  expect(signatures).toBeNull();
  expect(text().split('\n').length).toBeGreaterThan(20);
  for (const secret of [SIMULATOR_SK, SIMULATOR_AK, SECURITY_TOKEN, CALLER_TOKEN, METRICS_TOKEN]) {
    expect(text(), 'logs').not.toContain(secret);
    expect(JSON.stringify(answers), 'answers').not.toContain(secret);
  }
  expect(text(), 'a payload in the logs').not.toContain(DESCRIPTION);
  expect(JSON.stringify(answers), 'upstream’s address').not.toContain(simulator.url);
});
