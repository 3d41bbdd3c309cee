import type { GatewayContext } from './context.ts';

/** Options of every read that is made for a caller: ended when it has gone, shared with equal ones of the same caller. */
export function readOptions({ identity, signal }: Pick<GatewayContext, 'identity' | 'signal'>): {
  readonly share: string;
  readonly signal?: AbortSignal;
} {
  return { share: identity.subject, ...(signal === undefined ? {} : { signal }) };
}
