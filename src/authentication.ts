/** The one part that says who is let in, as AUTH_MODE wants it. */
import { type Authenticator, OPEN_DOOR } from './auth/authenticator.ts';
import type { AuthSettings } from './config-auth.ts';

export function createAuthenticator(settings: AuthSettings): Authenticator {
  // Configuration lets no other mode through; this must not fall open if that ever changes.
  if (settings.mode !== 'none') throw new Error(`AUTH_MODE=${settings.mode} has no authenticator`);
  return OPEN_DOOR;
}
