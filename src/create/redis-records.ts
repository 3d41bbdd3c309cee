import type { RedisCommands } from '../redis/connect.ts';
import { RedisScript } from '../redis/script.ts';
import {
  type BeginStep,
  CLAIM_MS,
  type ClaimCall,
  type CreateClaims,
  type CreateRecords,
  OPEN_MS,
  PENDING_MS,
  RECORD_MS,
  type RecordAttempt,
  type RecordRef,
  RecordsUnavailableError,
  type TakeStep,
} from './records.ts';

interface RedisStoreOptions {
  readonly redis: RedisCommands;
  /** Keys are `{prefix}:{project}:create:…`; the hash tag keeps a project in one Cluster slot. */
  readonly prefix?: string;
  /** Milliseconds since 1970; left out: Redis TIME. */
  readonly now?: () => number;
}

/** @param paths of the keys, below that of the project */
async function runStep(
  { redis, prefix = 'vpcep-gateway', now }: RedisStoreOptions,
  script: RedisScript,
  projectId: string,
  paths: readonly string[],
  args: readonly string[],
): Promise<unknown> {
  const keys = paths.map((path) => `${prefix}:{${projectId}}:create:${path}`);
  try {
    return await script.run(redis, keys, [now === undefined ? '' : String(now()), ...args]);
  } catch (error) {
    throw new RecordsUnavailableError(error);
  }
}

const CLOCK_LUA = `
local function clock()
  if ARGV[1] ~= '' then return tonumber(ARGV[1]) end
  local t = redis.call('TIME')
  return tonumber(t[1]) * 1000 + math.floor(tonumber(t[2]) / 1000)
end
`;

/**
 * KEYS 1 the open calls of one structure, a sorted set by expiry, 2 and on a claim per resource. ARGV 1 time in ms or ''
 * for Redis TIME, 2 the call, 3 and on the resources. The same rules in TypeScript: memory-records.ts.
 */
const CLAIM_LUA = `
local CLAIM_MS, OPEN_MS = ${CLAIM_MS}, ${OPEN_MS}
local call = ARGV[2]

${CLOCK_LUA}`;

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

/** The claims of many replicas. Every step is one script, so that of two replicas one at most takes a resource. */
export class RedisClaims implements CreateClaims {
  readonly #options: RedisStoreOptions;

  constructor(options: RedisStoreOptions) {
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

  #run(script: RedisScript, { projectId, structure, call }: ClaimCall, ids: readonly string[]): Promise<unknown> {
    const paths = [`open:${structure()}`, ...ids.map((id) => `made:${id}`)];
    return runStep(this.#options, script, projectId, paths, [call, ...ids]);
  }
}

/**
 * KEYS 1 the record, a hash. ARGV 1 time in ms or '' for Redis TIME, 2 token, 3 hash of the input, 4 answer. The same
 * rules in TypeScript: memory-records.ts.
 */
const RECORD_LUA = `
local RECORD_MS, PENDING_MS = ${RECORD_MS}, ${PENDING_MS}
local record = redis.call('HMGET', KEYS[1], 'state', 'input', 'token', 'sent', 'deadline', 'answer')
local state, input, token = record[1], record[2], record[3]

${CLOCK_LUA}
local function put(...)
  redis.call('DEL', KEYS[1])
  redis.call('HSET', KEYS[1], ...)
  redis.call('PEXPIRE', KEYS[1], RECORD_MS)
end
`;

const BEGIN = new RedisScript(`${RECORD_LUA}
local now = clock()
local sent = record[4] or string.format('%.0f', now)
if state then
  if input ~= ARGV[3] then return { 'otherInput' } end
  if state == 'done' then return { 'done', record[6] } end
  if state == 'pending' then
    local left = tonumber(record[5]) - now
    if left > 0 and left <= PENDING_MS then return { 'pending' } end
  end
end
put('state', 'pending', 'input', ARGV[3], 'token', ARGV[2], 'sent', sent, 'deadline', string.format('%.0f', now + PENDING_MS))
return { state and 'reconcile' or 'granted', sent }
`);

const FINISH = new RedisScript(`${RECORD_LUA}
if state and (state == 'done' or input ~= ARGV[3]) then return 0 end
put('state', 'done', 'input', ARGV[3], 'answer', ARGV[4])
return 1
`);

const RELEASE = new RedisScript(`${RECORD_LUA}
if state == 'pending' and token == ARGV[2] then return redis.call('DEL', KEYS[1]) end
return 0
`);

const MARK_UNKNOWN = new RedisScript(`${RECORD_LUA}
if state ~= 'pending' or token ~= ARGV[2] then return 0 end
put('state', 'unknown', 'input', input, 'sent', record[4])
return 1
`);

/** The records of many replicas. Every step is one script, so that of two twins exactly one is granted. */
export class RedisRecords implements CreateRecords {
  readonly #options: RedisStoreOptions;

  constructor(options: RedisStoreOptions) {
    this.#options = options;
  }

  async begin(ref: RecordRef, { token, input }: RecordAttempt): Promise<BeginStep> {
    const [kind, value = ''] = (await this.#run(BEGIN, ref, [token, input])) as [BeginStep['kind'], string?];
    if (kind === 'done') return { kind, answer: value };
    if (kind === 'granted' || kind === 'reconcile') return { kind, sentAtMs: Number(value) };
    return { kind };
  }

  async finish(ref: RecordRef, { token, input }: RecordAttempt, answer: string): Promise<void> {
    await this.#run(FINISH, ref, [token, input, answer]);
  }

  async release(ref: RecordRef, token: string): Promise<void> {
    await this.#run(RELEASE, ref, [token]);
  }

  async markUnknown(ref: RecordRef, token: string): Promise<void> {
    await this.#run(MARK_UNKNOWN, ref, [token]);
  }

  #run(script: RedisScript, { projectId, hash }: RecordRef, args: readonly string[]): Promise<unknown> {
    return runStep(this.#options, script, projectId, [`key:${hash}`], args);
  }
}
