/** The check against schema/vpcep.openapi.yaml (test/support/contract) itself: it has to be able to fail. */
import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import type { Exchange } from '../../src/simulator/pipeline.ts';
import { ROUTES } from '../../src/simulator/routes.ts';
import { type CheckOptions, checkExchange } from '../support/contract/check.ts';
import { startCheckedSimulator } from '../support/contract/checked-simulator.ts';
import { findOperation, OPERATIONS } from '../support/contract/document.ts';

const ID = '00000000-0000-4000-8000-000000000001';
const ENDPOINTS = '/v1/0123456789abcdef0123456789abcdef/vpc-endpoints';
const SERVICES = '/v1/0123456789abcdef0123456789abcdef/vpc-endpoint-services';
const SIGNED = ['host', 'content-type', 'authorization', 'x-sdk-date', 'x-project-id'];

type Change = Partial<Omit<Exchange, 'answer'>> & { readonly answer?: Partial<NonNullable<Exchange['answer']>> | null };

/** A right exchange, but for what is given. */
function exchange({ answer, ...change }: Change): Exchange {
  return {
    id: 'r-1',
    method: 'GET',
    url: ENDPOINTS,
    headerNames: SIGNED,
    contentType: 'application/json',
    projectHeader: '0123456789abcdef0123456789abcdef',
    requestText: '',
    faults: [],
    ...change,
    answer: answer === null ? null : { status: 200, contentType: 'application/json', text: '{}', ...answer },
  };
}

const create = (body: unknown, more: Change = {}): Exchange =>
  exchange({ method: 'POST', requestText: JSON.stringify(body), ...more });
const showing = (body: unknown, more: Change = {}): Exchange =>
  exchange({ url: `${ENDPOINTS}/${ID}`, answer: { text: JSON.stringify(body) }, ...more });
const refusal = (status: number, body: unknown): Exchange =>
  exchange({ answer: { status, text: JSON.stringify(body) } });
const NEW = { endpoint_service_id: ID, vpc_id: ID };

describe('the operations of the contract', () => {
  it('are 33, and words in a path win over templates', () => {
    expect(OPERATIONS).toHaveLength(33);
    expect(findOperation('GET', `${SERVICES}/public`)?.operation.id).toBe('ListServicePublicDetails');
    expect(findOperation('GET', `${SERVICES}/${ID}`)?.operation.id).toBe('ListServiceDetails');
    expect(findOperation('GET', '/')?.operation.id).toBe('ListVersionDetails');
    expect(findOperation('GET', '/v1')?.operation.id).toBe('ListSpecifiedVersionDetails');
  });

  it.each(ROUTES)('has the route of the simulator $operation', ({ operation, method, template }) => {
    expect(OPERATIONS).toContainEqual(expect.objectContaining({ id: operation, method, template }));
  });
});

describe('a right exchange passes', () => {
  it.each<[string, Exchange, CheckOptions?]>([
    ['a list', exchange({ url: `${ENDPOINTS}?limit=1000&offset=0&sort_key=update_at&sort_dir=asc&id=${ID}` })],
    ['a creation', create({ ...NEW, enable_dns: true, tags: [{ key: 'a', value: '' }] })],
    ['a token instead of a signature', exchange({ headerNames: ['x-auth-token'] })],
    [
      'another success status',
      exchange({ method: 'DELETE', url: `${ENDPOINTS}/${ID}`, answer: { status: 202, text: '' } }),
    ],
    ['types of published samples in an answer', showing({ enable_dns: 'true', dns_names: 'one.example', error: {} })],
    ['a new word in an open list, when told so', showing({ status: 'migrating' }), { openEnums: true }],
    ['a flat error', refusal(404, { error_code: 'EndPoint.0005', error_msg: 'gone' })],
    ['the code in any case', refusal(400, { error_code: 'ENDPOINT.1018', error_msg: 'full' })],
    ['a nested error', refusal(404, { error: { code: 'EndPoint.0005', message: 'gone' } })],
    ['an error of IAM', refusal(401, { error: { code: 401, message: 'no', title: 'Unauthorized' } })],
    ['a cut connection', exchange({ answer: null, faults: ['reset'] })],
    ['an answer that is distorted on purpose', exchange({ answer: { text: '{"endp' }, faults: ['malformedJson'] })],
    ['no credentials where none are needed', exchange({ url: '/', headerNames: ['host'] })],
    [
      'a wrong request that is refused',
      { ...refusal(401, { error_code: 'APIGW.0301', error_msg: 'no' }), headerNames: [] },
      { requests: 'unless-refused' },
    ],
  ])('%s', (_name, right, options) => {
    expect(checkExchange(right, options)).toEqual([]);
  });
});

