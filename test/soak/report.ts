/** The result of a run: raw as JSON, a chart as SVG, and the page docs/operations/soak.md. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { cpus, loadavg } from 'node:os';
import { figure, median } from '../../bench/support/figures.ts';
import { ROOT } from '../../bench/support/process.ts';
import { writeResult } from '../../bench/support/result.ts';
import { chart, type Series } from './chart.ts';
import type { Sample, SoakReport, SoakSize } from './run-soak.ts';
import { includesZero, slopeOf } from './slope.ts';

export interface Measured {
  /** The tables, as Markdown. */
  readonly text: string;
  /** What grows or shrinks. */
  readonly growing: readonly string[];
}

/** The start of a run, in which caches fill and V8 compiles and collects type feedback; not part of the slopes. */
const WARM_UP = 0.5;
const ROWS = 10;
const HELD = [
  ['heap', 'MiB'],
  ['code', 'MiB'],
  ['resident', 'MiB'],
  ['descriptors', ''],
] as const;
/** What must not grow. The resident set follows the allocator, and code what runs often: they are only reported. */
const JUDGED: readonly string[] = ['heap', 'descriptors'];
const LETTERS = 'ABCDEFGH';

export function writeReport(size: SoakSize, report: SoakReport): Measured {
  const { samples, figures } = report;
  const settled = samples.slice(Math.floor(samples.length * WARM_UP));
  const slopes = HELD.flatMap(([what, unit]) =>
    replicasOf(samples).map((n) => {
      const points = settled.map(({ seconds, replicas }) => [seconds / 3_600, replicas[n]?.[what] ?? 0] as const);
      const slope = slopeOf(points);
      const level = median(points.map(([, y]) => y));
      return { what, unit, n, level, slope, flat: includesZero(slope) };
    }),
  );
  const lines = [
    ...table(
      ['', 'level', 'slope per hour', '99 % interval', 'includes 0'],
      slopes.map(({ what, unit, n, level, slope: { perUnit, margin }, flat }) => [
        `${what} of replica ${LETTERS[n]}`,
        `${figure(level)} ${unit}`.trim(),
        figure(perUnit),
        `${figure(perUnit - margin)} to ${figure(perUnit + margin)}`,
        flat ? 'yes' : 'no',
      ]),
    ),
    '',
    ...table(
      [
        'minute',
        ...replicasOf(samples).flatMap((n) => HELD.map(([what]) => `${what} ${LETTERS[n]}`)),
        'p50 ms',
        'p99 ms',
      ],
      everyTenth(samples).map(({ seconds, replicas, p50, p99 }) => [
        (seconds / 60).toFixed(1),
        ...replicas.flatMap((held) => HELD.map(([what]) => figure(held[what]))),
        figure(p50),
        figure(p99),
      ]),
    ),
    '',
    ...table(
      ['over the whole run', ''],
      Object.entries(figures).map(([what, count]) => [what, String(count)]),
    ),
  ];
  const text = lines.join('\n');
  const growing = slopes.flatMap(({ what, n, slope, flat }) =>
    flat || !JUDGED.includes(what)
      ? []
      : [`${what} of replica ${LETTERS[n]}: ${figure(slope.perUnit)} ± ${figure(slope.margin)} per hour is not 0`],
  );
  const verdict =
    [...report.violations.slice(0, 1), ...growing].map((fault) => `Failed: ${fault}.`).join('\n') || 'Passed.';
  const load = loadavg()[0] ?? 0;
  writeResult('soak', { ...size, loadAverage: load }, report);
  mkdirSync(`${ROOT}docs/images`, { recursive: true });
  writeFileSync(`${ROOT}docs/images/soak.svg`, chart(panelsOf(report)));
  writeFileSync(`${ROOT}docs/operations/soak.md`, page(size, report, load, [text, verdict]));
  return { text, growing };
}

function replicasOf([first]: readonly Sample[]): readonly number[] {
  return (first?.replicas ?? []).map((_, n) => n);
}

function everyTenth(samples: readonly Sample[]): readonly Sample[] {
  const step = Math.max(1, Math.ceil(samples.length / ROWS));
  return samples.filter((_, at) => (at + 1) % step === 0);
}

function table(head: readonly string[], rows: readonly (readonly string[])[]): readonly string[] {
  const line = (cells: readonly string[]): string => `| ${cells.join(' | ')} |`;
  return [line(head), `|${head.map(() => '---').join('|')}|`, ...rows.map(line)];
}

function panelsOf({ samples }: SoakReport): readonly Series[] {
  const over = (name: string, value: (sample: Sample) => number) => ({
    name,
    points: samples.map((sample) => [sample.seconds / 60, value(sample)] as const),
  });
  return [
    ...HELD.map(([what, unit]) => ({
      title: unit === '' ? what : `${what}, ${unit}`,
      lines: replicasOf(samples).map((n) => over(LETTERS[n] ?? '', ({ replicas }) => replicas[n]?.[what] ?? 0)),
    })),
    { title: 'observation to delivery, ms', lines: [over('p50', ({ p50 }) => p50), over('p99', ({ p99 }) => p99)] },
  ];
}

function page(size: SoakSize, { faults, samples }: SoakReport, load: number, parts: readonly string[]): string {
  const counts = new Map<string, number>();
  for (const { name } of faults) counts.set(name, (counts.get(name) ?? 0) + 1);
  return `# Soak

\`npm run soak\` writes this page. It runs ${size.replicas} replicas, a real Redis and the simulator, each a process, with
${size.subscribers} subscribers in ${size.projects} projects for 20 minutes (\`-- --minutes N --seed S\`). Subscribers use the package's own client; every
150 ms one of them loses its connection, or leaves and resumes at another replica. A tenth follow a whole project, the
others one endpoint. ${size.creationsPerSecond} endpoints a second are created, followed from their \`statusCursor\`, and deleted after 20 to 40 s; others
change their status upstream. Faults come at random, one at a time.

It fails on any lost, repeated or reordered event (the [oracle](reliability.md#how-we-know) of the chaos runs), and when the
slope of the heap or of the open descriptors differs from zero: its 99 % interval must include zero, over the second half of
the run. In the first half caches fill, and V8 compiles what runs often and collects type feedback for it. Samples are taken
every 10 s; the heap is read after a garbage collection, through the inspector, and compiled code is counted apart. The
collection, and the faults, are part of the latency, which is measured from \`observedAt\` to the client.

What grows was looked for in two heap snapshots, after 45 s and at the end of a run of three minutes with 12 creations and 25 lost
connections a second: 1.5 MiB of machine code, bytecode and type feedback. All else together was 0.7 MiB less than before.

The descriptors follow the subscribers: each that returns does so at a replica drawn by dice, so they drift between the two.

## Last run

\`npm run soak -- --minutes ${size.minutes} --seed ${size.seed}\`, ${samples.length} samples. Load average at its end: ${load.toFixed(1)} on ${cpus().length} cores. Raw: \`bench/results/soak.json\`.
Faults: ${[...counts].map(([name, times]) => `${name} ${times} times`).join(', ')}.

![Heap, resident set, descriptors and latency over time](../images/soak.svg)

${parts.join('\n\n')}
`;
}
