import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { createServer, request as httpRequest, type IncomingMessage, type ServerResponse } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Gateway } from '../../src/app/gateway.ts';
import { CreateVpcEndpointDocument } from '../../src/client/generated/documents.ts';
import { readConfig } from '../../src/config/config.ts';
import type { Simulator } from '../../src/simulator/server.ts';
import { SIMULATOR_PROJECT_ID } from '../../src/simulator/world/identity.ts';
import { SERVICE_IDS } from '../../src/simulator/world/services.ts';
import { ask, Subscription } from '../support/graphql-client.ts';
import { listenOnLoopback } from '../support/loopback-server.ts';
import { type OtlpReceiver, type ReceivedSpan, startOtlpReceiver } from '../support/otlp-receiver.ts';
import { SocketClient } from '../support/socket-client.ts';
import { environmentFor, recordingLogger, startTestGateway, startTestSimulator } from '../support/start-gateway.ts';
import { startGatewayProcess } from '../support/start-process.ts';
import { startRedis } from '../support/start-redis.ts';

const TRACE = '0af7651916cd43dd8448eb211c80319c';
const CALLER = `00-${TRACE}-b7ad6b7169203331-01`;
const INPUT = {
  endpointServiceId: SERVICE_IDS.plainInterface,
  vpcId: '4e65f8b1-306d-4522-8ecd-aa374000e2a4',
  subnetId: '5d1c1d71-2613-4274-b34e-d82af550f967',
};
const NONE = '51a00000-0000-4000-8000-00000000dead';
const READ = 'query ReadOne($id: ID!) { vpcEndpoint(id: $id) { id } }';

let receiver: OtlpReceiver;
let simulator: Simulator;
let gateway: Gateway | undefined;

beforeEach(async () => {
  [receiver, simulator] = await Promise.all([startOtlpReceiver(), startTestSimulator()]);
});
afterEach(async () => {
  await gateway?.close();
  gateway = undefined;
  await simulator.close();
  await receiver.close();
});

async function start(env: Record<string, string> = {}, logger = recordingLogger().logger): Promise<string> {
  gateway = await startTestGateway(simulator, {
    env: { OTEL_EXPORTER_OTLP_ENDPOINT: receiver.url, ...env },
    logger,
  });
  return gateway.url;
}

/** Closing sends what is left. */
async function spans(): Promise<readonly ReceivedSpan[]> {
  await gateway?.close();
  return receiver.spans;
}

function post(url: string, body: object, headers: Record<string, string> = {}): Promise<Response> {
  return fetch(`${url}/graphql`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    body: JSON.stringify(body),
  });
}

function one(found: readonly ReceivedSpan[], name: string): ReceivedSpan {
  const named = found.filter((span) => span.name === name);
  expect(named.map((span) => span.name)).toEqual([name]);
  return named[0] as ReceivedSpan;
}

