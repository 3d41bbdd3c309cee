import { Cancellation, type CancelSignal } from '../../shared/cancellation.ts';
import { UpstreamError } from '../errors/upstream-error.ts';
import type { CallOptions } from './transport.ts';

/**
 * Single flight for equal reads of one caller, which also cancels a read once all its callers have left. A write ends the
 * sharing of reads that began before it, so that nothing older than the write is read after it.
 */
export class SharedCalls {
  readonly #running: RunningCalls = Object.create(null);

  /**
   * @param group what a write concerns, such as a project; `end` takes it.
   * @param key all that makes two reads of one caller equal.
   * @param options `share` names the caller; without it nothing is shared. `signal` leaves the shared read, which is
   * cancelled once every caller has left.
   * @param start makes the read with the options that it is given.
   */
  run<T>(group: string, key: string, options: CallOptions, start: (own: CallOptions) => Promise<T>): Promise<T> {
    const { share, signal } = options;
    if (share === undefined) return start(options);
    if (signal?.aborted === true) return Promise.reject(cancelled());
    // With their lengths, the parts cannot run into each other.
    const name = `${group.length} ${share.length} ${group} ${share} ${key}`;
    let call = this.#running[name];
    if (call === undefined) {
      call = new SharedCall(this.#running, name, group);
      call.start(options, start);
    }
    // Equal names are equal calls, so the type is that of `start`.
    return call.join(signal) as Promise<T>;
  }

  /** Reads that begin from now on do not join earlier ones. */
  end(group: string): void {
    for (const [name, call] of Object.entries(this.#running)) if (call?.group === group) delete this.#running[name];
  }
}

/**
 * By name. Not a Map: a Map from which keys go as fast as they come grows a chain of old tables, each of which keeps what
 * was in flight then until a full garbage collection (measured: 11 KB for a call).
 */
interface RunningCalls {
  [name: string]: SharedCall | undefined;
}

class SharedCall {
  readonly group: string;
  readonly #running: RunningCalls;
  readonly #name: string;
  readonly #cancellation = new Cancellation();
  #answer: Promise<unknown> = Promise.resolve();
  #users = 0;

  constructor(running: RunningCalls, name: string, group: string) {
    this.group = group;
    this.#running = running;
    this.#name = name;
    running[name] = this;
  }

  start({ credential, deadlineMs, poll, onCall }: CallOptions, start: (own: CallOptions) => Promise<unknown>): void {
    this.#answer = start({ credential, deadlineMs, poll, onCall, signal: this.#cancellation });
    const over = (): void => this.#forget();
    this.#answer.then(over, over);
  }

  join(signal: CancelSignal | undefined): Promise<unknown> {
    this.#users++;
    // This user stays until the end, so the call is never cancelled.
    if (signal === undefined) return this.#answer;
    return new Promise((resolve, reject) => {
      const leave = (): void => {
        reject(cancelled());
        this.#users--;
        if (this.#users > 0) return;
        this.#forget();
        this.#cancellation.abort();
      };
      signal.addEventListener('abort', leave, { once: true });
      this.#answer.then(
        (answer) => {
          signal.removeEventListener('abort', leave);
          resolve(answer);
        },
        (error: unknown) => {
          signal.removeEventListener('abort', leave);
          reject(error);
        },
      );
    });
  }

  #forget(): void {
    if (this.#running[this.#name] === this) delete this.#running[this.#name];
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
