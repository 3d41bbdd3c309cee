/** What the gateway tells its portal, before any sign-in. */
import { createContext } from 'react';

/** A public client of the OpenID provider that issues the gateway's tokens. */
export interface OidcSettings {
  readonly issuer: string;
  readonly clientId: string;
  readonly scope: string;
}

export interface PortalSettings {
  readonly version: string;
  readonly authMode: 'none' | 'iam-token' | 'jwt';
  /** Null: sign-in by token only. */
  readonly oidc: OidcSettings | null;
  readonly graphiql: boolean;
}

export const SettingsContext = createContext<PortalSettings | null>(null);

export async function readSettings(): Promise<PortalSettings> {
  const response = await fetch('/portal.json');
  if (!response.ok) throw new Error(`/portal.json was answered with ${response.status}`);
  return (await response.json()) as PortalSettings;
}
