/** The environment becomes one frozen Config here, and nowhere else is `process.env` read. */
import type { Secret } from '../shared/secret.ts';
import { AUTH_VARIABLES, type AuthSettings, readAuth } from './auth.ts';
import { ConfigError, type Environment, isLoopback, Values } from './env.ts';
import {
  BUDGET_VARIABLES,
  type ProxyRange,
  type RateSettings,
  readBudget,
  readRates,
  readSockets,
  readTrustedProxies,
  type SocketSettings,
} from './limits.ts';
import { type OutboundProxy, readOutboundProxy } from './outbound-proxy.ts';
import { parseRedisUrl, type RedisTarget } from './redis.ts';
import { readTrustedDocuments, type TrustedDocumentsSettings } from './trusted-documents.ts';
import type { BudgetSettings, ConfigFiles, Upstream } from './types.ts';
import { diskFiles, readUpstream } from './upstream.ts';

const LOG_LEVELS = ['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent'] as const;
export type LogLevel = (typeof LOG_LEVELS)[number];
const MOST_SECONDS = 3600;

export interface Config {
  readonly production: boolean;
  readonly host: string;
  /** 0: any free port. */
  readonly port: number;
  /** Null: everything is kept in this process. */
  readonly redis: RedisTarget | null;
  readonly upstream: Upstream;
  /** Null: VPCEP, IAM and the issuer of tokens are called directly. */
  readonly outboundProxy: OutboundProxy | null;
  readonly budget: BudgetSettings;
  readonly auth: AuthSettings;
  /** Exact origins for CORS and WebSocket alike. Empty: the gateway's own origin only. */
  readonly allowedOrigins: readonly string[];
  /** Whose `X-Forwarded-*` headers count. */
  readonly trustedProxies: readonly ProxyRange[];
  readonly sockets: SocketSettings;
  /** Between two requests of a connection. */
  readonly keepAliveSeconds: number;
  /** Between the signal to stop and the end of accepting work. */
  readonly shutdownDelaySeconds: number;
  readonly introspection: boolean;
  readonly graphiql: boolean;
  /** Calls to upstream that one operation may cause, as estimated before it runs. */
  readonly maxCost: number;
  readonly trustedDocuments: TrustedDocumentsSettings;
  /** Null: nobody is limited. */
  readonly rates: RateSettings | null;
  /** Null: `/metrics` is open. */
  readonly metricsToken: Secret | null;
  readonly logLevel: LogLevel;
  /** `stdout`, `off`, or the absolute path of a file. */
  readonly auditLog: string;
  /** To be logged at every start. */
  readonly warnings: readonly string[];
}

/** @throws ConfigError with all faults at once. */
export function readConfig(env: Environment = process.env, files: ConfigFiles = diskFiles): Config {
  const values = new Values(env, files);
  const warnings = unknownNames(env);
  const production = values.choice('NODE_ENV', ['development', 'test', 'production'], 'development') === 'production';
  const host = values.host('HOST', '127.0.0.1');
  const auth = readAuth(values, host, warnings);
  const maxCost = values.count('MAX_COST', 250, 100_000);
  const config: Config = {
    production,
    host,
    port: values.port('PORT', 4000),
    redis: readRedis(values),
    upstream: readUpstream(values, files, production, auth.mode),
    outboundProxy: readOutboundProxy(values, warnings),
    budget: readBudget(values),
    auth,
    allowedOrigins: readOrigins(values),
    trustedProxies: readTrustedProxies(values),
    sockets: readSockets(values),
    keepAliveSeconds: values.count('KEEP_ALIVE_TIMEOUT_SECONDS', 65, MOST_SECONDS),
    shutdownDelaySeconds: values.count('SHUTDOWN_DELAY_SECONDS', production ? 5 : 0, MOST_SECONDS, 0),
    introspection: values.flag('INTROSPECTION', !production),
    graphiql: values.flag('GRAPHIQL', !production),
    rates: readRates(values, { authMode: auth.mode, host, maxCost }),
    maxCost,
    trustedDocuments: readTrustedDocuments(values, files, warnings),
    metricsToken:
      values.secret('METRICS_TOKEN', {
        pattern: /^[A-Za-z0-9._~+/=-]+$/,
        rule: 'must fit a Bearer header: letters, digits and ._~+/=-',
        fix: 'Choose another token',
      }) ?? null,
    logLevel: values.choice('LOG_LEVEL', LOG_LEVELS, 'info'),
    auditLog:
      values.matching(
        'AUDIT_LOG',
        /^(stdout|off|\/.*[^/])$/,
        'must be stdout, off, or the absolute path of a file',
        'Leave it unset for stdout',
      ) ?? 'stdout',
    warnings,
  };
  if (config.upstream.kind === 'simulator') {
    warnings.push(
      'There are no credentials: the gateway runs on a simulator inside this process. Nothing reaches the cloud, and nothing is kept.',
    );
  }
  if (config.upstream.kind === 'remote' && auth.mode === 'none' && isLoopback(host)) {
    warnings.push('AUTH_MODE is none: whoever can reach this port from this machine may create and delete endpoints.');
  }
  if (values.faults.length > 0) throw new ConfigError(values.faults);
  return deepFreeze(config);
}

export { ConfigError };

function readRedis(values: Values): RedisTarget | null {
  const text = values.secret('REDIS_URL');
  if (text === undefined) return null;
  const target = parseRedisUrl(text.reveal());
  if ('kind' in target) return target;
  values.fault('REDIS_URL', target.rule, target.fix);
  return null;
}

function readOrigins(values: Values): string[] {
  const origins = (values.text('ALLOWED_ORIGINS') ?? '').split(',').flatMap((part) => part.trim() || []);
  const wrong = origins.filter((origin) => !/^https?:/.test(origin) || URL.parse(origin)?.origin !== origin);
  if (wrong.length > 0) {
    values.fault(
      'ALLOWED_ORIGINS',
      'must be a comma list of exact origins: lower case, http or https, no *, no path, no slash at the end, no default port',
      `Correct entry ${wrong.map((origin) => origins.indexOf(origin) + 1).join(', ')}; the form is https://app.example.com`,
    );
  }
  return [...new Set(origins)];
}

const OURS = /^(VPCEP|SIMULATOR|HUAWEICLOUD_SDK|JWT)_/;
const KNOWN: ReadonlySet<string> = new Set([
  ...BUDGET_VARIABLES,
  ...AUTH_VARIABLES,
  ...[
    'VPCEP_REGION',
    'VPCEP_URL',
    'SIMULATOR_HOST',
    'SIMULATOR_PORT',
    'SIMULATOR_AK',
    'SIMULATOR_SK',
    'SIMULATOR_SPEED',
  ],
  ...['AK', 'AK_FILE', 'SK', 'SK_FILE', 'SECURITY_TOKEN', 'SECURITY_TOKEN_FILE', 'PROJECT_ID', 'CREDENTIALS_FILE'].map(
    (name) => `HUAWEICLOUD_SDK_${name}`,
  ),
]);

function unknownNames(env: Environment): string[] {
  const names = Object.keys(env).filter((name) => OURS.test(name) && !KNOWN.has(name) && env[name]?.trim());
  return names.sort().map((name) => `${name} is set but not known to this version: it has no effect.`);
}

function deepFreeze<T extends object>(value: T): T {
  for (const inner of Object.values(value)) if (typeof inner === 'object' && inner !== null) deepFreeze(inner);
  return Object.freeze(value);
}
