/** What the HTTP layer is made of. Everything long-lived comes in from outside. */
import type { GraphQLSchema } from 'graphql';
import type { Authenticator } from '../auth/authenticator.ts';
import type { Secret } from '../auth/secret.ts';
import type { ProxyRange } from '../config-proxies.ts';
import type { SocketSettings } from '../config-sockets.ts';
import type { ContextFactory } from '../graphql/context.ts';
import type { AuditLog } from '../observability/audit-log.ts';
import type { Logger } from '../observability/logger.ts';
import type { Metrics } from '../observability/metrics.ts';
import type { ReadinessCheck } from '../observability/readiness.ts';
import type { Sleep } from '../vpcep/clock.ts';
import type { PatienceOptions } from './port-server.ts';
import type { RateLimits } from './rate-limits.ts';
import type { TrustedDocuments } from './trusted-documents.ts';

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
  /** How long clients may take over HTTP; port-server.ts has the defaults. */
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
