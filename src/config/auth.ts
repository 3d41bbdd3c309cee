/** AUTH_MODE and its settings. */
import * as z from 'zod';
import { isLoopback, isTamperProof } from '../shared/net.ts';
import { choice, type Env, Flag, list, type Section, type SettingsOf } from './env.ts';

/** RFC 7518 and 8037, asymmetric only: with HS256 every verifier could sign as well. */
const ALGORITHMS = ['RS256', 'RS384', 'RS512', 'PS256', 'PS384', 'PS512', 'ES256', 'ES384', 'ES512', 'EdDSA'] as const;
const USUAL_ALGORITHMS: (typeof ALGORITHMS)[number][] = ['RS256', 'PS256', 'ES256', 'EdDSA'];

const KEY_URL_RULE = 'must be https://, or http:// on a loopback address, without credentials and fragment';

const JWT = {
  /** Exact value of `iss`. */
  issuer: ['JWT_ISSUER', z.string().default('')],
  /** `aud` must contain one of them. */
  audiences: [
    'JWT_AUDIENCE',
    list(z.string())
      .refine((audiences) => audiences.length > 0, 'must not be empty. Give one aud, or several with commas')
      .default([]),
  ],
  /** The URL of the issuer's keys; null: from its discovery document. */
  jwksUrl: [
    'JWT_JWKS_URL',
    z.string().refine(isTamperProof, `${KEY_URL_RULE}. Correct it, or unset it for discovery`).nullable().default(null),
  ],
  /** Accepted signature algorithms. */
  algorithms: [
    'JWT_ALGORITHMS',
    list(choice(ALGORITHMS))
      .refine((algorithms) => algorithms.length > 0, `must not be empty. Leave it unset for ${USUAL_ALGORITHMS}`)
      .default(USUAL_ALGORITHMS),
  ],
  /** The claim that names projects: its name, or a JSON Pointer (RFC 6901) into the claims. */
  projectsClaim: ['JWT_PROJECTS_CLAIM', z.string().default('')],
  /** The claim with the rights in listed projects; null: `read`. */
  rightsClaim: ['JWT_RIGHTS_CLAIM', z.string().nullable().default(null)],
} satisfies Section;

const REQUIRED = {
  JWT_ISSUER: 'Give the iss of the tokens, such as https://login.example.com',
  JWT_AUDIENCE: 'Give the aud that the issuer puts into tokens for this gateway',
  JWT_PROJECTS_CLAIM: 'Name the claim that says which projects the bearer may reach',
};

/** How the portal signs in: the code flow with PKCE, in the browser. */
const OIDC = {
  /** Of a public client, which has no secret. */
  clientId: ['OIDC_CLIENT_ID', z.string().default('')],
  scope: ['OIDC_SCOPE', z.string().default('openid')],
} satisfies Section;

export type OidcSettings = { readonly issuer: string } & SettingsOf<typeof OIDC>;

/** Callers send tokens that an OpenID provider has signed. */
export type JwtSettings = {
  readonly mode: 'jwt';
  /** Null: the portal takes a token that the user brings. */
  readonly oidc: OidcSettings | null;
} & SettingsOf<typeof JWT>;

export type AuthSettings =
  /** Every caller is the operator. */
  | { readonly mode: 'none' }
  | JwtSettings
  /** Callers send IAM tokens, and upstream calls are made with them. */
  | { readonly mode: 'iam-token' };

export function readAuth(env: Env, host: string): AuthSettings {
  const given = env.text('AUTH_MODE') !== undefined;
  const mode = env.value('AUTH_MODE', choice(['none', 'iam-token', 'jwt']).default('none'));
  const open = env.value('ALLOW_UNAUTHENTICATED', Flag.default(false));
  if (mode === 'jwt') return readJwt(env);
  if (env.text('OIDC_CLIENT_ID') !== undefined) {
    env.fault('OIDC_CLIENT_ID', 'needs AUTH_MODE=jwt. Set that, or unset it');
  }
  if (mode === 'iam-token') return { mode };
  if (!isLoopback(host)) checkOpenPort(env, given, open);
  return { mode };
}

function readJwt(env: Env): JwtSettings {
  for (const [variable, fix] of Object.entries(REQUIRED)) {
    if (env.text(variable) === undefined) env.fault(variable, `must be set with AUTH_MODE=jwt. ${fix}`);
  }
  const jwt = env.read(JWT);
  const isUsable = jwt.issuer === '' || (isTamperProof(jwt.issuer) && !jwt.issuer.includes('?'));
  if (env.text('JWT_JWKS_URL') === undefined && !isUsable) {
    env.fault('JWT_ISSUER', `${KEY_URL_RULE}, for its keys to be found. Correct it, or set JWT_JWKS_URL`);
  }
  const signsIn = env.text('OIDC_CLIENT_ID') !== undefined;
  if (signsIn && !isUsable) {
    env.fault('OIDC_CLIENT_ID', `needs a JWT_ISSUER that ${KEY_URL_RULE}. Correct that, or unset it`);
  }
  return { mode: 'jwt', ...jwt, oidc: signsIn ? { issuer: jwt.issuer, ...env.read(OIDC) } : null };
}

function checkOpenPort(env: Env, given: boolean, open: boolean): void {
  if (!given) {
    env.fault('AUTH_MODE', 'must be set when HOST is not a loopback address. Set AUTH_MODE, or HOST=127.0.0.1');
  } else if (!open) {
    env.fault(
      'ALLOW_UNAUTHENTICATED',
      'must be true for AUTH_MODE=none when HOST is not a loopback address. Set it only if nothing but trusted callers can reach the port; else HOST=127.0.0.1',
    );
  } else {
    env.warnings.push(
      'AUTH_MODE is none and HOST is not a loopback address: every client that reaches the port may create and delete endpoints.',
    );
  }
}
