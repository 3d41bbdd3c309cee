import { afterEach, describe, expect, it } from 'vitest';
import { UnauthenticatedError } from '../../src/auth/authenticator.ts';
import { UpstreamError } from '../../src/vpcep/errors/upstream-error.ts';
import { type GraphqlAnswer, post, startFakeGateway, stopFakeGateways } from '../support/fake-gateway.ts';

afterEach(stopFakeGateways);

const READ = '{ vpcEndpoint(id: "ep-1") { id } }';

function codes(answer: GraphqlAnswer): unknown[] {
  return (answer.errors ?? []).map((error) => error.extensions.code);
}

describe('errors over HTTP', () => {
  it('answers code, status and request id of an upstream fault, and nothing else', async () => {
    const { url, calls } = await startFakeGateway();
    calls.failNext(
      new UpstreamError({
        kind: 'throttled',
        outcome: 'refused',
        message: 'Too many requests',
        retryable: true,
        status: 429,
        code: 'APIGW.0308',
        requestId: 'r-1',
        retryAfterSeconds: 7,
        cause: new Error('https://secret.example'),
      }),
    );
    const answer = await post(url, READ);
    expect(answer).toMatchObject({ status: 200, data: { vpcEndpoint: null } });
    expect(answer.errors?.[0]).toEqual({
      message: 'Too many requests',
      locations: [{ line: 1, column: 3 }],
      path: ['vpcEndpoint'],
      extensions: {
        code: 'UPSTREAM_THROTTLED',
        retryable: true,
        retryAfterSeconds: 7,
        upstream: { code: 'APIGW.0308', status: 429, requestId: 'r-1' },
      },
    });
  });

  it('masks unexpected errors and logs them', async () => {
    const { url, calls, logs } = await startFakeGateway();
    calls.failNext(new TypeError('connect 10.1.2.3 with AK=abc'));
    const answer = await post(url, READ);
    expect(answer.errors).toMatchObject([
      { message: 'Internal server error', extensions: { code: 'INTERNAL_SERVER_ERROR', retryable: false } },
    ]);
    expect(JSON.stringify(answer.errors)).not.toContain('10.1.2.3');
    expect(logs.find((line) => line.msg === 'unexpected error')).toMatchObject({ err: { type: 'TypeError' } });
  });

  it('masks a failing authentication', async () => {
    const { url, metrics, logs } = await startFakeGateway({
      authenticate: async () => {
        throw new Error('jwks at https://idp.internal failed');
      },
    });
    const answer = await post(url, READ);
    expect(answer.errors?.[0]?.message).toBe('Internal server error');
    expect([answer.status, ...codes(answer)]).toEqual([500, 'INTERNAL_SERVER_ERROR']);
    expect(logs).toContainEqual(expect.objectContaining({ msg: 'request failed' }));
    // The alert InternalErrors reads it: the fault was outside an operation.
    const counted = 'vpcep_gateway_http_requests_total{route="/graphql",status="500"} 1';
    await expect.poll(() => metrics.text()).toContain(counted);
  });

  it('answers 401 to an unknown caller', async () => {
    const { url, calls } = await startFakeGateway({
      authenticate: async () => {
        throw new UnauthenticatedError('Send a token');
      },
    });
    const answer = await post(url, READ);
    expect([answer.status, answer.headers.get('www-authenticate')]).toEqual([401, 'Bearer']);
    expect(answer.errors).toEqual([
      { message: 'Send a token', extensions: { code: 'UNAUTHENTICATED', retryable: false } },
    ]);
    expect(calls.calls).toEqual([]);
  });

  it('gives faults of the document the codes of GraphQL', async () => {
    const { url } = await startFakeGateway();
    expect(codes(await post(url, '{'))).toEqual(['GRAPHQL_PARSE_FAILED']);
    expect(codes(await post(url, '{ nothing }'))).toEqual(['GRAPHQL_VALIDATION_FAILED']);
    expect(codes(await post(url, 'query ($id: ID!) { vpcEndpoint(id: $id) { id } }', { id: {} }))).toEqual([
      'BAD_USER_INPUT',
    ]);
    expect(codes(await post(url, 'query ($id: ID = "a") { vpcEndpoint(id: $id) { id } }', { id: null }))).toEqual([
      'BAD_USER_INPUT',
    ]);
    expect(codes(await post(url, 'query A { __typename } query B { __typename }'))).toEqual([
      'OPERATION_RESOLUTION_FAILURE',
    ]);
  });

  it('refers subscriptions to the WebSocket', async () => {
    const { url } = await startFakeGateway();
    const answer = await post(url, 'subscription { endpointStatus(id: "ep-1") { status } }');
    expect(answer.status).toBe(400);
    expect(codes(answer)).toEqual(['BAD_REQUEST']);
    expect(answer.errors?.[0]?.message).toContain('WebSocket');
  });

  it('hides the schema when introspection is off', async () => {
    const { url } = await startFakeGateway({ options: { introspection: false } });
    expect(codes(await post(url, '{ __schema { description } }'))).toEqual(['GRAPHQL_VALIDATION_FAILED']);
    const misspelt = await post(url, '{ vpcEndpont(id: "a") { id } }');
    expect(misspelt.errors?.[0]?.message).not.toContain('vpcEndpoint"');
  });

  it('logs one line per operation, without its variables', async () => {
    const { url, calls, logs, metrics } = await startFakeGateway();
    calls.failNext(new UpstreamError({ kind: 'unavailable', outcome: 'refused', message: 'down', retryable: true }));
    await post(
      url,
      'query Named($id: ID!) { vpcEndpoint(id: $id) { id } }',
      { id: 'very-private' },
      { 'x-request-id': 'req-7' },
    );
    expect(logs.filter((line) => line.msg === 'operation')).toMatchObject([
      { level: 40, operation: 'Named', type: 'query', codes: ['UPSTREAM_UNAVAILABLE'], requestId: 'req-7' },
    ]);
    expect(JSON.stringify(logs)).not.toContain('very-private');
    expect(await metrics.text()).toContain(
      'vpcep_gateway_graphql_operations_total{type="query",outcome="UPSTREAM_UNAVAILABLE"} 1',
    );
  });
});