describe('a wrong request is found:', () => {
  it.each<[string, Exchange, string]>([
    ['a path', exchange({ url: '/v3/nothing' }), 'the contract has no GET /v3/nothing'],
    ['a method', exchange({ method: 'PATCH' }), 'the contract has no PATCH'],
    ['a path parameter', exchange({ url: '/v1/p/volumes/tags' }), 'path resource_type /: must be equal to one of'],
    ['an undeclared query parameter', exchange({ url: `${ENDPOINTS}?status=failed` }), 'query status: not declared'],
    ['a query type', exchange({ url: `${ENDPOINTS}?limit=ten` }), 'query limit /: must be integer'],
    ['a query limit', exchange({ url: `${ENDPOINTS}?limit=1001` }), 'query limit /: must be <= 1000'],
    ['a query word', exchange({ url: `${ENDPOINTS}?sort_key=created_at` }), 'query sort_key /: must be equal to one'],
    ['a repeated parameter', exchange({ url: `${ENDPOINTS}?limit=1&limit=2` }), 'query limit: sent more than once'],
    ['a choice of parameters', exchange({ url: `${SERVICES}/describe` }), 'exactly one of endpoint_service_name, id'],
    ['missing credentials', exchange({ headerNames: ['authorization'] }), 'wanted one of x-auth-token | authorization'],
    ['an undeclared header', exchange({ headerNames: [...SIGNED, 'x-trace'] }), 'header x-trace: not declared'],
    ['a header value', exchange({ projectHeader: '' }), 'header x-project-id /: must NOT have fewer than 1'],
    ['a missing body', exchange({ method: 'POST' }), 'body: required'],
    ['a body where none belongs', exchange({ requestText: '{}' }), 'body: not declared'],
    ['a content type', create(NEW, { contentType: 'text/plain' }), 'content type is text/plain'],
    ['a broken body', create(NEW, { requestText: '{' }), 'body: no JSON'],
    ['a missing member', create({ vpc_id: ID }), "must have required property 'endpoint_service_id'"],
    ['an undeclared member', create({ ...NEW, name: 'x' }), 'body /: must NOT have additional properties ("name")'],
    ['a deep undeclared member', create({ ...NEW, tags: [{ key: 'a', v: '' }] }), '/tags/0: must NOT have additional'],
    ['a quirk that may only be read', create({ ...NEW, enable_dns: 'false' }), '/enable_dns: must be boolean'],
    ['a pattern', create({ ...NEW, description: '<b>' }), '/description: must match pattern'],
    ['a rule in prose', create({ ...NEW, tags: [{ key: '_sys_a', value: '' }] }), '/tags/0/key: must match pattern'],
    ['a format', create({ ...NEW, port_ip: '1.2.3' }), '/port_ip: must match format "ipv4"'],
    ['a null', create({ ...NEW, subnet_id: null }), '/subnet_id: must be string'],
  ])('%s', (_name, wrong, fault) => {
    const found = checkExchange(wrong).filter((line) => line.includes(': request '));
    expect(found).toEqual([expect.stringContaining(fault)]);
  });

  it('also when the answer is distorted, and when a lenient check sees it accepted', () => {
    expect(checkExchange(exchange({ headerNames: [], faults: ['malformedJson'] }))).toHaveLength(1);
    expect(checkExchange(exchange({ headerNames: [] }), { requests: 'unless-refused' })).toHaveLength(1);
  });
});

describe('a wrong answer is found:', () => {
  it.each<[string, Exchange, string]>([
    ['a status', exchange({ answer: { status: 201 } }), 'answer 201 is not declared'],
    ['a content type', exchange({ answer: { contentType: 'text/html' } }), 'content type is text/html'],
    ['a broken body', exchange({ answer: { text: '{' } }), 'body: no JSON'],
    [
      'a body where none belongs',
      exchange({ method: 'DELETE', url: `${ENDPOINTS}/${ID}`, answer: { status: 204, text: '{}' } }),
      'body: none is declared',
    ],
    ['an undeclared member', showing({ name: 'x' }), 'must NOT have additional properties ("name")'],
    ['a member of another answer', showing({ total_count: 1 }), 'must NOT have additional properties ("total_count")'],
    ['a type', showing({ vpc_id: 7 }), '/vpc_id: must be string'],
    ['a type that no sample has', showing({ marker_id: '7' }), '/marker_id: must be integer'],
    ['a null', showing({ tags: null }), '/tags: must be array'],
    ['a new word', showing({ status: 'migrating' }), '/status: must be equal to one of the allowed values'],
    ['a time', showing({ created_at: '2025-01-02 03:04' }), '/created_at: must match format "date-time"'],
    [
      'an unpublished code',
      refusal(400, { error_code: 'EndPoint.9999', error_msg: '' }),
      'EndPoint.9999: not published',
    ],
    [
      'a code under another status',
      refusal(409, { error_code: 'EndPoint.0005', error_msg: '' }),
      'published under 404',
    ],
  ])('%s', (_name, wrong, fault) => {
    expect(checkExchange(wrong)).toEqual([expect.stringContaining(fault)]);
  });

  it('an error of no known shape', () => {
    expect(checkExchange(refusal(500, { message: 'oh' })).join()).toContain("must have required property 'error_code'");
  });
});

describe('the checked simulator', () => {
  it('fails when it closes, and names the fault', async () => {
    const simulator = await startCheckedSimulator();
    expect((await fetch(`${simulator.url}/v1/p/vpc-endpoints?status=failed`)).status).toBe(401);
    await expect(simulator.close()).rejects.toThrow(/ListEndpoints .*query status: not declared/);
  });

  it('is the one that tests start', () => {
    const files = readdirSync('test', { recursive: true, encoding: 'utf8' }).filter((file) => file.endsWith('.ts'));
    const starting = files.filter((file) => readFileSync(`test/${file}`, 'utf8').match(/\bstartSimulator\b.*\bfrom\b/));
    expect(files.length).toBeGreaterThan(40);
    // Chaos makes upstream answer what no contract has.
    expect(starting).toEqual(['chaos/cloud.ts', 'support/contract/checked-simulator.ts']);
  });
});
