/**
 * The durable side of the status feed: per project a bounded log with a contiguous sequence, the last known state of
 * every endpoint, and the turn that says which replica polls. Two implementations (memory, Redis) pass one suite.
 * Semantics: docs/reference/status-feed.md.
 *
 * Times are microseconds since 1970 as numbers (exact until the year 2255). `status` is always the upstream's own word.
 */

/** The word the log keeps once an endpoint's 404 is confirmed. */
export const DELETED = 'deleted';

export type Fields = Readonly<Record<string, unknown>>;

export interface Observation {
  readonly endpointId: string;
  readonly status: string;
  /** Fields that this answer carries, JSON values; a key that is missing keeps its last value. */
  readonly fields: Fields;
}

export interface Position {
  /** Random name of this life of the log; another epoch means that history was lost. */
  readonly epoch: string;
  /** Sequence number of the last entry; 0 before the first. */
  readonly seq: number;
}

/** One transition. */
export interface Entry {
  readonly seq: number;
  readonly endpointId: string;
  readonly status: string;
  /** Null at the first sight of an endpoint. */
  readonly previousStatus: string | null;
  /** Grows with every transition of an endpoint, never repeats, survives a failover that lost writes. */
  readonly version: number;
  readonly observedAt: number;
  /** The endpoint as it was at that moment. */
  readonly fields: Fields;
}

export interface EndpointState {
  readonly endpointId: string;
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
  /** `list` rows never bring back an endpoint whose deletion is confirmed: lists lag behind reads. */
  readonly source: 'list' | 'read';
  /**
   * What an endpoint without state means: `transition` always (a creation through this gateway), or `afterBaseline`:
   * a transition once the project has had its first full read, else only filled in. Its deletion is nothing then: who
   * asks for an id that never existed must not make a tombstone of it.
   */
  readonly firstSight: 'transition' | 'afterBaseline';
  /** True on the last commit of a complete read of the project: baseline, and `missing` is worked out. */
  readonly sweep?: boolean;
  /** Highest version that the committer knows: new versions are above it. */
  readonly versionFloor?: number;
}

export interface Transition {
  readonly endpointId: string;
  readonly status: string;
  readonly firstSight: boolean;
}

export interface CommitResult {
  /** Position just before this commit: resuming there starts with what this commit appended. */
  readonly before: Position;
  readonly after: Position;
  readonly transitions: readonly Transition[];
  /** Only after a sweep: endpoints that the sweep did not show and that were not seen since it began (at most 100). */
  readonly missing: readonly string[];
}

/**
 * What is wanted polled: everything, or these endpoints (at most MAX_SINGLE_READS, beyond that it is everything; none is
 * as good as no interest).
 */
export type Interest = 'project' | readonly string[];

export interface TurnRequest {
  readonly replica: string;
  /** Null: this replica wants nothing any more. */
  readonly interest: Interest | null;
  /** The end of the poll that was granted before, if there was one. */
  readonly done?: {
    readonly ticket: number;
    readonly commits: readonly CommitRequest[];
    /** Milliseconds from now until the next poll is due. */
    readonly waitMs: number;
    /** True: upstream asked for that wait, so that not even a wake-up may cut it short. */
    readonly throttled?: boolean;
  };
  /**
   * Poll as soon as may be if no poll is in flight, else right after it; takes the turn from another replica if need be.
   * Two polls never begin within WAKE_SPACING_MS because of it.
   */
  readonly wake?: boolean;
}

export type TurnOutcome =
  | {
      /**
       * This replica polls, `afterMs` milliseconds from now. Until then its ticket is a reservation: a wake-up elsewhere
       * takes it away, and rings `turn`. A poll of a reservation that was lost is FENCED.
       */
      readonly kind: 'poll';
      readonly ticket: number;
      /** The log's time of this answer: when the upstream request is sent later, so much is to be added. */
      readonly asOf: number;
      readonly interest: Interest;
      readonly afterMs: number;
    }
  /** Another replica polls: ask again after `waitMs`, when its lease may have run out. */
  | { readonly kind: 'wait'; readonly waitMs: number }
  /** No replica wants this project polled. */
  | { readonly kind: 'idle' };

export interface TurnResult {
  /** True: the ticket of `done` was not the current one and its observations were not taken. */
  readonly fenced: boolean;
  /** True: somebody asked for a poll while the one that is now done was in flight. */
  readonly woken: boolean;
  /** One for each of `done.commits`, none when fenced. */
  readonly commits: readonly CommitResult[];
  readonly next: TurnOutcome;
}

export interface StateView {
  /** Null: nothing was ever committed, or all of it has expired. */
  readonly position: Position | null;
  /** True once a full read of the project has filled this epoch. */
  readonly baseline: boolean;
  readonly endpoints: readonly EndpointState[];
}

export interface EntryPage {
  readonly position: Position | null;
  /** Oldest first. */
  readonly entries: readonly Entry[];
}

/** Bells carry no data: whoever hears one reads the log. */
export type Bell =
  /** Entries were appended, or the epoch changed. */
  | { readonly kind: 'moved'; readonly position: Position }
  /** The next poll has become due sooner, or its holder has left. */
  | {
      readonly kind: 'turn';
      /** The one replica that it concerns; left out: all. */
      readonly replica?: string;
    }
  /** Bells may have been missed: look. */
  | { readonly kind: 'check' };

export interface EventLog {
  /** The log's own time in µs: Redis TIME, so that all replicas order their requests alike. */
  now(): Promise<number>;
  commit(project: string, request: CommitRequest): Promise<CommitResult>;
  /** One step of the watcher: commit what the last poll brought, then be told to poll, to wait, or that nobody cares. */
  turn(project: string, request: TurnRequest): Promise<TurnResult>;
  /** Keeps a poll in flight. False: the ticket is no longer current. */
  renew(project: string, ticket: number): Promise<boolean>;
  /** Position and state read at one moment; without ids, every endpoint of the project. */
  state(project: string, endpointIds?: readonly string[]): Promise<StateView>;
  position(project: string): Promise<Position | null>;
  /** Contiguous entries from the first retained one with `seq > after`, at most `limit`. */
  entries(project: string, after: number, limit: number): Promise<EntryPage>;
  /** The `last` newest entries of each of these endpoints in one read, oldest first. */
  history(project: string, endpointIds: readonly string[], last: number): Promise<EntryPage>;
  /**
   * MUST be attached when the promise resolves, MUST ring `check` after every interruption in which a bell can have
   * been missed, and MUST release everything once the last listener of a project has left.
   */
  listen(project: string, onBell: (bell: Bell) => void): Promise<() => void>;
  /** What is held right now, for the metrics and for the tests that count back to zero. */
  held(): { readonly listeners: number; readonly channels: number; readonly timers: number };
  close(): Promise<void>;
}

/** The log could not be reached or did not answer; nothing is known about whether the step was done. Try again. */
export class EventLogUnavailableError extends Error {
  override readonly name = 'EventLogUnavailableError' as const;

  constructor(cause: unknown) {
    super('the event log cannot be reached', { cause });
  }
}

/** One row for each endpoint: when the pages of a list shift, a row can come twice in one commit. The first one counts. */
export function firstOfEach(rows: readonly Observation[]): readonly Observation[] {
  const seen = new Set<string>();
  return rows.filter(({ endpointId }) => !seen.has(endpointId) && seen.add(endpointId));
}
