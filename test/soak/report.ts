/** The result of a run: raw as JSON, a chart as SVG, and the page docs/operations/soak.md. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { cpus, loadavg } from 'node:os';
import { figure, median } from '../../bench/support/figures.ts';
import { ROOT } from '../../bench/support/process.ts';
import { writeResult } from '../../bench/support/result.ts';
import { chart, type Series } from './chart.ts';
import type { Sample, SoakReport, SoakSize } from './run-soak.ts';
import { slopeOf } from './slope.ts';

export interface Measured {
  /** The tables, as Markdown. */
  readonly text: string;
  /** What grows or shrinks. */
  readonly growing: readonly string[];
}

const ROWS = 10;
const HELD = [
  ['heap', 'MiB'],
  ['code', 'MiB'],
  ['resident', 'MiB'],
  ['descriptors', ''],
  ['clients', ''],
] as const;
/** What must not grow. The resident set follows the allocator, and code what runs often: they are only reported. */
const JUDGED: readonly string[] = ['heap', 'descriptors', 'clients'];
const LETTERS = 'ABCDEFGH';

export function writeReport(size: SoakSize, report: SoakReport): Measured {
  const { samples, figures, judgedFrom } = report;
  const judged = samples.filter(({ seconds }) => seconds > judgedFrom);
  const slopes = curvesOf(samples).map(({ name, unit, isJudged, at }) => {
    const points = judged.map((sample) => [sample.seconds / 3_600, at(sample)] as const);
    const slope = slopeOf(points);
    const isFlat = slope.low <= 0;
    const interval = `${figure(slope.low)} to ${figure(slope.high)}`;
    return { name, unit, slope, interval, isFlat, isJudged, level: median(points.map(([, y]) => y)) };
  });
  const lines = [
    ...table(
      ['', 'level', 'slope per hour', '99 % interval', 'grows'],
      slopes.map(({ name, unit, level, slope, interval, isFlat }) => [
        name,
        `${figure(level)} ${unit}`.trim(),
        figure(slope.perUnit),
        interval,
        isFlat ? 'no' : 'yes',
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
  const growing = slopes.flatMap(({ name, interval, isFlat, isJudged }) =>
    isFlat || !isJudged ? [] : [`${name}: it grows by ${interval} per hour`],
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

interface Curve {
  readonly name: string;
  readonly unit: string;
  readonly isJudged: boolean;
  at(sample: Sample): number;
}

/** Connections of clients are judged as those of all replicas which no subscriber holds: subscribers come and go. */
function curvesOf(samples: readonly Sample[]): readonly Curve[] {
  return HELD.flatMap(([what, unit]): readonly Curve[] => {
    const isJudged = JUDGED.includes(what);
    if (what === 'clients')
      return [
        {
          ...{ name: 'connections without a subscriber', unit, isJudged },
          at: ({ replicas, sockets }) => replicas.reduce((sum, { clients }) => sum + clients, -sockets),
        },
      ];
    return replicasOf(samples).map((n) => ({
      ...{ name: `${what} of replica ${LETTERS[n]}`, unit, isJudged },
      at: ({ replicas }) => replicas[n]?.[what] ?? 0,
    }));
  });
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

It fails on any lost, repeated or reordered event, on a \`RESYNC\` without need (the [oracle](reliability.md#how-we-know) of the
chaos runs), and when the heap, the open descriptors or the connections that no subscriber holds grow: when the 99 % interval
of the slope lies above zero over the second half of the run. The slope is the median of those between every two samples (Theil
and Sen), so that a few samples taken in a fault do not tilt it. Samples are taken every 10 s; the heap is read after a garbage
collection, through the inspector, and machine code is counted apart. The collection, and the faults, are part of the latency,
which is measured from \`observedAt\` to the client.

In the first half caches fill and V8 compiles what runs often. In the second it compiles nothing anew (\`--no-opt
--no-sparkplug\`): what belongs to machine code would grow on for hours, ever more slowly, and hide what is ours. Two heap
snapshots, after 5 and 15.5 minutes of a run without that, show it: code with its data for deoptimisation 10.0 → 10.8 MiB,
objects, strings, arrays and closures 16.5 → 16.1.

## Last run

\`npm run soak -- --minutes ${size.minutes} --seed ${size.seed}\`, ${samples.length} samples. Load average at its end: ${load.toFixed(1)} on ${cpus().length} cores. Raw: \`bench/results/soak.json\`.
Faults: ${[...counts].map(([name, times]) => `${name} ${times} times`).join(', ')}.

![Heap, resident set, descriptors and latency over time](../images/soak.svg)

${parts.join('\n\n')}
`;
}
