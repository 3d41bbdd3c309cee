/** Every upstream code: what the caller gets, whether a repeat helps, and which input it is about. */
import { readFileSync } from 'node:fs';
import { buildSchema, execute, type GraphQLError, isEnumType, isInputObjectType, isObjectType, parse } from 'graphql';
import { describe, expect, it } from 'vitest';
import { parse as parseYaml } from 'yaml';
import { CODE_BY_KIND, ERROR_CODES } from '../../../src/graphql/errors/error-codes.ts';
import { createErrorFormatter } from '../../../src/graphql/errors/format-error.ts';
import { inputPathOf } from '../../../src/graphql/errors/input-paths.ts';
import { createLogger } from '../../../src/observability/logger.ts';
import { classify } from '../../../src/vpcep/errors/classify.ts';
import { meaningOf, parameterOf } from '../../../src/vpcep/errors/error-table.ts';
import { ERROR_CODE_ROWS } from '../../../src/vpcep/generated/error-codes.ts';

const file = (path: string): string => readFileSync(new URL(`../../../${path}`, import.meta.url), 'utf8');
const contract = file('schema/vpcep.openapi.yaml');
const schema = buildSchema(file('schema/schema.graphql'));
const logger = createLogger('silent', { write: () => undefined });
const format = createErrorFormatter({ logger, schema, suggestions: true });

/** Every name of a parameter, a body member or a header of the contract. */
const NAMES = new Set<string>();
collectNames(parseYaml(contract));

function collectNames(node: unknown): void {
  if (typeof node !== 'object' || node === null) return;
  if ('in' in node && 'name' in node) NAMES.add(String(node.name));
  if ('properties' in node) for (const name of Object.keys(node.properties as object)) NAMES.add(name);
  for (const member of Object.values(node)) collectNames(member);
}

const SHAPES: readonly [string, (code: string) => unknown][] = [
  ['flat', (error_code) => ({ error_code, error_msg: 'no' })],
  ['flat with a request id', (error_code) => ({ error_code, error_msg: 'no', request_id: 'r-2' })],
  ['flat with a denial', (error_code) => ({ error_code, error_msg: 'no', encoded_authorization_message: 'x' })],
  ['nested', (code) => ({ error: { code, message: 'no' } })],
  ['plain', (code) => ({ code, message: 'no' })],
];

const rows = ERROR_CODE_ROWS.map(([code, status, kind, retry, text]) => ({ code, status, kind, retry, text }));

describe('the table', () => {
  it('has all codes of the contract: 157 of the service, those of the gateway and of IAM', () => {
    const count = (prefix: RegExp) => new Set(rows.map(({ code }) => code).filter((code) => prefix.test(code))).size;
    expect([count(/^endpoint\./i), count(/^APIGW\./), count(/^IAM\./)]).toEqual([157, 35, 2]);
  });

  it.each(rows)('$code ($status) is read in every shape and any case', ({ code, status, kind, retry }) => {
    for (const [shape, body] of SHAPES) {
      for (const spelling of [code, code.toUpperCase(), code.toLowerCase()]) {
        const text = JSON.stringify(body(spelling));
        const answer = { method: 'GET', status, body: text, requestId: 'r-1', retryAfterSeconds: undefined };
        const error = classify(answer);
        expect(error, `${shape} ${spelling}`).toMatchObject({ kind, retryable: retry === 'yes', code: spelling });
        expect(format(error).extensions).toMatchObject({
          code: CODE_BY_KIND[kind],
          retryable: retry === 'yes',
          upstream: { code: spelling, status, requestId: 'r-1' },
        });
      }
    }
  });

  it('leads to explained codes only, each of them in docs/reference/errors.md with every upstream code', () => {
    const page = file('docs/reference/errors.md');
    for (const code of Object.keys(ERROR_CODES)) expect(page).toContain(`| \`${code}\` |`);
    for (const { code, status, text } of rows) expect(page).toContain(`| \`${code}\` | ${status} | ${text} |`);
  });
});

it('the codes are the enum ErrorCode of the schema, with their meanings', () => {
  const type = schema.getType('ErrorCode');
  const values = isEnumType(type) ? type.getValues() : [];
  const meanings = Object.entries(ERROR_CODES).map(([code, { meaning }]) => [code, meaning]);
  expect(values.map(({ name, description }) => [name, description])).toEqual(meanings.sort());
});

describe('the parameter of a code', () => {
  const speaking = rows.filter(({ code }) => parameterOf(code) !== undefined);

  it('is one of the contract', () => {
    expect(speaking.length).toBeGreaterThan(80);
    for (const { code } of speaking) expect(NAMES, code).toContain(parameterOf(code));
  });

  it('is known for every code whose meaning names one', () => {
    const silent = rows.filter(({ code, text }) => {
      const named = text.match(/\b[a-z]+(?:_[a-z]+)+\b/g)?.filter((word) => NAMES.has(word)) ?? [];
      return named.length > 0 && !named.includes(parameterOf(code) ?? '');
    });
    expect(silent).toEqual([]);
  });

  it('is found in any case, and unknown codes have none', () => {
    expect(parameterOf('ENDPOINT.2010')).toBe('subnet_id');
    expect(parameterOf('EndPoint.9999')).toBeUndefined();
    expect(parameterOf('APIGW.0020')).toBeUndefined();
  });
});

