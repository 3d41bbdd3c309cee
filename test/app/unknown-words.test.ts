/** Words and forms that the contract does not have: they are shown as they came, never as nothing. */
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, beforeEach, expect, it } from 'vitest';
import type { Gateway } from '../../src/app/gateway.ts';
import {
  DescribeEndpointServiceDocument,
  EndpointServiceDocument,
  PublicEndpointServicesDocument,
  VpcEndpointDocument,
} from '../../src/client/generated/documents.ts';
import { ask } from '../support/graphql-client.ts';
import { recordingLogger, startTestGateway } from '../support/start-gateway.ts';

const ID = '492c776f-2cb9-40a2-9735-d7279ab2bbb6';

let answer: object;
let upstream: Server;
let gateway: Gateway;
let log: ReturnType<typeof recordingLogger>;

beforeEach(async () => {
  upstream = createServer((request, response) => {
    const isList = /[?&]limit=/.test(request.url ?? '');
    const row = { id: ID, status: 'accepted', ...answer };
    response
      .setHeader('content-type', 'application/json')
      .end(JSON.stringify(isList ? { endpoint_services: [row], total_count: 1 } : row));
  });
  await new Promise<void>((resolve) => upstream.listen(0, '127.0.0.1', resolve));
  const { port } = upstream.address() as AddressInfo;
  log = recordingLogger();
  gateway = await startTestGateway({ url: `http://127.0.0.1:${port}` }, { logger: log.logger });
});
afterEach(async () => {
  await gateway.close();
  upstream.closeAllConnections();
  await new Promise((resolve) => upstream.close(resolve));
});

const endpoint = async () => (await ask(gateway.url, VpcEndpointDocument, { id: ID })).vpcEndpoint;

it('shows upstream’s word beside UNKNOWN, for endpoints and for every view of a service', async () => {
  answer = { service_type: 'cvs_gateway', enable_status: 'paused', ip_version: 'ipv6' };
  expect(await endpoint()).toMatchObject({
    serviceType: 'UNKNOWN',
    rawServiceType: 'cvs_gateway',
    enableStatus: 'UNKNOWN',
    rawEnableStatus: 'paused',
    ipVersion: 'UNKNOWN',
    rawIpVersion: 'ipv6',
  });
  answer = {
    service_type: 'cvs_gateway',
    server_type: 'BMS',
    tcp_proxy: 'new',
    ip_version: 'dualstack',
    cidr_type: 'x',
  };
  const type = { serviceType: 'UNKNOWN', rawServiceType: 'cvs_gateway' };
  expect((await ask(gateway.url, EndpointServiceDocument, { id: ID })).endpointService).toMatchObject({
    ...type,
    serverType: 'UNKNOWN',
    rawServerType: 'BMS',
    tcpProxy: 'UNKNOWN',
    rawTcpProxy: 'new',
    ipVersion: 'UNKNOWN',
    rawIpVersion: 'dualstack',
    cidrType: 'UNKNOWN',
    rawCidrType: 'x',
  });
  const described = await ask(gateway.url, DescribeEndpointServiceDocument, { by: { id: ID } });
  expect(described.describeEndpointService).toMatchObject(type);
  const { publicEndpointServices } = await ask(gateway.url, PublicEndpointServicesDocument, {});
  expect(publicEndpointServices.edges.map(({ node }) => node)).toMatchObject([type]);
});

it('shows a policy that it does not know, and says so once in the log', async () => {
  answer = {
    policy_statement: [
      { Effect: 'Audit', Action: ['obs:*:*'], Resource: ['*'] },
      { effect: 'deny', NotAction: ['a'], NotResource: ['r'] },
    ],
    policy_document: '{"Version":"1"}',
  };
  const shown = await endpoint();
  expect(shown).toMatchObject({
    policyStatements: [
      { effect: 'UNKNOWN', rawEffect: 'Audit', action: ['obs:*:*'], resource: ['*'] },
      { effect: 'DENY', rawEffect: 'deny', notAction: ['a'], notResource: ['r'] },
    ],
    policyDocument: '{"Version":"1"}',
  });
  answer = { ...answer, policy_document: [{ Version: '1' }] };
  expect((await endpoint())?.policyDocument).toEqual([{ Version: '1' }]);
  const deviations = [...log.text().matchAll(/"deviation":"([^"]+)"/g)].map(([, deviation]) => deviation);
  expect(deviations.sort()).toEqual([
    'policy_document is not an object',
    'policy_statement has members that the contract does not name',
    'policy_statement has no Effect that is Allow or Deny',
  ]);
});
