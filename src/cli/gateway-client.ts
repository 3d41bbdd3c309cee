/** The running gateway that the commands talk to: its address, the token, queries and the feed. */
import { readFileSync } from 'node:fs';
import type { Client } from 'graphql-ws/client';
import { WebSocket } from 'ws';
import { connect, FeedError } from '../client/client.ts';
import type { TypedDocument } from '../client/generated/documents.ts';
import { type CommandIo, EXIT, StoppedError, UsageError } from './command.ts';

const DEFAULT_URL = 'http://127.0.0.1:4000/graphql';

interface GatewayFault {
  readonly message: string;
  readonly extensions?: {
    readonly code?: string;
    readonly issues?: readonly { readonly path: string; readonly message: string }[];
    readonly candidates?: readonly string[];
  };
}

/** What the gateway answered instead of a result, or why it did not answer. */
class GatewayError extends Error {
  override readonly name = 'GatewayError';
  readonly faults: readonly GatewayFault[];

  constructor(faults: readonly GatewayFault[]) {
    super(faults.map(({ message }) => message).join('; '));
    this.faults = faults;
  }
}

/** No answer came after the request was sent. */
class UnansweredError extends Error {
  override readonly name = 'UnansweredError';
}

/** Codes of a connection that broke when it had been made. */
const BROKEN = /^(ECONNRESET|EPIPE|ETIMEDOUT|UND_ERR_(SOCKET|HEADERS_TIMEOUT|BODY_TIMEOUT)|HPE_)/;

export class GatewayClient {
  readonly #url: URL;
  readonly #io: CommandIo;

  constructor(io: CommandIo) {
    this.#io = io;
    this.#url = urlOf(io.env.GATEWAY_URL?.trim() || DEFAULT_URL);
    this.#headers();
  }

  /**
   * Errors beside a result are printed; without a result they are thrown.
   * @param unanswered of a write: what to say when it may have been done although no answer came
   */
  async ask<Data, Variables>(
    document: TypedDocument<Data, Variables>,
    variables: Variables,
    signal: AbortSignal,
    unanswered?: string,
  ): Promise<Data> {
    signal.throwIfAborted();
    let response: Response;
    let text: string;
    try {
      response = await fetch(this.#url, {
        method: 'POST',
        headers: { 'content-type': 'application/json', accept: 'application/json', ...this.#headers() },
        body: JSON.stringify({ query: document, variables }),
        signal,
      });
      text = await response.text();
    } catch (error) {
      if (error instanceof UsageError) throw error;
      const stopped = error instanceof StoppedError;
      const failure = stopped ? error : this.unreachable(error);
      const sent = stopped || BROKEN.test(Object(error).cause?.code ?? '');
      throw unanswered && sent ? new UnansweredError(unanswered, { cause: failure }) : failure;
    }
    // The gateway says so too, of another path.
    if (response.status === 404) throw this.#misplaced('answered 404');
    const { data, errors } = bodyOf(text);
    if (data == null && errors === undefined) {
      const failure = this.#misplaced(`answered with status ${response.status} and not with GraphQL`);
      // A proxy that lost its connection to the gateway.
      throw unanswered && response.status >= 500 ? new UnansweredError(unanswered, { cause: failure }) : failure;
    }
    if (errors !== undefined && Object.values(data ?? {}).every((field) => field === null)) {
      throw new GatewayError(errors);
    }
    for (const { message } of errors ?? []) this.#io.stderr.write(`${JSON.stringify(message)}\n`);
    return data as Data;
  }

  /** @param connected called for each connection. */
  feed(connected: () => void): Client {
    return connect({
      url: this.#url.href,
      webSocketImpl: WebSocket,
      // For each connection, so that a renewed token of a file is used.
      connectionParams: () => this.#headers(),
      on: { connected },
    });
  }

  /** @param cause what fetch or a WebSocket gave. */
  unreachable(cause: unknown): Error {
    const { cause: inner, code, message, reason } = Object(cause);
    const detail = [inner?.code, code, inner?.message, message, reason].find(Boolean) ?? 'no connection';
    // Those of TLS have several lines.
    return this.#misplaced(`cannot be reached (${String(detail).split('\n')[0]})`);
  }

  #misplaced(what: string): Error {
    const { origin, pathname } = this.#url;
    const message = `The gateway at ${origin}${pathname} ${what}. Is it running, and is GATEWAY_URL right?`;
    return new GatewayError([{ message }]);
  }

  /** The names are in lower case, as the payload of a WebSocket needs them. */
  #headers(): Record<string, string> {
    const { env } = this.#io;
    const header = (env.GATEWAY_TOKEN_HEADER?.trim() || 'authorization').toLowerCase();
    if (header !== 'authorization' && header !== 'x-auth-token') {
      throw new UsageError(
        'GATEWAY_TOKEN_HEADER must be Authorization (for AUTH_MODE=jwt) or X-Auth-Token (iam-token)',
      );
    }
    const [given, file] = [env.GATEWAY_TOKEN?.trim(), env.GATEWAY_TOKEN_FILE?.trim()];
    if (given && file) throw new UsageError('GATEWAY_TOKEN and GATEWAY_TOKEN_FILE are both set: give one of them');
    const token = given || (file ? readText(file, 'GATEWAY_TOKEN_FILE').trim() : undefined);
    if (!token) {
      if (file) throw new UsageError(`GATEWAY_TOKEN_FILE: ${file} is empty`);
      return {};
    }
    // The message of fetch would show it.
    if (!/^[\x21-\x7e]+$/.test(token)) {
      throw new UsageError('The token must be printable ASCII without spaces: give it without "Bearer"');
    }
    return { [header]: header === 'authorization' ? `Bearer ${token}` : token };
  }
}

