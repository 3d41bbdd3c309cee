/** The servers that answer the three operations. */
import { TestIssuer } from '../../test/support/issuer.ts';
import { startRedis } from '../../test/support/start-redis.ts';
import { bundle } from './bundle.ts';
import { type Environment, startGateway } from './gateway.ts';
import { ROOT, run, type ServerProcess, startServer } from './process.ts';
import { OPENAPI_OPERATIONS, OPERATIONS, type Operations, PROJECT_ID } from './sample.ts';

export interface Contestant {
  readonly name: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly operations: Operations;
  /** What it must answer, made of the floor's `data`. */
  expected(floor: string): string;
  start(): Promise<ServerProcess>;
  /** What was started beside it. */
  close(): Promise<void>;
}

/** By the names of the command line; each is called with the address of the upstream. */
export const CONTESTANTS = {
  floor: (upstream: string) => bundled('floor', 'servers', 'floor-http', upstream),
  mercurius: (upstream: string) => bundled('Mercurius with JIT', 'peers', 'mercurius', upstream),
  apollo: (upstream: string) => bundled('Apollo Server standalone', 'peers', 'apollo', upstream),
  yoga: (upstream: string) => bundled('Yoga with JIT', 'peers', 'yoga', upstream),
  hive,
  none: async (upstream: string) => gateway('this gateway, `AUTH_MODE=none`', upstream, {}),
  jwt: withTokens,
  redis: withRedis,
} satisfies Record<string, (upstream: string) => Promise<Contestant>>;

export type ContestantName = keyof typeof CONTESTANTS;

const USUAL = {
  headers: {},
  operations: OPERATIONS,
  expected: (floor: string) => floor,
  close: async () => {},
};

async function bundled(name: string, folder: 'servers' | 'peers', file: string, argument: string): Promise<Contestant> {
  const entry = await bundle(folder, file);
  return { ...USUAL, name, start: () => startServer(entry, { args: [argument] }) };
}

/** It passes upstream's words on, and a creation has no cursor around it. */
async function hive(upstream: string): Promise<Contestant> {
  const supergraph = `${ROOT}bench/peers/dist/supergraph.graphql`;
  await run(process.execPath, [
    await bundle('peers', 'hive-compose'),
    `${ROOT}schema/vpcep.openapi.yaml`,
    upstream,
    supergraph,
  ]);
  return {
    ...(await bundled('Hive Gateway with JIT', 'peers', 'hive', supergraph)),
    operations: OPENAPI_OPERATIONS,
    expected: (floor) =>
      floor
        .replace(/("createVpcEndpoint":)\{"statusCursor":"","endpoint":(.*)\}/, '$1$2')
        .replace(/"(status|serviceType)":"[A-Z]+"/g, (text) => text.replace(/"[A-Z]+"/, (word) => word.toLowerCase())),
  };
}

function gateway(name: string, upstream: string, env: Environment): Contestant {
  return { ...USUAL, name, start: () => startGateway(upstream, env) };
}

async function withTokens(upstream: string): Promise<Contestant> {
  const issuer = await TestIssuer.start();
  const now = Math.floor(Date.now() / 1000);
  const token = await issuer.token({ projects: [PROJECT_ID], rights: ['read', 'write'], exp: now + 7_200 });
  const env = { ...issuer.env, JWT_RIGHTS_CLAIM: 'rights' };
  return {
    ...gateway('this gateway, `jwt` with rate limits', upstream, env),
    headers: { authorization: `Bearer ${token}` },
    close: () => issuer.close(),
  };
}

async function withRedis(upstream: string): Promise<Contestant> {
  const redis = await startRedis();
  const env = { REDIS_URL: redis.url };
  return { ...gateway('this gateway with Redis', upstream, env), close: () => redis.stop() };
}
