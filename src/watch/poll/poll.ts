import type { CommitRequest } from '../../events/event-log.ts';
import { UpstreamError } from '../../vpcep/errors/upstream-error.ts';
import { observed, readAllPages, toObservation } from '../watch-upstream.ts';
import { forgetOthers, type PollMemory, remember } from './poll-memory.ts';
import { type PollRequest, putOff, readEach } from './poll-reads.ts';

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
