/** The audit stream (docs/reference/audit.md): who changed or watched what. It does not depend on LOG_LEVEL. */
import { closeSync, openSync, writeSync } from 'node:fs';
import type { Logger } from './logger.ts';
import type { Metrics } from './metrics.ts';

/** One mutation, or one start of a subscription. Names and ids only, no other input of the caller. */
export interface AuditLine {
  readonly who: string;
  readonly address: string;
  readonly transport: string;
  readonly requestId: string;
  readonly kind: 'mutation' | 'subscription';
  readonly field: string;
  /** The name that the client gave its operation. */
  readonly operation: string | null;
  /** Null: unknown. */
  readonly project: string | null;
  readonly targets: Readonly<Record<string, string | readonly string[]>>;
  /** `ok`, `partial`, `unknown` (upstream may have done it), or the error code of the answer. */
  readonly outcome: string;
  /** Of its writes, in their order. */
  readonly upstreamRequestIds: readonly string[];
  /** Milliseconds. */
  readonly ms: number;
}

export interface AuditLog {
  /** Never throws. The system has the line when it returns. */
  write(line: AuditLine): void;
  /** Opens a new file of the same name, after a rotation has moved the old one. */
  reopen(): void;
  close(): void;
}

export interface AuditLogOptions {
  /** `stdout`, `off`, or the absolute path of a file. */
  readonly target: string;
  /** Gets one line when writing fails and one when it works again. */
  readonly logger: Logger;
  readonly metrics: Pick<Metrics, 'auditBroken'>;
}

const NOTHING: AuditLog = { write: () => {}, reopen: () => {}, close: () => {} };

/** @throws Error when the file cannot be opened, so that no operation goes unrecorded. */
export function openAuditLog({ target, logger: log, metrics }: AuditLogOptions): AuditLog {
  if (target === 'off') return NOTHING;
  const sink = target === 'stdout' ? STDOUT : openFile(target);
  let troubled = false;
  const note = (reason: string | null): void => {
    if (troubled === (reason !== null)) return;
    troubled = reason !== null;
    metrics.auditBroken.set(troubled ? 1 : 0);
    if (reason === null) log.info({}, 'the audit stream can be written again');
    else log.error({ reason }, 'the audit stream cannot be written: lines are lost');
  };
  const guarded = (act: () => void): void => {
    try {
      act();
      note(null);
    } catch (error) {
      note(error instanceof Error ? error.message : String(error));
    }
  };
  return {
    write: (line) => guarded(() => sink.write(textOf(line))),
    reopen: () => guarded(() => sink.reopen()),
    close: () => sink.close(),
  };
}

/** Begins as the lines of the log do. Nothing is to be redacted in it: a line holds names and ids only. */
function textOf(line: AuditLine): string {
  return `{"level":30,"time":"${new Date().toISOString()}","stream":"audit",${JSON.stringify(line).slice(1)}\n`;
}

interface Sink {
  write(text: string): void;
  reopen(): void;
  close(): void;
}

const STDOUT: Sink = { write: (text) => void process.stdout.write(text), reopen: () => {}, close: () => {} };

/** Not buffered: an answered operation is in the file even if the process ends right after it. */
class AuditFile implements Sink {
  readonly #path: string;
  #descriptor: number;

  constructor(path: string) {
    this.#path = path;
    this.#descriptor = openForAppending(path);
  }

  write(text: string): void {
    const bytes = Buffer.from(text);
    for (let done = 0; done < bytes.length; ) done += writeSync(this.#descriptor, bytes, done);
  }

  /** The old file stays in use when the new one cannot be opened. */
  reopen(): void {
    const old = this.#descriptor;
    this.#descriptor = openForAppending(this.#path);
    closeSync(old);
  }

  close(): void {
    closeSync(this.#descriptor);
  }
}

function openFile(path: string): AuditFile {
  try {
    return new AuditFile(path);
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new Error(`AUDIT_LOG cannot be opened for appending: ${reason}`, { cause: error });
  }
}

function openForAppending(path: string): number {
  return openSync(path, 'a', 0o600);
}
