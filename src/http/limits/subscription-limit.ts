import { RateLimitedError } from '../../graphql/errors/gateway-errors.ts';

/** Nobody knows when one of the others ends; a client that has ended one itself need not wait. */
const RETRY_SECONDS = 10;

export function tooManySubscriptions(max: number): RateLimitedError {
  const message = `A socket or stream may have ${max} subscriptions at a time: end one, or watch a whole project with one`;
  return new RateLimitedError(message, RETRY_SECONDS);
}
