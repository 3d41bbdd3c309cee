import type { beforeAll, beforeEach } from 'vitest';
import type { Gateway } from '../../src/app/gateway.ts';
import type { Simulator } from '../../src/simulator/server.ts';
import { startTestGateway, startTestSimulator, type TestGatewayOptions } from './start-gateway.ts';

/**
 * A gateway over a simulator of its own, closed after the test or after the last one.
 *
 * @param hook decides how often both are new. It fills the two results, which stay the same objects.
 */
export function useGateway(
  hook: typeof beforeAll | typeof beforeEach,
  options: TestGatewayOptions = {},
): { readonly gateway: Gateway; readonly simulator: Simulator } {
  const used = { gateway: {} as Gateway, simulator: {} as Simulator };
  hook(async () => {
    const simulator = await startTestSimulator();
    const gateway = await startTestGateway(simulator, options);
    Object.assign(used.simulator, simulator);
    Object.assign(used.gateway, gateway);
    return async () => {
      await gateway.close();
      await simulator.close();
    };
  });
  return used;
}