describe('a request', () => {
  it('is a trace of request, operation, call and attempt, joined to that of its caller', async () => {
    const url = await start();
    await post(url, { query: READ, variables: { id: NONE } }, { traceparent: CALLER });
    const all = await spans();
    const request = one(all, 'POST /graphql');
    const operation = one(all, 'query');
    const call = one(all, 'ListEndpointInfoDetails');
    const attempt = one(all, 'GET /v1/{project_id}/vpc-endpoints/{id}');
    expect(new Set(all.map(({ traceId }) => traceId))).toEqual(new Set([TRACE]));
    expect([request, operation, call, attempt].map(({ parentSpanId }) => parentSpanId)).toEqual([
      'b7ad6b7169203331',
      request.spanId,
      operation.spanId,
      call.spanId,
    ]);
    expect([request, operation, call, attempt].map(({ kind }) => kind)).toEqual([2, 1, 1, 3]);
    expect(request.attributes).toMatchObject({ 'http.route': '/graphql', 'http.response.status_code': 200 });
    expect(operation.attributes).toEqual({ 'graphql.operation.type': 'query', 'graphql.operation.name': 'ReadOne' });
    expect(attempt.attributes).toMatchObject({
      'url.template': '/v1/{project_id}/vpc-endpoints/{id}',
      'server.address': new URL(simulator.url).host,
      'vpcep.operation': 'ListEndpointInfoDetails',
      'vpcep.request_id': expect.stringMatching(/./),
      'http.response.status_code': 404,
      'error.type': expect.stringMatching(/./),
    });
    expect(request.resource).toMatchObject({ 'service.name': 'vpcep-gateway' });
  });

  it('names the error of a failed operation', async () => {
    await post(await start(), { query: '{ nothing }' });
    expect(one(await spans(), 'operation').attributes['error.type']).toBe('GRAPHQL_VALIDATION_FAILED');
  });

  it('ends its operation also when it is refused before it is read', async () => {
    const answer = await fetch(`${await start()}/graphql?query={viewer{subject}}`);
    expect(answer.status).toBe(400);
    expect(one(await spans(), 'operation').attributes['error.type']).toBe('BAD_REQUEST');
  });

  it('with an event stream ends when the stream begins, whatever ends that', async () => {
    const url = await start();
    const query = encodeURIComponent('subscription { projectEndpointStatus { status } }');
    const headers = { accept: 'text/event-stream' };
    const stream = await fetch(`${url}/graphql/stream?query=${query}`, { headers });
    await stream.body?.cancel();
    const metrics = async () => await (await fetch(`${url}/metrics`)).text();
    await expect.poll(metrics).toContain('vpcep_gateway_event_streams_open 0');
    const { attributes } = one(await spans(), 'GET /graphql/stream');
    expect(attributes).toMatchObject({ 'http.response.status_code': 200 });
    expect(attributes).not.toHaveProperty('error.type');
  });

  it('counts the repeated attempts of a call', async () => {
    const url = await start();
    simulator.faults.add({ kind: 'status', operation: 'ListEndpointInfoDetails', status: 503, times: 1 });
    await post(url, { query: READ, variables: { id: NONE } });
    const attempts = (await spans()).filter(({ kind }) => kind === 3);
    expect(attempts.map(({ attributes }) => attributes['http.request.resend_count'])).toEqual([undefined, 1]);
  });

  it('passes its trace on to upstream', async () => {
    const seen: unknown[] = [];
    const { port } = new URL(simulator.url);
    const forward = (from: IncomingMessage, to: ServerResponse): void => {
      seen.push(from.headers.traceparent);
      const { method, url: path, headers } = from;
      const next = httpRequest({ port, method, path, headers }, (answer) => {
        to.writeHead(answer.statusCode ?? 500, answer.headers);
        answer.pipe(to);
      });
      from.pipe(next);
    };
    const front = createServer(forward);
    const listening = await listenOnLoopback(front, new Set());
    const url = await start({ VPCEP_URL: `http://127.0.0.1:${listening.port}` });
    await post(url, { query: READ, variables: { id: NONE } }, { traceparent: CALLER });
    const attempt = one(await spans(), 'GET /v1/{project_id}/vpc-endpoints/{id}');
    expect(seen).toEqual([`00-${TRACE}-${attempt.spanId}-01`]);
    await listening.close();
  });

  it('names its trace in its log lines', async () => {
    const { logger, text } = recordingLogger();
    await post(await start({}, logger), { query: '{ viewer { subject } }' }, { traceparent: CALLER });
    expect(text()).toMatch(new RegExp(`"trace_id":"${TRACE}".*"msg":"operation"`));
  });

  it('over a WebSocket has traces of its own for each operation, linked to that of its upgrade', async () => {
    const socket = new SocketClient(await start(), { traceparent: CALLER });
    await socket.init();
    for (const id of ['1', '2']) {
      socket.send({ id, type: 'subscribe', payload: { query: '{ viewer { subject } }' } });
      await socket.next();
      await socket.next();
    }
    const all = await spans();
    const { traceId, spanId } = one(all, 'GET /graphql');
    expect(traceId).toBe(TRACE);
    const operations = all.filter(({ name }) => name === 'query');
    expect(operations.map(({ links, parentSpanId }) => [links, parentSpanId])).toMatchObject([
      [[{ traceId, spanId }], undefined],
      [[{ traceId, spanId }], undefined],
    ]);
    expect(new Set([TRACE, ...operations.map((operation) => operation.traceId)]).size).toBe(3);
  });

  it('never holds variables, documents, query strings or tokens', async () => {
    const url = await start({ OTEL_EXPORTER_OTLP_HEADERS: 'x-receiver-key=receiver-secret' });
    const headers = { authorization: 'Bearer caller-secret', 'apollo-require-preflight': '1' };
    await post(url, { query: READ, variables: { id: 'variable-secret' } }, headers);
    const query = encodeURIComponent('query { vpcEndpoint(id: "literal-secret") { id } }');
    await fetch(`${url}/graphql?query=${query}&extensions=${encodeURIComponent('{"a":"search-secret"}')}`, { headers });
    await fetch(`${url}/graphql?token=search-secret`, { headers });
    await post(url, { query: '{ broken-secret', operationName: 'Q' }, headers);
    const all = await spans();
    expect(all.filter(({ name }) => name === 'GET /graphql')).toHaveLength(2);
    expect(all.filter(({ name }) => name === 'GET /v1/{project_id}/vpc-endpoints/{id}')).toHaveLength(2);
    expect(receiver.text()).not.toMatch(/secret/);
    expect(receiver.headers[0]?.['x-receiver-key']).toBe('receiver-secret');
  });
});

it('sends the headers of the latest configuration, also after a reload', async () => {
  const url = await start({ OTEL_EXPORTER_OTLP_HEADERS: 'x-receiver-key=of-yesterday' });
  const headers = { OTEL_EXPORTER_OTLP_ENDPOINT: receiver.url, OTEL_EXPORTER_OTLP_HEADERS: 'x-receiver-key=of-today' };
  await gateway?.reload(readConfig(environmentFor(simulator, headers)));
  await post(url, { query: '{ viewer { subject } }' });
  one(await spans(), 'query');
  expect(receiver.headers.at(-1)?.['x-receiver-key']).toBe('of-today');
});

