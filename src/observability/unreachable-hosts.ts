/** Unreachable hosts: logged once when it begins and once when it ends, and counted by reason. */
import type { Logger } from './logger.ts';
import type { Metrics } from './metrics.ts';

/** Of an attempt that got no answer. */
export interface ContactFailure {
  /** Of the system, TLS or undici, such as `ECONNREFUSED`; `PROXY_…` when the proxy gave no tunnel. */
  readonly code: string | undefined;
  readonly timedOut: boolean;
  /** True: the request was sent on a connection. */
  readonly sent: boolean;
  /** From 1. */
  readonly attempt: number;
}

export interface UnreachableHostsOptions {
  readonly logger: Logger;
  readonly metrics: Pick<Metrics, 'upstreamUnreachable'>;
  /** Milliseconds of a clock that only goes forward. */
  readonly elapsed: () => number;
}

/** See docs/operations/deployment.md, "When a host cannot be reached". */
export type UnreachableReason = 'dns' | 'refused' | 'reset' | 'tls' | 'timeout' | 'proxy' | 'other';

/** The first that fits. */
const REASONS: readonly (readonly [RegExp, UnreachableReason])[] = [
  [/^PROXY_/, 'proxy'],
  [/^(?:ENOTFOUND|EAI_.*)$/, 'dns'],
  [/^ECONNREFUSED$/, 'refused'],
  [/^(?:ECONNRESET|EPIPE|UND_ERR_SOCKET)$/, 'reset'],
  [/TIMEOUT|TIMEDOUT/, 'timeout'],
  [/CERT|TLS|SSL|^UND_ERR_PRX_TLS$|^EPROTO$|^UNABLE_TO_|^CRL_|^INVALID_(?:CA|PURPOSE)$|^HOSTNAME_MISMATCH$/, 'tls'],
];

export function unreachableReason({ code, timedOut }: Pick<ContactFailure, 'code' | 'timedOut'>): UnreachableReason {
  if (code === undefined) return timedOut ? 'timeout' : 'other';
  return REASONS.find(([pattern]) => pattern.test(code))?.[1] ?? 'other';
}

export class UnreachableHosts {
  readonly #options: UnreachableHostsOptions;
  readonly #contacts = new Map<string, HostContact>();

  constructor(options: UnreachableHostsOptions) {
    this.#options = options;
  }

  /** All URLs of one host and port have one. */
  at(url: string): HostContact {
    const { host, hostname, port, protocol } = new URL(url);
    const number = port === '' ? (protocol === 'https:' ? 443 : 80) : Number(port);
    const key = `${hostname}:${number}`;
    const contact = this.#contacts.get(key) ?? new HostContact({ host, hostname, port: number }, this.#options);
    this.#contacts.set(key, contact);
    return contact;
  }

  /** Fit for /readyz; null when every host was reached the last time. */
  get reason(): string | null {
    const unreachable = [...this.#contacts.values()].flatMap((contact) => contact.unreachable ?? []);
    return unreachable.length === 0 ? null : `unreachable: ${unreachable.join(', ')}`;
  }

  /** For a new configuration: hosts that it no longer names would stay unreachable. */
  forget(): void {
    for (const contact of this.#contacts.values()) contact.forget();
  }
}

interface Address {
  /** With the port where it is not that of the scheme. */
  readonly host: string;
  readonly hostname: string;
  readonly port: number;
}

/**
 * Reachability of one host. Calls overlap, so an attempt that began before the latest opposite result is ignored: a slow
 * call that fails while others succeed is no outage.
 */
export class HostContact {
  readonly #address: Address;
  readonly #options: UnreachableHostsOptions;
  #answeredAt = Number.NEGATIVE_INFINITY;
  #failedAt = Number.NEGATIVE_INFINITY;
  /** The first failure since the last answer. */
  #failingSince: number | null = null;
  #reason: UnreachableReason | null = null;

  constructor(address: Address, options: UnreachableHostsOptions) {
    this.#address = address;
    this.#options = options;
  }

  get unreachable(): string | null {
    return this.#reason === null ? null : `${this.#address.host} (${this.#reason})`;
  }

  answered(begunAt: number): void {
    if (begunAt < this.#failedAt) return;
    this.#answeredAt = this.#options.elapsed();
    if (this.#reason !== null && this.#failingSince !== null) {
      const { hostname: host, port } = this.#address;
      const unreachableSeconds = Math.round((this.#answeredAt - this.#failingSince) / 100) / 10;
      this.#options.logger.info({ host, port, unreachableSeconds }, 'host is reachable again');
    }
    this.forget();
  }

  failed(failure: ContactFailure, begunAt: number): void {
    const { host, hostname, port } = this.#address;
    const reason = unreachableReason(failure);
    this.#options.metrics.upstreamUnreachable.inc({ host, reason });
    if (begunAt < this.#answeredAt) return;
    const isFirst = this.#failingSince === null;
    this.#failedAt = this.#options.elapsed();
    this.#failingSince ??= this.#failedAt;
    // One lost request is usual: servers close idle connections while they are being reused.
    if (isFirst && failure.sent) return;
    if (this.#reason === null) {
      const { code, attempt } = failure;
      this.#options.logger.warn({ host: hostname, port, reason, code, attempt }, 'host is unreachable');
    }
    this.#reason = reason;
  }

  forget(): void {
    this.#failingSince = null;
    this.#reason = null;
  }
}
