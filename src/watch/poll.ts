import { UpstreamError } from '../vpcep/errors.ts';
import { increment, sweep } from './poll-list.ts';
import { forgetOthers, isSweepDue, type PollMemory } from './poll-memory.ts';
import { putOff, readEach } from './poll-reads.ts';
import type { PollRequest, PollResult } from './poll-types.ts';

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
