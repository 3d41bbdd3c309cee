/**
 * The commit in Lua, shared by the scripts that commit. The same rules in TypeScript: memory-project.ts.
 *
 * KEYS 1 meta, 2 state, 3 stream, 4 turns. ARGV 1 time in µs or '' for Redis TIME, 2 how to ring the bell
 * ('PUBLISH channel'; in a Cluster SPUBLISH), 3 name for a new epoch.
 * A state is `asOf|version|seq|fields` NEWLINE status: fields are a flat JSON object of JSON texts, which never holds a
 * raw line break, while a status is whatever upstream says. Lua merges fields without looking inside, because cjson
 * would turn [] into {} and cut long numbers. For the same reason every µs value goes through `%.0f`: tostring keeps 14
 * digits only.
 */
export const COMMIT_LUA = `
local RETENTION_MS, REFRESH_US, MIN_ENTRIES, PER_ENDPOINT, MAX_MISSING = 86400000, 3600000000, 1000, 3, 100
-- Lua's stack holds some 8,000 values, so no call gets more of them than this.
local CHUNK = 1000

local function text(n) return string.format('%.0f', n) end

local function clock()
  if ARGV[1] ~= '' then return tonumber(ARGV[1]) end
  local t = redis.call('TIME')
  return tonumber(t[1]) * 1000000 + tonumber(t[2])
end

local function ring(message)
  local verb, channel = string.match(ARGV[2], '^(%u+) (.*)$')
  redis.call(verb, channel, message)
end

local function run_id()
  return string.match(redis.call('INFO', 'server'), 'run_id:(%w+)')
end

local function head(raw)
  local asof, version, seq, from, stop = string.match(raw, '^(%d+)|(%d+)|(%d+)|()[^\\n]*()')
  return { asof = tonumber(asof), version = tonumber(version), seq = tonumber(seq), status = string.sub(raw, stop + 1),
    from = from, stop = stop }
end

local function read_states(ids)
  local stored = {}
  for from = 1, #ids, CHUNK do
    local raws = redis.call('HMGET', KEYS[2], unpack(ids, from, math.min(from + CHUNK - 1, #ids)))
    for i = 1, #raws do stored[from + i - 1] = raws[i] end
  end
  return stored
end

-- True when the answer is not newer than the state. A state from the future was written before the clock stepped back:
-- it must not silence the endpoint until the clock has caught up.
local function is_stale(asof, known, now)
  return asof <= known.asof and (known.asof <= now or asof > now)
end

local function merged(raw, known, fields)
  if not known then return cjson.encode(fields) end
  local all = cjson.decode(string.sub(raw, known.from, known.stop - 1))
  for name, value in pairs(fields) do all[name] = value end
  return cjson.encode(all)
end

local function new_epoch(meta, run)
  redis.call('DEL', KEYS[2], KEYS[3])
  meta.epoch, meta.run, meta.seq, meta.base, meta.alive, meta.ttl = ARGV[3], run, 0, '0', 0, 0
  meta.moved, meta.checked = true, true
end

local function load_meta()
  local m = redis.call('HMGET', KEYS[1], 'epoch', 'seq', 'run', 'base', 'alive', 'ttl')
  local meta = { epoch = m[1], seq = tonumber(m[2] or 0), run = m[3], base = m[4], alive = tonumber(m[5] or 0),
    was_alive = tonumber(m[5] or 0), ttl = tonumber(m[6] or 0), moved = false, checked = false }
  if not meta.epoch then new_epoch(meta, run_id()) end
  return meta
end

-- One pass over the rows. False: the server is not the one that wrote this log, and an empty epoch has been begun.
local function observe(meta, req, now, out)
  local ids, asof, floor = {}, tonumber(req.asOf), tonumber(req.floor)
  for i, row in ipairs(req.rows) do ids[i] = row[1] end
  local stored, writes = read_states(ids), {}
  for i, row in ipairs(req.rows) do
    local id, status, raw = row[1], row[2], stored[i]
    local known = raw and head(raw) or nil
    local ignored
    if known then ignored = is_stale(asof, known, now) or (known.status == 'deleted' and req.source == 'list')
    else ignored = status == 'deleted' and req.first ~= 'transition' end
    if not ignored then
      local moves
      if known then moves = known.status ~= status else moves = req.first == 'transition' or meta.base == '1' end
      if moves and not meta.checked then
        meta.checked = true
        local run = run_id()
        if run ~= meta.run then
          new_epoch(meta, run)
          return false
        end
      end
      local version, seq = known and known.version or 0, known and known.seq or 0
      if moves or not known then version = math.max(version + 1, floor + 1, now) end
      local fields = merged(raw, known, row[3])
      if moves then
        meta.seq = meta.seq + 1
        seq = meta.seq
        local entry = { id = id, s = status, v = text(version), t = text(now), p = known and known.status or nil }
        local keep = math.max(MIN_ENTRIES, PER_ENDPOINT * meta.alive)
        redis.call('XADD', KEYS[3], 'MAXLEN', '~', text(keep), text(seq) .. '-0', 'h', cjson.encode(entry), 'f', fields)
        out[#out + 1] = { id, status, known and 0 or 1 }
      end
      if (not known or known.status == 'deleted') and status ~= 'deleted' then meta.alive = meta.alive + 1 end
      if known and known.status ~= 'deleted' and status == 'deleted' then meta.alive = meta.alive - 1 end
      writes[#writes + 1] = id
      writes[#writes + 1] = text(asof) .. '|' .. text(version) .. '|' .. text(seq) .. '|' .. fields .. '\\n' .. status
      if not known then meta.filled = true end
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
      if known.asof < now - RETENTION_MS * 1000 then redis.call('HDEL', KEYS[2], all[i]) end
    elseif (known.asof < asof or known.asof > now) and #missing < MAX_MISSING then
      missing[#missing + 1] = all[i]
    end
  end
  return missing
end

local function commit(req, now)
  local meta = load_meta()
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
      text(meta.alive), 'ttl', text(now))
    for i = 1, 3 do redis.call('PEXPIRE', KEYS[i], RETENTION_MS) end
  elseif meta.alive ~= meta.was_alive then
    redis.call('HSET', KEYS[1], 'alive', text(meta.alive))
  end
  if meta.moved or #out > 0 then ring('moved ' .. meta.epoch .. ' ' .. text(meta.seq)) end
  return { meta.epoch, text(before), text(meta.seq), meta.alive, missing, out }
end
`;

