import fc from 'fast-check';
import { expect, it } from 'vitest';
import { MemoryEventLog } from '../../src/events/memory-event-log.ts';
import { OwnLog } from '../../src/events/own-log.ts';

const P = 'p';
const IDS = ['e1', 'e2', 'e3'];

const id = fc.constantFrom(...IDS);
/** An endpoint moves on, or somebody looks at some of them; what was seen is committed at once or a little later. */
const steps = fc.array(
  fc.oneof(
    fc.record({ kind: fc.constant('move' as const), id }),
    fc.record({
      kind: fc.constant('look' as const),
      by: fc.nat(2),
      ids: fc.uniqueArray(id, { minLength: 1 }),
      late: fc.nat(3),
    }),
  ),
  { maxLength: 60 },
);
const order = fc.constantFrom([1, 2], [2, 1], [1, 2, 1], [2, 2, 1, 2]);

it('what two replicas have seen alone fits into what others have seen: never back, the newest at the end', async () => {
  await fc.assert(
    fc.asyncProperty(steps, order, fc.boolean(), async (history, back, baseline) => {
      let micros = 1_000_000;
      const now = () => ++micros;
      const shared = new MemoryEventLog({ now });
      const logs = [shared, new OwnLog({ now }), new OwnLog({ now })];
      const truth = new Map(IDS.map((one) => [one, 0]));
      const newest = new Map<string, { readonly asOf: number; readonly status: string }>();
      const pending: { readonly at: number; readonly commit: () => Promise<unknown> }[] = [];
      const settle = async (at: number) => {
        for (const one of pending.filter((each) => each.at <= at)) await one.commit();
        pending.splice(0, pending.length, ...pending.filter((each) => each.at > at));
      };
      if (baseline)
        await shared.commit(P, {
          asOf: now(),
          observations: [],
          source: 'list',
          firstSight: 'afterBaseline',
          sweep: true,
        });
      for (const [i, step] of history.entries()) {
        if (step.kind === 'move') {
          truth.set(step.id, (truth.get(step.id) ?? 0) + 1);
          continue;
        }
        const asOf = now();
        const observations = step.ids.map((endpointId) => ({
          endpointId,
          status: `${truth.get(endpointId)}`,
          fields: {},
        }));
        for (const { endpointId, status } of observations) newest.set(endpointId, { asOf, status });
        const request = { asOf, observations, source: 'read', firstSight: 'afterBaseline' } as const;
        pending.push({ at: i + step.late, commit: async () => logs[step.by]!.commit(P, request) });
        await settle(i);
      }
      await settle(Number.POSITIVE_INFINITY);
      const given = (await Promise.all(logs.map((log) => log.state(P)))).flatMap(({ endpoints }) => endpoints);
      for (const which of back) {
        const own = logs[which] as OwnLog;
        for (const request of await own.handOver(P)) await shared.commit(P, request);
      }

      const { endpoints } = await shared.state(P);
      expect(new Map(endpoints.map(({ endpointId, asOf, status }) => [endpointId, { asOf, status }]))).toEqual(newest);
      for (const { endpointId, version, status } of given) {
        const now = endpoints.find((state) => state.endpointId === endpointId);
        expect(now?.version).toBeGreaterThanOrEqual(version);
        // One version never stands for two states.
        if (now?.version === version) expect(now.status).toBe(status);
      }
      for (const one of IDS) {
        const walk = (await shared.history(P, [one], 1_000)).entries;
        const way = [
          ...walk.slice(0, 1).flatMap(({ previousStatus }) => previousStatus ?? []),
          ...walk.map(({ status }) => status),
        ];
        expect(way.map(Number)).toEqual([...new Set(way.map(Number))].sort((a, b) => a - b));
      }
    }),
    { numRuns: 300 },
  );
});
