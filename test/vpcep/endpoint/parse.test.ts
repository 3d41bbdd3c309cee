import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { MARK_TAG_KEY } from '../../../src/vpcep/core/model.ts';
import { type AnswerKind, ENDPOINT_FIELDS, FIELD_CODES } from '../../../src/vpcep/endpoint/fields.ts';
import { parseEndpoint, parseEndpointPage } from '../../../src/vpcep/endpoint/parse.ts';
import { completeEndpoint, plainEndpoint } from '../../../src/vpcep/endpoint/view.ts';
import { UpstreamError } from '../../../src/vpcep/errors/upstream-error.ts';

const GET = { method: 'GET', status: 200, projectId: 'p-1', requestId: 'req-1' } as const;
const POST = { ...GET, method: 'POST' } as const;

const FULL = {
  id: 'e-1',
  service_type: 'interface',
  status: 'accepted',
  ip: '192.168.0.5',
  ip_version: 'dualstack',
  ipv6_address: 'fd00::5',
  active_status: ['active'],
  enable_status: 'enable',
  specification_name: 'default',
  endpoint_service_name: 'r.svc.s-1',
  marker_id: 302000001,
  endpoint_service_id: 's-1',
  enable_dns: true,
  dns_names: ['a.example.test'],
  subnet_id: 'n-1',
  vpc_id: 'v-1',
  created_at: '2025-01-02T03:04:05Z',
  updated_at: '2025-01-02T03:04:06Z',
  project_id: 'p-1',
  tags: [{ key: 'team', value: 'net' }],
  error: [{ error_code: 'EndPoint.2022', error_message: 'no luck' }],
  whitelist: ['10.0.0.0/8'],
  enable_whitelist: false,
  routetables: ['r-1'],
  description: 'database link',
  policy_statement: [{ Effect: 'Allow', Action: ['obs:*:*'], Resource: ['*'], Condition: { a: 1 }, Sid: 's' }],
  policy_document: { Version: '1' },
  endpoint_pool_id: 'pool-1',
  public_border_group: 'center',
};

const detail = (change: object = {}) => parseEndpoint(JSON.stringify({ ...FULL, ...change }), 'detail', GET);
const field = (change: object) => detail(change).fields;

/** Fields that every answer carries, and those that only some do (docs/upstream/NOTES.md). */
const ALWAYS =
  'activeStatus createdAt description enableDns enableWhitelist endpointPoolId endpointServiceId endpointServiceName ip markerId policyDocument policyStatements projectId publicBorderGroup rawServiceType routeTables serviceType subnetId tags updatedAt vpcId whitelist';
type Documented = Exclude<AnswerKind, 'edit'>;
const EXTRA: Readonly<Record<Documented, string>> = {
  create: 'enableStatus ipv6Address rawEnableStatus specificationName',
  list: 'dnsNames faults',
  detail: 'dnsNames enableStatus faults ipv6Address rawEnableStatus specificationName',
};

test('every field is read from the one member that it names', () => {
  for (const [name, { upstream, read }] of Object.entries(ENDPOINT_FIELDS)) {
    const asked = new Set<unknown>();
    const row = new Proxy({}, { get: (_, member) => void asked.add(member) });
    read(row, () => undefined);
    expect([...asked], name).toEqual([upstream]);
  }
});

test('no two fields have the same code in the event log', () => {
  expect(new Set(FIELD_CODES.values()).size).toBe(FIELD_CODES.size);
});

