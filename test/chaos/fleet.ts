/** Gateway replicas as processes, at addresses that stay the same after a restart. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { SIMULATOR_AK, SIMULATOR_SK } from '../../src/simulator/world/identity.ts';
import { type GatewayProcess, startGatewayProcess } from '../support/start-process.ts';
import { freePort } from '../support/start-redis.ts';

export interface FleetOptions {
  readonly replicas: number;
  readonly projects: readonly string[];
  readonly upstreamUrl: string;
  /** As each replica reaches Redis. */
  readonly redisUrl: string;
  /** For each replica. */
  readonly env: readonly Readonly<Record<string, string>>[];
}

export class Fleet {
  readonly #dir: string;
  readonly #ports: readonly number[];
  readonly #env: Readonly<Record<string, string>>;
  readonly #own: FleetOptions['env'];
  readonly #running = new Map<number, GatewayProcess>();
  readonly #killed = new Set<GatewayProcess>();
  /** Replicas that ended without being killed. */
  readonly deaths: string[] = [];

  private constructor(
    dir: string,
    ports: readonly number[],
    env: Readonly<Record<string, string>>,
    own: FleetOptions['env'],
  ) {
    this.#dir = dir;
    this.#ports = ports;
    this.#env = env;
    this.#own = own;
  }

  static async start(options: FleetOptions): Promise<Fleet> {
    const dir = mkdtempSync(join(tmpdir(), 'vpcep-chaos-'));
    const file = join(dir, 'projects.json');
    const projects = options.projects.map((id) => ({
      id,
      region: 'chaos-1',
      url: options.upstreamUrl,
      credentials: { environment: { ak: 'CHAOS_AK', sk: 'CHAOS_SK' } },
    }));
    writeFileSync(file, JSON.stringify({ projects }));
    const ports: number[] = [];
    for (let n = 0; n < options.replicas; n++) ports.push(await freePort());
    const keys = { CHAOS_AK: SIMULATOR_AK, CHAOS_SK: SIMULATOR_SK };
    const fleet = new Fleet(dir, ports, { PROJECTS_FILE: file, REDIS_URL: options.redisUrl, ...keys }, options.env);
    try {
      await Promise.all(ports.map((_, n) => fleet.launch(n)));
    } catch (error) {
      await fleet.stop();
      throw error;
    }
    return fleet;
  }

  /** Addresses of the replicas. */
  get urls(): readonly string[] {
    return this.#ports.map((port) => `http://127.0.0.1:${port}/graphql`);
  }

  async launch(n: number): Promise<void> {
    const started = await startGatewayProcess({ ...this.#env, ...this.#own[n], PORT: String(this.#ports[n]) });
    this.#running.set(n, started);
    void started.ended.then((code) => {
      if (!this.#killed.has(started))
        this.deaths.push(`replica ${n} ended with ${code}: ${started.output().slice(-2_000)}`);
    });
  }

  signal(n: number, signal: NodeJS.Signals): void {
    this.#running.get(n)?.signal(signal);
  }

  async kill(n: number): Promise<void> {
    const running = this.#running.get(n);
    if (running === undefined) return;
    this.#killed.add(running);
    await running.stop();
  }

  async stop(): Promise<void> {
    await Promise.all([...this.#running.keys()].map((n) => this.kill(n)));
    rmSync(this.#dir, { recursive: true, force: true });
  }
}
