/**
 * The port itself: how long a client may take with a request, how large its head may be, and how many there may be.
 * The port: routes, the rules on every request, upgrades, and an end that lets running requests finish.
 */

import { randomUUID } from 'node:crypto';
import { createServer, type IncomingMessage, type RequestListener, type Server, type ServerResponse } from 'node:http';
import type { Duplex } from 'node:stream';
import type { GraphQLSchema } from 'graphql';
import type { Authenticator } from '../auth/authenticator.ts';
import type { ProxyRange, SocketSettings } from '../config/limits.ts';
import type { ContextFactory } from '../graphql/core/context.ts';
import { createErrorFormatter } from '../graphql/errors/format-error.ts';
import type { AuditLog } from '../observability/audit-log.ts';
import type { Logger } from '../observability/logger.ts';
import type { Metrics } from '../observability/metrics.ts';
import type { ReadinessCheck } from '../observability/readiness.ts';
import type { Sleep } from '../shared/clock.ts';
import type { Secret } from '../shared/secret.ts';
import {
  allowedMethods,
  dispatch,
  HttpRequest,
  type Route,
  type Routes,
  refuseUpgrade,
  sendError,
  setSecurityHeaders,
  type UpgradeRefusal,
} from './core/http-exchange.ts';
import { Admissions } from './limits/connection-limits.ts';
import { Sessions } from './limits/token-expiry.ts';
import type { RateLimits } from './operation/admission.ts';
import { Operations } from './operation/prepare.ts';
import type { TrustedDocuments } from './operation/trusted-documents.ts';
import { createPageHandler } from './pages.ts';
import { createMetricsHandler, createReadyHandler, live } from './probes.ts';
import { createApollo, createGraphqlHandler } from './query/graphql-http.ts';
import { type ClientAddress, createAddressReader } from './request/client-address.ts';
import { answerPreflight, judge, setCorsHeaders } from './request/origin-policy.ts';
import { EventStreams, StreamAccess } from './subscription/event-stream.ts';
import { Multipart } from './subscription/multipart.ts';
import { createSseService } from './subscription/sse.ts';
import { Renderings } from './subscription/subscription.ts';
import { createGraphqlSocketServer } from './websocket/graphql-ws.ts';
import { createWsServer } from './websocket/ws-server.ts';

/** Milliseconds. */
interface PatienceOptions {
  /** For the head of a request, also for the first one of a connection that says nothing. */
  readonly headMs: number;
  /** For a request with its body (at most 1 MiB). */
  readonly requestMs: number;
  /** Between two requests. Longer than load balancers keep idle connections (60 s), so that it is they that close them. */
  readonly idleMs: number;
  /** For a client that takes nothing of its answer. Streams send something every 12 s; WebSockets have a limit of their own. */
  readonly stallMs: number;
  /** How late all this may be noticed. */
  readonly checkMs: number;
}

const PATIENCE: PatienceOptions = {
  headMs: 10_000,
  requestMs: 30_000,
  idleMs: 65_000,
  stallMs: 120_000,
  checkMs: 2_000,
};
const MAX_HEAD_BYTES = 16 * 1024;
const MAX_HEADERS = 100;

interface PortOptions {
  readonly patience?: Partial<PatienceOptions> | undefined;
  /** Null: as many connections as the system gives. Beyond that new ones are closed without an answer. */
  readonly maxConnections: number | null;
}

function createPortServer({ patience, maxConnections }: PortOptions, listener: RequestListener): Server {
  const { headMs, requestMs, idleMs, stallMs, checkMs } = { ...PATIENCE, ...patience };
  const server = createServer(
    {
      IncomingMessage: HttpRequest,
      headersTimeout: headMs,
      requestTimeout: requestMs,
      keepAliveTimeout: idleMs,
      connectionsCheckingInterval: checkMs,
      maxHeaderSize: MAX_HEAD_BYTES,
      // Otherwise the second of two Authorization headers would go unseen.
      joinDuplicateHeaders: true,
    },
    (request, response) => {
      if (request.rawHeaders.length > 2 * MAX_HEADERS) {
        response.setHeader('connection', 'close');
        sendError(response, 431, 'BAD_REQUEST', `A request may have ${MAX_HEADERS} headers`);
        return;
      }
      listener(request, response);
    },
  );
  // Node would drop what comes beyond a limit without a word: better to refuse the request.
  server.maxHeadersCount = 0;
  server.timeout = stallMs;
  if (maxConnections !== null) {
    server.maxConnections = maxConnections;
  }
  return server;
}

const DRAIN_MS = 10_000;
/** How long data may wait for a client that takes none. */
const STALL_MS = 10_000;
const INIT_MS = 3_000;
/** Somebody leaves soon, or the client is broken and should not come back at once. */
const TOO_MANY_SECONDS = 10;
const REQUEST_ID = /^[A-Za-z0-9._-]{1,64}$/;

