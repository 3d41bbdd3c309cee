import type { IncomingMessage } from 'node:http';
import { CloseCode } from 'graphql-ws';
import type { Authenticator } from '../../auth/authenticator.ts';
import type { Identity } from '../../auth/identity.ts';
import type { Arrival } from '../../graphql/core/context.ts';
import type { RequestLog } from '../../observability/logger.ts';
import type { Metrics } from '../../observability/metrics.ts';
import type { ConnectionLimits, Release } from '../limits/connection-limits.ts';
import type { Session, TokenExpiry } from '../limits/token-expiry.ts';
import { TrackedOperation } from '../operation/tracking.ts';
import { identify } from '../request/authenticate.ts';
import { type SocketWriter, TOO_MUCH, TRY_AGAIN_LATER } from './socket-writer.ts';

type Payload = Readonly<Record<string, unknown>>;

export interface SocketSessionParts {
  readonly authenticator: Authenticator;
  readonly tokenExpiry: TokenExpiry;
  readonly connectionLimits: ConnectionLimits;
  readonly metrics: Metrics;
}

/** What is known of a WebSocket when it opens. */
export interface SocketFacts {
  readonly request: IncomingMessage;
  readonly arrival: Arrival;
  readonly logger: RequestLog;
  readonly writer: SocketWriter;
  readonly close: (code: number, reason: string) => void;
}

function isoTime(milliseconds: number | null): string | null {
  return milliseconds === null ? null : new Date(milliseconds).toISOString();
}

/** Whether a `ping` brings a token, as `connection_init` does. */
function bringsToken(payload: Payload): boolean {
  return Object.keys(payload).some((name) => ['authorization', 'x-auth-token'].includes(name.toLowerCase()));
}

/** The operations of one socket by id. Each ends exactly once, at the latest when the socket closes. */
export class SocketOperations {
  readonly #metrics: Metrics;
  readonly #logger: RequestLog;
  readonly #running = new Map<string, TrackedOperation>();

  constructor(metrics: Metrics, logger: RequestLog) {
    this.#metrics = metrics;
    this.#logger = logger;
  }

  start(id: string, name: string | null | undefined): TrackedOperation {
    // One that its client completed before it began is still here, and its id is free again.
    this.end(id);
    const operation = new TrackedOperation(this.#metrics, this.#logger, name);
    this.#running.set(id, operation);
    return operation;
  }

  get(id: string): TrackedOperation | undefined {
    return this.#running.get(id);
  }

  end(id: string): void {
    const operation = this.#running.get(id);
    this.#running.delete(id);
    operation?.end();
  }

  /** Running or starting. */
  get subscriptions(): number {
    let count = 0;
    for (const { isSubscription } of this.#running.values()) {
      count += isSubscription ? 1 : 0;
    }
    return count;
  }

  changed(identity: Identity): void {
    for (const operation of [...this.#running.values()]) {
      operation.changed(identity);
    }
  }

  endAll(): void {
    for (const id of [...this.#running.keys()]) {
      this.end(id);
    }
  }
}

/** The caller of one WebSocket: authenticated by `connection_init`, refreshed by a `ping` with a newer token. */
export class SocketSession {
  readonly facts: SocketFacts;
  readonly operations: SocketOperations;
  readonly #parts: SocketSessionParts;
  #session: Session | undefined;
  #release: Release = () => {};
  #left = false;
  #refreshed: Promise<unknown> = Promise.resolve();

  constructor(parts: SocketSessionParts, facts: SocketFacts) {
    this.#parts = parts;
    this.facts = facts;
    this.operations = new SocketOperations(parts.metrics, facts.logger);
  }

  /** Null before the connection was accepted, and after its end. */
  get identity(): Identity | null {
    return this.#session?.open === true ? this.#session.identity : null;
  }

  /** @returns the payload of `connection_ack`, true for none; false when the client is refused. */
  async connect(payload: Payload): Promise<Record<string, unknown> | boolean> {
    const { request, arrival, close, logger } = this.facts;
    const { tokenExpiry, connectionLimits } = this.#parts;
    const result = await this.#identify(request.headers, payload);
    if ('refusal' in result && result.refusal.status !== 401) {
      close(TRY_AGAIN_LATER, 'Try again later');
    }
    if ('refusal' in result || this.#left) {
      return false;
    }
    const { identity } = result;
    const release = connectionLimits.ofCaller(identity.subject);
    if (release === null) {
      logger.info({ caller: identity.subject, address: arrival.address }, 'too many sockets of one caller');
      close(TOO_MUCH, 'Too many sockets of this caller');
      return false;
    }
    this.#release = release;
    this.#session = tokenExpiry.open(identity, {
      changed: (now) => this.operations.changed(now),
      expiring: (expiresAt) => this.#warn(expiresAt),
      ended: (why) => close(CloseCode.Forbidden, why === 'expired' ? 'Token expired' : 'Forbidden'),
    });
    const expiresAt = isoTime(identity.expiresAt);
    return expiresAt === null ? true : { expiresAt };
  }

  /** Answers a `ping`. One with a token refreshes the session; refreshes take effect in the order in which they came. */
  async ping(payload: Payload | undefined): Promise<void> {
    if (payload === undefined || !bringsToken(payload)) {
      await this.#pong(payload);
      return;
    }
    const turn = this.#refreshed.then(() => this.#refresh(payload));
    // A failed refresh does not affect the next one.
    this.#refreshed = turn.catch(() => {});
    await turn;
  }

  /** The socket has closed. */
  leave(): void {
    this.#left = true;
    this.#session?.close();
    this.#release();
    this.operations.endAll();
  }

  async #refresh(payload: Payload): Promise<void> {
    const session = this.#session;
    if (session?.open !== true) {
      // Nothing to refresh before the connection is accepted. The token is not echoed.
      await this.#pong(undefined);
      return;
    }
    // Without the headers of the upgrade, which can hold an older token.
    const result = await this.#identify({}, payload);
    // Not 401: the client sees an unchanged expiry in the answer, and can try again.
    const unchanged = 'refusal' in result && result.refusal.status !== 401;
    const identity = 'identity' in result ? result.identity : unchanged ? session.identity : null;
    if (identity === null || identity.subject !== session.identity.subject) {
      this.facts.close(CloseCode.Forbidden, 'Forbidden');
      return;
    }
    session.become(identity);
    await this.#pong({ expiresAt: isoTime(identity.expiresAt) });
  }

  #identify(headers: IncomingMessage['headers'], connectionParams: Payload): ReturnType<typeof identify> {
    return identify(this.#parts.authenticator, { headers, connectionParams, address: this.facts.arrival.address });
  }

  #warn(expiresAt: number): void {
    void this.#send({ type: 'ping', payload: { expiresAt: isoTime(expiresAt) } });
  }

  async #pong(payload: Payload | undefined): Promise<void> {
    await this.#send(payload === undefined ? { type: 'pong' } : { type: 'pong', payload });
  }

  async #send(message: unknown): Promise<void> {
    await this.facts.writer.send(JSON.stringify(message));
  }
}
