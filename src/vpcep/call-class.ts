import { effectOf, type UpstreamRequest } from './attempt.ts';

/** What is limited apart. `poll`: made for the status feed; `read` and `write`: somebody waits for it. */
export type CallClass = 'read' | 'write' | 'poll';

export const CALL_CLASSES: readonly CallClass[] = ['read', 'write', 'poll'];

export function classOf(request: UpstreamRequest, { poll }: { readonly poll?: boolean }): CallClass {
  if (effectOf(request) !== 'GET') return 'write';
  return poll === true ? 'poll' : 'read';
}
