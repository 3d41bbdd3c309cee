import type { Secret } from '../../shared/secret.ts';
import type { CredentialSource } from '../signing/credentials.ts';

/**
 * Options of upstream calls: made once per operation and passed down unchanged. `UpstreamCaller` decides which of them
 * apply to a read and which to a write.
 */
export interface CallOptions {
  /** The caller's own; absent: the project's keys. */
  readonly credential?: CredentialSource;
  /** The caller's identity: its equal reads in flight are one call. Absent: every read is a call of its own. */
  readonly share?: string;
  /** Cancels a read. A write is carried through, because cancelling would lose its answer and not its effect. */
  readonly signal?: AbortSignal;
  /** Milliseconds for all attempts together. */
  readonly deadlineMs?: number;
  /** Made for the status feed: it takes second place to calls that a client waits for. */
  readonly poll?: boolean;
  /** Called once for each call, reads included, just before it is made; a shared read counts for its first caller. */
  readonly onCall?: () => void;
  /** Called once for each write that was tried; `requestId` is undefined when upstream has not given one. */
  readonly onWrite?: (write: { readonly requestId: string | undefined }) => void;
}

/** What is limited apart. `poll`: made for the status feed; `read` and `write`: somebody waits for it. */
export type CallClass = 'read' | 'write' | 'poll';

export const CALL_CLASSES: readonly CallClass[] = ['read', 'write', 'poll'];

export function classOf(request: UpstreamRequest, { poll }: { readonly poll?: boolean }): CallClass {
  if (effectOf(request) !== 'GET') return 'write';
  return poll === true ? 'poll' : 'read';
}

export type QueryPair = readonly [key: string, value: string];

export interface UpstreamRequest {
  /** Name of the operation in schema/vpcep.openapi.yaml. */
  readonly operation: string;
  readonly method: 'GET' | 'POST' | 'PUT' | 'DELETE';
  /** Empty for IAM's own calls, which must not name a project. */
  readonly projectId: string;
  /** Literal text; each is encoded on its own, so that a slash within one stays within it. */
  readonly segments: readonly string[];
  readonly query?: readonly QueryPair[];
  /** JSON, serialised once: these bytes are hashed and sent. */
  readonly body?: Uint8Array;
  /** Leaves `X-Project-Id` out: the call is about no project, and the project only says where to send it. */
  readonly withoutProject?: boolean;
  /** A POST that changes nothing: repeated, shared and given up like a GET. */
  readonly readOnly?: true;
  /** The token that a call of IAM is about. */
  readonly subjectToken?: Secret;
}

/** The method that says what a failure means: GET for whatever changes nothing. */
export function effectOf({
  method,
  readOnly,
}: Pick<UpstreamRequest, 'method' | 'readOnly'>): UpstreamRequest['method'] {
  return readOnly === true ? 'GET' : method;
}

export interface UpstreamAnswer {
  readonly status: number;
  readonly text: string;
  readonly requestId: string | undefined;
}
