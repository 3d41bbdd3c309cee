import { UpstreamError } from '../../vpcep/errors/upstream-error.ts';
import { OutcomeUnknownError } from '../errors/gateway-errors.ts';

/**
 * Marks an upstream call as a write: only there does an unknown outcome forbid a repeat.
 * @throws OutcomeUnknownError with the UpstreamError as its cause.
 */
export async function asWrite<T>(call: Promise<T>): Promise<T> {
  try {
    return await call;
  } catch (error) {
    if (error instanceof UpstreamError && error.outcome === 'unknown') {
      throw new OutcomeUnknownError(error.message, { cause: error });
    }
    throw error;
  }
}
