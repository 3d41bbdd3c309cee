import { type CommitRequest, DELETED, type Interest, type Observation } from '../../events/event-log.ts';
import type { CancelSignal } from '../../shared/cancellation.ts';
import { isNotFound, isParentGone, observed, type ResourceReads, readAllPages } from '../reads.ts';
import type { ResourceSet } from '../resource.ts';
import type { PollMemory } from './poll-memory.ts';

/** Single reads of suspects per poll. */
const MAX_CONFIRMATIONS = 10;

interface PollRequest {
  readonly reads: ResourceReads;
  readonly set: ResourceSet;
  readonly interest: Interest;
  /** The log's time before the first upstream request of this poll, µs. */
  readonly asOf: number;
  readonly signal: CancelSignal;
  /** Must not step: intervals are measured with it. */
  readonly nowMs: () => number;
  /** Called after every answer of upstream. */
  readonly onAnswer: () => void;
}

interface Reads {
  readonly commits: readonly CommitRequest[];
  readonly failures: readonly { readonly id: string; readonly error: unknown }[];
}

export interface PollResult {
  readonly commits: readonly CommitRequest[];
  /** The first failure; `commits` has what succeeded besides. */
  readonly failure?: unknown;
}

/** One poll: reads what is wanted and returns what to commit. Changes `memory`, commits nothing. */
export async function poll(request: PollRequest, memory: PollMemory): Promise<PollResult> {
  return request.interest === 'all'
    ? await pollList(request, memory)
    : await pollEach(request, memory, request.interest);
}

async function pollEach(request: PollRequest, memory: PollMemory, ids: readonly string[]): Promise<PollResult> {
  const wanted = new Set(ids);
  memory.forgetOthers(wanted);
  for (const id of memory.suspects.keys()) if (!wanted.has(id)) memory.suspects.delete(id);
  const { commits, failures } = await readEach(request, memory, ids);
  return { commits, ...failed(failures[0]?.error) };
}

async function pollList(request: PollRequest, memory: PollMemory): Promise<PollResult> {
  try {
    const listed = await readList(request, memory);
    const suspects = [...memory.suspects.keys()].slice(0, MAX_CONFIRMATIONS);
    const { commits, failures } = await readEach(request, memory, suspects);
    const [failure] = failures.filter(({ id, error }) => memory.putOff(id, error, request.nowMs()));
    // Before the list, whose rows have the same time: a single read counts more.
    return { commits: [...commits, ...listed], ...failed(failure?.error) };
  } catch (failure) {
    // Part of a list proves no absence, so pages that were read before the failure are not committed.
    return { commits: [], failure };
  }
}

async function readEach(request: PollRequest, memory: PollMemory, ids: readonly string[]): Promise<Reads> {
  const rows: Observation[] = [];
  const appeared: Observation[] = [];
  const failures: { id: string; error: unknown }[] = [];
  const readOne = async (id: string): Promise<void> => {
    const askedMs = request.nowMs();
    try {
      const observation = await request.reads.read(request.set, id, { signal: request.signal, poll: true });
      request.onAnswer();
      (memory.wasAbsent(id) ? appeared : rows).push(observation);
      memory.remember([observation], request.nowMs());
    } catch (error) {
      if (!isNotFound(error)) failures.push({ id, error });
      else if (memory.confirmsDeletion(id, askedMs, request.nowMs()))
        rows.push({ id: id, status: DELETED, fields: {} });
    }
  };
  await Promise.all(ids.map(readOne));
  const commits: CommitRequest[] = [];
  if (rows.length > 0) commits.push(observed(request.asOf, 'read', rows));
  if (appeared.length > 0) commits.push({ ...observed(request.asOf, 'read', appeared), firstSight: 'transition' });
  return { commits, failures };
}

/** All pages; the commit of the last one ends the sweep. */
async function readList(request: PollRequest, memory: PollMemory): Promise<readonly CommitRequest[]> {
  const { reads, set, asOf, signal, nowMs, onAnswer } = request;
  const commits: CommitRequest[] = [];
  const shown = new Set<string>();
  const onPage = (observations: readonly Observation[], isLast: boolean): void => {
    onAnswer();
    for (const { id } of observations) shown.add(id);
    memory.remember(observations, nowMs());
    commits.push({ ...observed(asOf, set.kind.rows, observations), sweep: isLast });
  };
  try {
    await readAllPages(reads, set, { signal, poll: true }, onPage);
  } catch (error) {
    if (!isParentGone(set, error)) throw error;
    onPage([], true);
  }
  memory.listed(shown);
  return commits;
}

function failed(failure: unknown): { readonly failure?: unknown } {
  return failure === undefined ? {} : { failure };
}
