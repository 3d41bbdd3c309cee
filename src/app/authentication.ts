/** The one part that says who is let in, as AUTH_MODE wants it. */
import { type Authenticator, OPEN_DOOR } from '../auth/authenticator.ts';
import { IamAuthenticator } from '../auth/iam-authenticator.ts';
import { JwtAuthenticator } from '../auth/jwt-authenticator.ts';
import type { ServedProjects } from '../auth/jwt-claims.ts';
import { fetchOver, JwtKeys, type RequestFailure } from '../auth/jwt-keys.ts';
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
  /** The IAM that knows the tokens of callers; null: no cloud is behind this gateway. */
  readonly iamUrl: string | null;
  /** Follows reloads. */
  readonly projects: ServedProjects;
  readonly hosts: UnreachableHosts;
  readonly proxy: OutboundProxy | null;
  readonly logger: Logger;
}

export function createAuthentication(options: AuthenticationOptions): Authentication {
  const { settings, iamUrl } = options;
  switch (settings.mode) {
    case 'none':
      return { authenticator: OPEN_DOOR, readiness: [], close: async () => {} };
    case 'jwt':
      return jwtAuthentication(settings, options);
    case 'iam-token':
      // Configuration lets no simulator through; this must not fall open if that ever changes.
      if (iamUrl === null) throw new Error('AUTH_MODE=iam-token needs an IAM');
      return iamAuthentication(iamUrl, options);
  }
}

function iamAuthentication(
  iamUrl: string,
  { hosts, proxy, logger }: Pick<AuthenticationOptions, 'hosts' | 'proxy' | 'logger'>,
): Authentication {
  const iam = new Transport({ target: () => ({ baseUrl: iamUrl }), hosts, proxy });
  const authenticator = new IamAuthenticator({
    ...systemClock,
    lookUp: (token) => lookUpToken(iam, token),
    onTrouble: (error) => {
      if (error === null) logger.info('IAM can be asked about callers again');
      else logger.warn({ reason: error.message }, 'IAM cannot be asked about callers');
    },
  });
  return {
    authenticator,
    // The others ask the same IAM: to take this replica out would help nobody.
    readiness: [
      {
        name: 'iam',
        degrades: true,
        check: () => (authenticator.inTrouble ? 'IAM cannot be asked about callers' : null),
      },
    ],
    close: () => iam.close(),
  };
}

function jwtAuthentication(
  settings: JwtSettings,
  { projects, hosts, proxy, logger }: Pick<AuthenticationOptions, 'projects' | 'hosts' | 'proxy' | 'logger'>,
): Authentication {
  const { issuer, jwksUrl } = settings;
  const pools = new Pools({ connections: 1, maxResponseSize: MAX_KEY_BYTES, proxy });
  const keys = new JwtKeys({
    issuer,
    jwksUrl,
    fetch: fetchOver({
      pools,
      observe: (url) => {
        const begunAt = systemClock.elapsed();
        return (failure) => noteContact(hosts.at(url), failure, begunAt);
      },
    }),
    onTrouble: (error) => {
      if (error === null) logger.info('the issuer of tokens can be asked for its keys again');
      else logger.warn({ reason: error.message }, 'the issuer of tokens cannot be asked for its keys');
    },
  });
  return {
    authenticator: new JwtAuthenticator({ rules: settings, keys, served: projects, now: systemClock.now }),
    // The others have the same issuer: to take this replica out would help nobody.
    readiness: [{ name: 'issuer', degrades: true, check: () => keys.trouble }],
    close: async () => {
      keys.close();
      await pools.destroy();
    },
  };
}

function noteContact(contact: HostContact, failure: RequestFailure | null, begunAt: number): void {
  if (failure === null) {
    contact.answered(begunAt);
    return;
  }
  const { error, timedOut } = failure;
  // As if not sent: the keys are asked for too seldom to wait for a second failure.
  contact.failed({ code: codeOf(error), timedOut, sent: false, attempt: 1 }, begunAt);
}
