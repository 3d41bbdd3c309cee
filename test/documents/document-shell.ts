import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { entry } from '../support/start-process.ts';
import { freePort } from '../support/start-redis.ts';
import { ROOT } from './document-blocks.ts';

export interface Finished {
  readonly code: number | null;
  readonly out: string;
  readonly err: string;
}

export interface Running {
  /** What it has printed so far. */
  out(): string;
  readonly ended: Promise<Finished>;
}

/** Fixed ports of the documents: two gateways, the simulator, Redis. */
const PORTS = ['4000', '4001', '4100', '6379'] as const;

/** Whether something goes on in the background when the command has ended. */
export function startsServers(command: string): boolean {
  return /&$/m.test(command);
}

/**
 * Runs commands as they are written, in a folder of its own inside the project, where packages are found. Ports are
 * replaced by free ones, and `script/server` starts the gateway without installing and building first.
 */
export class DocumentShell {
  readonly dir: string;
  readonly #ports = new Map<string, string>();
  readonly #groups = new Set<number>();

  constructor(gatewayUrl: string) {
    mkdirSync(join(ROOT, '.tmp'), { recursive: true });
    this.dir = mkdtempSync(join(ROOT, '.tmp/documents-'));
    process.on('exit', this.#end);
    this.#ports.set('4000', new URL(gatewayUrl).port);
    const node = (name: 'main' | 'simulator/main') => `exec '${process.execPath}' ${entry(name).join(' ')}`;
    const redis = process.env.REDIS_SERVER ?? 'redis-server';
    this.#program('script/server', node('main'));
    this.#program('bin/npm', `[ "$*" = 'run --silent simulate' ] || exit 64\n${node('simulator/main')}`);
    this.#program(
      'bin/redis-server',
      `PATH='${process.env.PATH}' exec ${redis} "$@" --port $REDIS_PORT --bind 127.0.0.1`,
    );
  }

  /** The text with the addresses of this run. */
  here(text: string): string {
    return text.replaceAll(/(?<=[:=])(4000|4001|4100|6379)\b/g, (port) => this.#ports.get(port) ?? port);
  }

  /** From now on the documented ports lead to servers that are still to be started. */
  async moveToFreePorts(): Promise<void> {
    for (const port of PORTS) this.#ports.set(port, String(await freePort()));
  }

  write(path: string, text: string, mode = 0o600): string {
    const file = join(this.dir, path);
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, text);
    chmodSync(file, mode);
    return file;
  }

  run(command: string, env: Readonly<Record<string, string>> = {}): Promise<Finished> {
    return this.start(command, env).ended;
  }

  start(command: string, env: Readonly<Record<string, string>> = {}): Running {
    const child = spawn('bash', ['-e', '-o', 'pipefail', '-c', this.here(command)], {
      cwd: this.dir,
      // A group of its own, so that what runs in the background can be ended with it.
      detached: true,
      env: {
        PATH: `${this.dir}/bin:${process.env.PATH}`,
        HOME: this.dir,
        NODE_NO_WARNINGS: '1',
        PORT: this.#ports.get('4000') ?? '',
        SIMULATOR_PORT: this.#ports.get('4100') ?? '',
        SIMULATOR_SPEED: '5',
        REDIS_PORT: this.#ports.get('6379') ?? '',
        ...env,
      },
    });
    const group = child.pid;
    if (group !== undefined) this.#groups.add(group);
    let [out, err] = ['', ''];
    child.stdout.on('data', (chunk: Buffer) => (out += chunk.toString()));
    child.stderr.on('data', (chunk: Buffer) => (err += chunk.toString()));
    const ended = once(child, 'close').then(([code]: (number | null)[]) => {
      if (group !== undefined && !startsServers(command)) this.#groups.delete(group);
      return { code: code ?? null, out, err };
    });
    return { out: () => out, ended };
  }

  /** What servers in the background have printed. */
  log(): string {
    return readFileSync(join(this.dir, 'servers.log'), 'utf8');
  }

  close(): void {
    this.#end();
    process.off('exit', this.#end);
    rmSync(this.dir, { recursive: true });
  }

  readonly #end = (): void => {
    for (const group of this.#groups) {
      try {
        process.kill(-group, 'SIGKILL');
      } catch {
        // All of the group have ended by themselves.
      }
    }
    this.#groups.clear();
  };

  #program(path: string, command: string): void {
    this.write(path, `#!/usr/bin/env bash\nexec >>'${this.dir}/servers.log' 2>&1\n${command}\n`, 0o700);
  }
}
