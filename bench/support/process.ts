/** Separate processes for what is measured and what answers it, and their CPU and memory as the kernel counts them. */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { endWithUs } from '../../test/support/end-with-us.ts';

export interface ServerProcess {
  readonly url: string;
  readonly pid: number;
  stop(): Promise<void>;
}

export interface ServerOptions {
  readonly nodeArgs?: readonly string[];
  readonly args?: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
}

export const ROOT = fileURLToPath(new URL('../../', import.meta.url));
const START_MS = 30_000;
const STOP_MS = 5_000;
/** The gateway logs its address as JSON, the others print it the same way. */
const READY = /"url":"(http:[^"]+)"/;

for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => process.exit(1));

/** Resolves once the process has printed its address. The environment is `env` and PATH only. */
export async function startServer(entry: string, options: ServerOptions = {}): Promise<ServerProcess> {
  const loader = entry.endsWith('.ts') ? ['--import', 'tsx'] : [];
  const child = endWithUs(
    spawn(process.execPath, [...loader, ...(options.nodeArgs ?? []), entry, ...(options.args ?? [])], {
      cwd: ROOT,
      env: { PATH: process.env.PATH ?? '', NODE_ENV: 'production', SHUTDOWN_DELAY_SECONDS: '0', ...options.env },
      stdio: ['ignore', 'pipe', 'inherit'],
    }),
  );
  const ended = once(child, 'exit');
  return {
    url: await addressOf(child, entry),
    pid: child.pid ?? 0,
    stop: async () => {
      child.kill('SIGTERM');
      const late = setTimeout(() => child.kill('SIGKILL'), STOP_MS);
      await ended;
      clearTimeout(late);
    },
  };
}

function addressOf(child: ChildProcess, entry: string): Promise<string> {
  return new Promise((resolve, reject) => {
    let text = '';
    const late = setTimeout(() => reject(new Error(`${entry} did not start:\n${text}`)), START_MS);
    child.once('exit', (code) => reject(new Error(`${entry} ended with ${code}:\n${text}`)));
    child.stdout?.on('data', (chunk: Buffer) => {
      // Reads on without end: a full pipe would stop the process.
      if (text.length < 10_000) text += chunk.toString();
      const url = READY.exec(text)?.[1];
      if (url === undefined) return;
      clearTimeout(late);
      resolve(url);
    });
  });
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

export function rssKilobytes(pid: number): number {
  return Number(/^VmRSS:\s+(\d+)/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1]);
}
