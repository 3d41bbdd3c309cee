import { randomBytes } from 'node:crypto';
import type { Tracing } from '../../observability/tracing.ts';
import type { RedisConnections } from '../../redis/connect.ts';
import { RedisScript } from '../../redis/script.ts';
import type {
  CommitRequest,
  CommitResult,
  EntryPage,
  EventLog,
  Interest,
  LeaseOutcome,
  LeaseRequest,
  LeaseResult,
  Notification,
  Position,
  StateView,
} from '../event-log.ts';
import { EventLogUnavailableError } from '../event-log.ts';
import { DRIFT, MAX_SINGLE_READS } from '../retention.ts';
import { decodeCommit, decodePage, decodeStates, encodeCommit, FieldCodec } from './codec.ts';
import { COMMIT_SCRIPT } from './commit-script.ts';
import { LEASE_SCRIPT, RENEW_SCRIPT } from './lease-script.ts';
import type { RedisNotifications } from './notifications.ts';
import { ENTRIES_SCRIPT, HISTORY_SCRIPT, STATE_SCRIPT } from './read-scripts.ts';

export interface RedisEventLogOptions {
  readonly redis: Pick<RedisConnections, 'commands' | 'health'>;
  readonly notifications: RedisNotifications;
  /** Keys are `{prefix}:{log}:…`; the hash tag keeps a log in one Cluster slot. */
  readonly prefix?: string;
  /** Microseconds since 1970; left out: Redis TIME. */
  readonly now?: () => number;
  /** What stands for names of fields in Redis; a name without a code stands for itself. */
  readonly fieldCodes: ReadonlyMap<string, string>;
  /** Commits name the span that they belong to, so that deliveries on any replica join its trace. */
  readonly tracing?: Pick<Tracing, 'cause'> | null;
}

/** Milliseconds for which a time of Redis is counted on, on the clock of this process. */
const HEARD_MS = 10_000;

const COMMIT = new RedisScript(COMMIT_SCRIPT);
const LEASE = new RedisScript(LEASE_SCRIPT);
const RENEW = new RedisScript(RENEW_SCRIPT);
const STATE = new RedisScript(STATE_SCRIPT);
const ENTRIES = new RedisScript(ENTRIES_SCRIPT);
const HISTORY = new RedisScript(HISTORY_SCRIPT);

/** The event log of many replicas. Every step is one script, so no step can be half done. */
export class RedisEventLog implements EventLog {
  readonly #redis: RedisEventLogOptions['redis'];
  readonly #notifications: RedisNotifications;
  readonly #prefix: string;
  readonly #now: (() => number) | undefined;
  readonly #codec: FieldCodec;
  readonly #tracing: Pick<Tracing, 'cause'> | null | undefined;
  /** A time of Redis, and when it had come. */
  #heard = { micros: 0, atMs: Number.NEGATIVE_INFINITY };

  constructor(options: RedisEventLogOptions) {
    this.#redis = options.redis;
    this.#notifications = options.notifications;
    this.#prefix = options.prefix ?? 'vpcep-gateway';
    this.#now = options.now;
    this.#codec = new FieldCodec(options.fieldCodes);
    this.#tracing = options.tracing;
  }

