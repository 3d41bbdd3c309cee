import { type DestinationStream, type Logger, type LoggerOptions, pino } from 'pino';
import { redact, redactText } from './redact.ts';

export type { Logger } from 'pino';

/** Characters that JSON does not escape, but terminals obey and some readers split at. */
const UNSEEN = /[\u007f-\u009f\u2028\u2029\u202a-\u202e\u2066-\u2069]/g;

const options: LoggerOptions = {
  base: null,
  serializers: { err: (error: unknown) => error },
  formatters: { log: redactMembers },
  hooks: {
    logMethod(args, method) {
      const [first, ...rest] = args as unknown[];
      // pino would otherwise write the error's message unredacted as the line's.
      const object = first instanceof Error ? { err: first } : first;
      const error = typeof object === 'object' && object !== null && 'err' in object ? object.err : undefined;
      const texts = rest.length === 0 && error instanceof Error ? [error.message] : rest;
      const safe = [typeof object === 'string' ? redactText(object) : object, ...texts.map(redact)];
      method.apply(this, safe as Parameters<typeof method>);
    },
    streamWrite: (line) => line.replace(UNSEEN, (char) => `\\u${char.charCodeAt(0).toString(16).padStart(4, '0')}`),
  },
};

function redactMembers(members: object): Record<string, unknown> {
  return redact(members) as Record<string, unknown>;
}

export function createLogger(level: string, destination?: DestinationStream): Logger {
  const logger = destination === undefined ? pino({ ...options, level }) : pino({ ...options, level }, destination);
  // Formatters do not see the bindings of a child, so they are redacted here; children of children too.
  const { child } = logger;
  const redacted = function (this: Logger, bindings: object) {
    return child.call(this, redactMembers(bindings));
  };
  return Object.assign(logger, { child: redacted });
}

/** Logs uncaught errors redacted: Node.js would print every member of them. */
export function logUncaught(logger: Logger): void {
  process.on('uncaughtException', (error: unknown, origin) => {
    logger.fatal({ err: error, origin }, 'an uncaught error ends this process');
    process.exit(1);
  });
}

/** What the parts of one request or socket log with. */
export type RequestLog = Pick<Logger, 'debug' | 'info' | 'warn' | 'error' | 'isLevelEnabled'>;

/** Names the request in each line, and its trace when there is one. */
export function requestLog(logger: Logger, requestId: string, traceId?: string): RequestLog {
  return new LateChild(logger, traceId === undefined ? { requestId } : { requestId, trace_id: traceId });
}

/** The child is made for its first line: it takes microseconds, and most requests write none. */
class LateChild implements RequestLog {
  readonly #parent: Logger;
  readonly #bindings: object;
  #child: Logger | undefined;

  constructor(parent: Logger, bindings: object) {
    this.#parent = parent;
    this.#bindings = bindings;
  }

  get debug() {
    return this.#write('debug');
  }

  get info() {
    return this.#write('info');
  }

  get warn() {
    return this.#write('warn');
  }

  get error() {
    return this.#write('error');
  }

  isLevelEnabled(level: string): boolean {
    return this.#parent.isLevelEnabled(level);
  }

  #write<Level extends 'debug' | 'info' | 'warn' | 'error'>(level: Level): Logger[Level] {
    this.#child ??= this.#parent.child(this.#bindings);
    return this.#child[level].bind(this.#child);
  }
}
