/** The HTTP server: the stages of a request in order, upgrades to WebSocket, and a shutdown that lets requests finish. */

import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import type { Duplex } from 'node:stream';
import type { GraphQLSchema } from 'graphql';
import type { Authenticator } from '../auth/authenticator.ts';
import type { ProxyRange, SocketSettings } from '../config/limits.ts';
import type { ContextFactory } from '../graphql/core/context.ts';
import { createErrorFormatter } from '../graphql/errors/format-error.ts';
import type { AuditLog } from '../observability/audit-log.ts';
import { type Logger, requestLog } from '../observability/logger.ts';
import type { Metrics } from '../observability/metrics.ts';
import type { ReadinessCheck } from '../observability/readiness.ts';
import type { TracedSpan, Tracing } from '../observability/tracing.ts';
import type { Sleep } from '../shared/clock.ts';
import type { Secret } from '../shared/secret.ts';
import {
  allowedMethods,
  countAnswer,
  dispatch,
  type Exchange,
  type HttpResponse,
  type Refusal,
  type Route,
  type Routes,
  refuse,
  refuseUpgrade,
  requestId,
  splitUrl,
} from './core/http-exchange.ts';
import { createPortServer, type PatienceOptions } from './core/port-server.ts';
import type { RateLimits } from './limits/caller-rates.ts';
import { ConnectionLimits, RETRY_SECONDS } from './limits/connection-limits.ts';
import { OperationsInFlight } from './limits/operations-in-flight.ts';
import { TokenExpiry } from './limits/token-expiry.ts';
import { Operations } from './operation/prepare.ts';
import type { TrustedDocuments } from './operation/trusted-documents.ts';
import { createPages, createSettingsHandler, type PagesOptions } from './pages.ts';
import { createMetricsHandler, createReadyHandler, live } from './probes.ts';
import { createApollo } from './query/apollo.ts';
import { createGraphqlHandler } from './query/graphql-http.ts';
import { type ClientAddress, createAddressReader } from './request/client-address.ts';
import { answerPreflight, createOriginPolicy, setCorsHeaders } from './request/origin-policy.ts';
import { EventStreams } from './subscription/event-stream.ts';
import { createMultipartHandler } from './subscription/multipart.ts';
import { createSseHandler } from './subscription/sse.ts';
import { createWsServer } from './websocket/ws-server.ts';

const DRAIN_MS = 10_000;
/** How long data may wait for a client that reads nothing. */
const STALL_MS = 10_000;
const INIT_MS = 3_000;

export interface HttpServer {
  readonly server: Server;
  /** @returns the address that clients use, such as `http://127.0.0.1:4000`. */
  listen(): Promise<string>;
  /** What open connections and subscriptions hold right now. */
  held(): { readonly [what: string]: number };
  /** Fails readiness, accepts work for `shutdownDelayMs` more, then drains for `drainMs`. Further calls wait for the first. */
  close(): Promise<void>;
  /** Operations go on when their client has left or the drain has cut it: waits until they are done, for `ms` at most. */
  operationsEnded(ms: number): Promise<void>;
}

/** A request without its answer. */
interface Running {
  readonly response: ServerResponse;
  /** Its place among them. */
  at: number;
}

