/** An OpenID provider of the test: discovery, keys, tokens and the code flow, over real HTTP. */
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { type CryptoKey, exportJWK, generateKeyPair, type JWK, type JWTHeaderParameters, SignJWT } from 'jose';
import { CodeFlow, type WrittenAnswer } from './code-flow.ts';

export const AUDIENCE = 'vpcep-gateway-of-the-test';

interface SigningKey {
  readonly kid: string;
  readonly alg: string;
  readonly private: CryptoKey;
  readonly public: JWK;
}

/** Members of a token's header; `kid: undefined` leaves it out. */
interface TestHeader {
  readonly kid?: string | undefined;
  readonly jwk?: JWK;
  readonly crit?: string[];
  readonly b64?: boolean;
}

/** Claims of a token. `undefined` leaves out a default claim. */
export type TestClaims = Readonly<Record<string, unknown>>;

export class TestIssuer {
  readonly url: string;
  /** Paths that were asked for, in order. */
  readonly asked: string[] = [];
  /** How users sign in, and for how long. */
  readonly flow = new CodeFlow((claims) => this.token(claims));
  readonly #server: Server;
  #keys: SigningKey[] = [];
  #answer: 'well' | 'down' | 'not' = 'well';
  /** Instead of the true documents, by path. */
  readonly #instead = new Map<string, WrittenAnswer>();

  private constructor(server: Server) {
    this.#server = server;
    this.url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    server.on('request', (request, response) => void this.#serve(request, response));
  }

  static async start(): Promise<TestIssuer> {
    const server = createServer();
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const issuer = new TestIssuer(server);
    await issuer.addKey('first');
    return issuer;
  }

  /** Settings of a gateway that trusts it. */
  get env(): Record<string, string> {
    return {
      AUTH_MODE: 'jwt',
      JWT_ISSUER: this.url,
      JWT_AUDIENCE: AUDIENCE,
      JWT_PROJECTS_CLAIM: 'projects',
    };
  }

  get keys(): readonly JWK[] {
    return this.#keys.map((key) => key.public);
  }

  async addKey(kid: string, alg = 'ES256'): Promise<void> {
    const pair = await generateKeyPair(alg, { extractable: true });
    const jwk = { ...(await exportJWK(pair.publicKey)), kid, alg, use: 'sig' };
    this.#keys.push({ kid, alg, private: pair.privateKey, public: jwk });
  }

  /** Stops publishing the key. */
  withdraw(kid: string): void {
    this.#keys = this.#keys.filter((key) => key.kid !== kid);
  }

  /** `down`: connections are cut. `not`: no request is answered. */
  answer(how: 'well' | 'down' | 'not'): void {
    this.#answer = how;
  }

  answerInstead(path: string, answer: WrittenAnswer): void {
    this.#instead.set(path, answer);
  }

  /** Signed with the newest key unless `header.kid` names another of its keys. */
  async token(claims: TestClaims = {}, header: TestHeader = {}): Promise<string> {
    const key = this.#keys.find(({ kid }) => kid === header.kid) ?? this.#keys.at(-1);
    if (key === undefined) throw new Error('this issuer has no key');
    return await sign(this.#complete(claims), { alg: key.alg, kid: key.kid, ...header }, key.private);
  }

  /** Signed with an unpublished key, under any header. */
  async forgedToken(claims: TestClaims = {}, header: TestHeader = {}): Promise<string> {
    const pair = await generateKeyPair('ES256');
    return await sign(this.#complete(claims), { alg: 'ES256', kid: 'first', ...header }, pair.privateKey);
  }

  async close(): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise((resolve) => this.#server.close(resolve));
  }

  async #serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const path = request.url ?? '';
    this.asked.push(path);
    if (this.#answer === 'down') response.destroy();
    if (this.#answer !== 'well') return;
    const { pathname, searchParams } = new URL(path, this.url);
    if (pathname === '/authorize') {
      response.writeHead(302, { location: this.flow.authorize(searchParams) }).end();
      return;
    }
    const { status, headers, body } =
      pathname === '/token'
        ? await this.flow.exchange(new URLSearchParams(await text(request)))
        : (this.#instead.get(path) ?? { status: 200, body: JSON.stringify(this.#document(path)) });
    const common = { 'content-type': 'application/json', 'access-control-allow-origin': '*' };
    response.writeHead(status, { ...common, ...headers }).end(body);
  }

  #document(path: string): object {
    if (path === '/keys') return { keys: this.keys };
    const at = (name: string) => `${this.url}/${name}`;
    return {
      issuer: this.url,
      jwks_uri: at('keys'),
      authorization_endpoint: at('authorize'),
      token_endpoint: at('token'),
    };
  }

  #complete(claims: TestClaims): TestClaims {
    const now = Math.floor(Date.now() / 1000);
    return { iss: this.url, aud: AUDIENCE, sub: 'alice', iat: now, exp: now + 300, ...claims };
  }
}

function sign(claims: TestClaims, header: TestHeader & { readonly alg: string }, key: CryptoKey): Promise<string> {
  const given = Object.fromEntries(Object.entries(claims).filter(([, value]) => value !== undefined));
  return new SignJWT(given).setProtectedHeader(header as JWTHeaderParameters).sign(key);
}
