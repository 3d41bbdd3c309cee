import type { Identity } from '../auth/identity.ts';

/** Ends the call when the caller has gone. */
export function callOptions({ signal }: { readonly signal?: AbortSignal | undefined }): {
  readonly signal?: AbortSignal;
} {
  return signal === undefined ? {} : { signal };
}

/** Options of every read that is made for a caller: ended when it has gone, shared with equal ones of the same caller. */
export function readOptions(context: { readonly identity: Identity; readonly signal?: AbortSignal | undefined }): {
  readonly share: string;
  readonly signal?: AbortSignal;
} {
  return { share: context.identity.subject, ...callOptions(context) };
}
