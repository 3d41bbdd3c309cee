import { randomUUID } from 'node:crypto';
import type { Authenticator } from './auth/authenticate.ts';
import type { WireRequest } from './auth/signature-check.ts';
import { ApiError, errorBody, refuse } from './core/api-error.ts';
import type { Answer } from './core/call.ts';
import type { RequestLog } from './core/request-log.ts';
import type { Faults } from './faults.ts';
import { jsonReply, type Reply, runStage, type StageContext, writeAnswer } from './faults.ts';
import { matchRoute, type RouteMatch } from './routes.ts';
import { writeJson } from './world/json.ts';
import type { World } from './world/world.ts';

/** One request and its answer in full, for whoever wants to check them. Of the headers only names: values may be secret. */
export interface Exchange {
  /** The X-Request-Id of the answer. */
  readonly id: string;
  readonly method: string;
  /** Path and query as they came over the wire. */
  readonly url: string;
  /** Lower case. */
  readonly headerNames: readonly string[];
  readonly contentType: string | null;
  readonly projectHeader: string | null;
  readonly requestText: string;
  /** Kinds of the faults that fired. */
  readonly faults: readonly string[];
  /** Null: the connection was cut instead. */
  readonly answer: { readonly status: number; readonly contentType: string | null; readonly text: string } | null;
}

/** Called just before the answer leaves. */
export type ExchangeObserver = (exchange: Exchange) => void;

export interface Parts {
  readonly world: World;
  readonly faults: Faults;
  readonly log: RequestLog;
  readonly authenticator: Authenticator;
  readonly deleteStatus: number;
  readonly onExchange: ExchangeObserver | undefined;
  /** Aborted when the simulator closes. */
  readonly signal: AbortSignal;
}

interface Outcome {
  readonly requestId: string;
  /** Null: cut the connection. */
  readonly reply: Reply | null;
}

/** One request, in the order of a real gateway: is the path published, who calls, the scripted faults, then the work. */
export async function answerRequest(
  parts: Parts,
  request: WireRequest,
  whenClosed: (gone: () => void) => unknown,
): Promise<Outcome> {
  const requestId = randomUUID().replaceAll('-', '');
  const { path, query } = readUrl(request.url);
  const match = matchRoute(request.method, path);
  const body = parseBody(request.body);
  const entry = parts.log.arrive({
    id: requestId,
    operation: match?.route.operation ?? null,
    method: request.method,
    path,
    query,
    body: body.ok ? body.value : undefined,
    headerNames: Object.keys(request.headers),
    projectHeader: request.headers['x-project-id'] ?? null,
    receivedAt: parts.world.clock.now(),
  });
  // A caller that leaves is no longer waited for, but what it ordered is still done.
  whenClosed(() => entry.end(null, parts.world.clock.now()));
  const reply = await work().catch((error: unknown) => errorReply(error, requestId));
  // Before the answer leaves, so that a caller's next request never seems to overlap this one.
  entry.end(reply?.status ?? null, parts.world.clock.now());
  parts.onExchange?.({
    id: requestId,
    method: request.method,
    url: request.url,
    headerNames: Object.keys(request.headers),
    contentType: request.headers['content-type'] ?? null,
    projectHeader: request.headers['x-project-id'] ?? null,
    requestText: request.body.toString('utf8'),
    faults: entry.faults,
    answer: reply && { status: reply.status, contentType: reply.contentType ?? null, text: reply.text },
  });
  return { requestId, reply };

  async function work(): Promise<Reply | null> {
    const { route, params } = published(match);
    const projectId = params.project_id ?? '';
    parts.authenticator.admit(request, projectId, route.operation);
    const faults = parts.faults.fire({ operation: route.operation, method: request.method, path });
    entry.fired(faults.map(({ spec }) => spec.kind));
    const context = (): StageContext => ({ now: parts.world.clock.now(), requestId, signal: parts.signal });

    const before = await runStage(faults, 'before', context());
    if (before.kind !== 'go') return before.kind === 'reset' ? null : before.reply;
    const answer = tryHandle(() => {
      if (!body.ok) refuse('EndPoint.0002', 'The request body is not valid JSON.');
      return route.handle({
        world: parts.world,
        projectId,
        params,
        query,
        body: body.value,
        deleteStatus: parts.deleteStatus,
      });
    });
    const after = await runStage(faults, 'after', context());
    if (after.kind !== 'go') return after.kind === 'reset' ? null : after.reply;
    return answer instanceof ApiError ? errorReply(answer, requestId) : writeAnswer(answer, faults);
  }
}

export function errorReply(error: unknown, requestId: string): Reply {
  const known = error instanceof ApiError ? error : new ApiError(500, 'EndPoint.0001', 'Internal error.');
  return jsonReply(known.status, writeJson(errorBody(known.code, known.message, requestId)));
}

function published(match: RouteMatch | null): RouteMatch {
  if (match === null)
    throw new ApiError(404, 'APIGW.0101', 'The API does not exist or has not been published in the environment.');
  return match;
}

/** A refusal is kept as a value: faults of the stage `after` come later. */
function tryHandle(handle: () => Answer): Answer | ApiError {
  try {
    return handle();
  } catch (error) {
    if (error instanceof ApiError) return error;
    throw error;
  }
}

function readUrl(url: string): { path: string; query: Record<string, string> } {
  const at = url.indexOf('?');
  if (at === -1) return { path: url, query: {} };
  return { path: url.slice(0, at), query: Object.fromEntries(new URLSearchParams(url.slice(at + 1))) };
}

function parseBody(raw: Buffer): { ok: true; value: unknown } | { ok: false } {
  if (raw.length === 0) return { ok: true, value: undefined };
  try {
    return { ok: true, value: JSON.parse(raw.toString('utf8')) };
  } catch {
    return { ok: false };
  }
}
