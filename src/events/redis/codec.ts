/** Between the log's shapes and what the scripts read and answer. */
import type { CommitRequest, CommitResult, Entry, EntryPage, Fields, StoredState } from '../event-log.ts';
import { firstOfEach } from '../event-log.ts';

/** Fields as lines of text: name, JSON text. */
export class FieldCodec {
  readonly #codes: ReadonlyMap<string, string>;
  /** As JSON texts, by code. */
  readonly #names: ReadonlyMap<string, string>;

  /** @param codes by name; a name without one is there as JSON text, which begins with a quotation mark. */
  constructor(codes: ReadonlyMap<string, string>) {
    this.#codes = codes;
    this.#names = new Map([...codes].map(([name, code]) => [code, JSON.stringify(name)]));
  }

  /** A line break, then the lines: the form in which the scripts cut fields out of a state. */
  encode(fields: Fields): string {
    let lines = '\n';
    for (const [name, value] of Object.entries(fields)) {
      if (value !== undefined) lines += `${this.#codes.get(name) ?? JSON.stringify(name)}\t${JSON.stringify(value)}\n`;
    }
    return lines;
  }

  /** What `encode` made. */
  decode(lines: string): Fields {
    const record = this.record();
    for (const line of lines.slice(1, -1).split('\n')) record.put(line);
    return record.fields();
  }

  record(): RecordLines {
    return new RecordLines(this.#names);
  }
}

/** The lines of one record: JSON texts by stored name. */
class RecordLines {
  readonly #names: ReadonlyMap<string, string>;
  readonly #texts = new Map<string, string>();

  constructor(names: ReadonlyMap<string, string>) {
    this.#names = names;
  }

  put(line: string): void {
    const tab = line.indexOf('\t');
    if (tab === -1) this.#texts.delete(line);
    else this.#texts.set(line.slice(0, tab), line.slice(tab + 1));
  }

