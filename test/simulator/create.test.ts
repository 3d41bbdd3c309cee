import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Simulator } from '../../src/simulator/server.ts';
import { NO_SUCH_VPC_ID, SERVICE_IDS } from '../../src/simulator/world/services.ts';
import { startCheckedSimulator } from '../support/contract/checked-simulator.ts';
import { call, ENDPOINTS, PROJECT, type Result, SUBNET_ID, stoppedClock, VPC_ID } from './simulator-caller.ts';

const clock = stoppedClock();
let simulator: Simulator;

beforeAll(async () => {
  simulator = await startCheckedSimulator({ clock, quota: 1000 }, { requests: 'unless-refused' });
});
afterAll(() => simulator.close());

function create(body: object, url = simulator.url): Promise<Result> {
  return call(url, 'POST', ENDPOINTS, { at: clock.now(), body });
}

const INTERFACE = { endpoint_service_id: SERVICE_IDS.plainInterface, vpc_id: VPC_ID, subnet_id: SUBNET_ID };
const GATEWAY = { endpoint_service_id: SERVICE_IDS.dnsGateway, vpc_id: VPC_ID };
const OBS = { endpoint_service_id: SERVICE_IDS.obsGateway, vpc_id: VPC_ID };
const PRO = { ...INTERFACE, endpoint_service_id: SERVICE_IDS.professionalInterface };
const STATEMENT = { Effect: 'Allow', Action: ['obs:*:*'], Resource: ['*'] };

describe('a create request that breaks a rule', () => {
  it.each<[string, object, string]>([
    ['no service', { vpc_id: VPC_ID }, 'EndPoint.2029'],
    ['service id malformed', { ...INTERFACE, endpoint_service_id: 'x' }, 'EndPoint.3062'],
    ['service unknown', { ...INTERFACE, endpoint_service_id: VPC_ID }, 'EndPoint.2003'],
    ['service private to others', { ...INTERFACE, endpoint_service_id: SERVICE_IDS.foreignPrivate }, 'EndPoint.2012'],
    ['no VPC', { ...INTERFACE, vpc_id: undefined }, 'EndPoint.2011'],
    ['VPC malformed', { ...INTERFACE, vpc_id: 'vpc-1' }, 'EndPoint.0020'],
    ['VPC unknown', { ...INTERFACE, vpc_id: NO_SUCH_VPC_ID }, 'EndPoint.2001'],
    ['interface without subnet', { ...INTERFACE, subnet_id: undefined }, 'EndPoint.2010'],
    ['subnet malformed', { ...INTERFACE, subnet_id: 7 }, 'EndPoint.0023'],
    ['enable_dns neither', { ...INTERFACE, enable_dns: 'yes' }, 'EndPoint.2033'],
    ['angle bracket', { ...INTERFACE, description: 'a<b' }, 'EndPoint.0002'],
    ['description too long', { ...INTERFACE, description: 'x'.repeat(513) }, 'EndPoint.0002'],
    ['tag without value', { ...INTERFACE, tags: [{ key: 'a' }] }, 'EndPoint.3066'],
    ['tag key empty', { ...INTERFACE, tags: [{ key: '', value: '' }] }, 'EndPoint.3066'],
    [
      'tag key twice',
      {
        ...INTERFACE,
        tags: [
          { key: 'a', value: '1' },
          { key: 'a', value: '2' },
        ],
      },
      'EndPoint.3067',
    ],
    ['system tag', { ...INTERFACE, tags: [{ key: '_sys_a', value: '' }] }, 'EndPoint.3068'],
    ['tag key with outer space', { ...INTERFACE, tags: [{ key: 'a ', value: '' }] }, 'EndPoint.3068'],
    ['tag key too long', { ...INTERFACE, tags: [{ key: 'x'.repeat(129), value: '' }] }, 'EndPoint.3072'],
    ['tag value too long', { ...INTERFACE, tags: [{ key: 'a', value: 'x'.repeat(256) }] }, 'EndPoint.3073'],
    [
      '21 tags',
      { ...INTERFACE, tags: Array.from({ length: 21 }, (_, n) => ({ key: `k${n}`, value: '' })) },
      'EndPoint.3069',
    ],
    ['route tables on interface', { ...INTERFACE, routetables: [VPC_ID] }, 'EndPoint.1019'],
    ['route table malformed', { ...GATEWAY, routetables: ['rtb'] }, 'EndPoint.1019'],
    ['port_ip malformed', { ...INTERFACE, port_ip: '10.0.0.256' }, 'EndPoint.2041'],
    ['port_ip on gateway', { ...GATEWAY, port_ip: '10.0.0.1' }, 'EndPoint.2041'],
    ['whitelist malformed', { ...INTERFACE, whitelist: ['10.0.0.0/33'] }, 'EndPoint.2044'],
    ['whitelist on gateway', { ...GATEWAY, whitelist: ['10.0.0.1'] }, 'EndPoint.2044'],
    ['policy without enable_policy', { ...GATEWAY, policy_statement: [STATEMENT] }, 'EndPoint.2048'],
    ['document for OBS', { ...OBS, policy_document: {} }, 'EndPoint.2048'],
    ['statement for others', { ...PRO, policy_statement: [STATEMENT] }, 'EndPoint.2048'],
    ['statement malformed', { ...OBS, policy_statement: [{ ...STATEMENT, Effect: 'Maybe' }] }, 'EndPoint.2048'],
    ['ip_version on basic', { ...INTERFACE, ip_version: 'dualstack' }, 'EndPoint.1004'],
    ['ip_version unknown', { ...PRO, ip_version: 'ipv6' }, 'EndPoint.1004'],
  ])('%s', async (_rule, body, code) => {
    const answer = await create(body);
    expect([answer.status, answer.json]).toEqual([400, { error_code: code, error_msg: expect.any(String) }]);
  });

  it('has no body at all, or a broken one', async () => {
    const none = await call(simulator.url, 'POST', ENDPOINTS, { at: clock.now() });
    expect([none.status, none.json.error_code]).toEqual([504, 'EndPoint.0011']);
    const broken = await call(simulator.url, 'POST', ENDPOINTS, { at: clock.now(), rawBody: '{"a":' });
    expect([broken.status, broken.json.error_code]).toEqual([400, 'EndPoint.0002']);
  });

  it('asks for an address that is taken', async () => {
    expect((await create({ ...INTERFACE, port_ip: '10.1.1.1' })).status).toBe(200);
    expect((await create({ ...INTERFACE, port_ip: '10.1.1.1' })).json.error_code).toBe('EndPoint.2042');
  });

  it('exceeds the quota', async () => {
    const small = await startCheckedSimulator({ clock, quota: 2 }, { requests: 'unless-refused' });
    small.world.seed(1);
    expect((await create(INTERFACE, small.url)).status).toBe(200);
    expect((await create(INTERFACE, small.url)).json.error_code).toBe('Endpoint.1018');
    await small.close();
  });
});

