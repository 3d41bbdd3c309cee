/** The HTTP and GraphQL layers on a free port, over fake upstream calls and a fake feed. */
import { Writable } from 'node:stream';
import { type Authenticator, OPEN_DOOR } from '../../src/auth/authenticator.ts';
import { Env } from '../../src/config/env.ts';
import { SOCKETS as SOCKET_SETTINGS } from '../../src/config/limits.ts';
import type { TrustedDocumentsSettings } from '../../src/config/trusted-documents.ts';
import { type ConnectionCalls, createContextFactory, type ServiceCalls } from '../../src/graphql/core/context.ts';
import { buildGatewaySchema } from '../../src/graphql/schema.ts';
import { TrustedDocuments } from '../../src/http/operation/trusted-documents.ts';
import type { HttpDeps, HttpOptions } from '../../src/http/server.ts';
import { createHttpServer, type HttpServer } from '../../src/http/server.ts';
import { createLogger } from '../../src/observability/logger.ts';
import { createMetrics, type Metrics } from '../../src/observability/metrics.ts';
import type { ReadinessCheck } from '../../src/observability/readiness.ts';
import { type Sleep, sleep } from '../../src/shared/clock.ts';
import { VpcepClient } from '../../src/vpcep/client.ts';
import { ServiceDescriptions } from '../../src/vpcep/service/descriptions.ts';
import { Transport } from '../../src/vpcep/transport/transport.ts';
import type { EndpointEdits } from '../../src/watch/calls/endpoint-edits.ts';
import type { StatusFeed } from '../../src/watch/watch.ts';
import { FakeEndpointCalls } from './fake-endpoint-calls.ts';
import { FakeStatusFeed } from './fake-status-feed.ts';

export interface FakeGateway {
  readonly url: string;
  readonly http: HttpServer;
  readonly calls: FakeEndpointCalls;
  readonly feed: FakeStatusFeed;
  readonly metrics: Metrics;
  readonly logs: readonly Record<string, unknown>[];
}

export interface FakeGatewayOptions {
  readonly options?: Partial<HttpOptions>;
  readonly authenticate?: Authenticator['authenticate'];
  /** Default: no authentication. Takes precedence over `authenticate`. */
  readonly authenticator?: Authenticator;
  readonly readiness?: readonly ReadinessCheck[];
  readonly sleep?: Sleep;
  readonly trusted?: TrustedDocumentsSettings;
  readonly projectIds?: readonly string[];
  /** Absent: no limits. */
  readonly rateLimits?: HttpDeps['rateLimits'];
  /** Instead of the fake one. */
  readonly realFeed?: StatusFeed;
}

const unused = () => Promise.reject(new Error('no endpoints are changed here'));
const NO_EDITS: EndpointEdits = {
  updateWhitelist: unused,
  updateRouteTables: unused,
  updatePolicy: unused,
  deletePolicy: unused,
  upgrade: unused,
};

const NO_SERVICES: ServiceCalls = { read: unused, list: unused, delete: unused };
const NO_CONNECTIONS: ConnectionCalls = { list: unused, decide: unused, describe: unused };

/** Those of an empty configuration. */
export const SOCKETS = new Env({}).read(SOCKET_SETTINGS);

const running: HttpServer[] = [];

export async function startFakeGateway(given: FakeGatewayOptions = {}): Promise<FakeGateway> {
  const calls = new FakeEndpointCalls();
  const feed = new FakeStatusFeed();
  const metrics = createMetrics();
  const logs: Record<string, unknown>[] = [];
  const logger = createLogger(
    'debug',
    new Writable({
      write(chunk, _encoding, done) {
        logs.push(JSON.parse(String(chunk)));
        done();
      },
    }),
  );
  const http = await createHttpServer({
    options: {
      host: '127.0.0.1',
      port: 0,
      allowedOrigins: ['https://console.example'],
      trustedProxies: [],
      sockets: SOCKETS,
      checkHost: true,
      introspection: true,
      fastPath: true,
      graphiql: true,
      authMode: 'none',
      oidc: null,
      maxCost: 250,
      maxOperations: 1_000,
      drainMs: 2000,
      ...given.options,
    },
    schema: await buildGatewaySchema(),
    contextFor: createContextFactory({
      served: { ids: given.projectIds ?? ['project-1'], defaultId: undefined },
      calls,
      edits: NO_EDITS,
      services: NO_SERVICES,
      connections: NO_CONNECTIONS,
      creations: calls,
      client: nowhere(),
      serviceCreations: { create: () => Promise.reject(new Error('no services are created here')) },
      descriptions: new ServiceDescriptions({ client: nowhere().services, now: Date.now }),
      feed: given.realFeed ?? feed,
    }),
    authenticator: given.authenticator ?? {
      ...OPEN_DOOR,
      ...(given.authenticate === undefined ? {} : { known: () => undefined, authenticate: given.authenticate }),
    },
    trustedDocuments: new TrustedDocuments(given.trusted ?? { mode: 'off', documents: new Map() }, logger),
    rateLimits: given.rateLimits ?? null,
    audit: { write: () => {} },
    readiness: given.readiness ?? [],
    sleep: given.sleep ?? sleep,
    metrics,
    tracing: null,
    logger,
  });
  running.push(http);
  return { url: await http.listen(), http, calls, feed, metrics, logs };
}

/** For `afterEach`. */
export async function stopFakeGateways(): Promise<void> {
  await Promise.all(running.splice(0).map((http) => http.close()));
}

export interface GraphqlAnswer {
  readonly status: number;
  readonly headers: Headers;
  readonly data?: Record<string, unknown> | null;
  readonly errors?: readonly {
    readonly message: string;
    readonly path?: readonly (string | number)[];
    readonly extensions: Readonly<Record<string, unknown>>;
  }[];
}

export async function post(
  url: string,
  query: string,
  variables?: unknown,
  headers: Record<string, string> = {},
): Promise<GraphqlAnswer> {
  const response = await fetch(`${url}/graphql`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', accept: 'application/graphql-response+json', ...headers },
    body: JSON.stringify({ query, variables }),
  });
  const { data, errors } = JSON.parse(await response.text());
  return { status: response.status, headers: response.headers, data, errors };
}

/** A client of an unreachable upstream: the fakes answer every call about endpoints. */
function nowhere(): VpcepClient {
  return new VpcepClient({ transport: new Transport({ target: () => ({ baseUrl: 'http://127.0.0.1:9' }) }) });
}