  fields(): Fields {
    const members = [...this.#texts].map(([name, text]) => `${this.#names.get(name) ?? name}:${text}`);
    return JSON.parse(`{${members.join(',')}}`) as Fields;
  }
}

/** @param cause `traceparent`, for the notification. */
export function encodeCommit(request: CommitRequest, codec: FieldCodec, cause: string | undefined): string {
  return JSON.stringify({
    asOf: String(request.asOf),
    floor: String(request.versionFloor ?? 0),
    first: request.firstSight,
    source: request.source,
    sweep: request.sweep === true,
    rows: firstOfEach(request.observations).map((row) => [row.id, row.status, codec.encode(row.fields)]),
    ...(cause !== undefined && { cause: ` ${cause}` }),
  });
}

export function decodeCommit(reply: unknown): CommitResult {
  const [epoch, before, after, missing, transitions] = reply as [
    string,
    string,
    string,
    string[],
    [string, string, number][],
  ];
  return {
    before: { epoch, seq: Number(before) },
    after: { epoch, seq: Number(after) },
    missing,
    transitions: transitions.map(([id, status, first]) => ({ id, status, firstSight: first === 1 })),
  };
}

/** Ids and values of the state hash by turns; forgotten resources are left out. */
export function decodeStates(rows: readonly string[], codec: FieldCodec): readonly StoredState[] {
  const states: StoredState[] = [];
  for (let i = 0; i + 1 < rows.length; i += 2) {
    const [id = '', value = ''] = rows.slice(i, i + 2);
    if (!value.startsWith('-')) states.push(decodeState(id, value, codec));
  }
  return states;
}

function decodeState(id: string, value: string, codec: FieldCodec): StoredState {
  const { head, lines, status } = cut(value);
  const [asOf, version, seq] = head.split('|');
  const record = codec.record();
  for (const line of lines) {
    if (line.startsWith('@')) break;
    record.put(line);
  }
  return {
    id,
    asOf: Number(asOf),
    version: Number(version),
    seq: Number(seq),
    status,
    fields: record.fields(),
  };
}

/** A stream entry as XRANGE gives it. */
type StreamEntry = readonly [id: string, namesAndValues: readonly string[]];

/**
 * `reply`: epoch, last number, stream entries in either order, states of their resources. An entry without a record (the
 * state key was deleted) counts as trimmed together with all older ones, which makes followers start over.
 */
export function decodePage(reply: unknown, codec: FieldCodec): EntryPage {
  const [epoch, last, rows = [], states = []] = reply as [
    string?,
    string?,
    (readonly StreamEntry[])?,
    (readonly (string | null)[])?,
  ];
  if (epoch === undefined) return { position: null, entries: [] };
  const records = recordsOf(new Set(rows.map(seqOf)), states, codec);
  const entries: Entry[] = [];
  let trimmed = 0;
  for (const row of rows) {
    const entry = decodeEntry(row, records, codec);
    if (entry === undefined) trimmed = Math.max(trimmed, seqOf(row));
    else entries.push(entry);
  }
  return { position: { epoch, seq: Number(last) }, entries: entries.filter(({ seq }) => seq > trimmed) };
}

/** The records of these entries, each worked back from the fields that its resource has now. */
function recordsOf(
  wanted: ReadonlySet<number>,
  states: readonly (string | null)[],
  codec: FieldCodec,
): ReadonlyMap<number, Fields> {
  const records = new Map<number, Fields>();
  for (const value of states) {
    if (value === null) continue;
    const record = codec.record();
    let seq = 0;
    const keep = (): void => void (wanted.has(seq) && records.set(seq, record.fields()));
    for (const line of cut(value).lines) {
      if (line.startsWith('@')) {
        keep();
        seq = Number(line.slice(1));
      } else record.put(line);
    }
    keep();
  }
  return records;
}

function decodeEntry(row: StreamEntry, records: ReadonlyMap<number, Fields>, codec: FieldCodec): Entry | undefined {
  const seq = seqOf(row);
  const [, id = '', , status = '', , previous = '', , version, , observedAt, , own] = row[1];
  const fields = own === undefined ? records.get(seq) : codec.decode(own);
  if (fields === undefined) return undefined;
  return {
    seq,
    id,
    status,
    previousStatus: previous === '' ? null : previous.slice(1),
    version: Number(version),
    observedAt: Number(observedAt),
    fields,
  };
}

function seqOf([id]: StreamEntry): number {
  return Number.parseInt(id, 10);
}

/** `value`: of the state hash, see RECORD_LUA. */
function cut(value: string): { readonly head: string; readonly lines: readonly string[]; readonly status: string } {
  const end = value.indexOf('\n=');
  const [head = '', ...lines] = value.slice(0, end).split('\n');
  return { head, lines, status: value.slice(end + 2) };
}

/**
 * The stored form of a resource, and the Lua that changes it.
 *
 * A value of the state hash is lines, and after the first `=` at the start of a line the status in upstream's words:
 *
 *     1800000000000000|1800000000000000|7     asOf, version, number of the last entry; `-` before it: forgotten
 *     c<TAB>"192.168.0.181"                   the fields as they are now: name, JSON text
 *     p<TAB>"2026-01-10T08:31:07Z"
 *     @7                                      its entries, newest first; below each, what turns the record of the next
 *     p<TAB>"2026-01-10T08:30:02Z"            newer one (of the first: the fields as they are now) back into its own:
 *     @5                                      the value that a field had, or only its name when there was no such field
 *     c
 *     =accepted
 *
 * JSON texts and names hold no raw control characters, so lines can be split safely. Lua never parses a line: cjson would
 * turn [] into {} and cut long numbers. Every µs value goes through `%.0f`, because tostring keeps 14 digits only.
 *
 * Entries hold no record: changes between two of them are a few bytes. The record of a resource with more than MAX_CHAIN
 * entries is in its stream entry instead. A forgotten resource is unknown again, but its entries are still in the stream.
 */
export const RECORD_LUA = String.raw`
local MAX_CHAIN = 16
-- Lua's stack holds some 8,000 values, so no call gets more of them than this.
local CHUNK = 1000
local find, sub, match, gmatch = string.find, string.sub, string.match, string.gmatch

local function text(n) return string.format('%.0f', n) end

local function read_states(ids)
  local stored = {}
  for from = 1, #ids, CHUNK do
    local raws = redis.call('HMGET', KEYS[2], unpack(ids, from, math.min(from + CHUNK - 1, #ids)))
    for i = 1, #raws do stored[from + i - 1] = raws[i] end
  end
  return stored
end

-- Fields and chain each begin and end with a line break, which they share with their neighbours: the fields are from
-- 'from' to 'chain', the chain from 'chain' to 'stop'.
local function head(raw)
  local forgotten, asof, version, seq, from = match(raw, '^(%-?)(%d+)|(%d+)|(%d+)()')
  local stop = find(raw, '\n=', from, true)
  local chain = find(raw, '\n@', from, true)
  return { forgotten = forgotten ~= '', asof = tonumber(asof), version = tonumber(version), seq = tonumber(seq),
    from = from, chain = chain and chain < stop and chain or stop, stop = stop, status = sub(raw, stop + 2) }
end

local function state_value(asof, version, seq, fields, chain, status)
  return text(asof) .. '|' .. text(version) .. '|' .. text(seq) .. fields .. sub(chain, 2) .. '=' .. status
end

-- True when every line of these fields is known as it is. Finds only what comes in the stored order, which is how an
-- answer that changes nothing comes: it makes the usual poll cheap.
local function holds(raw, known, fields)
  local at = find(raw, fields, known.from, true)
  return at ~= nil and at + #fields - 1 <= known.chain
end

-- The fields with the new ones put in, and the lines that take this back.
local function merge(fields, new)
  local undo = {}
  for line, name in gmatch(new, '(([^\n\t]+)[^\n]*\n)') do
    if not find(fields, '\n' .. line, 1, true) then
      local from, to = find(fields, '\n' .. name .. '\t', 1, true)
      if from then
        local stop = find(fields, '\n', to, true)
        undo[#undo + 1] = sub(fields, from + 1, stop)
        fields = sub(fields, 1, from) .. line .. sub(fields, stop + 1)
      else
        undo[#undo + 1] = name .. '\n'
        fields = fields .. line
      end
    end
  end
  return fields, table.concat(undo)
end

-- Puts undo lines to the newest entry of the chain. A field that has one already had that older value at the entry.
local function remember(chain, undo)
  local open = match(chain, '^\n@%d+()')
  if not open then return chain end
  local has, lines = sub(chain, open, find(chain, '\n@', open, true) or #chain), {}
  for line, name in gmatch(undo, '(([^\n\t]+)[^\n]*\n)') do
    if not find(has, '\n' .. name .. '\t', 1, true) and not find(has, '\n' .. name .. '\n', 1, true) then
      lines[#lines + 1] = line
    end
  end
  return sub(chain, 1, open) .. table.concat(lines) .. sub(chain, open + 1)
end

-- The chain without the entries below 'first', and how many are left.
local function shorten(chain, first)
  local count = 0
  for at, seq in gmatch(chain, '()\n@(%d+)') do
    if tonumber(seq) < first then return sub(chain, 1, at), count end
    count = count + 1
  end
  return chain, count
end

-- A resource without fields of its own, from which the records of its entries can still be worked out.
local function forget(raw, known)
  local chain = remember(sub(raw, known.chain, known.stop), sub(raw, known.from, known.chain))
  return '-' .. state_value(known.asof, known.version, known.seq, '\n', chain, known.status)
end
`;
