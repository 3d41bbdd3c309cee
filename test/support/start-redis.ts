import { freePort, IN_MEMORY, startRedisProcess } from './redis-process.ts';

export { freePort };

export interface RedisServer {
  readonly port: number;
  readonly url: string;
  /** SIGKILL, then a new server on the same port: empty, or with the last SAVE. */
  restartEmpty(): Promise<void>;
  kill(): Promise<void>;
  /** SIGSTOP / SIGCONT: connected but silent. */
  pause(): void;
  resume(): void;
  stop(): Promise<void>;
}

/** A real redis-server on a free port; its files are deleted at the end. */
export async function startRedis(
  args: readonly string[] = [],
  env: Readonly<Record<string, string>> = {},
): Promise<RedisServer> {
  const server = await startRedisProcess({ port: await freePort(), args: () => [...IN_MEMORY, ...args], env });
  return { ...server, url: `redis://127.0.0.1:${server.port}`, restartEmpty: server.restart };
}
