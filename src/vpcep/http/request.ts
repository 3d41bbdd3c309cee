import type { Secret } from '../../shared/secret.ts';

/** What is limited separately. `poll`: made for the status feed; `read` and `write`: a caller waits for it. */
export type CallClass = 'read' | 'write' | 'poll';

export const CALL_CLASSES: readonly CallClass[] = ['read', 'write', 'poll'];

export function classOf(request: UpstreamRequest, { poll }: { readonly poll?: boolean | undefined }): CallClass {
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
  /** Sent as JSON. */
  readonly body?: object | undefined;
  /** Leaves `X-Project-Id` out: the call is about no project, and the project only says where to send it. */
  readonly withoutProject?: boolean;
  /** A POST that changes nothing: repeated, shared and given up like a GET. */
  readonly readOnly?: true;
  /** The token that a call of IAM is about. */
  readonly subjectToken?: Secret;
}

/** The method that decides what a failure means: GET for all that changes nothing. */
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

/** Only the conditions that were given. */
export function queryOf(pairs: readonly (readonly [key: string, value: string | number | undefined])[]): QueryPair[] {
  return pairs.flatMap(([key, value]) => (value === undefined ? [] : [[key, String(value)] as const]));
}
