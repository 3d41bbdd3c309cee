import { expect } from 'vitest';
import { UpstreamError } from '../../src/vpcep/errors/upstream-error.ts';

/** What a call to upstream fails with, which it must. */
export async function failure(call: Promise<unknown>): Promise<UpstreamError> {
  const error = await call.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  expect(error).toBeInstanceOf(UpstreamError);
  return error as UpstreamError;
}