function urlOf(text: string): URL {
  if (!/^(http|ws)s?:\/\//.test(text)) throw new UsageError('GATEWAY_URL must begin with http:// or https://');
  const url = URL.canParse(text) ? new URL(text.replace(/^ws/, 'http')) : undefined;
  if (!url || url.username || url.password) {
    throw new UsageError(`GATEWAY_URL must be like ${DEFAULT_URL}, without user and password`);
  }
  if (url.pathname === '/') url.pathname = '/graphql';
  return url;
}

function bodyOf(text: string): { readonly data?: object | null; readonly errors?: readonly GatewayFault[] } {
  try {
    return Object(JSON.parse(text));
  } catch {
    return {};
  }
}

export function readText(file: string, name: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    throw new UsageError(`${name}: ${file} cannot be read (${(error as NodeJS.ErrnoException).code})`);
  }
}

/** By code of the gateway, or of its closing a WebSocket. */
const EXIT_BY_CODE: Readonly<Record<string, number>> = {
  BAD_USER_INPUT: EXIT.usage,
  UNAUTHENTICATED: EXIT.notAllowed,
  FORBIDDEN: EXIT.notAllowed,
  4401: EXIT.notAllowed,
  4403: EXIT.notAllowed,
  NOT_FOUND: EXIT.notFound,
};

export function exitCodeOf(code: string | undefined): number {
  return EXIT_BY_CODE[code ?? ''] ?? EXIT.other;
}

/** Also for paths that are no field of an input. */
const FLAGS: Readonly<Record<string, string>> = { projectId: '--project', after: '--after' };

const TOKEN_HINT =
  'The token is missing or refused. Check GATEWAY_TOKEN, and GATEWAY_TOKEN_HEADER=X-Auth-Token for AUTH_MODE=iam-token.';

interface Failure {
  readonly lines: readonly string[];
  readonly exitCode: number;
}

/** @returns what to print of an error that is expected; undefined for a fault of this program. */
export function failureOf(error: unknown, inputFlags: Readonly<Record<string, string>> = {}): Failure | undefined {
  if (error instanceof UnansweredError) {
    const failure = failureOf(error.cause);
    return failure && { ...failure, lines: [...failure.lines, error.message] };
  }
  if (error instanceof StoppedError) return { lines: [error.message], exitCode: error.exitCode };
  if (error instanceof UsageError) return { lines: [error.message], exitCode: EXIT.usage };
  if (error instanceof FeedError && !Array.isArray(error.cause)) {
    const exitCode = exitCodeOf(error.code);
    return { lines: exitCode === EXIT.notAllowed ? [error.message, TOKEN_HINT] : [error.message], exitCode };
  }
  const faults = error instanceof GatewayError ? error.faults : error instanceof FeedError ? error.cause : undefined;
  if (faults === undefined) return undefined;
  const lines = (faults as readonly GatewayFault[]).flatMap(
    ({ message, extensions: { issues = [], candidates = [] } = {} }) => [
      ...(issues.some((issue) => issue.message === message) || (issues.length > 0 && IN_ISSUES.test(message))
        ? []
        : [message.replace(VARIABLE, '')]),
      ...issues.map(({ path, message }) => `${placeOf(path, inputFlags)}: ${withoutPath(message, path)}`),
      ...candidates.map((id) => `This may be what was created: ${id}`),
    ],
  );
  return { lines, exitCode: exitCodeOf((faults as readonly GatewayFault[])[0]?.extensions?.code) };
}

/** Messages about a variable hold its whole value; what is wrong comes last. */
const VARIABLE = /^Variable "\$.*; /s;
/** Messages whose issues say the same. */
const IN_ISSUES = /^Variable "\$|; see issues$/;

/** What gives the value at `path`, in words of the command line. */
function placeOf(path: string, inputFlags: Readonly<Record<string, string>>): string {
  const [field = '', ...rest] = path.replace(/^input\./, '').split('.');
  const flag = inputFlags[field] ?? FLAGS[field];
  const parts = rest.map((part) => (/^\d+$/.test(part) ? `#${Number(part) + 1}` : part));
  return flag === undefined ? path : [flag, ...parts].join(' ');
}

function withoutPath(message: string, path: string): string {
  const separator = [': ', ' '].find((end) => message.startsWith(path + end));
  return separator === undefined ? message : message.slice(path.length + separator.length);
}
