import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import {
  CLAIM_MS,
  type CreateClaims,
  type CreateRecords,
  OPEN_MS,
  PENDING_MS,
  RECORD_MS,
} from '../../src/create/records.ts';

export interface StoresUnderTest {
  readonly records: CreateRecords;
  readonly claims: CreateClaims;
  close(): Promise<void>;
}

const START = 1_800_000_000_000;
const REF = { projectId: 'project-1', hash: 'a1'.repeat(32) };
const first = { input: 'input-1', token: 'first' };
const second = { input: 'input-1', token: 'second' };

/** What every store of records and claims must do. `now` is in milliseconds and moves only when told to. */
export function createRecordsContract(name: string, open: (now: () => number) => Promise<StoresUnderTest>): void {
  let nowMs: number;
  let stores: StoresUnderTest;

  beforeEach(async () => {
    nowMs = START;
    stores = await open(() => nowMs);
  });
  afterEach(() => stores.close());

  describe(`records: ${name}`, () => {
    const begin = (attempt = second) => stores.records.begin(REF, attempt);

    it('grants a new key once among concurrent attempts', async () => {
      const attempts = Array.from({ length: 50 }, (_, i) => begin({ input: 'input-1', token: `t${i}` }));
      const kinds = (await Promise.all(attempts)).map((step) => step.kind);
      expect(kinds.filter((kind) => kind === 'granted')).toHaveLength(1);
      expect(kinds.filter((kind) => kind === 'pending')).toHaveLength(49);
    });

    it('tells keys and projects apart', async () => {
      await begin(first);
      expect(await stores.records.begin({ ...REF, hash: 'b2'.repeat(32) }, first)).toMatchObject({ kind: 'granted' });
      expect(await stores.records.begin({ ...REF, projectId: 'project-2' }, first)).toMatchObject({ kind: 'granted' });
    });

    it('gives the first answer again, byte for byte, and refuses another input', async () => {
      const answer = JSON.stringify({ text: 'ünï ☁ "quoted"\n', list: [], none: null, big: '422321321312321321' });
      await begin(first);
      await stores.records.finish(REF, first, answer);
      await stores.records.finish(REF, second, 'a later answer');
      expect(await begin()).toEqual({ kind: 'done', answer });
      expect(await begin({ ...second, input: 'input-2' })).toEqual({ kind: 'otherInput' });
    });

    it('refuses another input while it is pending and while it is unknown', async () => {
      await begin(first);
      expect(await begin({ ...second, input: 'input-2' })).toEqual({ kind: 'otherInput' });
      await stores.records.markUnknown(REF, first.token);
      expect(await begin({ ...second, input: 'input-2' })).toEqual({ kind: 'otherInput' });
    });

    it('frees the key after a refusal, for another input as well', async () => {
      await begin(first);
      await stores.records.release(REF, first.token);
      expect(await begin({ ...second, input: 'input-2' })).toEqual({ kind: 'granted', sentAtMs: START });
    });

    it('lets only the owner end a pending record', async () => {
      await begin(first);
      await stores.records.release(REF, 'another');
      await stores.records.markUnknown(REF, 'another');
      expect(await begin()).toEqual({ kind: 'pending' });
    });

    it('only reconciles once the outcome is unknown, one at a time, with the time of the first sending', async () => {
      await begin(first);
      await stores.records.markUnknown(REF, first.token);
      nowMs += 5_000;
      expect(await begin()).toEqual({ kind: 'reconcile', sentAtMs: START });
      expect(await begin({ input: 'input-1', token: 'third' })).toEqual({ kind: 'pending' });
      await stores.records.release(REF, first.token);
      await stores.records.markUnknown(REF, second.token);
      expect(await begin()).toEqual({ kind: 'reconcile', sentAtMs: START });
    });

    it('only reconciles once the owner is overdue, and still takes the late answer', async () => {
      await begin(first);
      nowMs += PENDING_MS - 1;
      expect(await begin()).toEqual({ kind: 'pending' });
      nowMs += 1;
      expect(await begin()).toEqual({ kind: 'reconcile', sentAtMs: START });
      await stores.records.finish(REF, first, 'late');
      await stores.records.markUnknown(REF, second.token);
      expect(await begin()).toEqual({ kind: 'done', answer: 'late' });
    });

    it('does not wait for a deadline beyond its maximum: the clock has stepped back', async () => {
      await begin(first);
      nowMs -= 3600_000;
      expect(await begin()).toMatchObject({ kind: 'reconcile' });
    });

    it('keeps an answer whose record was lost meanwhile, but not over another input', async () => {
      await stores.records.finish(REF, first, 'kept');
      expect(await begin()).toEqual({ kind: 'done', answer: 'kept' });
      const other = { ...REF, hash: 'c3'.repeat(32) };
      await stores.records.begin(other, { ...second, input: 'input-2' });
      await stores.records.finish(other, first, 'not this one');
      expect(await stores.records.begin(other, { input: 'input-2', token: 'third' })).toEqual({ kind: 'pending' });
    });
  });

  describe(`claims: ${name}`, () => {
    const call = (name: string, structure = 's') => ({
      projectId: 'project-1',
      structure: () => structure,
      call: name,
      hasKey: false,
    });

    it('takes the only one, once', async () => {
      await stores.claims.open(call('a'));
      expect(await stores.claims.take(call('a'), ['e1'])).toEqual({ kind: 'taken', id: 'e1' });
      expect(await stores.claims.take(call('b'), ['e1'])).toEqual({ kind: 'left', ids: [] });
      expect(await stores.claims.take(call('a'), ['e1'])).toEqual({ kind: 'taken', id: 'e1' });
    });

    it('takes none of several, and not what was answered to another call', async () => {
      expect(await stores.claims.take(call('a'), ['e1', 'e2'])).toEqual({ kind: 'left', ids: ['e1', 'e2'] });
      await stores.claims.open(call('b'));
      await stores.claims.close(call('b'), 'e1');
      expect(await stores.claims.take(call('a'), ['e1', 'e2'])).toEqual({ kind: 'taken', id: 'e2' });
      expect(await stores.claims.take(call('a'), [])).toEqual({ kind: 'left', ids: [] });
    });

    it('waits for equal calls without an answer, and for no others', async () => {
      await stores.claims.open(call('a'));
      await stores.claims.open(call('b'));
      await stores.claims.open(call('c', 'another structure'));
      expect(await stores.claims.take(call('a'), ['e1'])).toEqual({ kind: 'busy' });
      await stores.claims.close(call('b'), null);
      expect(await stores.claims.take(call('a'), ['e1'])).toEqual({ kind: 'taken', id: 'e1' });
    });

    it('gives one resource to one of many that ask at the same time', async () => {
      const steps = await Promise.all(Array.from({ length: 20 }, (_, i) => stores.claims.take(call(`c${i}`), ['e1'])));
      expect(steps.filter((step) => step.kind === 'taken')).toHaveLength(1);
    });

    it('stops waiting for a call that never ended', async () => {
      await stores.claims.open(call('lost'));
      nowMs += OPEN_MS;
      expect(await stores.claims.take(call('a'), ['e1'])).toEqual({ kind: 'taken', id: 'e1' });
    });
  });

  it(`${name}: records outlive what may be asked of them`, () => {
    expect(RECORD_MS).toBe(24 * 3600_000);
    expect(CLAIM_MS).toBeGreaterThanOrEqual(RECORD_MS);
  });
}