/** The parts that serve operations: one `Operations` for every transport. */
async function createTransports(deps: HttpDeps) {
  const { options, schema, authenticator, metrics, logger } = deps;
  const { introspection, checkHost, recheckMs, initMs = INIT_MS, stallMs = STALL_MS } = options;
  const { perCaller, perAddress, subscriptions: maxSubscriptions, messageBytes: maxBytes } = options.sockets;
  const formatError = createErrorFormatter({ logger, schema, suggestions: introspection });
  const { contextFor, trustedDocuments, rateLimits, audit, tracing } = deps;
  const inFlight = new OperationsInFlight({ max: options.maxOperations, metrics, logger });
  const operations = new Operations({
    schema,
    contextFor,
    metrics,
    trustedDocuments,
    rateLimits,
    inFlight,
    audit,
    logger,
    formatError,
    introspection,
    maxCost: options.maxCost,
  });
  const connectionLimits = new ConnectionLimits({ perCaller, perAddress, openDoor: checkHost, metrics });
  const tokenExpiry = new TokenExpiry({ authenticator, logger, now: Date.now, recheckMs });
  const streams = new EventStreams({ operations, connectionLimits, tokenExpiry, metrics, tracing, stallMs });
  const apollo = createApollo({ schema, introspection, formatError, operations, logger });
  await apollo.start();
  const multipart = createMultipartHandler(streams);
  return {
    graphql: createGraphqlHandler({
      authenticator,
      apollo,
      operations,
      multipart,
      metrics,
      tracing,
      fastPath: options.fastPath,
    }),
    sse: createSseHandler({ authenticator, operations, streams }),
    webSockets: createWsServer({
      authenticator,
      operations,
      tokenExpiry,
      connectionLimits,
      metrics,
      tracing,
      maxSubscriptions,
      maxBytes,
      initMs,
      stallMs,
    }),
    connectionLimits,
    inFlight,
    streams,
    stopApollo: () => apollo.stop(),
    held: () => ({ groups: operations.groups, tokens: tokenExpiry.size, ...connectionLimits.held() }),
  };
}

