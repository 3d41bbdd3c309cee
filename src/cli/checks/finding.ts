export interface Finding {
  readonly status: 'ok' | 'warn' | 'fail';
  readonly subject: string;
  readonly found: string;
  /** How to mend it; absent where nothing is wrong, or `found` says it. */
  readonly mend?: string | undefined;
}

export function ok(subject: string, found: string): Finding {
  return { status: 'ok', subject, found };
}

export function warn(subject: string, found: string, mend?: string): Finding {
  return { status: 'warn', subject, found, mend };
}

export function fail(subject: string, found: string, mend?: string): Finding {
  return { status: 'fail', subject, found, mend };
}
