import { UpstreamError } from '../errors/upstream-error.ts';

/**
 * Equal reads in flight are one read. Whoever joins gets the answer to a request that was sent before it asked; so a
 * write ends the sharing of what was begun before it: nobody reads past their own write.
 */
export class SharedCalls {
  readonly #running = new Map<string, Running>();

  /**
   * @param group what a write concerns, such as a project; `end` takes it.
   * @param key all that makes two reads equal, the caller's identity included: nothing is shared between identities.
   * @param signal leaves the shared read; it is ended only once everybody has left.
   */
  async run<T>(
    group: string,
    key: string,
    signal: AbortSignal | undefined,
    start: (signal: AbortSignal) => Promise<T>,
  ): Promise<T> {
    const name = `${group}\n${key}`;
    const running = this.#running.get(name) ?? this.#start(name, start);
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

  /** Reads that are begun from now on share nothing with those before. */
  end(group: string): void {
    for (const name of this.#running.keys()) {
      if (name.startsWith(`${group}\n`)) this.#running.delete(name);
    }
  }

  #start(name: string, start: (signal: AbortSignal) => Promise<unknown>): Running {
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

async function untilAborted<T>(answer: Promise<T>, signal: AbortSignal | undefined): Promise<T> {
  if (signal === undefined) return await answer;
  if (signal.aborted) throw leftAlone();
  let leave = (): void => {};
  const left = new Promise<never>((_, reject) => {
    leave = () => reject(leftAlone());
    signal.addEventListener('abort', leave, { once: true });
  });
  try {
    return await Promise.race([answer, left]);
  } finally {
    signal.removeEventListener('abort', leave);
  }
}

function leftAlone(): UpstreamError {
  return new UpstreamError({
    kind: 'connection',
    outcome: 'refused',
    message: 'The call was cancelled before upstream had answered.',
    retryable: false,
  });
}
