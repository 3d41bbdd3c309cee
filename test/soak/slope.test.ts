import { describe, expect, it } from 'vitest';
import { Dice } from '../chaos/random.ts';
import { type Slope, slopeOf } from './slope.ts';

/** Fifty samples over ten minutes, with noise of 1 on both sides, which drifts when `inertia` is near 1. */
function samples(perHour: number, inertia: number): readonly (readonly [number, number])[] {
  const dice = new Dice(3);
  let noise = 0;
  return Array.from({ length: 50 }, (_, n) => {
    noise = inertia * noise + (1 - inertia) * (2 * dice.next() - 1);
    return [n / 300, 30 + (perHour * n) / 300 + noise] as const;
  });
}

const includesZero = ({ low, high }: Slope): boolean => low <= 0 && high >= 0;

describe('the slope of a soak run', () => {
  it.each([0, 0.9])('cannot be told from zero where only noise moves (inertia %d)', (inertia) => {
    expect(includesZero(slopeOf(samples(0, inertia)))).toBe(true);
  });

  it.each([30, -30])('is found in the noise: %d per hour', (perHour) => {
    const slope = slopeOf(samples(perHour, 0));
    expect(includesZero(slope)).toBe(false);
    expect(slope.low).toBeLessThan(perHour);
    expect(slope.high).toBeGreaterThan(perHour);
  });

  it('is not tilted by the samples of one fault', () => {
    const quiet = samples(0, 0);
    const fault = quiet.map(([x, y], n) => [x, n === 45 || n === 46 ? y + 100 : y] as const);
    expect(includesZero(slopeOf(fault))).toBe(true);
    expect(Math.abs(slopeOf(fault).perUnit - slopeOf(quiet).perUnit)).toBeLessThan(3);
  });

  it('is less certain where neighbouring samples resemble each other', () => {
    const [free, alike] = [samples(0, 0), samples(0, 0.9)].map((points) => {
      const spread = Math.sqrt(points.reduce((sum, [, y]) => sum + (y - 30) ** 2, 0));
      const { low, high } = slopeOf(points);
      return (high - low) / spread;
    });
    expect(alike).toBeGreaterThan(2 * (free ?? 0));
  });
});
