import type { CancelSignal } from '../../shared/cancellation.ts';
import { UpstreamError } from '../errors/upstream-error.ts';
import type { CallOptions } from './transport.ts';

/**
 * Single flight for equal reads of one caller, which also aborts a read once all its callers have left. A write ends the
 * sharing of reads that began before it, so that nothing older than the write is read after it.
 */
export class SharedCalls {
  readonly #running = new Map<string, Running>();

  /**
   * @param group what a write concerns, such as a project; `end` takes it.
   * @param key all that makes two reads of one caller equal.
   * @param options `share` names the caller; without it nothing is shared. `signal` leaves the shared read, which is
   * cancelled once every caller has left.
   * @param start makes the read with the options that it is given.
   */
  async run<T>(
    group: string,
    key: readonly unknown[],
    { share, signal, ...options }: CallOptions,
    start: (own: CallOptions) => Promise<T>,
  ): Promise<T> {
    if (share === undefined) return await start(signal === undefined ? options : { ...options, signal });
    const name = `${group}\n${JSON.stringify([share, key])}`;
    const running = this.#running.get(name) ?? this.#start(name, (own) => start({ ...options, signal: own }));
    running.users++;
    try {
      // Equal names are equal calls, so the type is that of `start`.
      return (await untilAborted(running.answer, signal)) as T;
    } finally {
      running.users--;
      if (running.users === 0) {
        running.abort.abort();
        this.#forget(name, running);
      }
    }
  }

  /** Reads that begin from now on do not join earlier ones. */
  end(group: string): void {
    for (const name of this.#running.keys()) {
      if (name.startsWith(`${group}\n`)) this.#running.delete(name);
    }
  }

  #start(name: string, start: (signal: CancelSignal) => Promise<unknown>): Running {
    const abort = new AbortController();
    const running: Running = { answer: start(abort.signal), abort, users: 0 };
    this.#running.set(name, running);
    const over = (): void => this.#forget(name, running);
    running.answer.then(over, over);
    return running;
  }

  #forget(name: string, running: Running): void {
    if (this.#running.get(name) === running) this.#running.delete(name);
  }
}

interface Running {
  readonly answer: Promise<unknown>;
  readonly abort: AbortController;
  users: number;
}

async function untilAborted<T>(answer: Promise<T>, signal: CancelSignal | undefined): Promise<T> {
  if (signal === undefined) return await answer;
  if (signal.aborted) throw cancelled();
  let leave = (): void => {};
  const left = new Promise<never>((_, reject) => {
    leave = () => reject(cancelled());
    signal.addEventListener('abort', leave, { once: true });
  });
  try {
    return await Promise.race([answer, left]);
  } finally {
    signal.removeEventListener('abort', leave);
  }
}

function cancelled(): UpstreamError {
  return new UpstreamError({
    kind: 'connection',
    outcome: 'refused',
    message: 'The call was cancelled before upstream had answered.',
    retryable: false,
  });
}
