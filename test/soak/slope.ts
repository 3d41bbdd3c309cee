/** A straight line through samples, and how sure its slope is. */

export interface Slope {
  /** In units of y for each unit of x. */
  readonly perUnit: number;
  /** Half of the 99 % confidence interval. */
  readonly margin: number;
}

/** Of the normal distribution, for a two-sided 99 %. */
const Z = 2.576;
const FEWEST = 4;

/**
 * Least squares. Neighbouring samples resemble each other, so they count as fewer independent ones: by the autocorrelation
 * of the residuals with lag 1. The quantile of Student's t is approximated by its first two terms.
 */
export function slopeOf(points: readonly (readonly [x: number, y: number])[]): Slope {
  const n = points.length;
  const mean = (of: 0 | 1): number => points.reduce((sum, point) => sum + point[of], 0) / n;
  const [mx, my] = [mean(0), mean(1)];
  const sxx = points.reduce((sum, [x]) => sum + (x - mx) ** 2, 0);
  const perUnit = points.reduce((sum, [x, y]) => sum + (x - mx) * (y - my), 0) / sxx;
  const residuals = points.map(([x, y]) => y - my - perUnit * (x - mx));
  const squares = residuals.reduce((sum, r) => sum + r * r, 0);
  if (squares === 0) return { perUnit, margin: 0 };
  const neighbours = residuals.slice(1).reduce((sum, r, at) => sum + r * (residuals[at] ?? 0), 0);
  const alike = Math.min(0.95, Math.max(0, neighbours / squares));
  const free = Math.max(FEWEST, (n * (1 - alike)) / (1 + alike)) - 2;
  const t = Z + (Z ** 3 + Z) / (4 * free);
  return { perUnit, margin: t * Math.sqrt(squares / free / sxx) };
}

export function includesZero({ perUnit, margin }: Slope): boolean {
  return Math.abs(perUnit) <= margin;
}
