/** `/_simulator/…`: controls for people, without a signature and so on loopback only. Not part of the API. */
import * as z from 'zod';
import { ApiError, errorReply, jsonReply, type Reply } from './core/api-error.ts';
import { faultSchema } from './faults.ts';
import type { Parts } from './pipeline.ts';
import { serviceName } from './resources/endpoint-answers.ts';
import { tokenSchema } from './world/identity.ts';
import { type JsonObject, writeJson } from './world/json.ts';
import type { SimulatedService } from './world/services.ts';

const PREFIX = '/_simulator/';
const ENDPOINT_ACTION = /^\/_simulator\/endpoints\/([^/]+)\/(accept|reject|fail)$/;

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
      return jsonReply(200, writeJson({ services: parts.world.services().map((one) => described(parts, one)) }));
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

function described({ world }: Parts, service: SimulatedService): JsonObject {
  const { id, type, approval, isPublic } = service;
  return { id, name: serviceName(world, service), type, approval, public: isPublic };
}
