import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { MARK_TAG_KEY } from '../../../src/vpcep/core/model.ts';
import { mergeServices, serviceWith } from '../../../src/vpcep/service/model.ts';
import {
  parsePublicServicePage,
  parseService,
  parseServiceDescription,
  parseServicePage,
} from '../../../src/vpcep/service/parse.ts';

const CONTEXT = { method: 'GET', status: 200, requestId: 'r', projectId: 'p-1' };
const ROW = {
  id: 's-1',
  service_name: 'region.shop.s-1',
  service_type: 'interface',
  server_type: 'LB',
  status: 'available',
  port_id: 'p',
  vpc_id: 'v',
  approval_enabled: 'true',
  ports: [{ client_port: '80', server_port: 8080, protocol: 'TCP' }],
  tcp_proxy: 'toa_open',
  tags: [
    { key: 'a', value: '1' },
    { key: MARK_TAG_KEY, value: 'm' },
  ],
  created_at: '2022-04-28T02:44:50',
  ip_version: 'ipv6',
  cidr_type: 'internal',
  connection_count: '7',
  error: [{ code: 'EndPoint.3001', message: 'no port' }],
};
const parse = (row: unknown) => parseService(JSON.stringify(row), CONTEXT);

describe('a service', () => {
  test('is read with loose types, without our own tag', () => {
    expect(parse(ROW)).toMatchObject({
      view: 'details',
      status: 'AVAILABLE',
      rawStatus: 'available',
      serviceType: 'INTERFACE',
      serverType: 'LB',
      approvalEnabled: true,
      ports: [{ clientPort: 80, serverPort: 8080, protocol: 'TCP' }],
      tcpProxy: 'TOA_OPEN',
      tags: [{ key: 'a', value: '1' }],
      mark: 'm',
      createdAt: '2022-04-28T02:44:50Z',
      ipVersion: 'IPV6',
      cidrType: 'INTERNAL',
      connectionCount: 7,
    });
  });

  test.each([
    ['the SDK', [{ code: 'EndPoint.3001', message: 'no port' }]],
    ['golangsdk', [{ error_code: 'EndPoint.3001', error_message: 'no port' }]],
    ['the detail page of 2022', { error_code: 'EndPoint.3001', error_message: 'no port' }],
  ])('says why it failed in the shape of %s', (_, error) => {
    expect(parse({ ...ROW, error }).faults).toEqual([{ code: 'EndPoint.3001', message: 'no port' }]);
  });

  test('distinguishes unknown words from missing ones', () => {
    const words = { service_type: 'cvs_gateway', server_type: 'BMS', tcp_proxy: 'other', ip_version: 'v7' };
    const odd = parse({ id: 's', status: 'Paused', cidr_type: 'mixed', ...words });
    expect(odd).toMatchObject({
      status: 'UNKNOWN',
      rawStatus: 'Paused',
      serviceType: 'UNKNOWN',
      rawServiceType: 'cvs_gateway',
      serverType: 'UNKNOWN',
      rawServerType: 'BMS',
      tcpProxy: 'UNKNOWN',
      rawTcpProxy: 'other',
      ipVersion: 'UNKNOWN',
      rawIpVersion: 'v7',
      cidrType: 'UNKNOWN',
      rawCidrType: 'mixed',
    });
    expect(parse({ id: 's' })).toMatchObject({
      status: 'UNKNOWN',
      rawStatus: 'unknown',
      serverType: null,
      rawServerType: null,
      ports: [],
    });
  });

  test('of another tenant or a public one says nothing about what only its owner sees', () => {
    const row = { ...ROW, is_charge: 'false', owner: 'o', public_border_group: 'g' };
    const shared = {
      id: 's-1',
      serviceName: 'region.shop.s-1',
      serviceType: 'INTERFACE',
      rawServiceType: 'interface',
      createdAt: '2022-04-28T02:44:50Z',
      isBilled: false,
      enablePolicy: null,
    };
    expect(parseServiceDescription(JSON.stringify(row), CONTEXT)).toEqual({
      ...shared,
      view: 'description',
      publicBorderGroup: 'g',
    });
    const page = JSON.stringify({ endpoint_services: [row], total_count: 1 });
    expect(parsePublicServicePage(page, CONTEXT).services).toEqual([{ ...shared, view: 'public', owner: 'o' }]);
  });

  test('is in the project that was asked, whatever the answer says', () => {
    expect(parse({ ...ROW, project_id: 'p-2' }).projectId).toBe('p-1');
  });

  test('never fails over a field', () => {
    const value = fc.oneof(fc.constant(null), fc.jsonValue());
    const fields = fc.dictionary(fc.constantFrom(...Object.keys(ROW).filter((key) => key !== 'id')), value);
    fc.assert(
      fc.property(fields, (over) => {
        expect(parse({ ...ROW, ...over }).id).toBe('s-1');
      }),
    );
  });

  test('without an id is no answer, and a write may have been done', () => {
    expect(() => parse({ status: 'available' })).toThrow(expect.objectContaining({ kind: 'malformed' }));
    const write = { ...CONTEXT, method: 'POST' };
    expect(() => parseService('', write)).toThrow(expect.objectContaining({ outcome: 'unknown' }));
  });
});

test('a page leaves out what it cannot read, and keeps the count of upstream', () => {
  const page = JSON.stringify({ endpoint_services: [ROW, null, { service_name: 'x' }], total_count: '9' });
  const { services, totalCount } = parseServicePage(page, CONTEXT);
  expect([services.map(({ id }) => id), totalCount]).toEqual([['s-1'], 9]);
  expect(() => parseServicePage('{"total_count":3}', CONTEXT)).toThrow(expect.objectContaining({ kind: 'malformed' }));
});

test('what a newer answer does not say is kept from the older one', () => {
  const ref = { id: 's', projectId: 'p' };
  const older = serviceWith('row', { ...ref, connectionCount: 3, description: 'old' });
  const newer = serviceWith('details', { ...ref, description: 'new', cidrType: 'PUBLIC' });
  expect(mergeServices(older, newer)).toEqual(
    serviceWith('details', { ...ref, connectionCount: 3, description: 'new', cidrType: 'PUBLIC' }),
  );
});