export async function createHttpServer(deps: HttpDeps): Promise<HttpServer> {
  const { options, metrics, tracing, logger } = deps;
  const { checkHost, metricsToken } = options;
  const { graphql, sse, webSockets, connectionLimits, inFlight, streams, stopApollo, held } =
    await createTransports(deps);
  const readAddress = createAddressReader(options.trustedProxies);
  const refuseOrigin = createOriginPolicy(options);
  /** In no order. Not a Set: see vpcep/transport/shared-calls.ts. */
  const running: Running[] = [];
  let stopping = false;
  let draining = false;
  let closing: Promise<void> | undefined;

  const readiness = [...deps.readiness, { name: 'overload', check: () => inFlight.reason }];
  const readMetrics = createMetricsHandler({ metrics, metricsToken, checkHost });
  const routes: Routes = new Map<string, Route>([
    ['/graphql', { methods: { GET: graphql, POST: graphql } }],
    ['/graphql/stream', { methods: { GET: sse, POST: sse } }],
    ['/livez', { methods: { GET: live }, anyHost: true }],
    ['/readyz', { methods: { GET: createReadyHandler(readiness, () => stopping) }, anyHost: true }],
    ['/metrics', { methods: { GET: readMetrics }, anyHost: metricsToken !== undefined }],
    ['/portal.json', { methods: { GET: createSettingsHandler(options) } }],
  ]);
  const findPage = createPages(options);

  /** Probes, pages and unknown paths have no span. */
  function beginSpan({ method = '', headers, httpVersion }: IncomingMessage, path: string): TracedSpan | null {
    if (tracing === null || routes.get(path)?.methods.POST === undefined) return null;
    return tracing.beginRequest(`${method} ${path}`, headers, {
      'http.request.method': method,
      'http.route': path,
      'network.protocol.version': httpVersion,
    });
  }

  /** Counts a request from its arrival to the end of its answer. */
  function count(exchange: Exchange): void {
    const { response, route, span } = exchange;
    const startedAt = performance.now();
    const own: Running = { response, at: running.length };
    running.push(own);
    response.once('close', () => {
      const last = running.pop();
      if (last !== undefined && last !== own) {
        running[own.at] = last;
        last.at = own.at;
      }
      if (!response.writableFinished) exchange.onAbandoned?.();
      if (exchange.isStream) return;
      countAnswer(exchange, response.writableFinished ? response.statusCode : 'aborted', metrics);
      metrics.httpSeconds.observe({ route }, (performance.now() - startedAt) / 1000, span?.exemplar);
    });
  }

  /** The stages of a request: count, name, check the origin, preflight, handler (authenticate, prepare, run, answer). */
  function answer(request: IncomingMessage, response: HttpResponse): void | Promise<void> {
    const { path, search } = splitUrl(request.url ?? '/');
    const route = routes.get(path) ?? findPage(path);
    const id = requestId(request);
    const client = readAddress(request.socket.remoteAddress, request.headers);
    const { address } = client;
    const span = beginSpan(request, path);
    const log = requestLog(logger, id, span?.traceId);
    const label = route === undefined ? 'other' : (route.label ?? path);
    const exchange = {
      request,
      response,
      search,
      address,
      requestId: id,
      logger: log,
      route: label,
      span,
      isStream: false,
    };
    count(exchange);
    response.addCommon('x-request-id', id);
    if (stopping) {
      response.setHeader('connection', 'close');
    }
    const refusal = refuseOrigin(request.headers, client, route?.anyHost ?? false);
    if (refusal !== null) {
      refuse(response, refusal);
      return;
    }
    setCorsHeaders(request, response);
    if (request.method === 'OPTIONS' && route !== undefined) {
      answerPreflight(request, response, allowedMethods(route));
      return;
    }
    return span === null ? dispatch(route, exchange) : span.run(() => dispatch(route, exchange));
  }

  function fail(error: unknown, response: ServerResponse): void {
    logger.error({ err: error }, 'request failed');
    if (response.headersSent) {
      response.destroy();
      return;
    }
    refuse(response, { status: 500, code: 'INTERNAL_SERVER_ERROR', message: 'Internal server error' });
  }

  function upgradeRefusal(request: IncomingMessage, client: ClientAddress): Refusal | null {
    if (draining) {
      metrics.connectionsRefused.inc({ reason: 'stopping' });
      return { status: 503, code: 'UPSTREAM_UNAVAILABLE', message: 'This server is shutting down' };
    }
    if (splitUrl(request.url ?? '/').path !== '/graphql') {
      return { status: 404, code: 'NOT_FOUND', message: 'WebSockets are served at /graphql' };
    }
    return refuseOrigin(request.headers, client, false);
  }

  function upgrade(request: IncomingMessage, stream: Duplex, head: Buffer): void {
    if (stream.writableLength > 0) {
      // Its client does not read earlier answers, so a refusal might never be sent.
      stream.destroy();
      return;
    }
    const client = readAddress(request.socket.remoteAddress, request.headers);
    const refusal = upgradeRefusal(request, client);
    const release = refusal === null ? connectionLimits.fromAddress(client.address) : null;
    if (refusal !== null) {
      refuseUpgrade(stream, refusal);
    } else if (release === null) {
      const message = 'This address has too many sockets and streams open';
      refuseUpgrade(stream, { status: 429, code: 'RATE_LIMITED', message, retryAfterSeconds: RETRY_SECONDS });
    } else {
      const id = requestId(request);
      const { address } = client;
      const { messagesPerSecond: perSecond, messageBurst: burst } = options.sockets;
      const span = beginSpan(request, '/graphql');
      span?.end();
      webSockets.upgrade({
        request,
        stream,
        head,
        address,
        release,
        requestId: id,
        logger: requestLog(logger, id, span?.traceId),
        span,
        rate: connectionLimits.isFree(address) ? null : { perSecond, burst },
      });
    }
  }

  const { maxConnections } = options.sockets;
  const server = createPortServer({ patience: options.patience, maxConnections }, (request, response) => {
    try {
      answer(request, response)?.catch((error: unknown) => fail(error, response));
    } catch (error) {
      fail(error, response);
    }
  });
  server.on('upgrade', upgrade);
  server.on('drop', () => metrics.connectionsRefused.inc({ reason: 'connections' }));
  metrics.beforeScrape(() => metrics.httpInFlight.set(running.length));

  async function close(): Promise<void> {
    stopping = true;
    metrics.stopping.set(1);
    // From here on every answer ends its connection: a balancer that sent a request on one that the drain closes would lose it.
    for (const { response } of running) {
      if (!response.headersSent) {
        response.setHeader('connection', 'close');
      }
    }
    if (options.shutdownDelayMs) {
      logger.info(
        { delayMs: options.shutdownDelayMs },
        'shutting down: not ready, requests are accepted until the delay ends',
      );
      await deps.sleep(options.shutdownDelayMs);
      // Behind the next poll for new connections: those that wait to be accepted would be reset.
      await new Promise(setImmediate);
    }
    draining = true;
    const ended = new Promise<void>((resolve) => {
      server.close(() => resolve());
    });
    const drainMs = options.drainMs ?? DRAIN_MS;
    let requestsCut = 0;
    const limit = setTimeout(() => {
      requestsCut = running.length;
      webSockets.terminate();
      server.closeAllConnections();
    }, drainMs);
    await Promise.all([ended, webSockets.restart(drainMs / 2), streams.restart(drainMs / 2)]);
    clearTimeout(limit);
    // Nothing scrapes the metrics any more.
    const { values } = await metrics.subscriptionsEnded.get();
    const subscriptionsEnded = values.find(({ labels }) => labels.reason === 'deploy')?.value ?? 0;
    logger.info({ subscriptionsEnded, requestsCut }, 'drained');
    await stopApollo();
  }

  return {
    server,
    async listen() {
      await new Promise<void>((resolve, reject) => {
        server.once('error', reject);
        server.listen(options.port, options.host, resolve);
      });
      const address = server.address();
      const port = typeof address === 'object' && address !== null ? address.port : options.port;
      return `http://${options.host.includes(':') ? `[${options.host}]` : options.host}:${port}`;
    },
    held,
    close() {
      closing ??= close();
      return closing;
    },
    operationsEnded: (ms) => inFlight.ended(ms),
  };
}

