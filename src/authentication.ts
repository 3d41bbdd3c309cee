/** The one part that says who is let in, as AUTH_MODE wants it. */
import { type Authenticator, OPEN_DOOR } from './auth/authenticator.ts';
import { JwtAuthenticator } from './auth/jwt-authenticator.ts';
import type { ServedProjects } from './auth/jwt-claims.ts';
import { Issuer } from './auth/jwt-issuer.ts';
import { JwtKeys } from './auth/jwt-keys.ts';
import { type AuthSettings, isKeyUrl, type JwtSettings } from './config-auth.ts';
import type { ReadinessCheck } from './http/deps.ts';
import type { Logger } from './observability/logger.ts';
import { systemClock } from './vpcep/clock.ts';

export interface Authentication {
  readonly authenticator: Authenticator;
  readonly readiness: readonly ReadinessCheck[];
  close(): Promise<void>;
}

export interface AuthenticationOptions {
  readonly settings: AuthSettings;
  /** Follows reloads. */
  readonly projects: ServedProjects;
  readonly logger: Logger;
}

export function createAuthentication({ settings, projects, logger }: AuthenticationOptions): Authentication {
  switch (settings.mode) {
    case 'none':
      return { authenticator: OPEN_DOOR, readiness: [], close: async () => {} };
    case 'jwt':
      return jwtAuthentication(settings, projects, logger);
    case 'iam-token':
      // Configuration lets it not through yet; this must not fall open if that ever changes.
      throw new Error('AUTH_MODE=iam-token has no authenticator');
  }
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
