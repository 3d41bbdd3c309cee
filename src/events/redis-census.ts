import { CENSUS_MS } from './retention.ts';

/**
 * Who is there and how many projects each replica polls. KEYS 1 the census, ARGV 1 time in µs or '' for Redis TIME,
 * 2 replica, 3 its number. Names and numbers of the living, in turn.
 */
export const CENSUS_SCRIPT = `
local LIVE_US = ${CENSUS_MS}000
local now = tonumber(ARGV[1])
if not now then
  local time = redis.call('TIME')
  now = tonumber(time[1]) * 1000000 + tonumber(time[2])
end
redis.call('HSET', KEYS[1], ARGV[2], string.format('%.0f', now) .. '|' .. ARGV[3])
redis.call('PEXPIRE', KEYS[1], ${CENSUS_MS})
local all, live, gone = redis.call('HGETALL', KEYS[1]), {}, {}
for i = 1, #all, 2 do
  local at, polls = string.match(all[i + 1], '^(%d+)|(%d+)$')
  -- Either way: a time from the future was written before the clock stepped back.
  if math.abs(now - tonumber(at)) < LIVE_US then
    live[#live + 1] = all[i]
    live[#live + 1] = polls
  else
    gone[#gone + 1] = all[i]
  end
end
if #gone > 0 then redis.call('HDEL', KEYS[1], unpack(gone)) end
return live
`;

export function decodeCensus(reply: unknown): ReadonlyMap<string, number> {
  const flat = reply as readonly string[];
  const census = new Map<string, number>();
  for (let i = 0; i + 1 < flat.length; i += 2) census.set(flat[i] ?? '', Number(flat[i + 1]));
  return census;
}
