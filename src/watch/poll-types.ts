import type { CommitRequest, Interest } from '../events/event-log.ts';
import type { EndpointReads } from './upstream.ts';

export interface PollRequest {
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
