/** A small line chart as SVG: one panel below the other, over the same minutes. */

export interface Series {
  readonly title: string;
  readonly lines: readonly { readonly name: string; readonly points: readonly (readonly [x: number, y: number])[] }[];
}

const WIDTH = 720;
const LEFT = 60;
const PANEL = 130;
const PLOT = 80;
const TOP = 30;
const COLOURS = ['#1f6feb', '#d9480f'] as const;

export function chart(panels: readonly Series[]): string {
  const most = Math.max(...panels.flatMap(({ lines }) => lines.flatMap(({ points }) => points.map(([x]) => x))));
  const height = panels.length * PANEL + 10;
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${height}" font-family="sans-serif" font-size="12">
<title>${panels.map(({ title }) => title).join('; ')}</title>
<rect width="${WIDTH}" height="${height}" fill="#fff"/>
${panels.map((panel, n) => drawn(panel, n * PANEL + TOP, most)).join('\n')}
</svg>
`;
}

/** The vertical axis begins at 0, so that a slope looks as large as it is. */
function drawn({ title, lines }: Series, top: number, most: number): string {
  const values = lines.flatMap(({ points }) => points.map(([, y]) => y)).filter(Number.isFinite);
  const highest = Math.max(1, ...values);
  const right = WIDTH - 20;
  const bottom = top + PLOT;
  const x = (minutes: number): string => (LEFT + (minutes / most) * (right - LEFT)).toFixed(1);
  const y = (value: number): string => (bottom - (value / highest) * PLOT).toFixed(1);
  const path = (points: Series['lines'][number]['points']): string =>
    points.flatMap(([at, value]) => (Number.isFinite(value) ? [`${x(at)},${y(value)}`] : [])).join(' ');
  return [
    `<text x="${LEFT}" y="${top - 8}" font-weight="bold">${title}</text>`,
    ...lines.map(
      ({ name }, n) =>
        `<text x="${right - 60 * (lines.length - n)}" y="${top - 8}" fill="${COLOURS[n]}">${name}</text>`,
    ),
    `<path d="M${LEFT} ${top}V${bottom}H${right}" fill="none" stroke="#888"/>`,
    `<text x="${LEFT - 6}" y="${top + 8}" text-anchor="end">${Math.round(highest)}</text>`,
    `<text x="${LEFT - 6}" y="${bottom}" text-anchor="end">0</text>`,
    `<text x="${right}" y="${bottom + 14}" text-anchor="end">${most.toFixed(0)} min</text>`,
    ...lines.map(({ points }, n) => `<polyline points="${path(points)}" fill="none" stroke="${COLOURS[n]}"/>`),
  ].join('\n');
}
