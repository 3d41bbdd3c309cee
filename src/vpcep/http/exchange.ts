/** One HTTP exchange over undici's `dispatch`: no retries, no redirects, and whether the request was sent. */
import type { Dispatcher } from 'undici';
import type { CancelSignal } from '../../shared/cancellation.ts';

export interface ExchangeRequest {
  readonly method: 'GET' | 'POST' | 'PUT' | 'DELETE';
  /** With the query, encoded. */
  readonly path: string;
  readonly headers: Record<string, string>;
  readonly body?: Uint8Array | string | null;
}

export interface ExchangeLimits {
  /** Milliseconds for the whole exchange, connecting included. */
  readonly timeoutMs: number;
  readonly maxBytes: number;
  readonly signal?: CancelSignal | undefined;
  /** True: once the request is on its way, `signal` no longer ends it. */
  readonly finishOnceSent?: boolean;
}

export interface ExchangeAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  /** Of the body, read as UTF-8. */
  readonly text: string;
}

export type ExchangeFailure = 'cancelled' | 'failed' | 'timeout' | 'too_large';

/** No complete answer. Carries no header, body or address. */
export class ExchangeError extends Error {
  override readonly name = 'ExchangeError' as const;
  readonly reason: ExchangeFailure;
  /** False: no byte was handed to a connected socket, so it cannot have arrived. */
  readonly sent: boolean;
  /** Code of the system or of undici, such as `ECONNREFUSED`. */
  readonly code: string | undefined;

  constructor(reason: ExchangeFailure, sent: boolean, code?: string) {
    super(`${reason}${code === undefined ? '' : ` (${code})`}`);
    this.reason = reason;
    this.sent = sent;
    this.code = code;
  }
}

/** @throws ExchangeError */
export function exchange(
  dispatcher: Dispatcher,
  request: ExchangeRequest,
  limits: ExchangeLimits,
): Promise<ExchangeAnswer> {
  return new Promise((resolve, reject) => {
    if (limits.signal?.aborted === true) {
      reject(new ExchangeError('cancelled', false));
      return;
    }
    const handler = new ExchangeHandler(limits, resolve, reject);
    try {
      dispatcher.dispatch(request, handler);
    } catch (error) {
      // A closed pool or a header that HTTP does not allow.
      handler.fail('failed', codeOf(error));
    }
  });
}

class ExchangeHandler implements Dispatcher.DispatchHandler {
  readonly #limits: ExchangeLimits;
  readonly #resolve: (answer: ExchangeAnswer) => void;
  readonly #reject: (error: ExchangeError) => void;
  #timer: NodeJS.Timeout | undefined;
  readonly #onAbort: (() => void) | undefined;
  #controller: Dispatcher.DispatchController | undefined;
  #settled = false;
  #status = 0;
  #headers: ExchangeAnswer['headers'] = {};
  #chunks: Buffer[] | undefined = [];
  #bytes = 0;

  constructor(
    limits: ExchangeLimits,
    resolve: (answer: ExchangeAnswer) => void,
    reject: (error: ExchangeError) => void,
  ) {
    this.#limits = limits;
    this.#resolve = resolve;
    this.#reject = reject;
    // In whole milliseconds the timers of all calls share a list, which is cheaper.
    this.#timer = setTimeout(expire, Math.max(0, Math.ceil(limits.timeoutMs)), this);
    if (limits.signal !== undefined) {
      this.#onAbort = () => this.#leave();
      limits.signal.addEventListener('abort', this.#onAbort);
    }
  }

  #leave(): void {
    if (this.#controller === undefined || this.#limits.finishOnceSent !== true) {
      this.fail('cancelled');
    }
  }

  /** Called when a connected socket is there and before the first byte is written to it. */
  onRequestStart(controller: Dispatcher.DispatchController): void {
    if (this.#settled) {
      // Given up while waiting for a connection: undici checks for this before it writes.
      controller.abort(new Error('given up'));
      return;
    }
    this.#controller = controller;
  }

  onResponseStart(
    _controller: Dispatcher.DispatchController,
    status: number,
    headers: ExchangeAnswer['headers'],
  ): void {
    this.#status = status;
    this.#headers = headers;
  }

  onResponseData(_controller: Dispatcher.DispatchController, chunk: Buffer): void {
    this.#bytes += chunk.length;
    if (this.#bytes > this.#limits.maxBytes) {
      this.fail('too_large');
      return;
    }
    this.#chunks?.push(chunk);
  }

  onResponseEnd(): void {
    if (!this.#settle()) {
      return;
    }
    const chunks = this.#chunks ?? [];
    // Exchanges that are over would keep one another until the next full garbage collection, which doubled its work.
    this.#chunks = undefined;
    this.#controller = undefined;
    this.#timer = undefined;
    const [only] = chunks;
    const body = only !== undefined && chunks.length === 1 ? only : Buffer.concat(chunks, this.#bytes);
    this.#resolve({ status: this.#status, headers: this.#headers, text: body.toString('utf8') });
  }

  onResponseError(_controller: Dispatcher.DispatchController | undefined, error: Error): void {
    const code = codeOf(error);
    this.fail(code !== undefined && TIMEOUT_CODES.has(code) ? 'timeout' : 'failed', code);
  }

  fail(reason: ExchangeFailure, code?: string): void {
    if (!this.#settle()) {
      return;
    }
    const controller = this.#controller;
    this.#chunks = undefined;
    this.#reject(new ExchangeError(reason, controller !== undefined, code));
    controller?.abort(new Error(reason));
  }

  #settle(): boolean {
    if (this.#settled) {
      return false;
    }
    this.#settled = true;
    clearTimeout(this.#timer);
    if (this.#onAbort !== undefined) this.#limits.signal?.removeEventListener('abort', this.#onAbort);
    return true;
  }
}

function expire(handler: ExchangeHandler): void {
  handler.fail('timeout');
}

const TIMEOUT_CODES: ReadonlySet<string> = new Set([
  'UND_ERR_CONNECT_TIMEOUT',
  'UND_ERR_HEADERS_TIMEOUT',
  'UND_ERR_BODY_TIMEOUT',
  'ETIMEDOUT',
]);

/** Of the system, of TLS or of undici. */
export function codeOf(error: unknown): string | undefined {
  if (typeof error !== 'object' || error === null) {
    return undefined;
  }
  const code = 'code' in error ? error.code : undefined;
  return typeof code === 'string' && /^[A-Z0-9_]{1,64}$/.test(code) ? code : undefined;
}