export interface HttpServer {
  readonly server: Server;
  /** @returns the address that clients use, such as `http://127.0.0.1:4000`. */
  listen(): Promise<string>;
  /** What subscriptions hold right now. */
  held(): { readonly [what: string]: number };
  /** Fails readiness, accepts work for `shutdownDelayMs` more, then drains for `drainMs`. Further calls wait for the first. */
  close(): Promise<void>;
}

function requestId(request: IncomingMessage): string {
  const given = request.headers['x-request-id'];
  return typeof given === 'string' && REQUEST_ID.test(given) ? given : randomUUID();
}

function splitUrl(url: string): { readonly path: string; readonly search: string } {
  const mark = url.indexOf('?');
  return mark === -1 ? { path: url, search: '' } : { path: url.slice(0, mark), search: url.slice(mark) };
}

export async function createHttpServer(deps: HttpDeps): Promise<HttpServer> {
  const { options, schema, contextFor, authenticator, metrics, logger } = deps;
  const { introspection, maxCost, checkHost, metricsToken } = options;
  let stopping = false;
  let draining = false;
  let closing: Promise<void> | undefined;
  const running = new Set<ServerResponse>();
  const readAddress = createAddressReader(options.trustedProxies);
  const formatError = createErrorFormatter({ logger, schema, suggestions: introspection });
  const operations = new Operations({
    schema,
    contextFor,
    trustedDocuments: deps.trustedDocuments,
    rateLimits: deps.rateLimits,
    audit: deps.audit,
    logger,
    formatError,
    introspection,
    maxCost,
  });
  const apollo = createApollo({ schema, introspection, formatError, operations, metrics, logger });
  await apollo.start();
  const renderings = new Renderings({ metrics, format: (errors) => operations.format(errors) });
  const stallMs = options.stallMs ?? STALL_MS;
  const streams = new EventStreams({ metrics, stallMs });
  const { perCaller, perAddress, subscriptions: maxSubscriptions } = options.sockets;
  const admissions = new Admissions({ perCaller, perAddress, openDoor: checkHost });
  const sessions = new Sessions({
    authenticator,
    logger,
    now: Date.now,
    recheckMs: options.recheckMs,
  });
  const access = new StreamAccess({ admissions, sessions });
  const multipart = new Multipart({ metrics, operations, renderings, streams, access });
  const graphql = createGraphqlHandler({ authenticator, contextFor, apollo, multipart });
  const sse = createSseService({
    authenticator,
    metrics,
    operations,
    renderings,
    access,
    maxSubscriptions,
    streams,
  });
  const webSockets = createWsServer({
    server: createGraphqlSocketServer({
      operations,
      renderings,
      maxSubscriptions,
      initMs: options.initMs ?? INIT_MS,
    }),
    session: { authenticator, sessions, admissions },
    metrics,
    stallMs,
    maxBytes: options.sockets.messageBytes,
  });

  const routes: Routes = new Map<string, Route>([
    ['/graphql', { methods: { GET: graphql, POST: graphql } }],
    ['/graphql/stream', { methods: { GET: sse.handler, POST: sse.handler, PUT: sse.handler, DELETE: sse.handler } }],
    ['/livez', { methods: { GET: live }, anyHost: true }],
    ['/readyz', { methods: { GET: createReadyHandler(deps.readiness, () => stopping) }, anyHost: true }],
    [
      '/metrics',
      {
        methods: { GET: createMetricsHandler({ metrics, metricsToken, checkHost }) },
        anyHost: metricsToken !== undefined,
      },
    ],
    ['/', { methods: { GET: createPageHandler('index.html') } }],
    ...(options.graphiql ? [['/graphiql', { methods: { GET: createPageHandler('graphiql.html') } }] as const] : []),
  ]);

  async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { path, search } = splitUrl(request.url ?? '/');
    const route = routes.get(path);
    const id = requestId(request);
    const startedAt = performance.now();
    const routeName = route === undefined ? 'other' : path;
    running.add(response);
    response.once('close', () => {
      running.delete(response);
      metrics.httpRequests.inc({
        route: routeName,
        status: response.writableFinished ? response.statusCode : 'aborted',
      });
      metrics.httpSeconds.observe({ route: routeName }, (performance.now() - startedAt) / 1000);
    });
    setSecurityHeaders(response);
    response.setHeader('x-request-id', id);
    if (draining) {
      response.setHeader('connection', 'close');
    }
    const client = readAddress(request.socket.remoteAddress, request.headers);
    const refusal = judge(request.headers, options, client, route?.anyHost ?? false);
    if (refusal !== null) {
      response.setHeader('vary', 'Origin');
      sendError(response, refusal.status, 'FORBIDDEN', refusal.message);
      return;
    }
    setCorsHeaders(request, response);
    if (request.method === 'OPTIONS' && route !== undefined) {
      answerPreflight(request, response, allowedMethods(route));
      return;
    }
    await dispatch(route, {
      request,
      response,
      search,
      address: client.address,
      requestId: id,
      logger: logger.child({ requestId: id }),
    });
  }

  function fail(error: unknown, response: ServerResponse): void {
    logger.error({ err: error }, 'request failed');
    if (response.headersSent) {
      response.destroy();
      return;
    }
    sendError(response, 500, 'INTERNAL_SERVER_ERROR', 'Internal server error');
  }

  function refusalOf(request: IncomingMessage, client: ClientAddress): UpgradeRefusal | null {
    if (draining) {
      return { status: 503, code: 'UPSTREAM_UNAVAILABLE', message: 'This server is shutting down' };
    }
    if (splitUrl(request.url ?? '/').path !== '/graphql') {
      return { status: 404, code: 'NOT_FOUND', message: 'WebSockets are served at /graphql' };
    }
    const refusal = judge(request.headers, options, client, false);
    return refusal === null ? null : { ...refusal, code: 'FORBIDDEN' };
  }

  function upgrade(request: IncomingMessage, stream: Duplex, head: Buffer): void {
    const client = readAddress(request.socket.remoteAddress, request.headers);
    const refusal = refusalOf(request, client);
    const release = refusal === null ? admissions.fromAddress(client.address) : null;
    if (refusal !== null) {
      refuseUpgrade(stream, refusal);
    } else if (release === null) {
      const message = 'This address has too many sockets and streams open';
      refuseUpgrade(stream, { status: 429, code: 'RATE_LIMITED', message, retryAfterSeconds: TOO_MANY_SECONDS });
    } else {
      const id = requestId(request);
      const { messagesPerSecond, messageBurst } = options.sockets;
      webSockets.upgrade({
        request,
        stream,
        head,
        address: client.address,
        requestId: id,
        logger: logger.child({ requestId: id }),
        release,
        rate: admissions.isFree(client.address) ? null : { perSecond: messagesPerSecond, burst: messageBurst },
      });
    }
  }

  const { maxConnections } = options.sockets;
  const server = createPortServer({ patience: options.patience, maxConnections }, (request, response) => {
    answer(request, response).catch((error: unknown) => fail(error, response));
  });
  server.on('upgrade', upgrade);

  async function close(): Promise<void> {
    stopping = true;
    if (options.shutdownDelayMs) {
      logger.info({ delayMs: options.shutdownDelayMs }, 'not ready any more: work is accepted until the delay is over');
      await deps.sleep(options.shutdownDelayMs);
    }
    draining = true;
    const ended = new Promise<void>((resolve) => {
      server.close(() => resolve());
    });
    for (const response of running) {
      if (!response.headersSent) {
        response.setHeader('connection', 'close');
      }
    }
    const drainMs = options.drainMs ?? DRAIN_MS;
    const limit = setTimeout(() => {
      webSockets.terminate();
      server.closeAllConnections();
    }, drainMs);
    sse.close();
    await Promise.all([ended, webSockets.restart(drainMs / 2), streams.restart(drainMs / 2)]);
    clearTimeout(limit);
    await apollo.stop();
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
    held: () => ({ groups: renderings.size, tokens: sessions.size, ...admissions.held() }),
    close() {
      closing ??= close();
      return closing;
    },
  };
}