describe('which fields an answer carries', () => {
  test.each<Documented>(['create', 'list', 'detail'])(
    '%s: null or [] for what it carries, no key for the rest',
    (kind) => {
      const bare = '{"id":"e-1"}';
      const answer =
        kind === 'list'
          ? parseEndpointPage(`{"endpoints":[${bare}],"total_count":1}`, GET).endpoints[0]
          : parseEndpoint(bare, kind, GET);
      const expected = `${ALWAYS} ${EXTRA[kind]}`.split(' ').sort();
      expect(Object.keys(answer?.fields ?? {}).sort()).toEqual(expected);
      for (const value of Object.values(answer?.fields ?? {}))
        expect(value === null || (Array.isArray(value) && value.length === 0)).toBe(true);
      expect(answer).toMatchObject({ id: 'e-1', rawStatus: 'unknown' });
    },
  );

  test('what only some sources show is taken where it is', () => {
    const answer = parseEndpoint('{"id":"e-1","dns_names":["a.example.test"]}', 'create', POST);
    expect(answer.fields.dnsNames).toEqual(['a.example.test']);
    const [row] = parseEndpointPage('{"endpoints":[{"id":"e-1","enable_status":"disable"}]}', GET).endpoints;
    expect(row?.fields).toMatchObject({ enableStatus: 'DISABLE' });
  });

  test('a full answer, read whole', () => {
    expect(plainEndpoint(completeEndpoint(detail(), 'p-1'))).toEqual({
      id: 'e-1',
      status: 'ACCEPTED',
      rawStatus: 'accepted',
      projectId: 'p-1',
      serviceType: 'INTERFACE',
      rawServiceType: 'interface',
      ip: '192.168.0.5',
      ipVersion: 'DUALSTACK',
      rawIpVersion: 'dualstack',
      ipv6Address: 'fd00::5',
      activeStatus: ['active'],
      enableStatus: 'ENABLE',
      rawEnableStatus: 'enable',
      endpointServiceId: 's-1',
      endpointServiceName: 'r.svc.s-1',
      markerId: '302000001',
      enableDns: true,
      dnsNames: ['a.example.test'],
      vpcId: 'v-1',
      subnetId: 'n-1',
      createdAt: '2025-01-02T03:04:05Z',
      updatedAt: '2025-01-02T03:04:06Z',
      tags: [{ key: 'team', value: 'net' }],
      whitelist: ['10.0.0.0/8'],
      enableWhitelist: false,
      routeTables: ['r-1'],
      specificationName: 'default',
      description: 'database link',
      policyStatements: [
        {
          effect: 'ALLOW',
          rawEffect: 'Allow',
          action: ['obs:*:*'],
          notAction: [],
          resource: ['*'],
          notResource: [],
          condition: { a: 1 },
          sid: 's',
        },
      ],
      policyDocument: { Version: '1' },
      publicBorderGroup: 'center',
      endpointPoolId: 'pool-1',
      faults: [{ code: 'EndPoint.2022', message: 'no luck' }],
    });
  });
});

describe('an endpoint that reads its row', () => {
  const members = Object.keys(completeEndpoint({ id: 'e-1', rawStatus: 'x', fields: {} }, 'p-1'));

  test('is the same as a copy of it, and as its JSON, whatever upstream sends', () => {
    fc.assert(
      fc.property(fc.dictionary(fc.constantFrom(...Object.keys(FULL)), fc.jsonValue()), (change) => {
        const endpoint = completeEndpoint(detail({ ...change, id: 'e-1' }), 'p-1');
        const read = Object.fromEntries(members.map((name) => [name, endpoint[name as keyof typeof endpoint]]));
        expect(plainEndpoint(endpoint)).toEqual(read);
        expect(JSON.parse(JSON.stringify(endpoint))).toEqual(JSON.parse(JSON.stringify(read)));
      }),
    );
  });

  test('is in the project that was asked, and does not show our own mark', () => {
    const row = { ...FULL, tags: [...FULL.tags, { key: MARK_TAG_KEY, value: 'm' }] };
    const answer = parseEndpoint(JSON.stringify(row), 'detail', { ...GET, projectId: 'asked' });
    expect(completeEndpoint(answer, 'asked')).toMatchObject({ projectId: 'asked', tags: FULL.tags });
    expect(answer.fields).toMatchObject({ projectId: 'p-1', tags: row.tags });
  });
});

