import { describe, expect, it } from 'vitest';
import { decideConnections } from '../../../src/graphql/connection/connection.resolver.ts';
import type { GatewayContext } from '../../../src/graphql/core/context.ts';
import { UpstreamError } from '../../../src/vpcep/errors/upstream-error.ts';

const failed = (kind: 'not_found' | 'timeout', outcome: 'refused' | 'unknown') =>
  Promise.reject(new UpstreamError({ kind, outcome, message: 'no', retryable: false }));

describe('decisions about connections', () => {
  it('announce what was done or may have been, and nothing that was refused: ids are the caller’s word', async () => {
    const noted: string[] = [];
    const answers: Readonly<Record<string, () => Promise<unknown>>> = {
      done: async () => ({ connections: [{ endpointId: 'done' }], statusCursor: 'c-1' }),
      refused: () => failed('not_found', 'refused'),
      unknown: () => failed('timeout', 'unknown'),
    };
    const decide = (_project: string, _service: string, id: string) => answers[id]?.();
    const context = {
      connections: { decide },
      noteChange: (ids: readonly string[]) => noted.push(...ids),
    } as unknown as GatewayContext;
    const decisions = { serviceId: 'shop', endpointIds: ['refused', 'done', 'unknown'] };
    expect((await decideConnections(context, 'provider', decisions, 'accept')).statusCursor).toBe('c-1');
    expect(noted).toEqual(['done', 'unknown']);
  });
});
