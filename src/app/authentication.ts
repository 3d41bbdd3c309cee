/** Makes the authenticator of AUTH_MODE, and loads only that one. */
import { type Authenticator, OPEN_DOOR } from '../auth/authenticator.ts';
import type { ServedProjects } from '../auth/jwt-claims.ts';
import type { RequestFailure } from '../auth/jwt-keys.ts';
import type { AuthSettings, JwtSettings } from '../config/auth.ts';
import type { OutboundProxy } from '../config/outbound-proxy.ts';
import type { Logger } from '../observability/logger.ts';
import type { ReadinessCheck } from '../observability/readiness.ts';
import type { HostContact, UnreachableHosts } from '../observability/unreachable-hosts.ts';
import { systemClock } from '../shared/clock.ts';
import { codeOf } from '../vpcep/http/exchange.ts';
import { Pools } from '../vpcep/http/pools.ts';
import { lookUpToken } from '../vpcep/iam.ts';
import { Transport } from '../vpcep/transport/transport.ts';

/** Of one answer of the issuer. */
const MAX_KEY_BYTES = 256 * 1024;

export interface Authentication {
  readonly authenticator: Authenticator;
  readonly readiness: readonly ReadinessCheck[];
  close(): Promise<void>;
}

export interface AuthenticationOptions {
  readonly settings: AuthSettings;
  /** The IAM that issued the callers' tokens; null: there is no cloud behind this gateway. */
  readonly iamUrl: string | null;
  /** Follows reloads. */
  readonly projects: ServedProjects;
  readonly hosts: UnreachableHosts;
  readonly proxy: OutboundProxy | null;
  readonly logger: Logger;
}

export async function createAuthentication(options: AuthenticationOptions): Promise<Authentication> {
  const { settings, iamUrl } = options;
  switch (settings.mode) {
    case 'none':
      return { authenticator: OPEN_DOOR, readiness: [], close: async () => {} };
    case 'jwt':
      return jwtAuthentication(settings, options);
    case 'iam-token':
      // The configuration refuses the simulator here; without this check a mistake would admit every caller.
      if (iamUrl === null) throw new Error('AUTH_MODE=iam-token needs an IAM');
      return iamAuthentication(iamUrl, options);
  }
}

async function iamAuthentication(
  iamUrl: string,
  { hosts, proxy, logger }: Pick<AuthenticationOptions, 'hosts' | 'proxy' | 'logger'>,
): Promise<Authentication> {
  const { IamAuthenticator } = await import('../auth/iam-authenticator.ts');
  const iam = new Transport({ target: () => ({ baseUrl: iamUrl }), hosts, proxy });
  const authenticator = new IamAuthenticator({
    now: systemClock.now,
    elapsed: systemClock.elapsed,
    lookUp: (token) => lookUpToken(iam, token),
    onTrouble: (error) => logOutage(logger, 'IAM', error),
  });
  return { authenticator, readiness: [outageCheck('iam', 'IAM', authenticator)], close: () => iam.close() };
}

async function jwtAuthentication(
  settings: JwtSettings,
  { projects, hosts, proxy, logger }: Pick<AuthenticationOptions, 'projects' | 'hosts' | 'proxy' | 'logger'>,
): Promise<Authentication> {
  const { JwtAuthenticator } = await import('../auth/jwt-authenticator.ts');
  const { fetchOver, JwtKeys } = await import('../auth/jwt-keys.ts');
  const pools = new Pools({ connections: 1, maxResponseSize: MAX_KEY_BYTES, proxy });
  const keys = new JwtKeys({
    issuer: settings.issuer,
    jwksUrl: settings.jwksUrl,
    fetch: fetchOver({
      pools,
      observe: (url) => {
        const begunAt = systemClock.elapsed();
        return (failure) => noteContact(hosts.at(url), failure, begunAt);
      },
    }),
    onTrouble: (error) => logOutage(logger, 'the issuer of tokens', error),
  });
  return {
    authenticator: new JwtAuthenticator({ rules: settings, keys, served: projects, now: systemClock.now }),
    readiness: [outageCheck('issuer', 'the issuer of tokens', keys)],
    close: async () => {
      keys.close();
      await pools.destroy();
    },
  };
}

function logOutage(logger: Logger, provider: string, error: Error | null): void {
  if (error === null) logger.info(`${provider} is available again`);
  else logger.warn({ reason: error.message }, `${provider} is unavailable: new callers cannot be verified`);
}

/** All replicas use the same provider, so taking this one out of service would not help. */
function outageCheck(name: string, provider: string, source: { readonly unavailable: boolean }): ReadinessCheck {
  const reason = `${provider} is unavailable: new callers cannot be verified`;
  return { name, degrades: true, check: () => (source.unavailable ? reason : null) };
}

function noteContact(contact: HostContact, failure: RequestFailure | null, begunAt: number): void {
  if (failure === null) {
    contact.answered(begunAt);
    return;
  }
  const { error, timedOut } = failure;
  // `sent: false` reports the first failure: keys are fetched too rarely to wait for a second one.
  contact.failed({ code: codeOf(error), timedOut, sent: false, attempt: 1 }, begunAt);
}
