import { type CommitRequest, DELETED, type Interest, type Observation } from '../events/event-log.ts';
import { UpstreamError } from '../vpcep/errors.ts';
import type { EndpointAnswer } from '../vpcep/model.ts';
import { CONFIRM_MS } from './pace.ts';
import {
  forgetOthers,
  isBehindWatermark,
  isSweepDue,
  type PollMemory,
  raiseWatermark,
  remember,
} from './poll-memory.ts';
import { type EndpointUpstream, isNotFound, observed, readAllPages, toObservation } from './upstream.ts';

export interface PollRequest {
  readonly upstream: Pick<EndpointUpstream, 'getEndpoint' | 'listEndpoints'>;
  readonly projectId: string;
  readonly interest: Interest;
  /** The log's time before the first upstream request of this poll, µs. */
  readonly asOf: number;
  readonly signal: AbortSignal;
  /** Must not step: intervals are measured with it. */
  readonly nowMs: () => number;
}

export interface PollResult {
  readonly mode: 'single' | 'list';
  readonly commits: readonly CommitRequest[];
  /** Endpoints that only a sweep could show as they are: an incremental read should have, or cannot place them. */
  readonly hiddenMoves: readonly string[];
  /** `total_count` of the list, when one was read. */
  readonly total?: number;
  /** Every page was read. */
  readonly swept?: boolean;
  /** The first failure; what succeeded besides is in `commits`. */
  readonly failure?: unknown;
}

const INCREMENT = 100;
/** Single reads of suspects per poll. */
const MAX_CONFIRMATIONS = 10;

/** One poll: reads what is wanted and says what to commit. Changes `memory`, commits nothing. */
export async function poll(request: PollRequest, memory: PollMemory): Promise<PollResult> {
  return request.interest === 'project'
    ? await pollList(request, memory)
    : await pollEach(request, memory, request.interest);
}

async function pollEach(request: PollRequest, memory: PollMemory, ids: readonly string[]): Promise<PollResult> {
  const wanted = new Set(ids);
  forgetOthers(memory, wanted);
  for (const id of memory.suspects.keys()) if (!wanted.has(id)) memory.suspects.delete(id);
  // The others are not looked at meanwhile: a list that is read later must not trust what it once knew of them.
  memory.watermark = null;
  const { commits, failures } = await readEach(request, memory, ids);
  return { mode: 'single', commits, hiddenMoves: [], ...failed(failures[0]?.error) };
}

async function pollList(request: PollRequest, memory: PollMemory): Promise<PollResult> {
  const list = isSweepDue(memory, request.nowMs()) ? sweep : increment;
  try {
    const listed = await list(request, memory);
    const suspects = [...memory.suspects.keys()].slice(0, MAX_CONFIRMATIONS);
    const { commits, failures } = await readEach(request, memory, suspects);
    const [failure] = failures.filter(({ id, error }) => putOff(memory, id, error));
    // Before the list, whose rows are of the same time: what a read says counts more.
    return { ...listed, commits: [...commits, ...listed.commits], mode: 'list', ...failed(failure?.error) };
  } catch (failure) {
    // Pages that were read before the failure are not committed: nothing after the old watermark counts as read.
    memory.watermark = null;
    return { mode: 'list', commits: [], hiddenMoves: [], failure };
  }
}

type Listed = Pick<PollResult, 'commits' | 'hiddenMoves' | 'total' | 'swept'>;

async function sweep(request: PollRequest, memory: PollMemory): Promise<Listed> {
  const { upstream, projectId, asOf, signal, nowMs } = request;
  const commits: CommitRequest[] = [];
  const hiddenMoves: string[] = [];
  const answers: EndpointAnswer[] = [];
  const { watermark } = memory;
  const began = nowMs();
  let total = 0;
  await readAllPages(upstream, projectId, signal, (page, isLast) => {
    total = page.totalCount;
    answers.push(...page.endpoints);
    hiddenMoves.push(...page.endpoints.filter((row) => isHidden(memory, watermark, row)).map((row) => row.id));
    remember(memory, page.endpoints);
    commits.push({ ...observed(asOf, 'list', page.endpoints.map(toObservation)), sweep: isLast });
  });
  raiseWatermark(memory, answers, nowMs() - began);
  forgetOthers(memory, new Set([...answers.map((row) => row.id), ...memory.suspects.keys()]));
  memory.lastSweepMs = nowMs();
  return { commits, hiddenMoves, total, swept: true };
}

