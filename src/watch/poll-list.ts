/** The two ways to read the endpoints of a project as a list: all of them, or what has changed since. */
import type { CommitRequest } from '../events/event-log.ts';
import { type EndpointAnswer, FULL_PAGE } from '../vpcep/model.ts';
import {
  forgetOthers,
  isBehindWatermark,
  isRead,
  noteRead,
  type PollMemory,
  raiseWatermark,
  remember,
} from './poll-memory.ts';
import type { PollRequest, PollResult } from './poll-types.ts';
import { observed, readAllPages, toObservation } from './upstream.ts';

export type Listed = Pick<PollResult, 'commits' | 'hiddenMoves' | 'total' | 'swept'>;

/** Rows of the first page of an increment. */
const INCREMENT = 100;
/** Rows that the next page of an increment shows again, so that a shift between the two is seen. */
const SEAM = 10;

export async function sweep(request: PollRequest, memory: PollMemory): Promise<Listed> {
  const { upstream, projectId, asOf, signal, nowMs, onAnswer } = request;
  const commits: CommitRequest[] = [];
  const hiddenMoves: string[] = [];
  const answers: EndpointAnswer[] = [];
  const { watermark } = memory;
  const began = nowMs();
  let total = 0;
  await readAllPages(upstream, projectId, { signal, poll: true }, (page, isLast) => {
    onAnswer();
    total = page.totalCount;
    answers.push(...page.endpoints);
    hiddenMoves.push(...page.endpoints.filter((row) => isHidden(memory, watermark, row)).map((row) => row.id));
    remember(memory, page.endpoints, nowMs());
    commits.push({ ...observed(asOf, 'list', page.endpoints.map(toObservation)), sweep: isLast });
  });
  raiseWatermark(memory, answers, nowMs() - began);
  noteRead(memory, answers, began, nowMs());
  forgetOthers(memory, new Set([...answers.map((row) => row.id), ...memory.suspects.keys()]));
  memory.lastSweepMs = nowMs();
  return { commits, hiddenMoves, total, swept: true };
}

function isHidden(memory: PollMemory, watermark: number | null, row: EndpointAnswer): boolean {
  if (row.fields.updatedAt == null) return true;
  const last = memory.statuses.get(row.id);
  if (watermark === null || last === undefined || last === row.rawStatus) return false;
  return isBehindWatermark(watermark, row.fields.updatedAt);
}

/**
 * Newest change first, until a row has been read before. A short page is enough as a rule; where it is not, the full page
 * begins at the top again, and after a tick with many changes it is asked for at once.
 */
export async function increment(request: PollRequest, memory: PollMemory): Promise<Listed> {
  const { asOf, nowMs } = request;
  let began = nowMs();
  let read = memory.manyChanges ? null : await readChanged(request, memory, INCREMENT);
  if (read === null || !read.isComplete) {
    began = nowMs();
    read = await readChanged(request, memory, FULL_PAGE);
  }
  const { answers, total } = read;
  memory.manyChanges = answers.filter(({ fields }) => !isRead(memory, fields.updatedAt)).length >= INCREMENT;
  remember(memory, answers, nowMs());
  if (read.isComplete) {
    // Nothing to take off: newest first, what changes while pages are read comes before the first row.
    raiseWatermark(memory, answers, 0);
    noteRead(memory, answers, began, nowMs());
  } else {
    memory.watermark = null;
  }
  return { commits: [observed(asOf, 'list', answers.map(toObservation))], hiddenMoves: [], total };
}

interface Changed {
  readonly answers: readonly EndpointAnswer[];
  readonly total: number;
  /** False: there may be more, either behind a short page, or between two pages because rows were deleted meanwhile. */
  readonly isComplete: boolean;
}

async function readChanged(request: PollRequest, memory: PollMemory, limit: number): Promise<Changed> {
  const { upstream, projectId, signal, onAnswer } = request;
  const rows = new Map<string, EndpointAnswer>();
  let seam: ReadonlySet<string> = new Set();
  let offset = 0;
  for (;;) {
    const query = { limit, offset, sortKey: 'update_at', sortDir: 'desc' } as const;
    const page = await upstream.listEndpoints(projectId, query, { signal, poll: true });
    onAnswer();
    const { endpoints, totalCount: total } = page;
    const isJoined = offset === 0 || endpoints.some(({ id }) => seam.has(id));
    const known = rows.size;
    for (const row of endpoints) if (!rows.has(row.id)) rows.set(row.id, row);
    const isShort = endpoints.length < limit && offset + endpoints.length >= total;
    // Whatever upstream counts: nobody gives less than a small page of what there is.
    const isLast = isShort || endpoints.length < INCREMENT || rows.size === known;
    const isComplete = isJoined && (isLast || isRead(memory, endpoints.at(-1)?.fields.updatedAt));
    if (isComplete || !isJoined || isLast || limit < FULL_PAGE)
      return { answers: [...rows.values()], total, isComplete };
    seam = new Set(endpoints.slice(-SEAM).map(({ id }) => id));
    offset += endpoints.length - SEAM;
  }
}
