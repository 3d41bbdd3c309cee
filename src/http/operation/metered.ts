import { type ExecutionArgs, type ExecutionResult, execute } from 'graphql';
import type { GatewayContext } from '../../graphql/core/context.ts';

/** Queries and mutations. Tells what they have cost, when that was asked. */
export async function executeMetered(args: ExecutionArgs): Promise<ExecutionResult> {
  const result = await execute(args);
  const { meter } = args.contextValue as GatewayContext;
  return meter === undefined ? result : { ...result, extensions: { ...result.extensions, ...meter.report() } };
}