describe('types other than declared', () => {
  test.each<[string, object, object]>([
    [
      'booleans as text',
      { enable_dns: 'false', enable_whitelist: 'TRUE' },
      { enableDns: false, enableWhitelist: true },
    ],
    [
      'booleans that are none',
      { enable_dns: 'maybe', enable_whitelist: {} },
      { enableDns: null, enableWhitelist: null },
    ],
    ['marker_id as text', { marker_id: '422321321312321321' }, { markerId: '422321321312321321' }],
    ['marker_id that is none', { marker_id: 'x' }, { markerId: null }],
    ['active_status as text', { active_status: 'active' }, { activeStatus: ['active'] }],
    ['dns_names as text', { dns_names: 'a.example.test' }, { dnsNames: ['a.example.test'] }],
    ['dns_names empty', { dns_names: '' }, { dnsNames: [] }],
    ['error as one object', { error: { code: 'X', message: 'y' } }, { faults: [{ code: 'X', message: 'y' }] }],
    ['error null', { error: null }, { faults: [] }],
    [
      'Action as text',
      { policy_statement: [{ Effect: 'deny', Action: 'a', Resource: 'r' }] },
      { policyStatements: [{ effect: 'DENY', action: ['a'], resource: ['r'], condition: null, sid: null }] },
    ],
    ['time without Z', { created_at: '2025-01-02T03:04:05' }, { createdAt: '2025-01-02T03:04:05Z' }],
    ['time with fraction', { created_at: '2025-01-02 03:04:05.678Z' }, { createdAt: '2025-01-02T03:04:05Z' }],
    ['time with offset', { created_at: '2025-01-02T03:04:05+08:00' }, { createdAt: '2025-01-01T19:04:05Z' }],
    ['last of the month', { created_at: '2024-02-29T00:00:00Z' }, { createdAt: '2024-02-29T00:00:00Z' }],
    ['time that is none', { created_at: 'yesterday', updated_at: 5 }, { createdAt: null, updatedAt: null }],
    ['time out of range', { created_at: '2025-13-02T03:04:05Z' }, { createdAt: null }],
    ['type misspelt by old docs', { service_type: 'gataway' }, { serviceType: 'GATEWAY', rawServiceType: 'gataway' }],
    [
      'unknown words',
      { service_type: 'cvs_gateway', enable_status: 'constructor', ip_version: ' IPv7 ' },
      {
        serviceType: 'UNKNOWN',
        rawServiceType: 'cvs_gateway',
        enableStatus: 'UNKNOWN',
        rawEnableStatus: 'constructor',
        ipVersion: 'UNKNOWN',
        rawIpVersion: 'IPv7',
      },
    ],
    ['no ip yet', { ip: '' }, { ip: null }],
    [
      'tag without value, tag without key',
      { tags: [{ key: 'a' }, { value: 'b' }, null] },
      { tags: [{ key: 'a', value: '' }] },
    ],
  ])('%s', (_what, change, fields) => {
    expect(field(change)).toMatchObject(fields);
  });
});

describe('a policy unlike the contract is shown all the same, and noticed', () => {
  const FORM = 'policy_statement is not an array of objects';
  const MEMBER = 'policy_statement has members that the contract does not name';
  const EFFECT = 'policy_statement has no Effect that is Allow or Deny';
  const DOCUMENT = 'policy_document is not an object';
  const deny = { Effect: 'Deny', Action: ['a'], Resource: ['r'] };
  const read = (change: object) => {
    const noticed = new Set<string>();
    const onDeviation = (deviation: string) => void noticed.add(deviation);
    const { fields } = parseEndpoint(JSON.stringify({ ...FULL, ...change }), 'detail', { ...GET, onDeviation });
    return { ...fields, noticed: [...noticed] };
  };

  test.each<[string, unknown, readonly object[], readonly string[]]>([
    ['as documented', [deny], [{ effect: 'DENY', rawEffect: 'Deny' }], []],
    ['none', [], [], []],
    ['null', null, [], []],
    ['an empty object', {}, [], []],
    [
      'Effect unknown',
      [{ ...deny, Effect: 'Audit' }],
      [{ effect: 'UNKNOWN', rawEffect: 'Audit', action: ['a'] }],
      [EFFECT],
    ],
    ['Effect missing', [{ Action: ['a'] }], [{ effect: 'UNKNOWN', rawEffect: null, action: ['a'] }], [EFFECT]],
    [
      'members in lower case',
      [{ effect: 'deny', action: 'a', resource: ['r'], condition: { c: 1 }, sid: 's' }],
      [{ effect: 'DENY', rawEffect: 'deny', action: ['a'], resource: ['r'], condition: { c: 1 }, sid: 's' }],
      [MEMBER],
    ],
    [
      'NotAction and NotResource',
      [{ Effect: 'Allow', NotAction: ['a'], not_resource: 'r' }],
      [{ effect: 'ALLOW', action: [], notAction: ['a'], resource: [], notResource: ['r'] }],
      [MEMBER],
    ],
    ['a condition that is a list', [{ ...deny, Condition: [1] }], [{ condition: [1] }], []],
    ['a lone statement', deny, [{ effect: 'DENY' }], [FORM]],
    ['JSON text', JSON.stringify([deny]), [{ effect: 'DENY', action: ['a'] }], [FORM]],
    ['other text', 'all', [{ effect: 'UNKNOWN', rawEffect: null }], [FORM, EFFECT]],
    ['a text within', ['all', deny], [{ effect: 'UNKNOWN' }, { effect: 'DENY' }], [FORM, EFFECT]],
  ])('statements: %s', (_what, said, statements, noticed) => {
    const { policyStatements, noticed: told } = read({ policy_statement: said });
    expect(policyStatements).toHaveLength(statements.length);
    expect(policyStatements).toMatchObject(statements);
    expect(told).toEqual(noticed);
  });

  test.each<[unknown, unknown, readonly string[]]>([
    [{ a: 1 }, { a: 1 }, []],
    [{}, {}, []],
    [[{ a: 1 }], [{ a: 1 }], [DOCUMENT]],
    ['{"a":1}', '{"a":1}', [DOCUMENT]],
    ['', null, []],
    [null, null, []],
  ])('the document %j', (said, document, noticed) => {
    const { policyDocument, noticed: told } = read({ policy_document: said });
    expect(policyDocument).toEqual(document);
    expect(told).toEqual(noticed);
  });

  test('every item of a list is a statement, whatever it is', () => {
    fc.assert(
      fc.property(fc.array(fc.jsonValue().filter((item) => item !== null)), (said) => {
        expect(read({ policy_statement: said }).policyStatements).toHaveLength(said.length);
      }),
    );
  });
});

