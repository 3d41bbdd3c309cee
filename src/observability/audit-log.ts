/** The audit stream (docs/reference/audit.md): who changed or watched what. Apart from the log, whatever its level is. */
import { closeSync, openSync, writeSync } from 'node:fs';
import { pino } from 'pino';

/** One mutation, or one start of a subscription. Names and ids only: nothing that a caller has written besides. */
export interface AuditLine {
  readonly who: string;
  readonly address: string;
  readonly transport: string;
  readonly requestId: string;
  readonly kind: 'mutation' | 'subscription';
  readonly field: string;
  /** The name that the client gave its operation. */
  readonly operation: string | null;
  /** Where it was done, or was to be; null: it was not said and could not be told. */
  readonly project: string | null;
  readonly targets: Readonly<Record<string, string | readonly string[]>>;
  /** `ok`, `partial`, `unknown` (it may have been done), or the error code of the answer. */
  readonly outcome: string;
  /** Of the writes that it has caused, in their order. */
  readonly upstreamRequestIds: readonly string[];
  /** Milliseconds. */
  readonly ms: number;
}

export interface AuditLog {
  /** Never throws. The line has been handed to the system when it returns. */
  write(line: AuditLine): void;
  /** Goes on in a new file of the same name: after a rotation the old one has been moved away. */
  reopen(): void;
  close(): void;
}

export interface AuditLogOptions {
  /** `stdout`, `off`, or the absolute path of a file. */
  readonly target: string;
  /** Lines cannot be written (`reason`), or can be again (null). */
  readonly onTrouble: (reason: string | null) => void;
}

const NOTHING: AuditLog = { write: () => {}, reopen: () => {}, close: () => {} };

/** @throws Error when the file cannot be opened: nothing is to happen unrecorded from the start. */
export function openAuditLog({ target, onTrouble }: AuditLogOptions): AuditLog {
  if (target === 'off') return NOTHING;
  const sink = target === 'stdout' ? STDOUT : openFile(target);
  let troubled = false;
  const note = (reason: string | null): void => {
    if (troubled === (reason !== null)) return;
    troubled = reason !== null;
    onTrouble(reason);
  };
  const guarded = (act: () => void): void => {
    try {
      act();
      note(null);
    } catch (error) {
      note(error instanceof Error ? error.message : String(error));
    }
  };
  const base = { stream: 'audit' };
  const stream = { write: (text: string) => guarded(() => sink.write(text)) };
  const logger = pino({ base, timestamp: pino.stdTimeFunctions.isoTime }, stream);
  return {
    write: (line) => logger.info(line),
    reopen: () => guarded(() => sink.reopen()),
    close: () => sink.close(),
  };
}

interface Sink {
  write(text: string): void;
  reopen(): void;
  close(): void;
}

const STDOUT: Sink = { write: (text) => void process.stdout.write(text), reopen: () => {}, close: () => {} };

/** Written at once and not buffered: what has been answered is in the file also if the process ends right after. */
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

  /** When that fails the old file goes on. */
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
