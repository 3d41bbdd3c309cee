import type { IncomingMessage } from 'node:http';
import { CloseCode } from 'graphql-ws';
import { AuthenticationUnavailableError, type Authenticator, UnauthenticatedError } from '../../auth/authenticator.ts';
import type { Identity } from '../../auth/identity.ts';
import type { Arrival } from '../../graphql/core/context.ts';
import { RateLimitedError } from '../../graphql/errors/gateway-errors.ts';
import type { Logger } from '../../observability/logger.ts';
import type { Admissions, Release } from '../limits/connection-limits.ts';
import type { Session, Sessions } from '../limits/token-expiry.ts';
import type { OperationTracker } from '../operation/tracking.ts';
import type { Outlet } from './socket-writer.ts';
import { TOO_MUCH, TRY_AGAIN_LATER } from './socket-writer.ts';

type Payload = Readonly<Record<string, unknown>>;

export interface SocketSessionParts {
  readonly authenticator: Authenticator;
  readonly sessions: Sessions;
  readonly admissions: Admissions;
}

/** One WebSocket, as it came in. */
export interface SocketFacts {
  readonly request: IncomingMessage;
  readonly arrival: Arrival;
  readonly logger: Logger;
  readonly outlet: Outlet;
  readonly operations: OperationTracker;
  readonly close: (code: number, reason: string) => void;
}

function isoTime(milliseconds: number | null): string | null {
  return milliseconds === null ? null : new Date(milliseconds).toISOString();
}

/** Whether a `ping` brings a token, as `connection_init` does. */
function bringsToken(payload: Payload): boolean {
  return Object.keys(payload).some((name) => ['authorization', 'x-auth-token'].includes(name.toLowerCase()));
}

/** Who is on a WebSocket: let in by `connection_init`, kept by a `ping` with a newer token, and seen out. */
export class SocketSession {
  readonly facts: SocketFacts;
  readonly #parts: SocketSessionParts;
  #session: Session | undefined;
  #release: Release = () => {};
  #left = false;
  #refreshed: Promise<unknown> = Promise.resolve();

  constructor(parts: SocketSessionParts, facts: SocketFacts) {
    this.#parts = parts;
    this.facts = facts;
  }

  /** Of now; null before the connection was accepted, and after its end. */
  get identity(): Identity | null {
    return this.#session?.open === true ? this.#session.identity : null;
  }

  /** @returns the payload of `connection_ack`, true for none; false when the client is not let in. */
  async connect(payload: Payload): Promise<Record<string, unknown> | boolean> {
    const { request, arrival, operations, close } = this.facts;
    const { sessions, admissions } = this.#parts;
    const identity = await this.#authenticate({
      headers: request.headers,
      connectionParams: payload,
      address: arrival.address,
    });
    if (identity === null || this.#left) {
      return false;
    }
    const release = admissions.ofCaller(identity.subject);
    if (release === null) {
      this.facts.logger.info({ caller: identity.subject, address: arrival.address }, 'too many sockets of one caller');
      close(TOO_MUCH, 'Too many sockets of this caller');
      return false;
    }
    this.#release = release;
    this.#session = sessions.open(identity, {
      changed: (now) => operations.changed(now),
      expiring: (expiresAt) => this.#warn(expiresAt),
      ended: (why) => close(CloseCode.Forbidden, why === 'expired' ? 'Token expired' : 'Forbidden'),
    });
    const expiresAt = isoTime(identity.expiresAt);
    return expiresAt === null ? true : { expiresAt };
  }

  /** Answers a `ping` of the client. One with a token is a refresh; they take effect in the order in which they came. */
  async ping(payload: Payload | undefined): Promise<void> {
    if (payload === undefined || !bringsToken(payload)) {
      await this.#pong(payload);
      return;
    }
    const turn = this.#refreshed.then(() => this.#refresh(payload));
    // Whoever waits in line is not concerned by what went wrong before.
    this.#refreshed = turn.catch(() => {});
    await turn;
  }

  /** The socket is closed. */
  leave(): void {
    this.#left = true;
    this.#session?.close();
    this.#release();
  }

  async #refresh(payload: Payload): Promise<void> {
    const session = this.#session;
    if (session?.open !== true) {
      // Before the connection was accepted there is nothing to refresh. The token is not sent back.
      await this.#pong(undefined);
      return;
    }
    const identity = await this.#authenticateAgain(session, payload);
    if (identity === null || identity.subject !== session.identity.subject) {
      this.facts.close(CloseCode.Forbidden, 'Forbidden');
      return;
    }
    session.become(identity);
    await this.#pong({ expiresAt: isoTime(identity.expiresAt) });
  }

  async #authenticateAgain(session: Session, connectionParams: Payload): Promise<Identity | null> {
    try {
      // Not the headers of the upgrade: they hold an older token, if any.
      return await this.#parts.authenticator.authenticate({
        headers: {},
        connectionParams,
        address: this.facts.arrival.address,
      });
    } catch (error) {
      if (error instanceof UnauthenticatedError) {
        return null;
      }
      if (error instanceof AuthenticationUnavailableError || error instanceof RateLimitedError) {
        // The client sees that its time has not changed, and can try again.
        return session.identity;
      }
      throw error;
    }
  }

  async #authenticate(credentials: Parameters<Authenticator['authenticate']>[0]): Promise<Identity | null> {
    const { logger, close } = this.facts;
    try {
      return await this.#parts.authenticator.authenticate(credentials);
    } catch (error) {
      if (error instanceof AuthenticationUnavailableError || error instanceof RateLimitedError) {
        close(TRY_AGAIN_LATER, 'Try again later');
      } else if (!(error instanceof UnauthenticatedError)) {
        logger.error({ err: error }, 'authentication failed unexpectedly');
      }
      return null;
    }
  }

  #warn(expiresAt: number): void {
    void this.#send({ type: 'ping', payload: { expiresAt: isoTime(expiresAt) } });
  }

  async #pong(payload: Payload | undefined): Promise<void> {
    await this.#send(payload === undefined ? { type: 'pong' } : { type: 'pong', payload });
  }

  async #send(message: unknown): Promise<void> {
    await this.facts.outlet.send(JSON.stringify(message));
  }
}
