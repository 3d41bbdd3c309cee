/** Between the log's shapes and what the scripts read and answer. */
import type { CommitRequest, CommitResult, EndpointState, Entry, EntryPage, Fields } from '../event-log.ts';
import { firstOfEach } from '../observations.ts';
import { decodeFields, encodeFields, RecordLines } from './redis-fields.ts';

export function encodeCommit(request: CommitRequest): string {
  return JSON.stringify({
    asOf: String(request.asOf),
    floor: String(request.versionFloor ?? 0),
    first: request.firstSight,
    source: request.source,
    sweep: request.sweep === true,
    rows: firstOfEach(request.observations).map((row) => [row.endpointId, row.status, encodeFields(row.fields)]),
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
    transitions: transitions.map(([endpointId, status, first]) => ({ endpointId, status, firstSight: first === 1 })),
  };
}

/** Ids and values of the state hash by turns; forgotten endpoints are left out. */
export function decodeStates(rows: readonly string[]): readonly EndpointState[] {
  const states: EndpointState[] = [];
  for (let i = 0; i + 1 < rows.length; i += 2) {
    const [endpointId = '', value = ''] = rows.slice(i, i + 2);
    if (!value.startsWith('-')) states.push(decodeState(endpointId, value));
  }
  return states;
}

function decodeState(endpointId: string, value: string): EndpointState {
  const { head, lines, status } = cut(value);
  const [asOf, version, seq] = head.split('|');
  const record = new RecordLines();
  for (const line of lines) {
    if (line.startsWith('@')) break;
    record.put(line);
  }
  return {
    endpointId,
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
 * Epoch, last number, stream entries in either order, values of the states of their endpoints. An entry whose record is
 * gone (somebody deleted the state key) counts as trimmed, and with it all that are older: followers know what to do then.
 */
export function decodePage(reply: unknown): EntryPage {
  const [epoch, last, rows = [], states = []] = reply as [
    string?,
    string?,
    (readonly StreamEntry[])?,
    (readonly (string | null)[])?,
  ];
  if (epoch === undefined) return { position: null, entries: [] };
  const records = recordsOf(new Set(rows.map(seqOf)), states);
  const entries: Entry[] = [];
  let trimmed = 0;
  for (const row of rows) {
    const entry = decodeEntry(row, records);
    if (entry === undefined) trimmed = Math.max(trimmed, seqOf(row));
    else entries.push(entry);
  }
  return { position: { epoch, seq: Number(last) }, entries: entries.filter(({ seq }) => seq > trimmed) };
}

/** The records of these entries, each worked back from the fields that its endpoint has now. */
function recordsOf(wanted: ReadonlySet<number>, states: readonly (string | null)[]): ReadonlyMap<number, Fields> {
  const records = new Map<number, Fields>();
  for (const value of states) {
    if (value === null) continue;
    const record = new RecordLines();
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

function decodeEntry(row: StreamEntry, records: ReadonlyMap<number, Fields>): Entry | undefined {
  const seq = seqOf(row);
  const [, endpointId = '', , status = '', , previous = '', , version, , observedAt, , own] = row[1];
  const fields = own === undefined ? records.get(seq) : decodeFields(own);
  if (fields === undefined) return undefined;
  return {
    seq,
    endpointId,
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

/** A value of the state hash: see redis-record.ts. */
function cut(value: string): { readonly head: string; readonly lines: readonly string[]; readonly status: string } {
  const end = value.indexOf('\n=');
  const [head = '', ...lines] = value.slice(0, end).split('\n');
  return { head, lines, status: value.slice(end + 2) };
}