export interface HttpOptions {
  /** Address to listen on; also a name that the Host header may have. */
  readonly host: string;
  /** 0: any free port. */
  readonly port: number;
  /** Exact origins (`https://console.example`) besides the own one. */
  readonly allowedOrigins: readonly string[];
  /** Whose `X-Forwarded-*` headers count. */
  readonly trustedProxies: readonly ProxyRange[];
  /** `AUTH_MODE=none`: whoever reaches the port is the operator, so the Host header must be a known name. */
  readonly checkHost: boolean;
  readonly introspection: boolean;
  readonly graphiql: boolean;
  /** Calls to upstream that one operation may cause, as estimated before it runs. */
  readonly maxCost: number;
  /** Asked for at each request: it may be replaced while the server runs. */
  readonly metricsToken?: () => Secret;
  /** What one client may hold open, and send over it. */
  readonly sockets: SocketSettings;
  /** How long work is still accepted on shutdown, after readiness has failed, in milliseconds; none by default. */
  readonly shutdownDelayMs?: number;
  /** How long running requests may take to finish on shutdown; 10 s by default. */
  readonly drainMs?: number;
  /** How long data may wait on a WebSocket that takes none, in milliseconds; 10 s by default. */
  readonly stallMs?: number;
  /** How often callers that stay are looked at again, in milliseconds; 50 s by default. */
  readonly recheckMs?: number;
  /** How long a WebSocket may take until it says who it is, in milliseconds; 3 s by default. */
  readonly initMs?: number;
  /** How long clients may take over HTTP; server.ts has the defaults. */
  readonly patience?: Partial<PatienceOptions>;
}

export interface HttpDeps {
  readonly options: HttpOptions;
  readonly schema: GraphQLSchema;
  readonly contextFor: ContextFactory;
  readonly authenticator: Authenticator;
  readonly trustedDocuments: TrustedDocuments;
  /** Null: nobody is limited. */
  readonly rateLimits: RateLimits | null;
  readonly audit: Pick<AuditLog, 'write'>;
  readonly readiness: readonly ReadinessCheck[];
  readonly sleep: Sleep;
  readonly metrics: Metrics;
  readonly logger: Logger;
}
