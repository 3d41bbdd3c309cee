/**
 * The durable side of the status feed: bounded logs, each with a contiguous sequence, the last known state of every
 * resource in it, and the lease that says which replica polls. What a log holds is up to its
 * reader (watch/resource.ts). Two implementations (memory, Redis) pass one suite.
 * Semantics: docs/reference/status-feed.md.
 *
 * Times are microseconds since 1970 as numbers (exact until the year 2255). `status` is the upstream's word.
 */

/** The status that the log keeps once a 404 is confirmed. */
export const DELETED = 'deleted';

export type Fields = Readonly<Record<string, unknown>>;

export interface Observation {
  readonly id: string;
  readonly status: string;
  /** Fields that this answer carries, JSON values; a key that is missing keeps its last value. */
  readonly fields: Fields;
}

export interface Position {
  /** Random name of one contiguous history; another epoch means that entries were lost. */
  readonly epoch: string;
  /** Sequence number of the last entry; 0 before the first. */
  readonly seq: number;
}

/** One transition. */
export interface Entry {
  readonly seq: number;
  readonly id: string;
  readonly status: string;
  /** Null at the first sight of a resource. */
  readonly previousStatus: string | null;
  /** Grows with every transition of a resource, never repeats, survives a failover that lost writes. */
  readonly version: number;
  readonly observedAt: number;
  /** The resource as it was at that moment. */
  readonly fields: Fields;
}

export interface StoredState {
  readonly id: string;
  readonly status: string;
  readonly version: number;
  /** Sequence number of its last transition; 0 when it has none in this epoch. */
  readonly seq: number;
  /** Time before the upstream request whose answer this state comes from. */
  readonly asOf: number;
  readonly fields: Fields;
}

export interface CommitRequest {
  /** The log's time taken before the upstream request; a row not newer than the stored state is ignored. */
  readonly asOf: number;
  /**
   * None: only makes sure that there is an epoch that can be followed, a new one where Redis has lost writes. A commit
   * that appends makes sure of that too.
   */
  readonly observations: readonly Observation[];
  /** `list` rows never bring back a resource whose deletion is confirmed: lists lag behind reads. */
  readonly source: 'list' | 'read';
  /**
   * What a resource without state means: `transition` always (a creation through this gateway), or `afterBaseline`:
   * a transition once the log has had its first full read, else only filled in. Its deletion is ignored then: a
   * request for an id that never existed must not leave a tombstone.
   */
  readonly firstSight: 'transition' | 'afterBaseline';
  /** True on the last commit of a complete read of everything: baseline, and `missing` is worked out. */
  readonly sweep?: boolean;
  /** Highest version that the committer knows: new versions are above it. */
  readonly versionFloor?: number;
}

export interface Transition {
  readonly id: string;
  readonly status: string;
  readonly firstSight: boolean;
}

export interface CommitResult {
  /** Position just before this commit: resuming there starts with what this commit appended. */
  readonly before: Position;
  readonly after: Position;
  readonly transitions: readonly Transition[];
  /** Only after a sweep: resources that the sweep did not show and that were not seen since it began (at most 100). */
  readonly missing: readonly string[];
}

/** What to poll: everything, or these resources. More than MAX_SINGLE_READS are everything, none is no interest. */
export type Interest = 'all' | readonly string[];

export interface LeaseRequest {
  readonly replica: string;
  /** Null: this replica wants no polls any more. */
  readonly interest: Interest | null;
  /** The result of the poll that was granted before. */
  readonly done?: {
    readonly ticket: number;
    readonly commits: readonly CommitRequest[];
    /** Milliseconds from now until the next poll is due. */
    readonly waitMs: number;
    /** Upstream asked for that wait: a wake-up must not cut it short. */
    readonly throttled?: boolean;
  };
  /**
   * Poll as soon as possible if no poll is in flight, else right after it; may take the lease from another replica.
   * Wake-ups never make two polls begin within WAKE_SPACING_MS.
   */
  readonly wake?: boolean;
}

