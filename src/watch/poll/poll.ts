/** Reads of single endpoints, and what makes a 404 a deletion. */
import { type CommitRequest, DELETED, type Interest, type Observation } from '../../events/event-log.ts';
import { statusOf } from '../../vpcep/endpoint/model.ts';
import { UpstreamError } from '../../vpcep/errors/upstream-error.ts';
import { type EndpointReads, isNotFound, observed, readAllPages, toObservation } from '../watch-upstream.ts';
import { CONFIRM_MS, CONFIRM_NEW_MS } from './interval.ts';
import { forgetOthers, type PollMemory, remember } from './poll-memory.ts';

/** An endpoint is new for so long after its first sight, and before it. */
const NEW_MS = 10_000;

interface PollRequest {
  readonly upstream: EndpointReads;
  readonly projectId: string;
  readonly interest: Interest;
  /** The log's time before the first upstream request of this poll, µs. */
  readonly asOf: number;
  readonly signal: AbortSignal;
  /** Must not step: intervals are measured with it. */
  readonly nowMs: () => number;
  /** Called whenever upstream has answered: the poll gets on. */
  readonly onAnswer: () => void;
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
      const answer = await request.upstream.getEndpoint(request.projectId, id, { signal: request.signal, poll: true });
      request.onAnswer();
      (wasAbsent(memory, id) ? appeared : rows).push(toObservation(answer));
      remember(memory, [answer], request.nowMs());
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

/** A second 404, asked for long enough after the first, is a deletion (docs/upstream/NOTES.md, "A deleted endpoint"). */
function isConfirmed(memory: PollMemory, id: string, askedMs: number, nowMs: number): boolean {
  if (memory.statuses.get(id) === DELETED) return true;
  const first = memory.suspects.get(id) ?? null;
  if (first === null) {
    memory.suspects.set(id, nowMs);
    return false;
  }
  if (askedMs - first < confirmAfterMs(memory, id, first)) return false;
  memory.suspects.delete(id);
  memory.statuses.set(id, DELETED);
  return true;
}

/** Upstream may answer from a copy that lags behind: what has only just come into being can be missing there. */
function confirmAfterMs(memory: PollMemory, id: string, firstMs: number): number {
  if (statusOf(memory.statuses.get(id) ?? '') === 'DELETING') return CONFIRM_MS;
  return firstMs - (memory.firstSeen.get(id) ?? firstMs) < NEW_MS ? CONFIRM_NEW_MS : CONFIRM_MS;
}

/**
 * A suspect that cannot be read lets the others go first. One whose read is refused is neither gone nor a reason to slow
 * the project down. True: the failure concerns the whole poll.
 */
function putOff(memory: PollMemory, id: string, error: unknown, nowMs: number): boolean {
  const first = memory.suspects.get(id) ?? null;
  memory.suspects.delete(id);
  if (error instanceof UpstreamError && (error.kind === 'forbidden' || error.kind === 'unreadable')) {
    memory.unreadable.set(id, nowMs);
    return false;
  }
  memory.suspects.set(id, first);
  return true;
}

export interface PollResult {
  readonly mode: 'single' | 'list';
  readonly commits: readonly CommitRequest[];
  /** The first failure; what succeeded besides is in `commits`. */
  readonly failure?: unknown;
}

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
  const { commits, failures } = await readEach(request, memory, ids);
  return { mode: 'single', commits, ...failed(failures[0]?.error) };
}

async function pollList(request: PollRequest, memory: PollMemory): Promise<PollResult> {
  try {
    const listed = await readList(request, memory);
    const suspects = [...memory.suspects.keys()].slice(0, MAX_CONFIRMATIONS);
    const { commits, failures } = await readEach(request, memory, suspects);
    const [failure] = failures.filter(({ id, error }) => putOff(memory, id, error, request.nowMs()));
    // Before the list, whose rows are of the same time: what a read says counts more.
    return { mode: 'list', commits: [...commits, ...listed], ...failed(failure?.error) };
  } catch (failure) {
    // Part of a list proves no absence, so pages that were read before the failure are not committed.
    return { mode: 'list', commits: [], failure };
  }
}

/** All pages; the commit of the last one ends the sweep. */
async function readList(request: PollRequest, memory: PollMemory): Promise<readonly CommitRequest[]> {
  const { upstream, projectId, asOf, signal, nowMs, onAnswer } = request;
  const commits: CommitRequest[] = [];
  const shown = new Set<string>();
  await readAllPages(upstream, projectId, { signal, poll: true }, ({ endpoints }, isLast) => {
    onAnswer();
    for (const { id } of endpoints) shown.add(id);
    remember(memory, endpoints, nowMs());
    commits.push({ ...observed(asOf, 'list', endpoints.map(toObservation)), sweep: isLast });
  });
  forgetOthers(memory, new Set([...shown, ...memory.suspects.keys()]));
  return commits;
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
