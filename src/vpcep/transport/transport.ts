/** Calls upstream: finds the host, the credential's source and the deadline; `Attempts` does the rest. */
import type { CancelSignal } from '../../shared/cancellation.ts';
import { sleep, systemClock } from '../../shared/clock.ts';
import { classOf, type UpstreamAnswer, type UpstreamRequest } from '../http/request.ts';
import { CredentialGuard } from '../signing/credential-guard.ts';
import type { CredentialSource } from '../signing/credentials.ts';
import { type AttemptSettings, Attempts } from './attempt.ts';
import { type HostsOptions, UpstreamHosts } from './hosts.ts';

export interface UpstreamTarget {
  /** Scheme and host, such as `https://vpcep.cn-north-4.myhuaweicloud.com`. */
  readonly baseUrl: string;
  /** Used when the call brings none. */
  readonly credential?: CredentialSource;
}

export interface TransportOptions extends HostsOptions, Partial<Omit<AttemptSettings, 'guard'>> {
  /** Where a project's calls go, and with which credential. */
  readonly target: (projectId: string) => UpstreamTarget;
  /** Its own when absent. */
  readonly guard?: CredentialGuard;
  /** Milliseconds for one operation with all its attempts, unless the call says otherwise. */
  readonly deadlineMs?: number;
}

/**
 * Options of upstream calls: made once per operation and passed down unchanged. `UpstreamCaller` decides which of them
 * apply to a read and which to a write.
 */
export interface CallOptions {
  /** The caller's own; absent: the project's keys. */
  readonly credential?: CredentialSource | undefined;
  /** The caller's identity: its equal reads in flight are one call. Absent: every read is a call of its own. */
  readonly share?: string;
  /** Cancels a read. A write is carried through, because cancelling would lose its answer and not its effect. */
  readonly signal?: CancelSignal | undefined;
  /** Milliseconds for all attempts together. */
  readonly deadlineMs?: number | undefined;
  /** Made for the status feed: it comes after the calls that a caller waits for. */
  readonly poll?: boolean | undefined;
  /** Called once for each call, reads included, just before it is made; a shared read counts for its first caller. */
  readonly onCall?: (() => void) | undefined;
  /** Called once for each write that was tried; `requestId` is undefined when upstream has not given one. */
  readonly onWrite?: (write: { readonly requestId: string | undefined }) => void;
}

const DEADLINE_MS = 15_000;
/** Shorter than a poll may take as a whole, so that silence is seen as such and not as a poll that was given up. */
const POLL_DEADLINE_MS = 10_000;
const MAX_BODY_BYTES = 16 * 1024 * 1024;

export class Transport {
  readonly guard: CredentialGuard;
  readonly #options: TransportOptions;
  readonly #settings: AttemptSettings;
  readonly #hosts: UpstreamHosts;

  constructor(options: TransportOptions) {
    const { budget, observe, tracing, maxBodyBytes = MAX_BODY_BYTES } = options;
    const { clock = systemClock, sleep: wait = sleep, random = Math.random } = options;
    this.guard = options.guard ?? new CredentialGuard(clock);
    this.#options = options;
    this.#settings = {
      guard: this.guard,
      budget,
      observe,
      tracing,
      maxBodyBytes,
      clock,
      sleep: wait,
      random,
    };
    this.#hosts = new UpstreamHosts(options);
  }

  /** @throws UpstreamError for all that goes wrong on the way; anything else is a fault of the configuration. */
  call(request: UpstreamRequest, options: CallOptions = {}): Promise<UpstreamAnswer> {
    const callClass = classOf(request, options);
    const usualMs = callClass === 'poll' ? POLL_DEADLINE_MS : DEADLINE_MS;
    const target = this.#options.target(request.projectId);
    const call = {
      request,
      callClass,
      host: this.#hosts.get(target.baseUrl),
      source: options.credential ?? target.credential,
      deadlineMs: options.deadlineMs ?? this.#options.deadlineMs ?? usualMs,
      signal: options.signal,
    };
    return new Attempts(call, this.#settings).run();
  }

  /** Lets running calls end, then closes the connections. */
  close(): Promise<void> {
    return this.#hosts.close();
  }
}