describe('the place in the input', () => {
  it.each([
    ['createVpcEndpoint', 'subnet_id', 'input.subnetId'],
    ['createVpcEndpoint', 'routetables', 'input.routeTables'],
    ['createVpcEndpoint', 'endpoint_service_id', 'input.endpointServiceId'],
    ['createVpcEndpoint', 'policy_statement', 'input.policy'],
    ['removeServicePermissions', 'permissions', 'input.by'],
    ['describeEndpointService', 'endpoint_service_id', 'by'],
    ['describeEndpointService', 'service_name', 'by'],
    ['createVpcEndpoint', 'vpc_endpoint_id', undefined],
    ['createVpcEndpoint', 'net_type', undefined],
    ['deleteVpcEndpoint', 'vpc_endpoint_id', 'input.id'],
    ['deleteVpcEndpoint', 'endpoint_service_id', undefined],
    ['vpcEndpoint', 'vpc_endpoint_id', 'id'],
    ['vpcEndpoint', 'project_id', 'projectId'],
    ['vpcEndpoints', 'limit', 'first'],
    ['vpcEndpoints', 'vpc_endpoint_id', 'filter.id'],
    ['vpcEndpoints', 'vpc_id', 'filter.vpcId'],
    ['vpcEndpoints', 'sort_key', 'orderBy.field'],
    ['endpointServices', 'net_type', 'filter.netType'],
    ['endpointServices', 'status', 'filter.status'],
    ['deleteEndpointService', 'endpoint_service_id', 'input.id'],
    ['createEndpointService', 'port_id', 'input.portId'],
    ['updateEndpointService', 'port_id', 'input.backend'],
    ['updateEndpointService', 'ip', 'input.backend'],
    ['acceptServiceConnection', 'endpoints', 'input.endpointIds'],
    ['acceptServiceConnection', 'vpc_endpoint_id', 'input.endpointIds'],
  ])('of %s for %s', (name, parameter, path) => {
    const field = schema.getMutationType()?.getFields()[name] ?? schema.getQueryType()?.getFields()[name];
    expect(field && inputPathOf(parameter, field)).toBe(path);
  });

  it('is always one that the field has', () => {
    const parameters = new Set(rows.flatMap(({ code }) => parameterOf(code) ?? []));
    const fields = [schema.getMutationType(), schema.getQueryType()].flatMap((type) =>
      isObjectType(type) ? Object.values(type.getFields()) : [],
    );
    for (const field of fields) {
      for (const path of [...parameters].flatMap((parameter) => inputPathOf(parameter, field) ?? [])) {
        const [first, member] = path.split('.');
        const argument = field.args.find(({ name }) => name === first);
        expect(argument, `${field.name} ${path}`).toBeDefined();
        const type = schema.getType(String(argument?.type).replace(/\W/g, ''));
        if (member !== undefined) expect(isInputObjectType(type) && type.getFields()).toHaveProperty(member);
      }
    }
  });
});

describe('an error of a root field', () => {
  const refusal = (code: string, status = 400) =>
    classify({
      method: 'GET',
      status,
      body: JSON.stringify({ error_code: code }),
      requestId: 'r',
      retryAfterSeconds: undefined,
    });
  const failing = async (query: string, error: Error) => {
    const fail = (): never => {
      throw error;
    };
    const rootValue = { vpcEndpoints: fail, vpcEndpoint: () => ({ id: '1', status: 'CREATING', statusHistory: fail }) };
    const { errors } = await execute({ schema, document: parse(query), rootValue });
    return errors?.map((one) => format(one).extensions);
  };

  it('has the issue, under an alias as well', async () => {
    expect(await failing('{ mine: vpcEndpoints { totalCount } }', refusal('EndPoint.0020'))).toMatchObject([
      {
        code: 'BAD_USER_INPUT',
        issues: [
          { path: 'filter.vpcId', rule: 'upstream-rejected', message: 'filter.vpcId: upstream says: VPC ID rejected' },
        ],
      },
    ]);
  });

  it.each<[string, GraphQLError | Error, string]>([
    ['the code speaks of no parameter', refusal('EndPoint.0002'), '{ vpcEndpoints { totalCount } }'],
    ['the field has no such input', refusal('EndPoint.2041'), '{ vpcEndpoints { totalCount } }'],
    ['the failure is not about input', refusal('EndPoint.0022'), '{ vpcEndpoints { totalCount } }'],
    ['the field is not a root field', refusal('EndPoint.2017'), '{ vpcEndpoint(id: "1") { statusHistory { kind } } }'],
  ])('has none when %s', async (_why, error, query) => {
    const [extensions, ...more] = (await failing(query, error)) ?? [];
    expect(more).toEqual([]);
    expect(extensions).toMatchObject({ upstream: { requestId: 'r' } });
    expect(extensions).not.toHaveProperty('issues');
  });
});

it('a code that is published under one status means the same under any', () => {
  expect(meaningOf('endpoint.2010', 422)).toMatchObject({ kind: 'validation' });
});
