import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { CreateVpcEndpointInput } from '../../../src/graphql/endpoint/endpoint.input.ts';
import { readFilter, readCreateInput as readTypedInput } from '../../../src/graphql/endpoint/endpoint.validation.ts';
import { InputError } from '../../../src/graphql/errors/gateway-errors.ts';

/** GraphQL checks the types of an input; the rules judge the values. */
const readCreateInput = (input: object) => readTypedInput(input as CreateVpcEndpointInput);

const VALID = { endpointServiceId: 'service-1', vpcId: 'vpc_1' };

/** `path rule` of every issue, or [] when the input is taken. */
function issues(change: object): string[] {
  try {
    readCreateInput({ ...VALID, ...change });
    return [];
  } catch (error) {
    if (error instanceof InputError) {
      return error.issues.map((issue) => `${issue.path.replace(/^input\./, '')} ${issue.rule}`);
    }
    throw error;
  }
}

const statement = { effect: 'ALLOW', action: ['obs:*'], resource: ['*'] };
const tags = (count: number) => Array.from({ length: count }, (_, index) => ({ key: `k${index}`, value: '' }));

describe('what is taken', () => {
  it.each([
    {},
    { endpointServiceId: 'a'.repeat(64) },
    { subnetId: '5D1C1D71-2613-4274-b34e-d82af550f967' },
    { portIp: '0.0.0.0' },
    { portIp: '255.255.255.255' },
    { whitelist: ['10.0.0.1', '10.0.0.0/8', '0.0.0.0/0', '10.0.0.1/32'] },
    { whitelist: [] },
    { description: '' },
    { description: '😀'.repeat(512) },
    { tags: tags(20) },
    { tags: [{ key: 'a'.repeat(128), value: 'é/1 _.:=+-@'.padEnd(255, 'x') }] },
    { tags: [{ key: 'Ключ 鍵 _.:=+-@1', value: ' ' }] },
    { tags: [{ key: '_SYS_x', value: '' }] },
    { tags: [{ key: 'e\u0301' }] },
    { ipv6Address: '2001:db8::1' },
    { routeTables: ['rt-1', 'rt-2'] },
    { policy: { statements: [statement] } },
    { policy: { document: {} } },
    { policy: null },
    { ipVersion: 'DUALSTACK', enableDns: true, enableWhitelist: false },
  ])('%j', (change) => {
    expect(issues(change)).toEqual([]);
  });

  it('is sent as it was given, without what is null or absent', () => {
    const input = { ...VALID, description: null, tags: [{ key: 'k' }], enableDns: false, routeTables: undefined };
    expect(readCreateInput(input)).toEqual({ ...VALID, tags: [{ key: 'k', value: '' }], enableDns: false });
    expect(Object.keys(readCreateInput(input))).not.toContain('description');
  });

  it('is sent without an empty list or object, which is the same as none', () => {
    const empty = { tags: [], routeTables: [], whitelist: [] };
    for (const policy of [{ statements: [] }, { document: {} }]) {
      expect(Object.keys(readCreateInput({ ...VALID, ...empty, policy }))).toEqual(Object.keys(VALID));
    }
    const statements = [{ ...statement, condition: {} }];
    const { policyStatement } = readCreateInput({ ...VALID, policy: { statements } });
    expect(policyStatement).toEqual([statement]);
  });
});