describe('marker_id keeps every digit', () => {
  test.each(['422321321312321321', '9007199254740993', '0', '123456789012345678901234567890'])('%s', (digits) => {
    expect(parseEndpoint(`{"id":"e-1", "marker_id" :\n ${digits}\n}`, 'detail', GET).fields.markerId).toBe(digits);
    const page = `{"endpoints":[{"id":"a","marker_id":${digits},"x":1},{"marker_id":${digits},"id":"b"}],"total_count":2}`;
    expect(parseEndpointPage(page, GET).endpoints.map(({ fields }) => fields.markerId)).toEqual([digits, digits]);
  });

  test('text that only looks like the member stays as it is', () => {
    fc.assert(
      fc.property(fc.string(), fc.bigInt({ min: 10n ** 16n, max: 10n ** 20n }), (noise, marker) => {
        const description = `${noise}"marker_id":${marker},\\`;
        const body = `{"id":"e-1","description":${JSON.stringify(description)},"marker_id":${marker},"tags":[{"key":"marker_id","value":"${marker}"}]}`;
        const { fields } = parseEndpoint(body, 'detail', GET);
        expect(fields).toMatchObject({
          description,
          markerId: String(marker),
          tags: [{ key: 'marker_id', value: String(marker) }],
        });
      }),
    );
  });

  test('numbers elsewhere, fractions and exponents are left to JSON', () => {
    expect(field({ policy_document: { n: 12345678901234567000 } }).policyDocument).toEqual({ n: 12345678901234567000 });
    const odd = (number: string) => parseEndpoint(`{"id":"e-1","marker_id":${number}}`, 'detail', GET).fields.markerId;
    expect([odd('1234567890123456.5'), odd('1e3'), odd('-12345678901234567')]).toEqual([null, '1000', null]);
  });
});

describe('status word', () => {
  test.each<[unknown, string]>([
    ['accepted', 'accepted'],
    ['  creating\n', 'creating'],
    ['a|b\u0000c\r\nd\u2028e', 'abcde'],
    ['half alive', 'half alive'],
    ['x'.repeat(80), 'x'.repeat(64)],
    [`${'x'.repeat(63)}😀`, 'x'.repeat(63)],
    ['', 'unknown'],
    [' | ', 'unknown'],
    [null, 'unknown'],
    [7, 'unknown'],
    [{}, 'unknown'],
  ])('%j reads %s', (status, word) => {
    expect(detail({ status }).rawStatus).toBe(word);
  });

  test('is never empty, long, or more than one line', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 100 }), (status) => {
        expect(detail({ status }).rawStatus).toMatch(/^[^|\p{Cc}\p{Cs}\u2028\u2029]{1,64}$/u);
      }),
    );
  });
});