/** ARGV 4: the commit request as JSON. */
export const COMMIT_SCRIPT = `${COMMIT_LUA}
return commit(cjson.decode(ARGV[4]), clock())
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
export const ENTRIES_SCRIPT = `
local m = redis.call('HMGET', KEYS[1], 'epoch', 'seq')
if not m[1] then return {} end
return { m[1], m[2], redis.call('XRANGE', KEYS[3], ARGV[4], '+', 'COUNT', ARGV[5]) }
`;

/** ARGV 4 how many of each endpoint, ids from ARGV 5 on. Newest first. */
export const HISTORY_SCRIPT = `
local m = redis.call('HMGET', KEYS[1], 'epoch', 'seq')
if not m[1] then return {} end
local found, to, left, wanting = {}, '+', {}, #ARGV - 4
for i = 5, #ARGV do left[ARGV[i]] = tonumber(ARGV[4]) end
repeat
  local page = redis.call('XREVRANGE', KEYS[3], to, '-', 'COUNT', 500)
  for _, entry in ipairs(page) do
    local id = cjson.decode(entry[2][2]).id
    if (left[id] or 0) > 0 then
      found[#found + 1] = entry
      left[id] = left[id] - 1
      if left[id] == 0 then wanting = wanting - 1 end
    end
  end
  if #page > 0 then to = '(' .. page[#page][1] end
until #page < 500 or wanting == 0
return { m[1], m[2], found }
`;
