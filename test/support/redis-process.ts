import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { endWithUs } from './end-with-us.ts';

export interface RedisProcess {
  readonly port: number;
  /** A folder of its own, deleted by `stop`. */
  readonly dir: string;
  /** SIGKILL. */
  kill(): Promise<void>;
  /** SIGKILL if it still runs, then a new start with the same folder and port. */
  restart(): Promise<void>;
  /** SIGSTOP / SIGCONT: connected but silent. */
  pause(): void;
  resume(): void;
  /** SIGKILL, and its folder is deleted. */
  stop(): Promise<void>;
}

export interface RedisProcessOptions {
  readonly port: number;
  /** More arguments; `dir` is where files may be written. */
  readonly args?: (dir: string) => readonly string[];
  /** More than what this process has. */
  readonly env?: Readonly<Record<string, string>>;
}

/** A real redis-server on loopback, ready for connections. Data are in memory only. */
export async function startRedisProcess({ port, args, env = {} }: RedisProcessOptions): Promise<RedisProcess> {
  const dir = mkdtempSync(join(tmpdir(), 'vpcep-redis-'));
  const own = args?.(dir) ?? [];
  let child = await launch(port, dir, own, env);
  const kill = async (): Promise<void> => {
    if (child.exitCode !== null || child.signalCode !== null) return;
    const gone = new Promise<void>((resolve) => child.once('exit', () => resolve()));
    child.kill('SIGKILL');
    await gone;
  };
  return {
    port,
    dir,
    kill,
    restart: async () => {
      await kill();
      child = await launch(port, dir, own, env);
    },
    pause: () => void child.kill('SIGSTOP'),
    resume: () => void child.kill('SIGCONT'),
    stop: async () => {
      await kill();
      rmSync(dir, { recursive: true, force: true });
    },
  };
}

/**
 * A free port below the ephemeral range, so that no outgoing connection takes it before the server starts, or between a
 * stop and a restart of the server.
 */
export async function freePort(): Promise<number> {
  for (;;) {
    const port = 15_000 + Math.floor(Math.random() * 17_000);
    if (await canListen(port)) return port;
  }
}

function canListen(port: number): Promise<boolean> {
  const server = createServer();
  return new Promise((resolve) => {
    server.once('error', () => resolve(false));
    server.listen(port, '127.0.0.1', () => server.close(() => resolve(true)));
  });
}

function launch(
  port: number,
  dir: string,
  args: readonly string[],
  env: Readonly<Record<string, string>>,
): Promise<ChildProcess> {
  const binary = process.env.REDIS_SERVER ?? 'redis-server';
  const always = ['--bind', '127.0.0.1', '--dir', dir];
  const child = endWithUs(
    spawn(binary, [...args, '--port', String(port), ...always], {
      env: { ...process.env, ...env },
      stdio: ['ignore', 'pipe', 'inherit'],
    }),
  );
  return new Promise((resolve, reject) => {
    let output = '';
    child.once('error', reject);
    child.once('exit', () => reject(new Error(`${binary} ended at once:\n${output}`)));
    child.stdout?.on('data', (chunk: Buffer) => {
      output += chunk.toString();
      if (/Ready to accept connections|Sentinel ID is/.test(output)) resolve(child);
    });
  });
}

/** For servers that hold data; `noeviction` as the gateway expects it. */
export const IN_MEMORY = ['--save', '', '--appendonly', 'no', '--maxmemory-policy', 'noeviction'] as const;
