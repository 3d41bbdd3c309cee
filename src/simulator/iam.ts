/** IAM's side of a token: `GET /v3/auth/tokens`, so that a gateway can ask who its callers are (NOTES.md, "Hosts, identity"). */
import { randomUUID } from 'node:crypto';
import type { WireRequest } from './auth/signature-check.ts';
import { jsonReply, type Reply, runStage } from './faults.ts';
import type { Parts } from './pipeline.ts';
import { domainIdOf, type SimulatorToken } from './world/identity.ts';
import { writeJson } from './world/json.ts';

/** Name in the request log and for faults: IAM's calls are not in vpcep.openapi.yaml. */
export const VALIDATE_TOKEN = 'KeystoneValidateToken';

const PATH = '/v3/auth/tokens';
const DAY_MS = 24 * 3_600_000;

export function isIamCall(method: string, url: string): boolean {
  return method === 'GET' && url.split('?')[0] === PATH;
}

/** Null: cut the connection. */
export async function answerIam(parts: Parts, request: WireRequest): Promise<Reply | null> {
  const { world, faults, log, authenticator, signal } = parts;
  const { method, headers } = request;
  const requestId = randomUUID().replaceAll('-', '');
  const entry = log.arrive({
    id: requestId,
    operation: VALIDATE_TOKEN,
    method,
    path: PATH,
    query: {},
    body: undefined,
    headerNames: Object.keys(headers),
    projectHeader: null,
    receivedAt: world.clock.now(),
  });
  const fired = faults.fire({ operation: VALIDATE_TOKEN, method, path: PATH });
  entry.fired(fired.map(({ spec }) => spec.kind));
  const before = await runStage(fired, 'before', { now: world.clock.now(), requestId, signal });
  const reply = before.kind === 'go' ? judge() : before.kind === 'reset' ? null : before.reply;
  entry.end(reply?.status ?? null, world.clock.now());
  return reply;

  function judge(): Reply {
    const now = world.clock.now();
    const asker = authenticator.token(headers['x-auth-token'] ?? '');
    if (asker === undefined || hasExpired(asker, now))
      return refusal(401, 'The token must be updated.', 'Unauthorized');
    const subject = authenticator.token(headers['x-subject-token'] ?? '');
    if (subject === undefined || hasExpired(subject, now)) return refusal(404, 'Token not found.', 'Not Found');
    return jsonReply(200, writeJson({ token: describe(subject, now) }));
  }
}

function hasExpired({ expiresAt }: SimulatorToken, now: number): boolean {
  return expiresAt !== undefined && expiresAt <= now;
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
