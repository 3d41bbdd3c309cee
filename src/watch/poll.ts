import { type CommitRequest, DELETED, type Interest, type Observation } from '../events/event-log.ts';
import { UpstreamError } from '../vpcep/errors.ts';
import type { EndpointAnswer } from '../vpcep/model.ts';
import { CONFIRM_MS } from './pace.ts';
import { isBehindWatermark, isSweepDue, type PollMemory, remember } from './poll-memory.ts';
import { type EndpointUpstream, isNotFound, observed, readAllPages, toObservation } from './upstream.ts';

export interface PollRequest {
  readonly upstream: EndpointUpstream;
  readonly projectId: string;
  readonly interest: Interest;
  /** The log's time before the first upstream request of this poll, µs. */
  readonly asOf: number;
  readonly signal: AbortSignal;
  readonly nowMs: () => number;
}

export interface PollResult {
  readonly mode: 'single' | 'list';
  readonly commits: readonly CommitRequest[];
  /** Status moves that only the sweep showed although an incremental read should have: upstream hides them. */
  readonly hiddenMoves: readonly string[];
  /** `total_count` of the list, when one was read. */
  readonly total?: number;
  /** The first failure; what succeeded besides is in `commits`. */
  readonly failure?: unknown;
}

const INCREMENT = 100;
/** Single reads of suspects per poll. */
const MAX_CONFIRMATIONS = 10;

/** One poll: reads what is wanted and says what to commit. Changes `memory`, commits nothing. */
export async function poll(request: PollRequest, memory: PollMemory): Promise<PollResult> {
  if (request.interest !== 'project') {
    const { rows, failure } = await readEach(request, memory, request.interest);
    return { mode: 'single', commits: [observed(request.asOf, 'read', rows)], hiddenMoves: [], ...failed(failure) };
  }
  const list = isSweepDue(memory, request.nowMs()) ? sweep : increment;
  try {
    const listed = await list(request, memory);
    const { rows, failure } = await readEach(request, memory, [...memory.suspects.keys()].slice(0, MAX_CONFIRMATIONS));
    const commits = rows.length === 0 ? listed.commits : [observed(request.asOf, 'read', rows), ...listed.commits];
    return { ...listed, commits, mode: 'list', ...failed(failure) };
  } catch (failure) {
    // Pages that were read before the failure are not committed: nothing after the old watermark counts as read.
    memory.watermark = null;
    return { mode: 'list', commits: [], hiddenMoves: [], failure };
  }
}

type Listed = Pick<PollResult, 'commits' | 'hiddenMoves' | 'total'>;

async function sweep({ upstream, projectId, asOf, signal, nowMs }: PollRequest, memory: PollMemory): Promise<Listed> {
  const commits: CommitRequest[] = [];
  const hiddenMoves: string[] = [];
  const { watermark } = memory;
  let total = 0;
  await readAllPages(upstream, projectId, signal, (page, isLast) => {
    total = page.totalCount;
    if (watermark !== null) hiddenMoves.push(...page.endpoints.filter((row) => isHidden(memory, watermark, row)).map((row) => row.id));
    remember(memory, page.endpoints);
    commits.push({ ...observed(asOf, 'list', page.endpoints.map(toObservation)), sweep: isLast });
  });
  memory.lastSweepMs = nowMs();
  memory.watermark ??= '1970-01-01T00:00:00Z';
  return { commits, hiddenMoves, total };
}

async function increment({ upstream, projectId, asOf, signal }: PollRequest, memory: PollMemory): Promise<Listed> {
  const watermark = memory.watermark ?? '1970-01-01T00:00:00Z';
  const answers: EndpointAnswer[] = [];
  let total = 0;
  for (let offset = 0; ; offset += INCREMENT) {
    const query = { limit: INCREMENT, offset, sortKey: 'update_at', sortDir: 'desc' } as const;
    const page = await upstream.listEndpoints(projectId, query, { signal });
    total = page.totalCount;
    answers.push(...page.endpoints);
    const oldest = page.endpoints.at(-1);
    if (page.endpoints.length < INCREMENT || oldest === undefined || isBehindWatermark(watermark, oldest.fields.updatedAt)) break;
  }
  remember(memory, answers);
  return { commits: [observed(asOf, 'list', answers.map(toObservation))], hiddenMoves: [], total };
}

function isHidden(memory: PollMemory, watermark: string, row: EndpointAnswer): boolean {
  const last = memory.statuses.get(row.id);
  return last !== undefined && last !== row.rawStatus && isBehindWatermark(watermark, row.fields.updatedAt);
}

async function readEach(
  request: PollRequest,
  memory: PollMemory,
  ids: readonly string[],
): Promise<{ readonly rows: readonly Observation[]; readonly failure: unknown }> {
  const rows: Observation[] = [];
  let failure: unknown;
  const readOne = async (id: string): Promise<void> => {
    try {
      const answer = await request.upstream.getEndpoint(request.projectId, id, { signal: request.signal });
      remember(memory, [answer]);
      rows.push(toObservation(answer));
    } catch (error) {
      if (!isNotFound(error)) failure ??= error;
      else if (isConfirmed(memory, id, request.nowMs())) rows.push({ endpointId: id, status: DELETED, fields: {} });
    }
  };
  await Promise.all(ids.map(readOne));
  return { rows, failure };
}

/** A second 404, at least 1 s after the first, is a deletion (docs/upstream/NOTES.md, "A deleted endpoint"). */
function isConfirmed(memory: PollMemory, id: string, nowMs: number): boolean {
  if (memory.statuses.get(id) === DELETED) return true;
  const first = memory.suspects.get(id) ?? null;
  if (first === null) {
    memory.suspects.set(id, nowMs);
    return false;
  }
  if (nowMs - first < CONFIRM_MS) return false;
  memory.suspects.delete(id);
  memory.statuses.set(id, DELETED);
  return true;
}

function failed(failure: unknown): { readonly failure?: unknown } {
  return failure === undefined ? {} : { failure };
}

/** What upstream asked for, when it throttled. */
export function retryAfterMs(failure: unknown): number | undefined {
  return failure instanceof UpstreamError && failure.retryAfterSeconds !== undefined ? failure.retryAfterSeconds * 1000 : undefined;
}
