/** The code flow with PKCE of a provider (RFC 6749, RFC 7636), with one public client. Every user consents at once. */
import { createHash, randomUUID } from 'node:crypto';

type Claims = Readonly<Record<string, unknown>>;

export const CLIENT_ID = 'portal-of-the-test';

export interface WrittenAnswer {
  readonly status: number;
  readonly headers?: object;
  readonly body: string;
}

interface Consent {
  readonly challenge: string;
  readonly redirectUri: string;
}

export class CodeFlow {
  /** Seconds that an access token is valid. */
  tokenSeconds = 300;
  /** The words in which sign-in is denied. */
  denial: string | null = null;
  claims: Claims = {};
  /** Access tokens, in order. */
  readonly issued: string[] = [];
  readonly #sign: (claims: Claims) => Promise<string>;
  readonly #codes = new Map<string, Consent>();
  /** Each is taken once. */
  readonly #refreshTokens = new Set<string>();

  constructor(sign: (claims: Claims) => Promise<string>) {
    this.#sign = sign;
  }

  /** No refresh token is taken any more. */
  endSessions(): void {
    this.#refreshTokens.clear();
  }

  /** @returns where the browser is sent. */
  authorize(asked: URLSearchParams): string {
    const redirectUri = asked.get('redirect_uri') ?? '';
    const back = new URL(redirectUri);
    back.searchParams.set('state', asked.get('state') ?? '');
    const isKnown = asked.get('client_id') === CLIENT_ID && asked.get('response_type') === 'code';
    const challenge = asked.get('code_challenge');
    if (this.denial !== null || !isKnown || challenge === null || asked.get('code_challenge_method') !== 'S256') {
      back.searchParams.set('error', this.denial === null ? 'invalid_request' : 'access_denied');
      if (this.denial !== null) back.searchParams.set('error_description', this.denial);
      return back.href;
    }
    const code = randomUUID();
    this.#codes.set(code, { challenge, redirectUri });
    back.searchParams.set('code', code);
    return back.href;
  }

  async exchange(form: URLSearchParams): Promise<WrittenAnswer> {
    if (form.get('client_id') !== CLIENT_ID || !this.#takes(form)) {
      const body = { error: 'invalid_grant', error_description: 'The grant is not valid' };
      return { status: 400, body: JSON.stringify(body) };
    }
    const now = Math.floor(Date.now() / 1000);
    const token = await this.#sign({ exp: now + this.tokenSeconds, jti: randomUUID(), ...this.claims });
    this.issued.push(token);
    const refresh = randomUUID();
    this.#refreshTokens.add(refresh);
    const body = { access_token: token, token_type: 'Bearer', expires_in: this.tokenSeconds, refresh_token: refresh };
    return { status: 200, body: JSON.stringify(body) };
  }

  #takes(form: URLSearchParams): boolean {
    if (form.get('grant_type') === 'refresh_token') return this.#refreshTokens.delete(form.get('refresh_token') ?? '');
    const code = form.get('code') ?? '';
    const consent = this.#codes.get(code);
    this.#codes.delete(code);
    const digest = createHash('sha256')
      .update(form.get('code_verifier') ?? '')
      .digest('base64url');
    return consent?.challenge === digest && consent.redirectUri === form.get('redirect_uri');
  }
}
