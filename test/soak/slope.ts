/** A straight line through samples, and how sure its slope is. */
import { median } from '../../bench/support/figures.ts';

/** In units of y for each unit of x. */
export interface Slope {
  readonly perUnit: number;
  /** The 99 % confidence interval. */
  readonly low: number;
  readonly high: number;
}

/** Of the normal distribution, for a two-sided 99 %. */
const Z = 2.576;

/**
 * The median of the slopes between every two samples (Theil and Sen), which a few samples taken in a fault cannot tilt. Its
 * interval comes from the variance of Kendall's rank statistic. Neighbouring samples resemble each other, so they count as
 * fewer independent ones: by the autocorrelation of the residuals with lag 1.
 */
export function slopeOf(points: readonly (readonly [x: number, y: number])[]): Slope {
  const slopes = points
    .flatMap(([x, y], at) => points.slice(at + 1).map(([laterX, laterY]) => (laterY - y) / (laterX - x)))
    .sort((a, b) => a - b);
  const perUnit = median(slopes);
  const n = points.length;
  const spread = Z * Math.sqrt(((n * (n - 1) * (2 * n + 5)) / 18) * likeness(points, perUnit));
  const bound = (rank: number): number => slopes[Math.min(slopes.length - 1, Math.max(0, rank))] ?? Number.NaN;
  return {
    perUnit,
    low: bound(Math.floor((slopes.length - spread) / 2)),
    high: bound(Math.ceil((slopes.length + spread) / 2) - 1),
  };
}

/** How many samples count as one. */
function likeness(points: readonly (readonly [x: number, y: number])[], perUnit: number): number {
  const level = median(points.map(([x, y]) => y - perUnit * x));
  const residuals = points.map(([x, y]) => y - level - perUnit * x);
  const squares = residuals.reduce((sum, r) => sum + r * r, 0);
  if (squares === 0) return 1;
  const neighbours = residuals.slice(1).reduce((sum, r, at) => sum + r * (residuals[at] ?? 0), 0);
  const alike = Math.min(0.95, Math.max(0, neighbours / squares));
  return (1 + alike) / (1 - alike);
}
