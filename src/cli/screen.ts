/** Lines on the two outputs, and below them a progress line where stderr is a terminal. */
import type { CommandIo } from './command.ts';

/** Characters that a terminal obeys or that change the direction of text. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for.
const CONTROL = /[\u0000-\u001f\u007f-\u009f\u2028\u2029\u202a-\u202e\u2066-\u2069]/g;
/** Statuses, and what a line of `check` begins with. */
const COLOURS = [
  [/\b(?:ACCEPTED|AVAILABLE)\b|^ok(?= {4})/g, 32],
  [/\b(?:FAILED|REJECTED)\b|^fail(?= {2})/g, 31],
  [/\b(?:CREATING|DELETING|PENDING_ACCEPTANCE|UNKNOWN)\b|^warn(?= {2})/g, 33],
] as const;
const REDRAW_MS = 1_000;

export class Screen {
  readonly #io: CommandIo;
  #timer: ReturnType<typeof setInterval> | undefined;
  #progress: (() => string) | undefined;

  constructor(io: CommandIo) {
    this.#io = io;
  }

  /** Data, on stdout. */
  print(line: string): void {
    this.#write('stdout', line);
  }

  /** Talk, on stderr. */
  say(line: string): void {
    this.#write('stderr', line);
  }

  /** Shows `text` and the elapsed time below all lines, until `done`. */
  progress(text: () => string): void {
    const { stderr, env } = this.#io;
    if (!stderr.isTTY || env.TERM === 'dumb') return;
    const start = Date.now();
    this.#progress = () => `${text()}  ${elapsed(Date.now() - start)}`;
    this.#timer = setInterval(() => this.#draw(), REDRAW_MS);
    this.#draw();
  }

  done(): void {
    clearInterval(this.#timer);
    this.#erase();
    this.#progress = undefined;
  }

  #write(name: 'stdout' | 'stderr', line: string): void {
    this.#erase();
    this.#io[name].write(`${this.#paint(name, line)}\n`);
    this.#draw();
  }

  #erase(): void {
    if (this.#progress) this.#io.stderr.write('\r\u001b[K');
  }

  #draw(): void {
    if (!this.#progress) return;
    // A line that wraps could not be erased.
    const line = this.#progress().slice(0, (this.#io.stderr.columns || 80) - 1);
    this.#io.stderr.write(`\r\u001b[K${this.#paint('stderr', line)}`);
  }

  #paint(name: 'stdout' | 'stderr', line: string): string {
    const { env } = this.#io;
    const safe = line.replace(CONTROL, (char) => `\\u${char.charCodeAt(0).toString(16).padStart(4, '0')}`);
    if (!this.#io[name].isTTY || env.NO_COLOR || env.TERM === 'dumb') return safe;
    return COLOURS.reduce((text, [word, colour]) => text.replace(word, `\u001b[${colour}m$&\u001b[0m`), safe);
  }
}

function elapsed(ms: number): string {
  const seconds = Math.floor(ms / 1_000);
  return `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, '0')}`;
}