async function increment({ upstream, projectId, asOf, signal }: PollRequest, memory: PollMemory): Promise<Listed> {
  const watermark = memory.watermark ?? 0;
  const answers: EndpointAnswer[] = [];
  let total = 0;
  for (let offset = 0; ; offset += INCREMENT) {
    const query = { limit: INCREMENT, offset, sortKey: 'update_at', sortDir: 'desc' } as const;
    const page = await upstream.listEndpoints(projectId, query, { signal });
    total = page.totalCount;
    answers.push(...page.endpoints);
    const oldest = page.endpoints.at(-1);
    const isLast = page.endpoints.length < INCREMENT || oldest === undefined;
    if (isLast || isBehindWatermark(watermark, oldest.fields.updatedAt)) break;
  }
  remember(memory, answers);
  // Nothing to take off: newest first, what changes while pages are read comes before the first row.
  raiseWatermark(memory, answers, 0);
  return { commits: [observed(asOf, 'list', answers.map(toObservation))], hiddenMoves: [], total };
}

function isHidden(memory: PollMemory, watermark: number | null, row: EndpointAnswer): boolean {
  if (row.fields.updatedAt == null) return true;
  const last = memory.statuses.get(row.id);
  if (watermark === null || last === undefined || last === row.rawStatus) return false;
  return isBehindWatermark(watermark, row.fields.updatedAt);
}

interface Reads {
  readonly commits: readonly CommitRequest[];
  readonly failures: readonly { readonly id: string; readonly error: unknown }[];
}

async function readEach(request: PollRequest, memory: PollMemory, ids: readonly string[]): Promise<Reads> {
  const rows: Observation[] = [];
  /** Were not there when this poller looked before: their first sight is a transition, baseline or not. */
  const appeared: Observation[] = [];
  const failures: { id: string; error: unknown }[] = [];
  const readOne = async (id: string): Promise<void> => {
    const askedMs = request.nowMs();
    try {
      const answer = await request.upstream.getEndpoint(request.projectId, id, { signal: request.signal });
      (wasAbsent(memory, id) ? appeared : rows).push(toObservation(answer));
      remember(memory, [answer]);
    } catch (error) {
      if (!isNotFound(error)) failures.push({ id, error });
      else if (isConfirmed(memory, id, askedMs, request.nowMs()))
        rows.push({ endpointId: id, status: DELETED, fields: {} });
    }
  };
  await Promise.all(ids.map(readOne));
  const commits: CommitRequest[] = [];
  if (rows.length > 0) commits.push(observed(request.asOf, 'read', rows));
  if (appeared.length > 0) commits.push({ ...observed(request.asOf, 'read', appeared), firstSight: 'transition' });
  return { commits, failures };
}

function wasAbsent(memory: PollMemory, id: string): boolean {
  return memory.statuses.get(id) === DELETED || (memory.suspects.get(id) ?? null) !== null;
}

/** A second 404, asked for at least 1 s after the first, is a deletion (docs/upstream/NOTES.md, "A deleted endpoint"). */
function isConfirmed(memory: PollMemory, id: string, askedMs: number, nowMs: number): boolean {
  if (memory.statuses.get(id) === DELETED) return true;
  const first = memory.suspects.get(id) ?? null;
  if (first === null) {
    memory.suspects.set(id, nowMs);
    return false;
  }
  if (askedMs - first < CONFIRM_MS) return false;
  memory.suspects.delete(id);
  memory.statuses.set(id, DELETED);
  return true;
}

/**
 * A suspect that cannot be read lets the others go first. One that we may not read is neither gone nor a reason to slow
 * the project down: it is let be until a sweep names it again. True: the failure concerns the whole poll.
 */
function putOff(memory: PollMemory, id: string, error: unknown): boolean {
  const first = memory.suspects.get(id) ?? null;
  memory.suspects.delete(id);
  if (error instanceof UpstreamError && error.kind === 'forbidden') return false;
  memory.suspects.set(id, first);
  return true;
}

function failed(failure: unknown): { readonly failure?: unknown } {
  return failure === undefined ? {} : { failure };
}

/** Upstream wants fewer calls: until then not even a wake-up polls. */
export function isThrottled(failure: unknown): boolean {
  return failure instanceof UpstreamError && failure.kind === 'throttled';
}

/** What upstream asked for, when it throttled. */
export function retryAfterMs(failure: unknown): number | undefined {
  return failure instanceof UpstreamError && failure.retryAfterSeconds !== undefined
    ? failure.retryAfterSeconds * 1000
    : undefined;
}
