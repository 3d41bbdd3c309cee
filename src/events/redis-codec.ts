/** Between the log's shapes and what the scripts read and answer. */
import type { CommitRequest, CommitResult, EndpointState, Entry, Fields } from './event-log.ts';
import { firstOfEach } from './observations.ts';

export function encodeFields(fields: Fields): Record<string, string> {
  const flat: Record<string, string> = {};
  for (const [name, value] of Object.entries(fields)) {
    if (value !== undefined) flat[name] = JSON.stringify(value);
  }
  return flat;
}

export function decodeFields(text: string): Fields {
  const flat = JSON.parse(text) as Record<string, string>;
  const fields: Record<string, unknown> = {};
  for (const [name, value] of Object.entries(flat)) fields[name] = JSON.parse(value);
  return fields;
}

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
  const [epoch, before, after, alive, missing, transitions] = reply as [
    string,
    string,
    string,
    number,
    string[],
    [string, string, number][],
  ];
  return {
    before: { epoch, seq: Number(before) },
    after: { epoch, seq: Number(after) },
    alive,
    missing,
    transitions: transitions.map(([endpointId, status, first]) => ({ endpointId, status, firstSight: first === 1 })),
  };
}

/** `asOf|version|seq|fields` NEWLINE status: written by redis-commit.ts. */
export function decodeState(endpointId: string, raw: string): EndpointState {
  const end = raw.indexOf('\n');
  const head = raw.split('|', 3);
  const [asOf, version, seq] = head;
  return {
    endpointId,
    asOf: Number(asOf),
    version: Number(version),
    seq: Number(seq),
    status: raw.slice(end + 1),
    fields: decodeFields(raw.slice(head.join('|').length + 1, end)),
  };
}

/** A stream entry as XRANGE gives it: `[id, ['h', head, 'f', fields]]`. */
export function decodeEntry(reply: unknown): Entry {
  const [id, [, head, , fields]] = reply as [string, [string, string, string, string]];
  const {
    id: endpointId,
    s,
    v,
    t,
    p,
  } = JSON.parse(head) as { id: string; s: string; v: string; t: string; p?: string };
  return {
    seq: Number.parseInt(id, 10),
    endpointId,
    status: s,
    previousStatus: p ?? null,
    version: Number(v),
    observedAt: Number(t),
    fields: decodeFields(fields),
  };
}
