/** The servers that answer the three operations, each started alone on its core. */
import { TestIssuer } from '../../test/support/issuer.ts';
import { startRedis } from '../../test/support/start-redis.ts';
import { bundle } from './bundle.ts';
import { type Environment, startGateway } from './gateway.ts';
import { type ServerProcess, startServer } from './process.ts';
import { PROJECT_ID } from './sample.ts';

export interface Contestant {
  readonly name: string;
  readonly headers: Readonly<Record<string, string>>;
  start(upstreamUrl: string): Promise<ServerProcess>;
  /** What was started beside it. */
  close(): Promise<void>;
}

/** By the names of the command line. */
export const CONTESTANTS = {
  floor: () => bundled('floor', 'servers', 'floor-http'),
  mercurius: () => bundled('Mercurius with JIT', 'peers', 'mercurius'),
  apollo: () => bundled('Apollo Server standalone', 'peers', 'apollo'),
  yoga: () => bundled('Yoga with JIT', 'peers', 'yoga'),
  none: async () => gateway('this gateway, `AUTH_MODE=none`'),
  jwt: withTokens,
  redis: withRedis,
} satisfies Record<string, () => Promise<Contestant>>;

export type ContestantName = keyof typeof CONTESTANTS;

async function bundled(name: string, ...file: Parameters<typeof bundle>): Promise<Contestant> {
  const entry = await bundle(...file);
  const start = (upstreamUrl: string): Promise<ServerProcess> => startServer(entry, { args: [upstreamUrl] });
  return { name, headers: {}, start, close: async () => {} };
}

function gateway(name: string, env: Environment = {}): Contestant {
  return { name, headers: {}, start: (upstreamUrl) => startGateway(upstreamUrl, env), close: async () => {} };
}

async function withTokens(): Promise<Contestant> {
  const issuer = await TestIssuer.start();
  const now = Math.floor(Date.now() / 1000);
  const token = await issuer.token({ projects: [PROJECT_ID], rights: ['read', 'write'], exp: now + 7_200 });
  return {
    ...gateway('this gateway, `jwt` with rate limits', { ...issuer.env, JWT_RIGHTS_CLAIM: 'rights' }),
    headers: { authorization: `Bearer ${token}` },
    close: () => issuer.close(),
  };
}

async function withRedis(): Promise<Contestant> {
  const redis = await startRedis();
  return { ...gateway('this gateway with Redis', { REDIS_URL: redis.url }), close: () => redis.stop() };
}