describe('the answers', () => {
  it('have the fields of their kind, for an interface endpoint', async () => {
    const created = (
      await create({ ...INTERFACE, enable_dns: 'true', description: 'db', tags: [{ key: 'team', value: 'net' }] })
    ).json;
    expect(created).toMatchObject({
      status: 'creating',
      service_type: 'interface',
      enable_dns: true,
      project_id: PROJECT,
      tags: [{ key: 'team', value: 'net' }],
    });
    const shared = [
      'active_status',
      'created_at',
      'description',
      'enable_dns',
      'enable_whitelist',
      'endpoint_pool_id',
      'endpoint_service_id',
      'endpoint_service_name',
      'id',
      'marker_id',
      'project_id',
      'public_border_group',
      'service_type',
      'status',
      'subnet_id',
      'tags',
      'updated_at',
      'vpc_id',
      'whitelist',
    ];
    expect(Object.keys(created).sort()).toEqual([...shared, 'enable_status', 'specification_name'].sort());
    clock.advance(6000);
    const path = `${ENDPOINTS}/${String(created.id)}`;
    const detail = (await call(simulator.url, 'GET', path, { at: clock.now() })).json;
    expect(Object.keys(detail).sort()).toEqual(
      [...shared, 'enable_status', 'specification_name', 'dns_names', 'ip'].sort(),
    );
    const list = await call(simulator.url, 'GET', ENDPOINTS, { at: clock.now(), query: { id: String(created.id) } });
    const { dns_names: _dns, ip: _ip, ...item } = (list.json.endpoints as [Record<string, unknown>])[0];
    expect(Object.keys(item).sort()).toEqual(shared);
  });

  it('show the default route table and full access for a gateway, and no DNS', async () => {
    const { json } = await create({ ...OBS, enable_dns: true });
    expect(json).toMatchObject({ enable_dns: false, policy_statement: [{ Effect: 'Allow' }] });
    expect(json.routetables).toHaveLength(1);
    expect(json).not.toHaveProperty('whitelist');
    expect((await create({ ...OBS, policy_statement: [STATEMENT] })).json.policy_statement).toEqual([STATEMENT]);
  });

  it('write every digit of a marker_id beyond 2^53', async () => {
    const { text, json } = await create({ ...PRO, ip_version: 'dualstack', policy_document: { Version: '5' } });
    expect(text).toMatch(/"marker_id":4223213213123\d{5}[,}]/);
    expect(json).toMatchObject({
      policy_document: { Version: '5' },
      ipv6_address: expect.stringMatching(/^2001:db8::/),
    });
  });
});
