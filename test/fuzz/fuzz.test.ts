/** The short form of `npm run fuzz`: fewer cases, always the same ones. */
import { describe, expect, it } from 'vitest';
import { attacks } from './attacks.ts';
import { fuzz } from './run.ts';
import { startTarget } from './target.ts';

const CASES = 256;

describe('hostile input', () => {
  it.each(attacks)('$name: documented answers, and no end', { timeout: 120_000 }, async ({ make }) => {
    await make(async (attack) => {
      const target = await startTarget(attack.env);
      try {
        expect(await fuzz(target, attack, { cases: CASES, seed: 1 })).toMatchObject({ cases: CASES, fault: null });
      } finally {
        await target.stop();
        await attack.stop?.();
      }
      return true;
    });
  });
});
