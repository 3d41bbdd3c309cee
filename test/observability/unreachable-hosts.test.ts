import { beforeEach, describe, expect, it } from 'vitest';
import { createMetrics, type Metrics } from '../../src/observability/metrics.ts';
import { type ContactFailure, UnreachableHosts } from '../../src/observability/unreachable-hosts.ts';
import { recordingLogger } from '../support/start-gateway.ts';

const URL = 'https://vpcep.example';
const REFUSED: ContactFailure = { code: 'ECONNREFUSED', timedOut: false, sent: false, attempt: 1 };
const LOST: ContactFailure = { code: 'UND_ERR_SOCKET', timedOut: false, sent: true, attempt: 1 };

let now: number;
let log: ReturnType<typeof recordingLogger>;
let metrics: Metrics;
let hosts: UnreachableHosts;
beforeEach(() => {
  now = 0;
  log = recordingLogger();
  metrics = createMetrics();
  hosts = new UnreachableHosts({ logger: log.logger, metrics, elapsed: () => now });
});

const fail = (failure = REFUSED, url = URL) => hosts.at(url).failed(failure, now);
const answer = () => hosts.at(URL).answered(now);
const lines = () =>
  log
    .text()
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as Record<string, unknown>);

describe('a host that cannot be reached', () => {
  it('is logged once when it begins, once when it ends, and listed in between', () => {
    expect(hosts.reason).toBeNull();
    for (let attempt = 1; attempt <= 3; attempt++) {
      fail({ ...REFUSED, attempt });
      now += 1_000;
    }
    expect(hosts.reason).toBe('unreachable: vpcep.example (refused)');
    answer();
    answer();
    expect(hosts.reason).toBeNull();
    expect(lines()).toEqual([
      expect.objectContaining({ level: 40, host: 'vpcep.example', port: 443, reason: 'refused', code: 'ECONNREFUSED' }),
      expect.objectContaining({ level: 30, host: 'vpcep.example', port: 443, unreachableSeconds: 3 }),
    ]);
    expect(lines()[0]).toMatchObject({ attempt: 1 });
  });

  it('is the same for all URLs with its name and port', () => {
    fail(REFUSED, `${URL}:443/a`);
    fail(REFUSED, `${URL}/b`);
    fail(LOST, 'http://iam.example:8080');
    fail({ ...REFUSED, code: 'ENOTFOUND' }, 'http://iam.example');
    expect(lines()).toHaveLength(2);
    expect(hosts.reason).toBe('unreachable: vpcep.example (refused), iam.example (dns)');
  });

  it('is listed with the latest reason, and counted by each', async () => {
    fail();
    fail({ ...REFUSED, code: 'ENOTFOUND' });
    fail({ ...REFUSED, code: 'ENOTFOUND' });
    expect(hosts.reason).toBe('unreachable: vpcep.example (dns)');
    expect(lines()).toHaveLength(1);
    const text = await metrics.text();
    expect(text).toContain('vpcep_gateway_upstream_unreachable_total{host="vpcep.example",reason="refused"} 1');
    expect(text).toContain('vpcep_gateway_upstream_unreachable_total{host="vpcep.example",reason="dns"} 2');
  });

  it('is forgotten with the configuration that named it', () => {
    fail();
    hosts.forget();
    expect(hosts.reason).toBeNull();
    answer();
    expect(lines()).toHaveLength(1);
  });
});

describe('a host that can be reached', () => {
  it('may lose one request, but not a second before the next answer', () => {
    fail(LOST);
    answer();
    fail(LOST);
    expect(lines()).toEqual([]);
    fail({ ...LOST, attempt: 2 });
    expect(lines()).toEqual([expect.objectContaining({ reason: 'reset', attempt: 2 })]);
  });

  it('stays reachable when a call that began before its last answer fails', () => {
    const begunAt = now;
    now += 10;
    answer();
    hosts.at(URL).failed(REFUSED, begunAt);
    expect(hosts.reason).toBeNull();
  });

  it('stays unreachable when a call from before the outage is answered', () => {
    const begunAt = now;
    now += 10;
    fail();
    hosts.at(URL).answered(begunAt);
    expect(hosts.reason).toBe('unreachable: vpcep.example (refused)');
  });
});

it.each([
  ['ENOTFOUND', 'dns'],
  ['EAI_AGAIN', 'dns'],
  ['ECONNREFUSED', 'refused'],
  ['ECONNRESET', 'reset'],
  ['UND_ERR_SOCKET', 'reset'],
  ['UND_ERR_CONNECT_TIMEOUT', 'timeout'],
  ['ETIMEDOUT', 'timeout'],
  ['DEPTH_ZERO_SELF_SIGNED_CERT', 'tls'],
  ['UNABLE_TO_VERIFY_LEAF_SIGNATURE', 'tls'],
  ['ERR_TLS_CERT_ALTNAME_INVALID', 'tls'],
  ['UND_ERR_PRX_TLS', 'tls'],
  ['ERR_SSL_WRONG_VERSION_NUMBER', 'tls'],
  ['EPROTO', 'tls'],
  ['PROXY_407', 'proxy'],
  ['PROXY_UND_ERR_CONNECT_TIMEOUT', 'proxy'],
  ['EHOSTUNREACH', 'other'],
  [undefined, 'other'],
])('%s is the reason "%s"', (code, reason) => {
  fail({ ...REFUSED, code });
  expect(hosts.reason).toBe(`unreachable: vpcep.example (${reason})`);
});

it('no answer in time is the reason "timeout"', () => {
  fail({ ...REFUSED, code: undefined, timedOut: true });
  expect(hosts.reason).toBe('unreachable: vpcep.example (timeout)');
});