describe('a transition', () => {
  it('is delivered by every replica in the trace of the poll that has seen it', async () => {
    const redis = await startRedis();
    const env = { REDIS_URL: redis.url };
    const second = await startTestGateway(simulator, { env: { ...env, OTEL_EXPORTER_OTLP_ENDPOINT: receiver.url } });
    const url = await start(env);
    const feeds = [url, second.url].map((at) => Subscription.project(at, {}));
    const accepted = () => Promise.all(feeds.map((feed) => feed.until(({ status }) => status === 'ACCEPTED')));
    // The first one shows that both feeds have begun.
    for (let count = 0; count < 2; count++) {
      await ask(url, CreateVpcEndpointDocument, { input: INPUT });
      await accepted();
    }
    await Promise.all(feeds.map((feed) => feed.close()));
    await second.close();
    const all = await spans();
    await redis.stop();
    const changed = all
      .filter(({ name, attributes }) => name === 'vpcep.poll' && attributes['vpcep.poll.transitions'] === 1)
      .toSorted((a, b) => Number(BigInt(a.startTimeUnixNano) - BigInt(b.startTimeUnixNano)))
      .at(-1);
    expect(changed?.attributes).toMatchObject({
      'vpcep.project_id': SIMULATOR_PROJECT_ID,
      'vpcep.kind': 'endpoints',
    });
    expect(changed?.parentSpanId).toBeUndefined();
    const deliveries = all.filter(({ name, traceId }) => name === 'vpcep.deliver' && traceId === changed?.traceId);
    const cause = [changed?.spanId, changed?.spanId];
    expect(deliveries.map(({ parentSpanId, links }) => [parentSpanId, links[0]?.spanId])).toEqual([cause, cause]);
    expect(deliveries.map(({ attributes }) => attributes['vpcep.events'])).toEqual([1, 1]);
  });
});

describe('the SDK', () => {
  /** Starts a gateway, stops it, and lists the scripts that it has loaded. */
  async function loaded(env: Record<string, string>): Promise<string> {
    const folder = await mkdtemp(join(tmpdir(), 'vpcep-traces-'));
    const started = await startGatewayProcess({ PORT: '0', SIMULATOR_PORT: '0', NODE_V8_COVERAGE: folder, ...env });
    await post(started.url, { query: '{ viewer { subject } }' });
    started.signal('SIGTERM');
    expect(await started.ended).toBe(0);
    const reports = await Promise.all((await readdir(folder)).map((file) => readFile(join(folder, file), 'utf8')));
    await rm(folder, { recursive: true });
    return reports.join('');
  }
  const SDK = /sdk-trace-base\/build|chunks\/tracing-/;

  it('is not loaded without a receiver', async () => {
    expect(await loaded({})).not.toMatch(SDK);
    expect(await loaded({ OTEL_EXPORTER_OTLP_ENDPOINT: receiver.url, OTEL_TRACES_EXPORTER: 'none' })).not.toMatch(SDK);
  });

  it('takes its settings from the environment, and sends what is left when the gateway stops', async () => {
    const env = {
      OTEL_EXPORTER_OTLP_ENDPOINT: receiver.url,
      OTEL_SERVICE_NAME: 'shop-endpoints',
      OTEL_RESOURCE_ATTRIBUTES: 'deployment.environment.name=test',
    };
    expect(await loaded(env)).toMatch(SDK);
    expect(one(receiver.spans, 'POST /graphql').resource).toMatchObject({
      'service.name': 'shop-endpoints',
      'deployment.environment.name': 'test',
    });
    await loaded({ ...env, OTEL_TRACES_SAMPLER: 'always_off' });
    expect(receiver.spans.filter(({ name }) => name === 'POST /graphql')).toHaveLength(1);
  });

  it('does not keep the gateway from stopping when the receiver is gone, and the log says so', async () => {
    const { logger, text } = recordingLogger();
    const url = await start({ OTEL_EXPORTER_OTLP_ENDPOINT: 'http://127.0.0.1:1' }, logger);
    await post(url, { query: '{ viewer { subject } }' });
    const begun = performance.now();
    await gateway?.close();
    expect(performance.now() - begun).toBeLessThan(4_000);
    expect(text()).toContain('the last traces were not sent in time');
  });
});

describe('the configuration', () => {
  it('refuses a receiver that cannot be one, without its headers in the message', async () => {
    const wrong = { OTEL_EXPORTER_OTLP_ENDPOINT: 'collector:4318', OTEL_EXPORTER_OTLP_HEADERS: 'header-secret' };
    const refused = start(wrong).then(() => '', String);
    expect(await refused).toMatch(/OTEL_EXPORTER_OTLP_ENDPOINT: .*\n.*OTEL_EXPORTER_OTLP_HEADERS: /);
    expect(await refused).not.toContain('header-secret');
    for (const [variable, value] of [
      ['OTEL_EXPORTER_OTLP_PROTOCOL', 'grpc'],
      ['OTEL_TRACES_SAMPLER', 'sometimes'],
      ['OTEL_TRACES_SAMPLER_ARG', '10%'],
    ] as const) {
      await expect(start({ [variable]: value })).rejects.toThrow(variable);
    }
  });
});
