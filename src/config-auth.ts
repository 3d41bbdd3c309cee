/** AUTH_MODE and what belongs to it: who may call. */
import { isLoopback, type Values } from './config-values.ts';

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

/** @param warnings gets what is to be logged at every start. */
export function readAuth(values: Values, host: string, warnings: string[]): AuthSettings {
  const mode = values.text('AUTH_MODE');
  const open = values.flag('ALLOW_UNAUTHENTICATED', false);
  if (mode === 'iam-token' || mode === 'jwt') {
    values.fault(
      'AUTH_MODE',
      `${mode} is not supported by this version`,
      'Use none, behind something that authenticates callers',
    );
    return { mode: 'none' };
  }
  if (mode !== undefined && mode !== 'none') {
    values.fault('AUTH_MODE', 'must be none', 'Correct it or leave it unset on a loopback HOST');
  } else if (!isLoopback(host)) {
    checkOpenDoor(values, mode, open, warnings);
  }
  return { mode: 'none' };
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
