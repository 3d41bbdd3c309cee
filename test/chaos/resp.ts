/** Splits the output of a Redis server into whole replies (RESP2 and RESP3), without interpreting them. */
const CR = 13;
const AGGREGATES = new Set(['*', '>', '~', '%']);
const BLOBS = new Set(['$', '=', '!']);

/** Index behind the reply that starts at `from`; -1 when it is not complete yet. */
function endOf(bytes: Buffer, from: number): number {
  const line = bytes.indexOf('\r\n', from);
  if (line === -1 || bytes[line] !== CR) return -1;
  const kind = String.fromCharCode(bytes[from] ?? 0);
  let end = line + 2;
  const count = Number(bytes.toString('latin1', from + 1, line));
  if (BLOBS.has(kind)) {
    if (count >= 0) end += count + 2;
    return end <= bytes.length ? end : -1;
  }
  if (!AGGREGATES.has(kind)) return end;
  for (let left = kind === '%' ? 2 * count : count; left > 0; left--) {
    end = endOf(bytes, end);
    if (end === -1) return -1;
  }
  return end;
}

export class ReplySplitter {
  #rest: Buffer = Buffer.alloc(0);

  push(chunk: Buffer): readonly Buffer[] {
    this.#rest = this.#rest.length === 0 ? chunk : Buffer.concat([this.#rest, chunk]);
    const replies: Buffer[] = [];
    for (;;) {
      const end = this.#rest.length === 0 ? -1 : endOf(this.#rest, 0);
      if (end === -1) return replies;
      replies.push(this.#rest.subarray(0, end));
      this.#rest = this.#rest.subarray(end);
    }
  }
}
