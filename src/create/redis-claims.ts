import type { RedisCommands } from '../redis/redis.ts';
import { RedisScript } from '../redis/script.ts';
import { CLAIM_MS, type ClaimCall, type CreateClaims, OPEN_MS, type TakeStep } from './claims.ts';
import { RecordsUnavailableError } from './records.ts';

/**
 * KEYS 1 the open calls of one structure, a sorted set by expiry, 2 and on a claim per resource. ARGV 1 time in ms or ''
 * for Redis TIME, 2 the call, 3 and on the resources. The same rules in TypeScript: memory-claims.ts.
 */
const CLAIM_LUA = `
local CLAIM_MS, OPEN_MS = ${CLAIM_MS}, ${OPEN_MS}
local call = ARGV[2]

local function clock()
  if ARGV[1] ~= '' then return tonumber(ARGV[1]) end
  local t = redis.call('TIME')
  return tonumber(t[1]) * 1000 + math.floor(tonumber(t[2]) / 1000)
end
`;

const OPEN = new RedisScript(`${CLAIM_LUA}
redis.call('ZADD', KEYS[1], string.format('%.0f', clock() + OPEN_MS), call)
redis.call('PEXPIRE', KEYS[1], OPEN_MS)
return 1
`);

const CLOSE = new RedisScript(`${CLAIM_LUA}
redis.call('ZREM', KEYS[1], call)
if KEYS[2] then redis.call('SET', KEYS[2], call, 'PX', CLAIM_MS) end
return 1
`);

const TAKE = new RedisScript(`${CLAIM_LUA}
redis.call('ZREMRANGEBYSCORE', KEYS[1], '-inf', string.format('%.0f', clock()))
for _, other in ipairs(redis.call('ZRANGE', KEYS[1], 0, 1)) do
  if other ~= call then return { 'busy' } end
end
local left, at = {}, nil
for i = 2, #KEYS do
  local owner = redis.call('GET', KEYS[i])
  if not owner or owner == call then
    left[#left + 1] = ARGV[i + 1]
    at = i
  end
end
if #left ~= 1 then return { 'left', left } end
redis.call('ZREM', KEYS[1], call)
redis.call('SET', KEYS[at], call, 'PX', CLAIM_MS)
return { 'taken', left[1] }
`);

export interface RedisClaimsOptions {
  readonly redis: RedisCommands;
  /** Keys are `{prefix}:{project}:create:…`; the hash tag keeps a project in one Cluster slot. */
  readonly prefix?: string;
  /** Milliseconds since 1970; left out: Redis TIME. */
  readonly now?: () => number;
}

/** The claims of many replicas. Every step is one script, so that of two replicas one at most takes a resource. */
export class RedisClaims implements CreateClaims {
  readonly #options: RedisClaimsOptions;

  constructor(options: RedisClaimsOptions) {
    this.#options = options;
  }

  async open(call: ClaimCall): Promise<void> {
    await this.#run(OPEN, call, []);
  }

  async close(call: ClaimCall, id: string | null): Promise<void> {
    await this.#run(CLOSE, call, id === null ? [] : [id]);
  }

  async take(call: ClaimCall, candidates: readonly string[]): Promise<TakeStep> {
    const reply = (await this.#run(TAKE, call, candidates)) as ['taken', string] | ['left', string[]] | ['busy'];
    if (reply[0] === 'taken') return { kind: 'taken', id: reply[1] };
    return reply[0] === 'left' ? { kind: 'left', ids: reply[1] } : { kind: 'busy' };
  }

  async #run(script: RedisScript, { projectId, structure, call }: ClaimCall, ids: readonly string[]): Promise<unknown> {
    const { redis, prefix = 'vpcep-gateway', now } = this.#options;
    const root = `${prefix}:{${projectId}}:create`;
    const keys = [`${root}:open:${structure}`, ...ids.map((id) => `${root}:made:${id}`)];
    try {
      return await script.run(redis, keys, [now === undefined ? '' : String(now()), call, ...ids]);
    } catch (error) {
      throw new RecordsUnavailableError(error);
    }
  }
}
