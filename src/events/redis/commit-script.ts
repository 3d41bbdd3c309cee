import { ENTRIES_PER_RESOURCE, MAX_MISSING, MAX_UNLISTED_STATES, MIN_ENTRIES, RETENTION_MS } from '../retention.ts';
import { RECORD_LUA } from './codec.ts';

/** Milliseconds between two extensions of the expiry of a log's keys. */
const REFRESH_MS = 3_600_000;

/**
 * The commit in Lua, shared by the scripts that commit. The same rules in TypeScript:
 * events/memory/memory-event-log.ts. The stored form of a resource: codec.ts.
 *
 * KEYS 1 meta, 2 state, 3 stream, 4 lease. ARGV 1 time in µs or '' for Redis TIME, 2 notification channel, 3 name for
 * a new epoch.
 */
export const COMMIT_LUA = `${RECORD_LUA}
local RETENTION_MS, REFRESH_US = ${RETENTION_MS}, ${REFRESH_MS * 1000}
local MIN_ENTRIES, PER_RESOURCE, MAX_MISSING = ${MIN_ENTRIES}, ${ENTRIES_PER_RESOURCE}, ${MAX_MISSING}

local function clock()
  if ARGV[1] ~= '' then return tonumber(ARGV[1]) end
  local t = redis.call('TIME')
  return tonumber(t[1]) * 1000000 + tonumber(t[2])
end

local function notify(message)
  redis.call('PUBLISH', ARGV[2], message)
end

local function run_id()
  return string.match(redis.call('INFO', 'server'), 'run_id:(%w+)')
end

-- True when the answer is not newer than the state. A state from the future was written before the clock stepped back,
-- and must not block the resource until the clock has caught up.
local function is_stale(asof, known, now)
  return asof <= known.asof and (known.asof <= now or asof > now)
end

local function new_epoch(meta, run)
  redis.call('DEL', KEYS[2], KEYS[3])
  meta.epoch, meta.run, meta.seq, meta.base, meta.alive, meta.ttl = ARGV[3], run, 0, '0', 0, 0
  meta.held, meta.listed = 0, 0
  meta.moved, meta.checked, meta.first = true, true, nil
end

local function load_meta()
  local m = redis.call('HMGET', KEYS[1], 'epoch', 'seq', 'run', 'base', 'alive', 'ttl', 'held', 'listed')
  local meta = { epoch = m[1], seq = tonumber(m[2] or 0), run = m[3], base = m[4], alive = tonumber(m[5] or 0),
    was_alive = tonumber(m[5] or 0), ttl = tonumber(m[6] or 0), held = tonumber(m[7] or 0),
    was_held = tonumber(m[7] or 0), listed = tonumber(m[8] or 0), was_listed = tonumber(m[8] or 0), moved = false, checked = false }
  if not meta.epoch then new_epoch(meta, run_id()) end
  return meta
end

-- True: another server wrote this log, so writes may be lost, and an empty epoch has been begun.
local function is_replaced(meta)
  if meta.checked then return false end
  meta.checked = true
  local run = run_id()
  if run == meta.run then return false end
  new_epoch(meta, run)
  return true
end

-- Number of the oldest entry in the stream (which is trimmed by whole nodes), or of the next one. It only grows, so what
-- the commit read first is still safe at its end.
local function first_retained(meta)
  if not meta.first then
    local oldest = redis.call('XRANGE', KEYS[3], '-', '+', 'COUNT', 1)[1]
    meta.first = oldest and tonumber(match(oldest[1], '^%d+')) or meta.seq + 1
  end
  return meta.first
end

-- Appends an entry of the resource with these fields and answers its chain. Field 'i' comes first: the history reads it.
local function append(meta, id, status, previous, version, now, fields, chain)
  local count
  chain, count = shorten(chain, first_retained(meta))
  meta.seq = meta.seq + 1
  local keep = math.max(MIN_ENTRIES, PER_RESOURCE * meta.alive)
  local xadd = { 'XADD', KEYS[3], 'MAXLEN', '~', text(keep), text(meta.seq) .. '-0', 'i', id, 's', status,
    'p', previous and '=' .. previous or '', 'v', text(version), 't', text(now) }
  if count < MAX_CHAIN then
    chain = '\\n@' .. text(meta.seq) .. chain
  else
    xadd[#xadd + 1] = 'f'
    xadd[#xadd + 1] = fields
  end
  redis.call(unpack(xadd))
  return chain
end

-- One pass over the rows. False: an empty epoch has been begun.
local function observe(meta, req, now, out)
  local ids, asof, floor = {}, tonumber(req.asOf), tonumber(req.floor)
  for i, row in ipairs(req.rows) do ids[i] = row[1] end
  local stored, writes = read_states(ids), {}
  for i, row in ipairs(req.rows) do
    local id, status, raw = row[1], row[2], stored[i]
    local past = raw and head(raw) or nil
    local known = past and not past.forgotten and past or nil
    local ignored
    if known then ignored = is_stale(asof, known, now) or (known.status == 'deleted' and req.source == 'list')
    else ignored = status == 'deleted' and req.first ~= 'transition' end
    if not ignored then
      local moves
      if known then moves = known.status ~= status else moves = req.first == 'transition' or meta.base == '1' end
      if moves and is_replaced(meta) then return false end
      local version, seq = known and known.version or 0, known and known.seq or 0
      if moves or not known then version = math.max(version + 1, floor + 1, now) end
      local value
      if known and not moves and holds(raw, known, row[3]) then
        value = text(asof) .. '|' .. text(version) .. '|' .. text(seq) .. sub(raw, known.from)
      else
        local fields, chain, undo = row[3], '\\n'
        if past then
          fields, undo = merge(sub(raw, past.from, past.chain), row[3])
          chain = remember(sub(raw, past.chain, past.stop), undo)
        end
        if moves then
          chain = append(meta, id, status, known and known.status, version, now, fields, chain)
          seq = meta.seq
          out[#out + 1] = { id, status, known and 0 or 1 }
        end
        value = state_value(asof, version, seq, fields, chain, status)
      end
      if (not known or known.status == 'deleted') and status ~= 'deleted' then meta.alive = meta.alive + 1 end
      if known and known.status ~= 'deleted' and status == 'deleted' then meta.alive = meta.alive - 1 end
      writes[#writes + 1] = id
      writes[#writes + 1] = value
      if not known then meta.filled = true end
      if not past then meta.held = meta.held + 1 end
    end
  end
  for from = 1, #writes, CHUNK do
    redis.call('HSET', KEYS[2], unpack(writes, from, math.min(from + CHUNK - 1, #writes)))
  end
  return true
end

local function after_sweep(meta, asof, now)
  if meta.base ~= '1' then meta.base, meta.moved = '1', true end
  local missing, all = {}, redis.call('HGETALL', KEYS[2])
  for i = 1, #all, 2 do
    local known = head(all[i + 1])
    if known.status == 'deleted' then
      if known.forgotten or known.asof < now - RETENTION_MS * 1000 then
        if known.seq < first_retained(meta) then
          meta.held = meta.held - redis.call('HDEL', KEYS[2], all[i])
        elseif not known.forgotten then redis.call('HSET', KEYS[2], all[i], forget(all[i + 1], known)) end
      end
    elseif (known.asof < asof or known.asof > now) and #missing < MAX_MISSING then
      missing[#missing + 1] = all[i]
    end
  end
  meta.listed = meta.held
  return missing
end

-- 'single': not one of several commits that make up a poll, between which no epoch may begin.
local function commit(req, now, single)
  local meta = load_meta()
  if single and meta.held > meta.listed + ${MAX_UNLISTED_STATES} then new_epoch(meta, run_id()) end
  if #req.rows == 0 then is_replaced(meta) end
  local out, before, missing = {}, meta.seq, {}
  if not observe(meta, req, now, out) then
    before = 0
    observe(meta, req, now, out)
  end
  if req.sweep then missing = after_sweep(meta, tonumber(req.asOf), now) end
  -- A fill may have made the state key, which then has no expiry yet.
  if meta.moved or meta.filled or #out > 0 or now - meta.ttl > REFRESH_US or meta.ttl > now then
    meta.ttl = now
    redis.call('HSET', KEYS[1], 'epoch', meta.epoch, 'seq', text(meta.seq), 'run', meta.run, 'base', meta.base, 'alive',
      text(meta.alive), 'held', text(meta.held), 'listed', text(meta.listed), 'ttl', text(now))
    for i = 1, 3 do redis.call('PEXPIRE', KEYS[i], RETENTION_MS) end
  elseif meta.alive ~= meta.was_alive or meta.held ~= meta.was_held or meta.listed ~= meta.was_listed then
    redis.call('HSET', KEYS[1], 'alive', text(meta.alive), 'held', text(meta.held), 'listed', text(meta.listed))
  end
  if meta.moved or #out > 0 then notify('moved ' .. meta.epoch .. ' ' .. text(meta.seq) .. (req.cause or '')) end
  return { meta.epoch, text(before), text(meta.seq), missing, out }
end
`;

/** ARGV 4: the commit request as JSON. */
export const COMMIT_SCRIPT = `${COMMIT_LUA}
return commit(cjson.decode(ARGV[4]), clock(), true)
`;
