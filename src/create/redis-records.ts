import type { RedisCommands } from '../redis/redis.ts';
import { RedisScript } from '../redis/script.ts';
import {
  type BeginStep,
  type CreateRecords,
  PENDING_MS,
  RECORD_MS,
  type RecordAttempt,
  type RecordRef,
  RecordsUnavailableError,
} from './records.ts';

/**
 * KEYS 1 the record, a hash. ARGV 1 time in ms or '' for Redis TIME, 2 token, 3 hash of the input, 4 answer. The same
 * rules in TypeScript: memory-records.ts.
 */
const RECORD_LUA = `
local RECORD_MS, PENDING_MS = ${RECORD_MS}, ${PENDING_MS}
local record = redis.call('HMGET', KEYS[1], 'state', 'input', 'token', 'sent', 'deadline', 'answer')
local state, input, token = record[1], record[2], record[3]

local function clock()
  if ARGV[1] ~= '' then return tonumber(ARGV[1]) end
  local t = redis.call('TIME')
  return tonumber(t[1]) * 1000 + math.floor(tonumber(t[2]) / 1000)
end

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

export interface RedisRecordsOptions {
  readonly redis: RedisCommands;
  /** Keys are `{prefix}:{project}:create:…`; the hash tag keeps a project in one Cluster slot. */
  readonly prefix?: string;
  /** Milliseconds since 1970; left out: Redis TIME. */
  readonly now?: () => number;
}

/** The records of many replicas. Every step is one script, so that of two twins exactly one is granted. */
export class RedisRecords implements CreateRecords {
  readonly #options: RedisRecordsOptions;

  constructor(options: RedisRecordsOptions) {
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

  async #run(script: RedisScript, ref: RecordRef, args: readonly string[]): Promise<unknown> {
    const { redis, prefix = 'vpcep-gateway', now } = this.#options;
    const key = `${prefix}:{${ref.projectId}}:create:key:${ref.hash}`;
    try {
      return await script.run(redis, [key], [now === undefined ? '' : String(now()), ...args]);
    } catch (error) {
      throw new RecordsUnavailableError(error);
    }
  }
}
