import { z } from 'zod';
import { ApiError } from './core/api-error.ts';
import { jsonReply, type Reply } from './faults.ts';
import { errorReply, type Parts } from './pipeline.ts';
import { serviceName } from './resources/endpoint-answers.ts';
import { writeJson } from './world/json.ts';

/**
 * `/_simulator/…`: steering for people, without a signature, and so only for a simulator on loopback. Not part of the
 * imitated API.
 */

const PREFIX = '/_simulator/';
const ENDPOINT_ACTION = /^\/_simulator\/endpoints\/([^/]+)\/(accept|reject|fail)$/;

const stage = z.enum(['before', 'after']).exactOptional();
const common = {
  operation: z.string().exactOptional(),
  method: z.string().exactOptional(),
  path: z.string().exactOptional(),
  times: z.int().positive().exactOptional(),
  skip: z.int().nonnegative().exactOptional(),
  probability: z.number().min(0).max(1).exactOptional(),
};
const fields = z.array(z.string()).min(1);
const faultSchema = z.discriminatedUnion('kind', [
  z.strictObject({
    ...common,
    kind: z.literal('status'),
    status: z.int().min(400).max(599),
    code: z.string().exactOptional(),
    message: z.string().exactOptional(),
    retryAfter: z.number().nonnegative().exactOptional(),
    retryAfterAs: z.enum(['delta', 'date']).exactOptional(),
    body: z.enum(['json', 'html', 'empty']).exactOptional(),
    stage,
  }),
  z.strictObject({
    ...common,
    kind: z.enum(['throttled', 'expiredSignature', 'malformedJson', 'looseTypes', 'bareTimes']),
  }),
  z.strictObject({ ...common, kind: z.enum(['hang', 'reset']), stage }),
  z.strictObject({ ...common, kind: z.literal('slow'), delayMs: z.int().nonnegative(), stage }),
  z.strictObject({ ...common, kind: z.enum(['nullFields', 'missingFields']), fields }),
  z.strictObject({ ...common, kind: z.literal('statusWord'), word: z.string() }),
]);

const tokenSchema = z.strictObject({
  token: z.string().regex(/^[\x21-\x7e]+$/),
  projectId: z.string(),
  expiresAt: z.number().exactOptional(),
  userId: z.string().exactOptional(),
  roles: z.array(z.string()).exactOptional(),
  denies: z.array(z.string()).exactOptional(),
  domainScoped: z.boolean().exactOptional(),
});

export function isControlPath(url: string): boolean {
  return url.startsWith(PREFIX);
}

export function answerControl(parts: Parts, method: string, url: string, body: Buffer): Reply {
  try {
    return route(parts, `${method} ${url.split('?')[0]}`, body);
  } catch (error) {
    return errorReply(error, 'control');
  }
}

function route(parts: Parts, target: string, body: Buffer): Reply {
  const [, id, action] = target.startsWith('POST ') ? (ENDPOINT_ACTION.exec(target.slice('POST '.length)) ?? []) : [];
  if (id !== undefined) return decide(parts, id, action);
  switch (target) {
    case 'POST /_simulator/faults':
      parts.faults.add(readBody(faultSchema, body));
      return jsonReply(200, '{}');
    case 'DELETE /_simulator/faults':
      parts.faults.clear();
      return { status: 204, text: '' };
    case 'GET /_simulator/requests':
      return jsonReply(200, JSON.stringify({ requests: parts.log.requests }));
    case 'POST /_simulator/tokens':
      parts.authenticator.issue(readBody(tokenSchema, body));
      return { status: 204, text: '' };
    case 'DELETE /_simulator/tokens':
      parts.authenticator.revoke(readBody(tokenSchema.pick({ token: true }), body).token);
      return { status: 204, text: '' };
    case 'GET /_simulator/services':
      return jsonReply(200, writeJson({ services: servicesOf(parts) }));
    default:
      throw new ApiError(404, 'Simulator.0404', 'The simulator has no such control.');
  }
}

function decide({ world }: Parts, id: string, action: string | undefined): Reply {
  if (world.endpoint(id) === undefined)
    throw new ApiError(404, 'Simulator.0404', 'The simulator has no such endpoint.');
  if (action === 'accept') world.accept(id);
  else if (action === 'reject') world.reject(id);
  else world.fail(id);
  const endpoint = world.endpoint(id);
  return jsonReply(200, writeJson({ id, status: endpoint === undefined ? null : world.status(endpoint) }));
}

function readBody<T>(schema: z.ZodType<T>, body: Buffer): T {
  const parsed = schema.safeParse(parse(body));
  if (!parsed.success) throw new ApiError(400, 'Simulator.0400', z.prettifyError(parsed.error));
  return parsed.data;
}

function parse(body: Buffer): unknown {
  try {
    return JSON.parse(body.toString('utf8'));
  } catch {
    throw new ApiError(400, 'Simulator.0400', 'The body is not valid JSON.');
  }
}

function servicesOf({
  world,
}: Parts): readonly { id: string; name: string; type: string; approval: boolean; public: boolean }[] {
  return world.services().map((service) => ({
    id: service.id,
    name: serviceName(world, service),
    type: service.type,
    approval: service.approval,
    public: service.isPublic,
  }));
}
