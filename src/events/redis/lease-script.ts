import { INTEREST_MS, LEASE_MS, MAX_SINGLE_READS, MAX_WAIT_MS, WAKE_SPACING_MS } from '../retention.ts';
import { COMMIT_LUA } from './commit-script.ts';

/**
 * One step of the watcher in Lua: end the poll (commit its observations), declare interest, grant the next poll.
 * The same rules in TypeScript: events/memory/lease.ts.
 *
 * ARGV 4 replica, 5 interest ('' none, '*' everything, or ids as a JSON array), 6 '1' to wake, 7 ticket of the poll that
 * is done or '', 8 milliseconds until the next poll is due, 9 '1' when upstream asked for that wait, 10… the commits of the
 * poll as JSON.
 */
export const LEASE_SCRIPT = `${COMMIT_LUA}
local LEASE, INTEREST, MAX_WAIT = ${LEASE_MS * 1000}, ${INTEREST_MS * 1000}, ${MAX_WAIT_MS * 1000}
local SPACING, MAX_SINGLE = ${WAKE_SPACING_MS * 1000}, ${MAX_SINGLE_READS}

local now = clock()
local replica, interest, wake = ARGV[4], ARGV[5], ARGV[6] == '1'
local flat, t = redis.call('HGETALL', KEYS[4]), {}
for i = 1, #flat, 2 do t[flat[i]] = flat[i + 1] end
local owner, ticket, due, expires = t.owner or '', tonumber(t.ticket or 0), tonumber(t.due or 0), tonumber(t.expires or 0)
local set_at = tonumber(t.set_at or 0)
local hold = tonumber(t.hold or 0)
local polling, woken, was_woken = t.polling == '1', t.woken == '1', 0
local fenced, commits = 0, {}

local function is_in_flight() return polling and due <= now end

local function milliseconds_until(at) return math.max(0, math.ceil((at - now) / 1000)) end

local function bring_forward()
  local soonest = math.max(now, hold)
  if polling and due <= soonest then return false end
  due = soonest
  return true
end

if ARGV[7] ~= '' then
  if ticket == tonumber(ARGV[7]) and is_in_flight() then
    for i = 10, #ARGV do commits[#commits + 1] = commit(cjson.decode(ARGV[i]), now) end
    was_woken = woken and 1 or 0
    local after = now + math.min(tonumber(ARGV[8]) * 1000, MAX_WAIT)
    hold = math.max(due + SPACING, ARGV[9] == '1' and after or 0)
    due = woken and math.max(now, hold) or after
    expires, set_at, polling, woken = due + LEASE, now, false, false
  else
    fenced = 1
  end
end

local gone, wanted, any, all, seen, count = {}, {}, false, false, {}, 0
if interest == '' then t['i:' .. replica] = nil; gone[1] = 'i:' .. replica
else t['i:' .. replica] = text(now + INTEREST) .. '|' .. interest end
for name, value in pairs(t) do
  if string.sub(name, 1, 2) == 'i:' then
    local last, wants = string.match(value, '^(%d+)|(.*)$')
    last = tonumber(last)
    if last <= now or last > now + INTEREST then
      gone[#gone + 1] = name
    else
      any = true
      if wants == '*' then all = true end
      for _, id in ipairs(wants == '*' and {} or cjson.decode(wants)) do
        if not seen[id] then seen[id] = true; count = count + 1; wanted[count] = id end
      end
    end
  end
end
if #gone > 0 then redis.call('HDEL', KEYS[4], unpack(gone)) end

local kind, value, after_ms, notice, announced = 'idle', '0', '0', nil, expires
if not any then
  owner, expires, polling = '', 0, false
else
  local stepped_back = set_at > now + LEASE
  local expired = expires <= now or stepped_back
  if expired then polling = false end
  if stepped_back then due, hold = now, 0 end
  set_at = now
  if interest == '' then
    local held = owner == replica
    if held then owner, expires, polling = '', 0, false end
    local in_flight = is_in_flight()
    if wake and in_flight then woken = true end
    if wake and not in_flight and bring_forward() then polling, expires = false, math.min(expires, due + LEASE) end
    if held or (wake and not in_flight) then notice = 'lease' end
  else
    local in_flight = is_in_flight() and owner ~= replica
    if wake and in_flight then woken = true end
    local sooner = wake and not in_flight and bring_forward()
    if in_flight or not (owner == replica or expired or sooner) then
      kind, value = 'wait', text(milliseconds_until(expires))
    else
      if polling and owner ~= replica then notice = 'lease ' .. owner end
      owner, ticket, due, polling, woken = replica, math.max(ticket + 1, now), math.max(due, now), true, false
      expires = due + LEASE
      if announced - expires > LEASE then notice = 'lease' end
      kind, value, after_ms = 'poll', text(ticket), text(milliseconds_until(due))
    end
  end
end

local writes = { 'owner', owner, 'ticket', text(ticket), 'due', text(due), 'hold', text(hold), 'expires', text(expires),
  'set_at', text(set_at), 'polling', polling and '1' or '0', 'woken', woken and '1' or '0' }
if interest ~= '' then
  writes[#writes + 1] = 'i:' .. replica
  writes[#writes + 1] = t['i:' .. replica]
end
local ttl = tonumber(t.ttl or 0)
local refresh = now - ttl > REFRESH_US or ttl > now
if refresh then writes[#writes + 1] = 'ttl'; writes[#writes + 1] = text(now) end
redis.call('HSET', KEYS[4], unpack(writes))
if refresh then redis.call('PEXPIRE', KEYS[4], RETENTION_MS) end
if notice then notify(notice) end
return { fenced, was_woken, kind, value, text(now), (all or count > MAX_SINGLE) and '*' or wanted, after_ms, commits }
`;

/** ARGV 4 ticket. 1: the poll in flight is kept. */
export const RENEW_SCRIPT = `
local t = redis.call('HMGET', KEYS[4], 'ticket', 'polling', 'due')
if t[1] ~= ARGV[4] or t[2] ~= '1' then return 0 end
local now = tonumber(ARGV[1])
if not now then
  local time = redis.call('TIME')
  now = tonumber(time[1]) * 1000000 + tonumber(time[2])
end
local expires = math.max(now, tonumber(t[3])) + ${LEASE_MS * 1000}
redis.call('HSET', KEYS[4], 'expires', string.format('%.0f', expires), 'set_at', string.format('%.0f', now))
return 1
`;
