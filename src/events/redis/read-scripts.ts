/** The scripts that only read. KEYS and ARGV 1 to 3 as in commit-script.ts. */
import { RECORD_LUA } from './codec.ts';

/** Entries go with the states of their resources, from which codec.ts works out their records. */
const PAGE_LUA = `${RECORD_LUA}
local function page(m, entries)
  local ids, seen = {}, {}
  for _, entry in ipairs(entries) do
    local id = entry[2][2]
    if not seen[id] then
      seen[id] = true
      ids[#ids + 1] = id
    end
  end
  return { m[1], m[2], entries, read_states(ids) }
end
`;

/** ARGV 4: 'all', or 'some' and the ids from ARGV 5 on. State and position of one moment. */
export const STATE_SCRIPT = `
local m = redis.call('HMGET', KEYS[1], 'epoch', 'seq', 'base')
if not m[1] then return {} end
if ARGV[4] == 'all' then return { m[1], m[2], m[3], redis.call('HGETALL', KEYS[2]) } end
local rows = {}
for i = 5, #ARGV do
  local raw = redis.call('HGET', KEYS[2], ARGV[i])
  if raw then
    rows[#rows + 1] = ARGV[i]
    rows[#rows + 1] = raw
  end
end
return { m[1], m[2], m[3], rows }
`;

/** ARGV 4 first id, 5 count. Entries and position of one moment. */
export const ENTRIES_SCRIPT = `${PAGE_LUA}
local m = redis.call('HMGET', KEYS[1], 'epoch', 'seq')
if not m[1] then return {} end
return page(m, redis.call('XRANGE', KEYS[3], ARGV[4], '+', 'COUNT', ARGV[5]))
`;

/** ARGV 4 how many of each resource, ids from ARGV 5 on. Newest first. */
export const HISTORY_SCRIPT = `${PAGE_LUA}
local m = redis.call('HMGET', KEYS[1], 'epoch', 'seq')
if not m[1] then return {} end
local found, to, left, wanting = {}, '+', {}, #ARGV - 4
for i = 5, #ARGV do left[ARGV[i]] = tonumber(ARGV[4]) end
repeat
  local part = redis.call('XREVRANGE', KEYS[3], to, '-', 'COUNT', 500)
  for _, entry in ipairs(part) do
    local id = entry[2][2]
    if (left[id] or 0) > 0 then
      found[#found + 1] = entry
      left[id] = left[id] - 1
      if left[id] == 0 then wanting = wanting - 1 end
    end
  end
  if #part > 0 then to = '(' .. part[#part][1] end
until #part < 500 or wanting == 0
return page(m, found)
`;