test('a raw word is there exactly where its field is, whatever came', () => {
  fc.assert(
    fc.property(fc.oneof(fc.jsonValue(), fc.constantFrom('', ' ', 'gateway', 'ENABLE')), (said) => {
      const fields = field({ service_type: said, enable_status: said, ip_version: said });
      const { serviceType, enableStatus, ipVersion, rawServiceType, rawEnableStatus, rawIpVersion } = fields;
      const isNull = (values: readonly unknown[]) => values.map((value) => value === null);
      expect(isNull([rawServiceType, rawEnableStatus, rawIpVersion])).toEqual(
        isNull([serviceType, enableStatus, ipVersion]),
      );
    }),
  );
});

describe('garbled answers', () => {
  test('any member missing or of any type: no throw, and the others are as they were', () => {
    const whole = detail().fields;
    const names = Object.keys(FULL).filter((name) => name !== 'id');
    const fromUpstream = (name: string) =>
      name
        .replace('routetables', 'route_tables')
        .replace(/^error$/, 'faults')
        .replace(/_([a-z0-9])/g, (_, letter: string) => letter.toUpperCase());
    fc.assert(
      fc.property(
        fc.uniqueArray(fc.constantFrom(...names), { minLength: 1 }),
        fc.oneof(fc.jsonValue(), fc.constant(undefined)),
        (hit, junk) => {
          const { fields, id } = detail(Object.fromEntries(hit.map((name) => [name, junk])));
          expect(id).toBe('e-1');
          const spared = new Set(names.filter((name) => !hit.includes(name)).map(fromUpstream));
          for (const [name, value] of Object.entries(whole)) {
            if (spared.has(name)) expect(fields, name).toHaveProperty(name, value);
          }
        },
      ),
    );
  });

  test('rows that are no endpoints are left out of the page, not out of its count', () => {
    const page = parseEndpointPage(
      JSON.stringify({ endpoints: [null, 1, 'x', [], {}, { id: '' }, { id: 'e-1' }], total_count: '7' }),
      GET,
    );
    expect([page.endpoints.map(({ id }) => id), page.totalCount]).toEqual([['e-1'], 7]);
  });

  test('a list without a count counts its rows; null is empty only when the count says so', () => {
    expect(parseEndpointPage('{"endpoints":[{"id":"a"},{}]}', GET).totalCount).toBe(2);
    expect(parseEndpointPage('{"endpoints":null,"total_count":0}', GET)).toMatchObject({
      endpoints: [],
      totalCount: 0,
    });
  });

  test.each(['', 'null', '[]', '"x"', '{', '<html>', '{"endpoints":{}}', '{"endpoints":null,"total_count":3}', '{}'])(
    '%j is no list',
    (body) => {
      expect(() => parseEndpointPage(body, GET)).toThrow(
        expect.objectContaining({
          name: 'UpstreamError',
          kind: 'malformed',
          outcome: 'refused',
          requestId: 'req-1',
          status: 200,
        }),
      );
    },
  );

  test.each(['', 'null', '[]', '{}', '{"id":null}', '{"id":"  "}', '{"id":"e-1"'])('%j is no endpoint', (body) => {
    expect(() => parseEndpoint(body, 'detail', GET)).toThrow(UpstreamError);
    // A create was answered with success: it may well be there.
    expect(() => parseEndpoint(body, 'create', POST)).toThrow(
      expect.objectContaining({ kind: 'malformed', outcome: 'unknown', retryable: false }),
    );
  });

  test('nothing of the body is in the error', () => {
    const error = (() => {
      try {
        return parseEndpoint('secret-body', 'detail', GET);
      } catch (thrown) {
        return thrown as Error;
      }
    })();
    expect(error).toBeInstanceOf(UpstreamError);
    expect(`${(error as Error).message} ${String((error as Error).cause)}`).not.toContain('secret');
  });

  test('any text at all ends in an answer or an UpstreamError', () => {
    fc.assert(
      fc.property(fc.oneof(fc.json(), fc.string()), (body) => {
        for (const parse of [() => parseEndpointPage(body, GET), () => parseEndpoint(body, 'detail', GET)]) {
          try {
            parse();
          } catch (error) {
            expect(error).toBeInstanceOf(UpstreamError);
          }
        }
      }),
    );
  });
});
