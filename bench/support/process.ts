/** Separate processes for what is measured and for what answers it, on cores of their own; CPU and memory as the kernel counts them. */
import { type ChildProcess, execFile, execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, readdirSync, readFileSync } from 'node:fs';
import { cpus } from 'node:os';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { endWithUs } from '../../test/support/end-with-us.ts';

export interface ServerProcess {
  readonly url: string;
  readonly pid: number;
  /** The next line of its output that begins so, after a signal. */
  answerTo(signal: NodeJS.Signals, begin: string): Promise<string>;
  stop(): Promise<void>;
}

export interface ServerOptions {
  readonly nodeArgs?: readonly string[];
  readonly args?: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
  /** The core of what is measured unless given. */
  readonly core?: number;
}

export const ROOT = fileURLToPath(new URL('../../', import.meta.url));
/** Overwritten by each run. */
export const SCRATCH = `${ROOT}.tmp/bench`;
export const MEASURED_CORE = 0;
/** Of the upstream, the load and this process. */
export const OTHER_CORE = 1;
const START_MS = 30_000;
const STOP_MS = 5_000;
const KEPT_OUTPUT = 100_000;
/** The gateway logs its address as JSON, the others print it the same way. */
const READY = /"url":"(http:[^"]+)"/;

for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => process.exit(1));

/** Moves this process to the other core; children inherit it. @param programs with the Debian packages that bring them */
export function prepareMachine(programs: Readonly<Record<string, string>> = {}): void {
  if (cpus().length < 2) throw new Error('two cores are needed: one for the server, one for the load');
  for (const [program, debian] of Object.entries({ taskset: 'util-linux', ...programs })) {
    try {
      execFileSync('sh', ['-c', `command -v ${program}`]);
    } catch {
      throw new Error(`${program} is not on PATH: apt-get install ${debian}`);
    }
  }
  mkdirSync(SCRATCH, { recursive: true });
  execFileSync('taskset', ['-a', '-c', '-p', String(OTHER_CORE), String(process.pid)], { stdio: 'ignore' });
}

/** Resolves once the process has printed its address. The environment is `env` and PATH only. */
export async function startServer(entry: string, options: ServerOptions = {}): Promise<ServerProcess> {
  const { nodeArgs = [], args = [], env, core = MEASURED_CORE } = options;
  const child = endWithUs(
    spawn('taskset', ['-c', String(core), process.execPath, ...nodeArgs, entry, ...args], {
      cwd: ROOT,
      env: { PATH: process.env.PATH ?? '', NODE_ENV: 'production', SHUTDOWN_DELAY_SECONDS: '0', ...env },
      stdio: ['ignore', 'pipe', 'inherit'],
    }),
  );
  const ended = once(child, 'close');
  let output = '';
  child.stdout?.on('data', (chunk: Buffer) => {
    // Reads on without end: a full pipe would stop the process.
    output = (output + chunk.toString()).slice(-KEPT_OUTPUT);
  });
  return {
    url: await addressOf(child, entry, () => output),
    pid: child.pid ?? 0,
    answerTo: async (signal, begin) => {
      output = '';
      child.kill(signal);
      const pattern = new RegExp(`^${begin.replace(/[{[]/g, '\\$&')}.*$`, 'm');
      for (;;) {
        if (child.stdout !== null) await once(child.stdout, 'data', { signal: AbortSignal.timeout(START_MS) });
        const line = pattern.exec(output)?.[0];
        if (line !== undefined) return line;
      }
    },
    stop: async () => {
      child.kill('SIGTERM');
      const late = setTimeout(() => child.kill('SIGKILL'), STOP_MS);
      await ended;
      clearTimeout(late);
    },
  };
}

function addressOf(child: ChildProcess, entry: string, output: () => string): Promise<string> {
  return new Promise((resolve, reject) => {
    const late = setTimeout(() => reject(new Error(`${entry} did not start:\n${output()}`)), START_MS);
    child.once('exit', (code) => reject(new Error(`${entry} ended with ${code}:\n${output()}`)));
    const look = (): void => {
      const url = READY.exec(output())?.[1];
      if (url === undefined) return;
      child.stdout?.off('data', look);
      clearTimeout(late);
      resolve(url);
    };
    child.stdout?.on('data', look);
  });
}

/** Runs a program to its end. This process goes on meanwhile, because it has to empty the pipes of the servers. */
export async function run(program: string, args: readonly string[]): Promise<string> {
  return (await promisify(execFile)(program, args, { cwd: ROOT, encoding: 'utf8' })).stdout;
}

/**
 * CPU time of all threads, the collector's and the compiler's included, in microseconds. The scheduler's own figure is
 * in nanoseconds; `process.cpuUsage` would need code inside the process that is measured.
 */
export function cpuMicros(pid: number): number {
  let nanoseconds = 0;
  for (const task of readdirSync(`/proc/${pid}/task`)) {
    nanoseconds += Number(readFileSync(`/proc/${pid}/task/${task}/schedstat`, 'utf8').split(' ')[0]);
  }
  return nanoseconds / 1000;
}

export function rssMebibytes(pid: number): number {
  return Number(/^VmRSS:\s+(\d+)/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1]) / 1024;
}
