/** AUTH_MODE and what belongs to it: who may call. */
import { isLoopback, type Values } from './env.ts';

export type AuthSettings =
  /** Everybody who reaches the port is the operator. */
  | { readonly mode: 'none' }
  | JwtSettings
  /** Callers bring tokens of IAM, and calls to upstream are made with them. */
  | { readonly mode: 'iam-token' };

/** Callers bring tokens that an OpenID provider has signed. */
export interface JwtSettings {
  readonly mode: 'jwt';
  /** What `iss` must be, to the letter. */
  readonly issuer: string;
  /** One of them must stand in `aud`. */
  readonly audiences: readonly string[];
  /** Where the issuer publishes its keys; null: its discovery document says it. */
  readonly jwksUrl: string | null;
  /** The signature algorithms that are taken, all of them asymmetric. */
  readonly algorithms: readonly string[];
  /** Which claim names projects: its name, or a JSON Pointer (RFC 6901) into the claims. */
  readonly projectsClaim: string;
  /** Which claim says what may be done in projects that are only listed; null: they may be read. */
  readonly rightsClaim: string | null;
}

/** RFC 7518 and 8037, without HS256 and its kin, whose key whoever verifies could sign with, and without `none`. */
const ALGORITHMS = ['RS256', 'RS384', 'RS512', 'PS256', 'PS384', 'PS512', 'ES256', 'ES384', 'ES512', 'EdDSA'];
const USUAL_ALGORITHMS = ['RS256', 'PS256', 'ES256', 'EdDSA'];

export const AUTH_VARIABLES = [
  'JWT_ISSUER',
  'JWT_AUDIENCE',
  'JWT_JWKS_URL',
  'JWT_ALGORITHMS',
  'JWT_PROJECTS_CLAIM',
  'JWT_RIGHTS_CLAIM',
];

/** @param warnings gets what is to be logged at every start. */
export function readAuth(values: Values, host: string, warnings: string[]): AuthSettings {
  const mode = values.text('AUTH_MODE');
  const open = values.flag('ALLOW_UNAUTHENTICATED', false);
  if (mode === 'jwt') return readJwt(values);
  if (mode === 'iam-token') return { mode };
  if (mode !== undefined && mode !== 'none') {
    values.fault('AUTH_MODE', 'must be none, iam-token or jwt', 'Correct it or leave it unset on a loopback HOST');
  } else if (!isLoopback(host)) {
    checkOpenDoor(values, mode, open, warnings);
  }
  const idle = AUTH_VARIABLES.filter((name) => values.text(name) !== undefined);
  if (idle.length > 0)
    warnings.push(`AUTH_MODE is none: ${idle.join(', ')} without effect, nobody is asked for a token.`);
  return { mode: 'none' };
}

/** Keys that decide who is let in must not be read from a wire that others can write on. */
export function isKeyUrl(text: string): boolean {
  const url = URL.parse(text);
  if (url === null || url.username !== '' || url.password !== '' || url.hash !== '') return false;
  return url.protocol === 'https:' || (url.protocol === 'http:' && isLoopback(url.hostname));
}

function readJwt(values: Values): JwtSettings {
  const required = (name: string, fix: string): string => {
    const value = values.text(name);
    if (value === undefined) values.fault(name, 'must be set with AUTH_MODE=jwt', fix);
    return value ?? '';
  };
  const issuer = required('JWT_ISSUER', 'Give the iss of the tokens, such as https://login.example.com');
  const audience = required('JWT_AUDIENCE', 'Give the aud that the issuer puts into tokens for this gateway');
  if (audience !== '' && list(audience).length === 0) {
    values.fault('JWT_AUDIENCE', 'must name somebody', 'Give one aud, or several with commas');
  }
  const jwksUrl = values.text('JWT_JWKS_URL') ?? null;
  const form = 'must be https://, or http:// on a loopback address, without credentials and fragment';
  if (jwksUrl !== null && !isKeyUrl(jwksUrl))
    values.fault('JWT_JWKS_URL', form, 'Correct it, or unset it for discovery');
  if (jwksUrl === null && issuer !== '' && (!isKeyUrl(issuer) || issuer.includes('?'))) {
    values.fault(
      'JWT_ISSUER',
      `${form}, for its keys to be found`,
      'Correct it, or say in JWT_JWKS_URL where they are',
    );
  }
  return {
    mode: 'jwt',
    issuer,
    audiences: list(audience),
    jwksUrl,
    algorithms: readAlgorithms(values),
    projectsClaim: required('JWT_PROJECTS_CLAIM', 'Name the claim that says which projects the bearer may reach'),
    rightsClaim: values.text('JWT_RIGHTS_CLAIM') ?? null,
  };
}

function readAlgorithms(values: Values): readonly string[] {
  const given = values.text('JWT_ALGORITHMS');
  const algorithms = given === undefined ? USUAL_ALGORITHMS : list(given);
  if (algorithms.length === 0 || algorithms.some((algorithm) => !ALGORITHMS.includes(algorithm))) {
    const fix = `Leave it unset for ${USUAL_ALGORITHMS.join(',')}`;
    values.fault('JWT_ALGORITHMS', `must be a comma list of ${ALGORITHMS.join(', ')}`, fix);
  }
  return algorithms;
}

function list(text: string): readonly string[] {
  return text.split(',').flatMap((part) => part.trim() || []);
}

function checkOpenDoor(values: Values, mode: 'none' | undefined, open: boolean, warnings: string[]): void {
  if (mode === undefined) {
    values.fault('AUTH_MODE', 'must be set when HOST is not a loopback address', 'Set AUTH_MODE, or HOST=127.0.0.1');
  } else if (!open) {
    values.fault(
      'ALLOW_UNAUTHENTICATED',
      'must be true for AUTH_MODE=none when HOST is not a loopback address',
      'Set it only if nothing but trusted callers can reach the port; else HOST=127.0.0.1',
    );
  } else {
    warnings.push(
      'AUTH_MODE is none and HOST is not a loopback address: whoever reaches the port may create and delete endpoints.',
    );
  }
}