  async now(): Promise<number> {
    if (this.#now !== undefined) return this.#now();
    const [seconds, rest] = await this.#reached(this.#redis.commands.time());
    const micros = Number(seconds) * 1_000_000 + Number(rest);
    this.#heard = { micros, atMs: performance.now() };
    return micros;
  }

  async recently(): Promise<number> {
    const { micros, atMs } = this.#heard;
    const elapsedMs = performance.now() - atMs;
    if (this.#now !== undefined || elapsedMs > HEARD_MS) return await this.now();
    return micros + Math.floor(elapsedMs * (1 - DRIFT) * 1000);
  }

  async commit(log: string, request: CommitRequest): Promise<CommitResult> {
    return decodeCommit(await this.#run(COMMIT, log, [this.#encode(request)]));
  }

  async lease(log: string, request: LeaseRequest): Promise<LeaseResult> {
    const { done } = request;
    const args = [
      request.replica,
      encodeInterest(request.interest),
      request.wake === true ? '1' : '0',
      done === undefined ? '' : String(done.ticket),
      String(Math.round(done?.waitMs ?? 0)),
      done?.throttled === true ? '1' : '0',
      ...(done?.commits.map((commit) => this.#encode(commit)) ?? []),
    ];
    const reply = await this.#run(LEASE, log, args);
    const [fenced, woken, kind, value, asOf, wants, afterMs, commits] = reply as [
      number,
      number,
      string,
      string,
      string,
      '*' | string[],
      string,
      unknown[],
    ];
    return {
      fenced: fenced === 1,
      woken: woken === 1,
      commits: commits.map(decodeCommit),
      next: outcome({ kind, value, asOf, wants, afterMs }),
    };
  }

  async renew(log: string, ticket: number): Promise<boolean> {
    return (await this.#run(RENEW, log, [String(ticket)])) === 1;
  }

  async state(log: string, ids?: readonly string[]): Promise<StateView> {
    const reply = (await this.#run(STATE, log, ids === undefined ? ['all'] : ['some', ...ids])) as unknown[];
    const [epoch, seq, baseline, rows] = reply as [string?, string?, string?, string[]?];
    if (epoch === undefined || rows === undefined) return { position: null, baseline: false, states: [] };
    return {
      position: { epoch, seq: Number(seq) },
      baseline: baseline === '1',
      states: decodeStates(rows, this.#codec),
    };
  }

  async position(log: string): Promise<Position | null> {
    const [epoch, seq] = await this.#reached(this.#redis.commands.hmget(this.#keys(log)[0] ?? '', 'epoch', 'seq'));
    return typeof epoch === 'string' ? { epoch, seq: Number(seq) } : null;
  }

  async entries(log: string, after: number, limit: number): Promise<EntryPage> {
    return decodePage(await this.#run(ENTRIES, log, [String(after + 1), String(limit)]), this.#codec);
  }

  async history(log: string, ids: readonly string[], last: number): Promise<EntryPage> {
    const page = decodePage(await this.#run(HISTORY, log, [String(last), ...new Set(ids)]), this.#codec);
    return { ...page, entries: page.entries.toReversed() };
  }

  listen(log: string, onNotification: (notification: Notification) => void): Promise<() => void> {
    return this.#reached(this.#notifications.listen(this.#channel(log), onNotification));
  }

  held(): { readonly listeners: number; readonly channels: number; readonly timers: number } {
    return this.#notifications.held();
  }

  async close(): Promise<void> {
    this.#notifications.close();
  }

  async #run(script: RedisScript, log: string, args: readonly string[]): Promise<unknown> {
    const now = this.#now === undefined ? '' : String(this.#now());
    const all = [now, this.#channel(log), randomBytes(6).toString('hex'), ...args];
    return await this.#reached(script.run(this.#redis.commands, this.#keys(log), all));
  }

  #encode(commit: CommitRequest): string {
    return encodeCommit(commit, this.#codec, this.#tracing?.cause);
  }

  /** Every failure of Redis or its connection is the same to callers: the log is unavailable. */
  async #reached<T>(reply: Promise<T>): Promise<T> {
    try {
      return await reply;
    } catch (error) {
      this.#redis.health.failed(error);
      throw new EventLogUnavailableError(error);
    }
  }

  #keys(log: string): readonly string[] {
    return ['meta', 'state', 'stream', 'lease'].map((name) => `${this.#prefix}:{${log}}:${name}`);
  }

  #channel(log: string): string {
    return `${this.#prefix}:{${log}}:notification`;
  }
}

function encodeInterest(interest: Interest | null): string {
  if (interest === null || interest.length === 0) return '';
  return interest === 'all' || interest.length > MAX_SINGLE_READS ? '*' : JSON.stringify(interest);
}

interface OutcomeReply {
  readonly kind: string;
  readonly value: string;
  readonly asOf: string;
  readonly wants: '*' | readonly string[];
  readonly afterMs: string;
}

function outcome({ kind, value, asOf, wants, afterMs }: OutcomeReply): LeaseOutcome {
  if (kind === 'idle') return { kind };
  if (kind === 'wait') return { kind, waitMs: Number(value) };
  return {
    kind: 'poll',
    ticket: Number(value),
    asOf: Number(asOf),
    interest: wants === '*' ? 'all' : wants.toSorted(),
    afterMs: Number(afterMs),
  };
}
