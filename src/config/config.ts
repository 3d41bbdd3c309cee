/** The environment becomes one frozen Config here. Nothing else reads `process.env`. */
import * as z from 'zod';
import { isLoopback } from '../shared/net.ts';
import type { Secret } from '../shared/secret.ts';
import { readAuth } from './auth.ts';
import { ConfigError, choice, Env, type Environment, Flag, Host, integer, LogLevel, list, Port } from './env.ts';
import { diskFiles } from './files.ts';
import { BUDGET, readRates, SOCKETS, TrustedProxies } from './limits.ts';
import { readOutboundProxy } from './outbound-proxy.ts';
import { readRedis } from './redis.ts';
import { readTrustedDocuments } from './trusted-documents.ts';
import { readUpstream } from './upstream.ts';

const Mode = choice(['development', 'test', 'production']);
const Origin = z
  .string()
  .refine(
    (text) => /^https?:/.test(text) && URL.parse(text)?.origin === text,
    'must be an exact origin: lower case, no *, no path, no slash at the end, no default port. Use the form https://app.example.com',
  );
const AuditLog = z
  .string()
  .regex(/^(stdout|off|\/.*[^/])$/, 'must be stdout, off, or the absolute path of a file. Leave it unset for stdout');
const BearerToken = z
  .string()
  .regex(/^[A-Za-z0-9._~+/=-]+$/, 'must fit a Bearer header: letters, digits and ._~+/=-. Choose another token');

const OtelSampler = choice([
  'always_on',
  'always_off',
  'traceidratio',
  'parentbased_always_on',
  'parentbased_always_off',
  'parentbased_traceidratio',
]);
const OtelRatio = z
  .string()
  .refine((text) => /^\d(\.\d+)?$/.test(text) && Number(text) <= 1, 'must be a number from 0 to 1. Use the form 0.1');
const OtlpEndpoint = z
  .url({ protocol: /^https?$/, error: 'must be an https:// or http:// URL. Use the form http://collector:4318' })
  .optional();
const OtlpHeaders = z
  .string()
  .regex(/^[^=,\s]+=[^,]*(,[^=,\s]+=[^,]*)*$/, 'must have the form name=value,name=value. Write a comma as %2C');

const MOST_SECONDS = 3600;
const OURS = /^(VPCEP|SIMULATOR|HUAWEICLOUD_SDK|JWT|OIDC)_/;

export type Config = ReturnType<typeof readConfig>;

/** @throws ConfigError with all faults at once. */
export function readConfig(variables: Environment = process.env, files = diskFiles) {
  const env = new Env(variables, files);
  const production = env.value('NODE_ENV', Mode.default('development')) === 'production';
  const server = env.read({
    host: ['HOST', Host.default('127.0.0.1')],
    port: ['PORT', Port.default(4000)],
    /** For CORS and WebSocket alike. Empty: the gateway's own origin only. */
    allowedOrigins: ['ALLOWED_ORIGINS', list(Origin).default([])],
    /** Whose `X-Forwarded-*` headers count. */
    trustedProxies: ['TRUSTED_PROXIES', TrustedProxies],
    /** Between two requests of a connection. */
    keepAliveSeconds: ['KEEP_ALIVE_TIMEOUT_SECONDS', integer(MOST_SECONDS).default(65)],
    /** Between the signal to stop and the end of accepting work. */
    shutdownDelaySeconds: ['SHUTDOWN_DELAY_SECONDS', integer(MOST_SECONDS, 0).default(production ? 5 : 0)],
    introspection: ['INTROSPECTION', Flag.default(!production)],
    graphiql: ['GRAPHIQL', Flag.default(!production)],
    /** The schema is a subgraph of Apollo Federation. */
    federation: ['FEDERATION', Flag.default(false)],
    /** Frequent operations are answered without Apollo Server. */
    fastPath: ['FAST_PATH', Flag.default(true)],
    /** Upstream calls that one operation may cause, as estimated before it runs. */
    maxCost: ['MAX_COST', integer(100_000).default(250)],
    /** Queries, mutations and starting subscriptions of this process at a time. */
    maxOperations: ['MAX_OPERATIONS_IN_FLIGHT', integer(1_000_000).default(1_000)],
    logLevel: ['LOG_LEVEL', LogLevel.default('info')],
    auditLog: ['AUDIT_LOG', AuditLog.default('stdout')],
  });
  const auth = readAuth(env, server.host);
  const upstream = readUpstream(env, production, auth.mode);
  const config = {
    production,
    ...server,
    auth,
    upstream,
    redis: readRedis(env),
    /** Null: VPCEP, IAM and the issuer of tokens are called directly. */
    outboundProxy: readOutboundProxy(env),
    budget: env.read(BUDGET),
    sockets: env.read(SOCKETS),
    /** Null: callers are not limited. */
    rates: readRates(env, { ...server, authMode: auth.mode }),
    trustedDocuments: readTrustedDocuments(env),
    /** Null: `/metrics` is open. */
    metricsToken: env.secret('METRICS_TOKEN', BearerToken) ?? null,
    tracing: readTracing(env),
    warnings: env.warnings,
  };
  env.warnings.push(
    ...env.unread(OURS).map((name) => `${name} has no effect: it is misspelt, or other settings replace it.`),
  );
  if (upstream.kind === 'simulator') {
    env.warnings.push(
      'There are no credentials: the gateway runs on a simulator inside this process. Nothing reaches the cloud, and nothing is kept.',
    );
  } else if (auth.mode === 'none' && isLoopback(server.host)) {
    env.warnings.push('AUTH_MODE is none: every process on this machine may create and delete endpoints.');
  }
  if (env.faults.length > 0) throw new ConfigError(env.faults);
  return deepFreeze(config);
}

/**
 * Whether traces are recorded, and where they are sent; null: they are not. The SDK reads the rest of `OTEL_…` itself
 * (docs/operations/tracing.md).
 */
function readTracing(env: Env): { readonly url: string; readonly headers: Secret | undefined } | null {
  const { disabled, exporter, endpoint, tracesEndpoint } = env.read({
    disabled: ['OTEL_SDK_DISABLED', Flag.default(false)],
    exporter: ['OTEL_TRACES_EXPORTER', choice(['otlp', 'none']).optional()],
    endpoint: ['OTEL_EXPORTER_OTLP_ENDPOINT', OtlpEndpoint],
    tracesEndpoint: ['OTEL_EXPORTER_OTLP_TRACES_ENDPOINT', OtlpEndpoint],
    // JSON is sent with either: receivers of OTLP/HTTP take both.
    protocol: ['OTEL_EXPORTER_OTLP_PROTOCOL', choice(['http/json', 'http/protobuf']).optional()],
    // Checked only: the SDK would take its default for a wrong one, without a word.
    sampler: ['OTEL_TRACES_SAMPLER', OtelSampler.optional()],
    samplerArg: ['OTEL_TRACES_SAMPLER_ARG', OtelRatio.optional()],
  });
  const headers = env.secret('OTEL_EXPORTER_OTLP_HEADERS', OtlpHeaders);
  const given = tracesEndpoint ?? endpoint;
  if (disabled || exporter === 'none' || (exporter === undefined && given === undefined)) return null;
  const base = endpoint ?? 'http://localhost:4318';
  return { url: tracesEndpoint ?? `${base.replace(/\/$/, '')}/v1/traces`, headers };
}

function deepFreeze<T extends object>(value: T): T {
  for (const inner of Object.values(value)) if (typeof inner === 'object' && inner !== null) deepFreeze(inner);
  return Object.freeze(value);
}
