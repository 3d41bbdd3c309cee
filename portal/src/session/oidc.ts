/**
 * Sign-in at an OpenID provider: the code flow with PKCE of a public client (RFC 7636). The gateway verifies the access token
 * itself, and no ID token is used, so there is none to verify here, and no nonce.
 */
import type { Grant } from './session.ts';
import type { OidcSettings } from './settings.ts';

/** The part of `window` that is used. */
export interface SignInWindow {
  readonly location: Record<'origin' | 'pathname' | 'search', string> & { assign(url: string): void };
  readonly history: { replaceState(data: null, unused: string, url: string): void };
  readonly sessionStorage: {
    getItem(key: string): string | null;
    setItem(key: string, value: string): void;
    removeItem(key: string): void;
  };
}

/**
 * `stale`: the answer belongs to no sign-in of this tab. `refused`: by the provider, in its own words. `unusable`: the provider
 * cannot be reached, or does not answer as it should.
 */
export class SignInError extends Error {
  readonly reason: 'stale' | 'refused' | 'unusable';

  constructor(reason: SignInError['reason'], message: string) {
    super(message);
    this.reason = reason;
  }
}

/** Kept while the browser is at the provider. */
type Flow = Record<'state' | 'verifier' | 'returnTo', string>;

const STORED = 'sign-in';
const TIMEOUT_MS = 10_000;
const LOOPBACK = /^(?:localhost|127(?:\.\d+){3}|\[::1\])$/;

/** Goes to the provider. @param returnTo a path of the portal, for the end of the sign-in */
export async function startSignIn(oidc: OidcSettings, returnTo: string, window: SignInWindow): Promise<void> {
  // Browsers have no `crypto.subtle` elsewhere.
  safe(window.location.origin);
  const { authorization } = await discover(oidc.issuer);
  const flow: Flow = { state: random(), verifier: random(), returnTo };
  const digest = await crypto.subtle.digest('SHA-256', new TextEncoder().encode(flow.verifier));
  // The way to the provider ends this page, so its memory does not serve. In a tab's own storage another tab cannot read it, and
  // it is removed on return. It gives no access: the verifier is of use only with its code, which the provider takes once.
  window.sessionStorage.setItem(STORED, JSON.stringify(flow));
  const address = new URL(authorization);
  const parameters = {
    response_type: 'code',
    client_id: oidc.clientId,
    redirect_uri: `${window.location.origin}/sign-in`,
    scope: oidc.scope,
    state: flow.state,
    code_challenge: base64url(new Uint8Array(digest)),
    code_challenge_method: 'S256',
  };
  for (const [name, value] of Object.entries(parameters)) address.searchParams.set(name, value);
  window.location.assign(address.href);
}

/** On return from the provider. To be called once: it takes the code from the address, and the flow from the storage. */
export async function finishSignIn(
  oidc: OidcSettings,
  window: SignInWindow,
): Promise<{ readonly grant: Grant; readonly returnTo: string }> {
  const { location, history, sessionStorage } = window;
  const answer = new URLSearchParams(location.search);
  const stored = sessionStorage.getItem(STORED);
  sessionStorage.removeItem(STORED);
  history.replaceState(null, '', location.pathname);

  const flow = stored === null ? null : (JSON.parse(stored) as Flow);
  if (flow === null || answer.get('state') !== flow.state || (answer.get('iss') ?? oidc.issuer) !== oidc.issuer) {
    throw new SignInError('stale', 'This answer belongs to no sign-in that was started in this tab');
  }
  const error = answer.get('error');
  if (error !== null) throw new SignInError('refused', answer.get('error_description') ?? error);
  const code = answer.get('code');
  if (code === null) throw new SignInError('unusable', 'The provider sent no code');
  const { token } = await discover(oidc.issuer);
  const grant = await request(token, {
    grant_type: 'authorization_code',
    client_id: oidc.clientId,
    code,
    redirect_uri: `${location.origin}/sign-in`,
    code_verifier: flow.verifier,
  });
  return { grant, returnTo: flow.returnTo };
}

/** A token request; the refresh token stays in the grant's own function. */
async function request(endpoint: string, parameters: Readonly<Record<string, string>>): Promise<Grant> {
  const askedAt = Date.now();
  const answer = await read(endpoint, { method: 'POST', body: new URLSearchParams(parameters) });
  const { access_token: token, token_type: type, expires_in: seconds } = answer;
  if (typeof token !== 'string' || String(type).toLowerCase() !== 'bearer') {
    throw new SignInError('unusable', `${endpoint} gave no bearer token`);
  }
  // A provider that does not rotate refresh tokens sends no other one.
  const refresh = answer.refresh_token ?? parameters.refresh_token;
  const again = { grant_type: 'refresh_token', client_id: parameters.client_id ?? '' };
  return {
    token,
    expiresAt: Number(seconds) > 0 ? askedAt + Number(seconds) * 1_000 : null,
    refresh: typeof refresh === 'string' ? () => request(endpoint, { ...again, refresh_token: refresh }) : null,
  };
}

async function discover(issuer: string): Promise<{ readonly authorization: string; readonly token: string }> {
  const found = await read(safe(`${issuer.replace(/\/$/, '')}/.well-known/openid-configuration`));
  if (found.issuer !== issuer) {
    throw new SignInError('unusable', `The provider calls itself ${String(found.issuer)}, and not ${issuer}`);
  }
  return { authorization: safe(found.authorization_endpoint), token: safe(found.token_endpoint) };
}

async function read(url: string, init: RequestInit = {}): Promise<Readonly<Record<string, unknown>>> {
  const signal = AbortSignal.timeout(TIMEOUT_MS);
  const response = await fetch(url, {
    ...init,
    signal,
    credentials: 'omit',
    cache: 'no-store',
    redirect: 'error',
  }).catch(() => null);
  if (response === null) throw new SignInError('unusable', `${url} cannot be reached, or forbids this page (CORS)`);
  const answer = Object(await response.json().catch(() => null)) as Record<string, unknown>;
  if (response.ok) return answer;
  const { error, error_description: description = error } = answer;
  if (typeof description === 'string') throw new SignInError('refused', description);
  throw new SignInError('unusable', `${url} was answered with ${response.status}`);
}

/** @throws SignInError unless nothing between browser and server can read or change it */
function safe(url: unknown): string {
  const { protocol, hostname, href } = new URL(URL.canParse(String(url)) ? String(url) : 'about:blank');
  if (protocol === 'https:' || (protocol === 'http:' && LOOPBACK.test(hostname))) return href;
  throw new SignInError('unusable', `Sign-in needs https, and ${String(url)} has none`);
}

function random(): string {
  return base64url(crypto.getRandomValues(new Uint8Array(32)));
}

function base64url(bytes: Uint8Array): string {
  return btoa(String.fromCharCode(...bytes)).replace(/[+/=]/g, (sign) => ({ '+': '-', '/': '_' })[sign] ?? '');
}
