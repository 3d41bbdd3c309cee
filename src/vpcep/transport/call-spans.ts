/** The spans of a call to upstream: one for the call with its waits, and one for each attempt. */
import type { TracedSpan, Tracing } from '../../observability/tracing.ts';
import { UpstreamError } from '../errors/upstream-error.ts';
import type { UpstreamRequest } from '../http/request.ts';

/** Any other part of a path is an id, which a caller may have given. */
const WORDS: ReadonlySet<string> = new Set([
  ...['v1', 'v2', 'v3', 'projects', 'auth', 'tokens', 'quotas'],
  ...['vpc-endpoints', 'vpc-endpoint-services', 'endpoint', 'endpoint_service'],
  ...['connections', 'permissions', 'description', 'describe', 'public', 'name', 'upgrade', 'policy', 'routetables'],
  ...['add-server-resources', 'batch-create', 'batch-delete', 'tags', 'action', 'resource_instances'],
]);

function templateOf({ segments, projectId }: UpstreamRequest): string {
  const parts = segments.map((part) => (part === projectId ? '{project_id}' : WORDS.has(part) ? part : '{id}'));
  return `/${parts.join('/')}`;
}

/** Runs a call within a span of its own. */
export async function tracedCall<T>(tracing: Tracing, request: UpstreamRequest, call: () => Promise<T>): Promise<T> {
  const span = tracing.begin(request.operation, { attributes: { 'vpcep.operation': request.operation } });
  try {
    const answer = await span.run(call);
    span.end();
    return answer;
  } catch (error) {
    span.end(error instanceof UpstreamError ? (error.code ?? error.kind) : 'fault');
    throw error;
  }
}

/** @param attempt its number, from 1. */
export function beginAttempt(
  tracing: Tracing,
  request: UpstreamRequest,
  host: { readonly name: string },
  attempt: number,
): TracedSpan {
  const { method, operation } = request;
  const template = templateOf(request);
  const attributes = {
    'http.request.method': method,
    'server.address': host.name,
    'url.template': template,
    'vpcep.operation': operation,
    ...(attempt > 1 && { 'http.request.resend_count': attempt - 1 }),
  };
  return tracing.begin(`${method} ${template}`, { kind: 'client', attributes });
}

interface AttemptEnd {
  readonly status: number | undefined;
  readonly outcome: string;
  readonly code: string | undefined;
  readonly requestId: string | undefined;
}

export function endAttempt(span: TracedSpan, { status, outcome, code, requestId }: AttemptEnd): void {
  span.set({
    ...(status !== undefined && { 'http.response.status_code': status }),
    ...(requestId !== undefined && { 'vpcep.request_id': requestId }),
  });
  span.end(outcome === 'done' ? undefined : (code ?? (status === undefined ? outcome : String(status))));
}
