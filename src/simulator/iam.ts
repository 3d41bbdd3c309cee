/** IAM's side of a token: `GET /v3/auth/tokens` lets a gateway verify its callers (NOTES.md, "Hosts, identity"). */
import type { Authenticator } from './auth/authenticate.ts';
import { jsonReply, type Reply } from './core/api-error.ts';
import { domainIdOf, type SimulatorToken } from './world/identity.ts';
import { writeJson } from './world/json.ts';

/** Name in the request log and for faults: IAM's calls are not in vpcep.openapi.yaml. */
export const VALIDATE_TOKEN = 'KeystoneValidateToken';

const DAY_MS = 24 * 3_600_000;

export function isIamCall(method: string, path: string): boolean {
  return method === 'GET' && path === '/v3/auth/tokens';
}

export function validateToken(
  authenticator: Authenticator,
  headers: Readonly<Record<string, string>>,
  now: number,
): Reply {
  if (authenticator.validToken(headers['x-auth-token'] ?? '') === undefined)
    return refusal(401, 'The token must be updated.', 'Unauthorized');
  const subject = authenticator.validToken(headers['x-subject-token'] ?? '');
  if (subject === undefined) return refusal(404, 'Token not found.', 'Not Found');
  return jsonReply(200, writeJson({ token: describe(subject, now) }));
}

function describe(token: SimulatorToken, now: number) {
  const { projectId, userId, roles = ['te_admin'] } = token;
  const domain = { id: domainIdOf(projectId), name: 'simulator' };
  return {
    expires_at: iamTime(token.expiresAt ?? now + DAY_MS),
    issued_at: iamTime(now),
    methods: ['password'],
    ...(token.domainScoped === true ? { domain } : { project: { id: projectId, name: 'simulator-1', domain } }),
    roles: roles.map((name) => ({ id: '0', name })),
    user: { id: userId ?? `user-of-${projectId}`, name: 'simulator-user', domain, password_expires_at: '' },
  };
}

/** IAM writes microseconds. */
function iamTime(ms: number): string {
  return new Date(ms).toISOString().replace('Z', '000Z');
}

/** IAM's own form of an error: the code is a number. */
function refusal(code: number, message: string, title: string): Reply {
  return jsonReply(code, writeJson({ error: { code, message, title } }));
}