export interface HttpOptions extends PagesOptions {
  /** Address to listen on; also a name that the Host header may have. */
  readonly host: string;
  /** 0: any free port. */
  readonly port: number;
  /** Exact origins (`https://console.example`) besides the gateway's own. */
  readonly allowedOrigins: readonly string[];
  /** Whose `X-Forwarded-*` headers count. */
  readonly trustedProxies: readonly ProxyRange[];
  /** `AUTH_MODE=none`: every client counts as the operator, so the Host header must be a known name. */
  readonly checkHost: boolean;
  readonly introspection: boolean;
  /** Frequent operations are answered without Apollo. */
  readonly fastPath: boolean;
  /** Calls to upstream that one operation may cause, as estimated before it runs. */
  readonly maxCost: number;
  /** Operations under way in this process at a time. */
  readonly maxOperations: number;
  /** Called at each request: a reload can replace it. */
  readonly metricsToken?: () => Secret;
  /** Limits on the connections and messages of one client. */
  readonly sockets: SocketSettings;
  /** How long work is still accepted on shutdown, after readiness has failed, in milliseconds; none by default. */
  readonly shutdownDelayMs?: number;
  /** How long running requests may take to finish on shutdown; 10 s by default. */
  readonly drainMs?: number;
  /** How long data may wait for a client that reads nothing, in milliseconds; 10 s by default. */
  readonly stallMs?: number;
  /** Between two re-validations of a connected caller, in milliseconds; 50 s by default. */
  readonly recheckMs?: number;
  /** How long a WebSocket may take to send `connection_init`, in milliseconds; 3 s by default. */
  readonly initMs?: number;
  /** How long clients may take over HTTP; core/port-server.ts has the defaults. */
  readonly patience?: Partial<PatienceOptions>;
}

export interface HttpDeps {
  readonly options: HttpOptions;
  readonly schema: GraphQLSchema;
  readonly contextFor: ContextFactory;
  readonly authenticator: Authenticator;
  readonly trustedDocuments: TrustedDocuments;
  /** Null: callers are not limited. */
  readonly rateLimits: RateLimits | null;
  readonly audit: Pick<AuditLog, 'write'>;
  readonly readiness: readonly ReadinessCheck[];
  readonly sleep: Sleep;
  readonly metrics: Metrics;
  readonly tracing: Tracing | null;
  readonly logger: Logger;
}
