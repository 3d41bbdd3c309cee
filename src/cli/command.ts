/** What a command is: its options, from which parsing, help and completion come, and its exit code. */
import { type ParseArgsConfig, parseArgs } from 'node:util';

/** What a command sees of its process. */
export interface CommandIo {
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly stdout: { write(text: string): unknown; readonly isTTY?: boolean; readonly columns?: number };
  readonly stderr: { write(text: string): unknown; readonly isTTY?: boolean; readonly columns?: number };
  /** Aborted by SIGINT and SIGTERM. */
  readonly signal: AbortSignal;
}

export const EXIT = {
  ok: 0,
  other: 1,
  usage: 2,
  settledOtherwise: 3,
  notAllowed: 4,
  notFound: 5,
  timeout: 124,
  interrupted: 130,
} as const;

/** The command line, a setting or a file is wrong: nothing was sent. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
}

/** The command was ended before it was done, by its `--timeout` or by a signal. */
export class StoppedError extends Error {
  override readonly name = 'StoppedError';
  readonly exitCode: number;

  constructor(exitCode: typeof EXIT.timeout | typeof EXIT.interrupted) {
    super(exitCode === EXIT.timeout ? 'The time is up.' : 'Interrupted.');
    this.exitCode = exitCode;
  }
}

type Option = NonNullable<ParseArgsConfig['options']>[string] & {
  readonly help: string;
  /** What stands for the value in the help; `FILE` completes names of files. */
  readonly value?: string;
  readonly choices?: readonly string[];
};

export type Options = Readonly<Record<string, Option>>;

/** Options of every command that talks to a gateway. */
export const COMMON = {
  project: { type: 'string', value: 'ID', help: 'the project to work in; default: the only or default one' },
  timeout: { type: 'string', value: 'TIME', help: 'give up after this time, such as 90s, 15m or 1h' },
  json: { type: 'boolean', help: 'print one JSON object per line' },
} as const satisfies Options;

type Parsed<O extends Options> = ReturnType<typeof parseArgs<{ options: O; allowPositionals: true }>>;

export interface Command {
  readonly summary: string;
  /** The arguments that are not options. */
  readonly synopsis?: string;
  readonly words?: readonly string[];
  /** What gives a field of the input, to say which is wrong. */
  readonly inputFlags?: Readonly<Record<string, string>>;
  readonly options: Options;
  run(args: readonly string[], io: CommandIo): Promise<number>;
}

interface Definition<O extends Options> extends Omit<Command, 'run'> {
  readonly options: O;
  run(values: Parsed<O>['values'], positionals: readonly string[], io: CommandIo): Promise<number>;
}

export function command<const O extends Options>(definition: Definition<O>): Command {
  const { options, synopsis, run } = definition;
  return {
    ...definition,
    run(args, io) {
      const { values, positionals } = parse(args, options);
      if (synopsis === undefined && positionals.length > 0) throw new UsageError(`Unknown argument: ${positionals[0]}`);
      return run(values, positionals, io);
    },
  };
}

function parse<O extends Options>(args: readonly string[], options: O): Parsed<O> {
  let parsed: Parsed<O>;
  try {
    parsed = parseArgs({ args: [...args], options, allowPositionals: true });
  } catch (error) {
    throw new UsageError((error as Error).message);
  }
  for (const [name, { choices }] of Object.entries(options)) {
    for (const value of [(parsed.values as Record<string, unknown>)[name]].flat()) {
      if (choices && value !== undefined && !choices.includes(String(value))) {
        throw new UsageError(`--${name} must be one of ${choices.join(', ')}`);
      }
    }
  }
  return parsed;
}

const MS = { s: 1_000, m: 60_000, h: 3_600_000 };

/** @param timeout the value of `--timeout` */
export function millisecondsOf(timeout: string): number {
  const [, count, unit] = /^(\d{1,6})([smh])$/.exec(timeout) ?? [];
  const ms = Number(count) * MS[unit as keyof typeof MS];
  // A timer of Node.js holds no more.
  if (!(ms > 0 && ms < 2 ** 31)) throw new UsageError('--timeout must be like 90s, 15m or 1h, and at most 24 days');
  return ms;
}

/** @returns a signal that is aborted with a StoppedError, by the process's signals or after `timeout`. */
export function stopSignal(io: CommandIo, timeout: string | undefined): AbortSignal {
  const controller = new AbortController();
  const interrupt = (): void => controller.abort(new StoppedError(EXIT.interrupted));
  if (io.signal.aborted) interrupt();
  io.signal.addEventListener('abort', interrupt);
  if (timeout !== undefined) {
    setTimeout(() => controller.abort(new StoppedError(EXIT.timeout)), millisecondsOf(timeout)).unref();
  }
  return controller.signal;
}

/** Of the help, in columns. */
const WIDTH = 100;

export function helpOf(name: string, { summary, synopsis = '', options }: Command): string {
  const all: Options = { ...options, help: { type: 'boolean', short: 'h', help: 'print this text' } };
  const rows = Object.entries(all).map(([flag, { short, value, choices = [], help }]) => {
    const left = `${short ? `-${short}, ` : '    '}--${flag}${value ? ` ${value}` : ''}`;
    return [left, choices.length > 0 ? `${help}: ${choices.join(', ')}` : help] as const;
  });
  const width = Math.max(...rows.map(([left]) => left.length)) + 2;
  const part = new RegExp(`.{1,${WIDTH - width}}(?: |$)`, 'g');
  const lines = rows.flatMap(([left, right]) =>
    (right.match(part) ?? []).map((text, index) => `  ${(index === 0 ? left : '').padEnd(width)}${text.trimEnd()}`),
  );
  const usage = ['Usage: vpcep-gateway', name, synopsis, '[options]'].filter(Boolean).join(' ');
  return `${usage}\n\n${summary[0]?.toUpperCase()}${summary.slice(1)}.\n\n${lines.join('\n')}\n`;
}
