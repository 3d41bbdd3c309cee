import type { Candidate } from './match.ts';

export interface Created<Resource extends { readonly id: string }> {
  readonly resource: Resource;
  readonly statusCursor: string;
}

/** One creation, of whatever kind: the calls that make it and find it again. */
export interface Creation<Resource extends { readonly id: string }> {
  readonly projectId: string;
  readonly operation: string;
  readonly subject: string;
  readonly idempotencyKey: string | undefined;
  /** With its defaults and without the key. */
  readonly input: unknown;
  /** Hash of what candidates are compared by. */
  readonly structure: string;
  /** Whether upstream can carry our mark on it. */
  readonly markable: boolean;
  readonly signal?: AbortSignal;
  /** Sends it once. @throws UpstreamError */
  post(mark: string | null): Promise<Created<Resource>>;
  /** What upstream has now. @throws UpstreamError */
  find(deadlineMs: number): Promise<readonly Candidate[]>;
  /** Reads and records what was found, as the answer of `post` would have been. @throws UpstreamError */
  adopt(id: string): Promise<Created<Resource>>;
}
