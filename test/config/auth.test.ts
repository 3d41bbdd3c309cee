import { describe, expect, it } from 'vitest';
import { type Config, readConfig } from '../../src/config/config.ts';
import { ConfigError, type Environment } from '../../src/config/env.ts';

const keys = { HUAWEICLOUD_SDK_AK: 'AKAK', HUAWEICLOUD_SDK_SK: 'sk', HUAWEICLOUD_SDK_PROJECT_ID: 'p1' };
const jwt = {
  ...keys,
  AUTH_MODE: 'jwt',
  JWT_ISSUER: 'https://login.example.com/realms/one',
  JWT_AUDIENCE: 'vpcep',
  JWT_PROJECTS_CLAIM: 'projects',
};
const noFiles = { defaultProfile: '/none', read: () => undefined };

const read = (env: Environment): Config => readConfig(env, noFiles);

function faults(env: Environment): string[] {
  try {
    read(env);
  } catch (error) {
    if (error instanceof ConfigError)
      return error.faults.map(({ variable, message }) => `${variable} ${message.split('. ')[0]}`);
    throw error;
  }
  return [];
}

describe('AUTH_MODE=jwt', () => {
  it('needs an issuer, an audience and the claim that names projects; the rest has defaults', () => {
    expect(read(jwt).auth).toEqual({
      mode: 'jwt',
      issuer: 'https://login.example.com/realms/one',
      audiences: ['vpcep'],
      jwksUrl: null,
      algorithms: ['RS256', 'PS256', 'ES256', 'EdDSA'],
      projectsClaim: 'projects',
      rightsClaim: null,
      oidc: null,
    });
    expect(read(jwt).warnings).toEqual([]);
    expect(faults({ ...keys, AUTH_MODE: 'jwt' })).toEqual(
      ['JWT_ISSUER', 'JWT_AUDIENCE', 'JWT_PROJECTS_CLAIM'].map((name) => `${name} must be set with AUTH_MODE=jwt`),
    );
  });

  it('lets the portal sign in with a public client at an issuer that browsers can reach', () => {
    const { auth } = read({ ...jwt, OIDC_CLIENT_ID: 'portal', OIDC_SCOPE: 'openid projects' });
    expect(auth).toMatchObject({ oidc: { issuer: jwt.JWT_ISSUER, clientId: 'portal', scope: 'openid projects' } });
    expect(read({ ...jwt, OIDC_CLIENT_ID: 'portal' }).auth).toMatchObject({ oidc: { scope: 'openid' } });
    expect(read({ ...jwt, OIDC_SCOPE: 'openid' }).warnings).toEqual([expect.stringMatching(/^OIDC_SCOPE has no/)]);
    expect(faults({ ...keys, OIDC_CLIENT_ID: 'portal' })).toEqual(['OIDC_CLIENT_ID needs AUTH_MODE=jwt']);
    const unreachable = { ...jwt, JWT_ISSUER: 'kubernetes', JWT_JWKS_URL: 'https://keys.example.com' };
    expect(faults({ ...unreachable, OIDC_CLIENT_ID: 'portal' })).toEqual([
      expect.stringMatching(/^OIDC_CLIENT_ID needs a JWT_ISSUER that must be https/),
    ]);
  });

  it('takes lists, other claims, and an issuer that is no URL when JWT_JWKS_URL is set', () => {
    const env = {
      ...jwt,
      HOST: '0.0.0.0',
      JWT_ISSUER: 'kubernetes/serviceaccount',
      JWT_AUDIENCE: 'one, two,',
      JWT_JWKS_URL: 'http://127.0.0.1:8080/keys?tenant=a',
      JWT_ALGORITHMS: 'PS512,ES384',
      JWT_RIGHTS_CLAIM: '/resource_access/vpcep/roles',
    };
    expect(read(env).auth).toMatchObject({
      issuer: 'kubernetes/serviceaccount',
      audiences: ['one', 'two'],
      jwksUrl: 'http://127.0.0.1:8080/keys?tenant=a',
      algorithms: ['PS512', 'ES384'],
      rightsClaim: '/resource_access/vpcep/roles',
    });
  });

  it.each([
    ['JWT_ALGORITHMS', 'none'],
    ['JWT_ALGORITHMS', 'RS256,HS256'],
    ['JWT_ALGORITHMS', 'rs256'],
    ['JWT_ALGORITHMS', ','],
    ['JWT_AUDIENCE', ','],
    ['JWT_ISSUER', 'http://login.example.com'],
    ['JWT_ISSUER', 'login.example.com'],
    ['JWT_ISSUER', 'https://login.example.com?tenant=a'],
    ['JWT_ISSUER', 'https://user:pw@login.example.com'],
    ['JWT_JWKS_URL', 'http://login.example.com/keys'],
    ['JWT_JWKS_URL', 'http://127.0.0.1.example.com/keys'],
    ['JWT_JWKS_URL', 'https://user:pw@login.example.com/keys'],
    ['JWT_JWKS_URL', 'file:///etc/keys'],
  ])('refuses %s=%s', (name, value) => {
    expect(faults({ ...jwt, [name]: value })).toEqual([expect.stringMatching(`^${name} (entry \\d )?must`)]);
  });

  it('never starts the simulator, whose keys are public', () => {
    const { HUAWEICLOUD_SDK_AK: _ak, HUAWEICLOUD_SDK_SK: _sk, ...without } = jwt;
    expect(read(without).upstream.kind).toBe('remote');
  });
});

it.each(['none', 'iam-token'])('AUTH_MODE=%s says that settings for JWT have no effect', (AUTH_MODE) => {
  expect(read({ ...keys, AUTH_MODE, JWT_ISSUER: 'https://login.example.com' }).warnings).toContainEqual(
    expect.stringMatching(/^JWT_ISSUER has no effect/),
  );
});
