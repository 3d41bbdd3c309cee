import type { IncomingHttpHeaders } from 'node:http';
import { CloseCode } from 'graphql-ws';
import type { Authenticator } from '../../auth/authenticator.ts';
import type { Identity } from '../../auth/identity.ts';
import type { Arrival } from '../../graphql/core/context.ts';
import type { RequestLog } from '../../observability/logger.ts';
import type { Metrics } from '../../observability/metrics.ts';
import type { TracedSpan } from '../../observability/tracing.ts';
import type { ConnectionLimits, Release } from '../limits/connection-limits.ts';
import type { Session, SessionHooks, TokenExpiry } from '../limits/token-expiry.ts';
import { identify } from '../request/authenticate.ts';
import { type SocketWriter, TOO_MUCH, TRY_AGAIN_LATER } from './socket-writer.ts';

type Payload = Readonly<Record<string, unknown>>;

const NO_HEADERS: IncomingHttpHeaders = {};

export interface SocketSessionParts {
  readonly authenticator: Authenticator;
  readonly tokenExpiry: TokenExpiry;
  readonly connectionLimits: ConnectionLimits;
  readonly metrics: Metrics;
}

/** What is known of a WebSocket while it is open. */
export interface SocketFacts {
  readonly arrival: Arrival;
  readonly logger: RequestLog;
  /** Of the upgrade request; each operation has a trace of its own, linked to it. */
  readonly span: TracedSpan | null;
  readonly writer: SocketWriter;
}

/** The part of the conversation that follows its caller's rights. */
interface RightsFollower {
  changed(identity: Identity): void;
}

function isoTime(milliseconds: number | null): string | null {
  return milliseconds === null ? null : new Date(milliseconds).toISOString();
}

/** Whether a `ping` brings a token, as `connection_init` does. */
function bringsToken(payload: Payload): boolean {
  return Object.keys(payload).some((name) => ['authorization', 'x-auth-token'].includes(name.toLowerCase()));
}

/** The caller of one WebSocket: authenticated by `connection_init`, refreshed by a `ping` with a newer token. */
export class SocketSession implements SessionHooks {
  readonly #parts: SocketSessionParts;
  readonly #facts: SocketFacts;
  readonly #follower: RightsFollower;
  /** Of the upgrade request, until the connection is accepted. */
  #headers: IncomingHttpHeaders;
  #session: Session | undefined;
  #release: Release | undefined;
  #left = false;
  #refreshed: Promise<unknown> | undefined;

  constructor(parts: SocketSessionParts, facts: SocketFacts, headers: IncomingHttpHeaders, follower: RightsFollower) {
    this.#parts = parts;
    this.#facts = facts;
    this.#headers = headers;
    this.#follower = follower;
  }

  /** Null before the connection was accepted, and after its end. */
  get identity(): Identity | null {
    return this.#session?.open === true ? this.#session.identity : null;
  }

  /** @returns the payload of `connection_ack`, true for none; false when the client is refused. */
  async connect(payload: Payload): Promise<Record<string, unknown> | boolean> {
    const { arrival, writer, logger } = this.#facts;
    const { tokenExpiry, connectionLimits } = this.#parts;
    const headers = this.#headers;
    this.#headers = NO_HEADERS;
    const result = await this.#identify(headers, payload);
    if ('refusal' in result && result.refusal.status !== 401) {
      writer.dismiss(TRY_AGAIN_LATER, 'Try again later');
    }
    if ('refusal' in result || this.#left) {
      return false;
    }
    const { identity } = result;
    const release = connectionLimits.ofCaller(identity.subject);
    if (release === null) {
      logger.info({ caller: identity.subject, address: arrival.address }, 'too many sockets of one caller');
      writer.dismiss(TOO_MUCH, 'Too many sockets of this caller');
      return false;
    }
    this.#release = release;
    this.#session = tokenExpiry.open(identity, this);
    const expiresAt = isoTime(identity.expiresAt);
    return expiresAt === null ? true : { expiresAt };
  }

  /** Answers a `ping`. One with a token refreshes the session; refreshes take effect in the order in which they came. */
  async ping(payload: Payload | undefined): Promise<void> {
    if (payload === undefined || !bringsToken(payload)) {
      await this.#pong(payload);
      return;
    }
    const turn = (this.#refreshed ?? Promise.resolve()).then(() => this.#refresh(payload));
    // A failed refresh does not affect the next one.
    this.#refreshed = turn.catch(() => {});
    await turn;
  }

  /** The socket has closed. */
  leave(): void {
    this.#left = true;
    this.#session?.close();
    this.#release?.();
  }

  changed(identity: Identity): void {
    this.#follower.changed(identity);
  }

  expiring(expiresAt: number): void {
    void this.#facts.writer.send({ type: 'ping', payload: { expiresAt: isoTime(expiresAt) } });
  }

  ended(why: 'expired' | 'revoked'): void {
    this.#facts.writer.dismiss(CloseCode.Forbidden, why === 'expired' ? 'Token expired' : 'Forbidden');
  }

  async #refresh(payload: Payload): Promise<void> {
    const session = this.#session;
    if (session?.open !== true) {
      // Nothing to refresh before the connection is accepted. The token is not echoed.
      await this.#pong(undefined);
      return;
    }
    // Without the headers of the upgrade, which can hold an older token.
    const result = await this.#identify(NO_HEADERS, payload);
    // Not 401: the client sees an unchanged expiry in the answer, and can try again.
    const unchanged = 'refusal' in result && result.refusal.status !== 401;
    const identity = 'identity' in result ? result.identity : unchanged ? session.identity : null;
    if (identity === null || identity.subject !== session.identity.subject) {
      this.#facts.writer.dismiss(CloseCode.Forbidden, 'Forbidden');
      return;
    }
    session.become(identity);
    await this.#pong({ expiresAt: isoTime(identity.expiresAt) });
  }

  #identify(headers: IncomingHttpHeaders, connectionParams: Payload): ReturnType<typeof identify> {
    return identify(this.#parts.authenticator, { headers, connectionParams, address: this.#facts.arrival.address });
  }

  async #pong(payload: Payload | undefined): Promise<void> {
    await this.#facts.writer.send(payload === undefined ? { type: 'pong' } : { type: 'pong', payload });
  }
}
