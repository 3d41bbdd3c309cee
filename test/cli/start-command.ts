import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { expect } from 'vitest';
import { endWithUs } from '../support/end-with-us.ts';
import { entry } from '../support/start-process.ts';

export interface RunningCommand {
  stdout(): string;
  stderr(): string;
  signal(signal: NodeJS.Signals): void;
  readonly ended: Promise<{ readonly code: number; readonly stdout: string; readonly stderr: string }>;
  /** Resolves once `input` is read, but for what a pipe holds. */
  readonly inputRead: Promise<void>;
  /** Waits for it on one of the outputs. */
  saw(pattern: RegExp): Promise<void>;
}

interface CommandOptions {
  readonly env?: Record<string, string>;
  readonly input?: string;
  /** Stdin stays open behind `input`. */
  readonly openInput?: boolean;
  /** In a pseudo-terminal, where both outputs are one. */
  readonly terminal?: boolean;
}

/** `vpcep-gateway ARGS` in a process of its own. */
export function startCommand(url: string, args: readonly string[], options: CommandOptions = {}): RunningCommand {
  const { PATH = '', HOME = '' } = process.env;
  const words = [process.execPath, ...entry(), ...args];
  const [program = '', ...rest] = options.terminal
    ? ['script', '-qec', words.map((word) => `'${word}'`).join(' '), '/dev/null']
    : words;
  const env = { PATH, HOME, TERM: 'xterm', GATEWAY_URL: url, ...options.env };
  const child = endWithUs(spawn(program, rest, { env, stdio: 'pipe' }));
  const inputRead = new Promise<void>((resolve) => {
    if (!options.terminal) child.stdin[options.openInput ? 'write' : 'end'](options.input ?? '', () => resolve());
  });
  const texts = { stdout: '', stderr: '' };
  for (const name of ['stdout', 'stderr'] as const) {
    child[name].on('data', (chunk: Buffer) => {
      texts[name] += chunk.toString();
    });
  }
  return {
    stdout: () => texts.stdout,
    stderr: () => texts.stderr,
    signal: (signal) => void child.kill(signal),
    inputRead,
    ended: once(child, 'close').then(([code]) => ({ code: code as number, ...texts })),
    saw: (pattern) => expect.poll(() => texts.stdout + texts.stderr).toMatch(pattern),
  };
}

export function runCommand(url: string, args: readonly string[], options?: CommandOptions): RunningCommand['ended'] {
  return startCommand(url, args, options).ended;
}

/** The objects that `--json` printed. */
export function objectsOf(text: string): Record<string, unknown>[] {
  return text
    .split('\n')
    .filter(Boolean)
    .map((line) => JSON.parse(line));
}
