import { randomUUID } from 'node:crypto';
import type { Authenticator } from './auth/authenticate.ts';
import type { WireRequest } from './auth/signature-check.ts';
import { ApiError, errorReply, type Reply, refuse, unpublished } from './core/api-error.ts';
import type { Answer } from './core/call.ts';
import type { RequestLog } from './core/request-log.ts';
import { type Faults, runStage, type StageContext, writeAnswer } from './faults.ts';
import { isIamCall, VALIDATE_TOKEN, validateToken } from './iam.ts';
import { matchRoute } from './routes.ts';
import type { World } from './world/world.ts';

/** One request to VPCEP and its whole answer, for checks. Of the headers only names: values may be secret. */
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

/** One request, in the order of a real gateway: route, authentication, scripted faults, work. */
export async function answerRequest(
  parts: Parts,
  request: WireRequest,
  whenClosed: (gone: () => void) => unknown,
): Promise<Outcome> {
  const { world, log, signal } = parts;
  const { method, headers } = request;
  const requestId = randomUUID().replaceAll('-', '');
  const { path, query } = readUrl(request.url);
  const toIam = isIamCall(method, path);
  const match = toIam ? null : matchRoute(method, path);
  const operation = toIam ? VALIDATE_TOKEN : (match?.route.operation ?? null);
  const body = parseBody(request.body);
  const arrival = {
    id: requestId,
    method,
    headerNames: Object.keys(headers),
    projectHeader: headers['x-project-id'] ?? null,
  };
  const entry = log.arrive({
    ...arrival,
    operation,
    path,
    query,
    body: body.ok ? body.value : undefined,
    receivedAt: world.clock.now(),
  });
  // The work goes on when the caller disconnects; only its entry ends.
  whenClosed(() => entry.end(null, world.clock.now()));
  const reply = await work().catch((error: unknown) => errorReply(error, requestId));
  // Before the answer leaves, so that a caller's next request never seems to overlap this one.
  entry.end(reply?.status ?? null, world.clock.now());
  if (!toIam)
    parts.onExchange?.({
      ...arrival,
      url: request.url,
      contentType: headers['content-type'] ?? null,
      requestText: request.body.toString('utf8'),
      faults: entry.faults,
      answer: reply && { status: reply.status, contentType: reply.contentType ?? null, text: reply.text },
    });
  return { requestId, reply };

  async function work(): Promise<Reply | null> {
    if (operation === null) throw unpublished();
    const projectId = match?.params.project_id ?? '';
    if (!toIam) parts.authenticator.admit(request, projectId, operation);
    const faults = parts.faults.fire({ operation, method, path });
    entry.fired(faults.map(({ spec }) => spec.kind));
    const context = (): StageContext => ({ now: world.clock.now(), requestId, signal });

    const before = await runStage(faults, 'before', context());
    if (before !== undefined) return before;
    if (match === null) return validateToken(parts.authenticator, headers, world.clock.now());
    const answer = tryHandle(() => {
      if (!body.ok) refuse('EndPoint.0002', 'The request body is not valid JSON.');
      const { params } = match;
      return match.route.handle({
        world,
        projectId,
        params,
        query,
        body: body.value,
        deleteStatus: parts.deleteStatus,
      });
    });
    const after = await runStage(faults, 'after', context());
    if (after !== undefined) return after;
    return answer instanceof ApiError ? errorReply(answer, requestId) : writeAnswer(answer, faults);
  }
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
