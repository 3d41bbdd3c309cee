/** The one part that says who is let in, as AUTH_MODE wants it. */
import { type Authenticator, OPEN_DOOR } from './auth/authenticator.ts';
import { IamAuthenticator } from './auth/iam-authenticator.ts';
import { JwtAuthenticator } from './auth/jwt-authenticator.ts';
import type { ServedProjects } from './auth/jwt-claims.ts';
import { Issuer } from './auth/jwt-issuer.ts';
import { JwtKeys } from './auth/jwt-keys.ts';
import { type AuthSettings, isKeyUrl, type JwtSettings } from './config-auth.ts';
import type { Logger } from './observability/logger.ts';
import type { ReadinessCheck } from './observability/readiness.ts';
import { systemClock } from './vpcep/clock.ts';
import { lookUpToken } from './vpcep/token-lookup.ts';
import { Transport } from './vpcep/transport.ts';

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
  readonly logger: Logger;
}

export function createAuthentication({ settings, iamUrl, projects, logger }: AuthenticationOptions): Authentication {
  switch (settings.mode) {
    case 'none':
      return { authenticator: OPEN_DOOR, readiness: [], close: async () => {} };
    case 'jwt':
      return jwtAuthentication(settings, projects, logger);
    case 'iam-token':
      // Configuration lets no simulator through; this must not fall open if that ever changes.
      if (iamUrl === null) throw new Error('AUTH_MODE=iam-token needs an IAM');
      return iamAuthentication(iamUrl, logger);
  }
}

function iamAuthentication(iamUrl: string, logger: Logger): Authentication {
  const iam = new Transport({ target: () => ({ baseUrl: iamUrl }) });
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

function jwtAuthentication(settings: JwtSettings, projects: ServedProjects, logger: Logger): Authentication {
  const { issuer, jwksUrl } = settings;
  const source = new Issuer({ issuer, jwksUrl, mayAsk: isKeyUrl });
  const keys = new JwtKeys({
    fetch: () => source.keys(),
    elapsed: systemClock.elapsed,
    onTrouble: (error) => {
      if (error === null) logger.info('the issuer of tokens can be asked for its keys again');
      else logger.warn({ reason: error.message }, 'the issuer of tokens cannot be asked for its keys');
    },
  });
  // Before the first caller: its answer comes sooner, and a wrong setting stands in the log from the start.
  keys.prepare();
  return {
    authenticator: new JwtAuthenticator({ rules: settings, keys, served: projects, now: systemClock.now }),
    // The others have the same issuer: to take this replica out would help nobody.
    readiness: [{ name: 'issuer', degrades: true, check: () => keys.trouble }],
    close: () => source.close(),
  };
}