export type LeaseOutcome =
  | {
      /**
       * This replica polls, `afterMs` milliseconds from now. Until then its ticket is a reservation: a wake-up elsewhere
       * takes it away and sends a `lease` notification. The result of a poll without the current ticket is refused.
       */
      readonly kind: 'poll';
      readonly ticket: number;
      /** The log's time of this answer. Add what passes until the upstream request is sent. */
      readonly asOf: number;
      readonly interest: Interest;
      readonly afterMs: number;
    }
  /** Another replica polls: ask again after `waitMs`, when its lease may have run out. */
  | { readonly kind: 'wait'; readonly waitMs: number }
  /** No replica wants polls. */
  | { readonly kind: 'idle' };

export interface LeaseResult {
  /** The ticket of `done` was not the current one: its observations were refused. */
  readonly fenced: boolean;
  /** A wake-up came while the poll of `done` was in flight. */
  readonly woken: boolean;
  /** One for each of `done.commits`, none when fenced. */
  readonly commits: readonly CommitResult[];
  readonly next: LeaseOutcome;
}

export interface StateView {
  /** Null: nothing was ever committed, or all of it has expired. */
  readonly position: Position | null;
  /** True once a full read of everything has filled this epoch. */
  readonly baseline: boolean;
  readonly states: readonly StoredState[];
}

export interface EntryPage {
  readonly position: Position | null;
  /** Oldest first. */
  readonly entries: readonly Entry[];
}

/** Notifications carry no events: listeners read the log. */
export type Notification =
  /** Entries were appended, or the epoch changed. */
  | {
      readonly kind: 'moved';
      readonly position: Position;
      /** `traceparent` of what has appended them, when that is traced. */
      readonly cause?: string;
    }
  /** The next poll has become due sooner, or its holder has left. */
  | {
      readonly kind: 'lease';
      /** The one replica that it concerns; left out: all. */
      readonly replica?: string;
    }
  /** Notifications may have been missed. */
  | { readonly kind: 'check' };

export interface EventLog {
  /** The log's own time in µs: Redis TIME, so that all replicas order their requests alike. */
  now(): Promise<number>;
  /**
   * A time that `now` has passed, by some milliseconds at most and nearly always without a round trip. For what is new, of
   * which no older answer can be in the log.
   */
  recently(): Promise<number>;
  commit(log: string, request: CommitRequest): Promise<CommitResult>;
  /** One step of the watcher: commits the last poll, then grants the next one, or says how long to wait. */
  lease(log: string, request: LeaseRequest): Promise<LeaseResult>;
  /** Keeps a poll in flight. False: the ticket is no longer current. */
  renew(log: string, ticket: number): Promise<boolean>;
  /** Position and state read at one moment; without ids, every resource of the log. */
  state(log: string, ids?: readonly string[]): Promise<StateView>;
  position(log: string): Promise<Position | null>;
  /** Contiguous entries from the first retained one with `seq > after`, at most `limit`. */
  entries(log: string, after: number, limit: number): Promise<EntryPage>;
  /** The `last` newest entries of each of these resources in one read, oldest first. */
  history(log: string, ids: readonly string[], last: number): Promise<EntryPage>;
  /**
   * MUST be attached when the promise resolves, MUST send `check` after every interruption in which a notification can
   * have been missed, and MUST release everything once the last listener of a log has left.
   */
  listen(log: string, onNotification: (notification: Notification) => void): Promise<() => void>;
  /** For tests that count back to zero. */
  held(): { readonly listeners: number; readonly channels: number; readonly timers: number };
  close(): Promise<void>;
}

/** The log did not answer. Whether the step was done is unknown; try again. */
export class EventLogUnavailableError extends Error {
  override readonly name = 'EventLogUnavailableError' as const;

  constructor(cause: unknown) {
    super('the event log cannot be reached', { cause });
  }
}

/** When the pages of a list shift, a resource can come twice in one commit: the first row counts. */
export function firstOfEach(rows: readonly Observation[]): readonly Observation[] {
  if (rows.length < 2) return rows;
  const seen = new Set<string>();
  return rows.filter(({ id }) => !seen.has(id) && seen.add(id));
}
