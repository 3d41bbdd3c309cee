/**
 * The durable side of the status feed: per project a bounded log with a contiguous sequence, the last known state of
 * every endpoint, and the turn that says which replica polls. Two implementations (memory, Redis) pass one suite.
 * Semantics: docs/ARCHITECTURE.md, "The status feed".
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
  readonly observations: readonly Observation[];
  /** `list` rows never bring back an endpoint whose deletion is confirmed: lists lag behind reads. */
  readonly source: 'list' | 'read';
  /**
   * What an endpoint without state means: `transition` always (a creation through this gateway), or `afterBaseline`:
   * a transition once the project has had its first full read, else only filled in.
   */
  readonly firstSight: 'transition' | 'afterBaseline';
  /** True on the last commit of a complete read of the project: baseline, and `missing` is worked out. */
  readonly sweep?: boolean;
  /** Highest version that the committer knows: new versions are above it. */
  readonly versionFloor?: number;
}

export interface CommitResult {
  /** Position just before this commit: resuming there starts with what this commit appended. */
  readonly before: Position;
  readonly after: Position;
  readonly transitions: readonly { readonly endpointId: string; readonly status: string; readonly seq: number; readonly firstSight: boolean }[];
  /** Endpoints in the state that are not deleted. */
  readonly alive: number;
  /** Only after a sweep: endpoints that the sweep did not show and that were not seen since it began (at most 100). */
  readonly missing: readonly string[];
}

/** What a replica wants polled: everything, or these endpoints. */
export type Interest = 'project' | ReadonlySet<string>;

export interface TurnRequest {
  readonly replica: string;
  /** Null: this replica wants nothing any more. */
  readonly interest: Interest | null;
  /** The end of the poll that was granted before, if there was one. */
  readonly done?: {
    readonly ticket: number;
    /** Observations; several commits when the poll read several kinds of answers. */
    readonly commits: readonly CommitRequest[];
    /** Milliseconds until the next poll is due. */
    readonly waitMs: number;
  };
}

export type TurnResult = {
  /** True: the ticket was not the current one and its observations were not taken. */
  readonly fenced: boolean;
  readonly commits: readonly CommitResult[];
} & (
  | { readonly kind: 'poll'; readonly ticket: number; readonly asOf: number; readonly interest: Interest; readonly woken: boolean }
  | { readonly kind: 'wait'; readonly waitMs: number; readonly holder: boolean }
  | { readonly kind: 'idle' }
);

export interface StateView {
  /** Null: nothing was ever committed, or all of it has expired. */
  readonly position: Position | null;
  /** True once a full read of the project has filled this epoch. */
  readonly baseline: boolean;
  readonly endpoints: readonly EndpointState[];
}

export interface EntryPage {
  readonly position: Position | null;
  /** Contiguous, oldest first, starting at the first retained entry after the asked one. */
  readonly entries: readonly Entry[];
}

/** `moved`: something was appended or the epoch or baseline changed. `turn`: the poll may be up for grabs. `check`: bells may have been missed, look. */
export type Bell = { readonly kind: 'moved'; readonly position: Position } | { readonly kind: 'turn' } | { readonly kind: 'check' };

export interface EventLog {
  /** The log's own time in µs: Redis TIME, so that all replicas order their requests alike. */
  now(): Promise<number>;
  commit(project: string, request: CommitRequest): Promise<CommitResult>;
  /** One step of the watcher: commit what the last poll brought, then be told to poll, to wait, or that nobody cares. */
  turn(project: string, request: TurnRequest): Promise<TurnResult>;
  /** Keeps a poll in flight. False: the ticket is no longer current. */
  renew(project: string, ticket: number): Promise<boolean>;
  /** The next poll is due now; with a poll in flight, right after it. */
  wake(project: string): Promise<void>;
  /** Position and state read at one moment; without ids, every endpoint of the project. */
  state(project: string, endpointIds?: readonly string[]): Promise<StateView>;
  position(project: string): Promise<Position | null>;
  /** Entries with `seq > after`, at most `limit`. */
  entries(project: string, after: number, limit: number): Promise<EntryPage>;
  /** Newest entries of one endpoint, oldest first. */
  history(project: string, endpointId: string, last: number): Promise<{ readonly position: Position | null; readonly entries: readonly Entry[] }>;
  /**
   * MUST be attached when the promise resolves, MUST ring `check` after every interruption in which a bell can have
   * been missed, and MUST release everything once the last listener of a project has left.
   */
  listen(project: string, onBell: (bell: Bell) => void): Promise<() => void>;
  /** What is held right now, for the metrics and for the tests that count back to zero. */
  held(): { readonly listeners: number; readonly channels: number; readonly timers: number };
  close(): Promise<void>;
}
