import type { UpstreamOutcome } from '../errors/upstream-error.ts';

/** One attempt, for logs and metrics. Nothing in it is secret; codes and request ids are short plain words. */
export interface UpstreamObservation {
  /** Name of the operation in schema/vpcep.openapi.yaml, such as `CreateEndpoint`. */
  readonly operation: string;
  readonly method: string;
  /** From 1. */
  readonly attempt: number;
  readonly durationMs: number;
  /** HTTP status; undefined without an answer. */
  readonly status: number | undefined;
  readonly outcome: 'done' | UpstreamOutcome;
  readonly code: string | undefined;
  readonly requestId: string | undefined;
}