describe('what is refused', () => {
  it.each<[object, string[]]>([
    [{ endpointServiceId: '' }, ['endpointServiceId id']],
    [{ vpcId: 'a'.repeat(65) }, ['vpcId id']],
    [{ vpcId: 'a/../b' }, ['vpcId id']],
    [{ subnetId: 'subnet-1' }, ['subnetId uuid']],
    [{ portIp: '10.0.0.256' }, ['portIp ipv4']],
    [{ portIp: '10.0.0.01' }, ['portIp ipv4']],
    [{ portIp: '10.0.0' }, ['portIp ipv4']],
    [{ portIp: '::1' }, ['portIp ipv4']],
    [{ portIp: '10.0.0.1\n' }, ['portIp ipv4']],
    [{ whitelist: ['10.0.0.0/33'] }, ['whitelist.0 ipv4-or-cidr']],
    [{ whitelist: ['10.0.0.0/'] }, ['whitelist.0 ipv4-or-cidr']],
    [{ whitelist: ['10.0.0.0/08'] }, ['whitelist.0 ipv4-or-cidr']],
    [{ whitelist: ['10.0.0.1', '10.0.0.2', '10.0.0.1'] }, ['whitelist.2 duplicate']],
    [{ description: 'a'.repeat(513) }, ['description length']],
    [{ description: 'a < b' }, ['description characters']],
    [{ description: '>' }, ['description characters']],
    [{ tags: tags(21) }, ['tags count']],
    [{ tags: [{ key: '' }] }, ['tags.0.key length']],
    [{ tags: [{ key: 'a'.repeat(129) }] }, ['tags.0.key length']],
    [{ tags: [{ key: 'a/b' }] }, ['tags.0.key characters']],
    [{ tags: [{ key: 'tab\t' }] }, ['tags.0.key characters']],
    [{ tags: [{ key: ' a' }] }, ['tags.0.key outer-space']],
    [{ tags: [{ key: 'a ' }] }, ['tags.0.key outer-space']],
    [{ tags: [{ key: '_sys_a' }] }, ['tags.0.key prefix']],
    [{ tags: [{ key: 'a', value: 'x'.repeat(256) }] }, ['tags.0.value length']],
    [{ tags: [{ key: 'a', value: 'x;y' }] }, ['tags.0.value characters']],
    [{ tags: [{ key: 'a' }, { key: 'b' }, { key: 'a' }] }, ['tags.2.key duplicate']],
    [{ ipv6Address: '10.0.0.1' }, ['ipv6Address ipv6']],
    [{ ipv6Address: 'fe80::1%eth0' }, ['ipv6Address ipv6']],
    [{ ipv6Address: '2001:db8::1::2' }, ['ipv6Address ipv6']],
    [{ routeTables: [''] }, ['routeTables.0 id']],
    [{ routeTables: ['a', 'a'] }, ['routeTables.1 duplicate']],
    [{ policy: { statements: [{ ...statement, action: [] }] } }, ['policy.statements.0.action empty']],
    [{ policy: { statements: [{ ...statement, resource: [''] }] } }, ['policy.statements.0.resource.0 length']],
  ])('%j', (change, expected) => {
    expect(issues(change)).toEqual(expected);
  });

  it('is reported all at once, with the field, the rule and the fix', () => {
    const change = { portIp: 'x', description: `<${'a'.repeat(600)}`, tags: [{ key: ' _sys_\u0000', value: '!' }] };
    expect(issues(change)).toEqual([
      'tags.0.key characters',
      'tags.0.key outer-space',
      'tags.0.value characters',
      'portIp ipv4',
      'description length',
      'description characters',
    ]);
    expect(() => readCreateInput({ ...VALID, portIp: '1.2.3' })).toThrow(
      /^input\.portIp must be an IPv4 address such as/,
    );
  });
});

describe('any input', () => {
  it('is taken or refused with issues, nothing else', () => {
    const text = fc.oneof(fc.string(), fc.string({ unit: 'binary' }), fc.constant(null));
    const texts = fc.array(fc.string(), { maxLength: 4 });
    const inputs = fc.record(
      {
        endpointServiceId: fc.string(),
        vpcId: fc.string(),
        subnetId: text,
        tags: fc.array(fc.record({ key: fc.string(), value: fc.string() }), { maxLength: 4 }),
        routeTables: texts,
        portIp: text,
        whitelist: texts,
        description: text,
        policy: fc.oneof(
          fc.record({
            statements: fc.array(fc.record({ effect: fc.string(), action: texts, resource: texts }), { maxLength: 2 }),
          }),
          fc.record({ document: fc.object({ maxDepth: 1 }) }),
        ),
        ipv6Address: text,
        enableDns: fc.boolean(),
      },
      { requiredKeys: ['endpointServiceId', 'vpcId'] },
    );
    fc.assert(
      fc.property(inputs, (input) => {
        try {
          const read = readCreateInput(input);
          expect(read.endpointServiceId).toMatch(/^[A-Za-z0-9_-]{1,64}$/);
        } catch (error) {
          expect(error).toBeInstanceOf(InputError);
          const found = error instanceof InputError ? error.issues : [];
          expect(found.length).toBeGreaterThan(0);
          for (const issue of found) {
            expect(issue.message.startsWith(issue.path)).toBe(true);
          }
        }
      }),
      { numRuns: 500 },
    );
  });

  it('that is refused says at most what was wrong, never the value', () => {
    fc.assert(
      fc.property(fc.stringMatching(/^[!-;?-~]{12,40}$/), (secret) => {
        try {
          readCreateInput({ ...VALID, portIp: `${secret}`, ipv6Address: secret, whitelist: [secret] });
        } catch (error) {
          expect(JSON.stringify(error instanceof InputError ? error.issues : [])).not.toContain(secret);
        }
      }),
    );
  });
});

it('a name in the filter of endpoints has 1 to 128 characters, as the contract says', () => {
  const filter = { endpointServiceName: '鍵'.repeat(128) };
  expect(readFilter(filter)).toEqual(filter);
  for (const endpointServiceName of ['', 'x'.repeat(129)]) {
    expect(() => readFilter({ endpointServiceName })).toThrow(
      /^filter.endpointServiceName must have 1 to 128 characters/,
    );
  }
});
