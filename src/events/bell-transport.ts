/** How bells come out of Redis: over one connection (classic pub/sub), or over one for each node (sharded, in a Cluster). */
export interface BellTransport {
  /** The command that rings a bell so that it is heard here. */
  readonly verb: 'PUBLISH' | 'SPUBLISH';
  /** Resolves when the server has confirmed it. From then on it is kept, whatever happens, until `unsubscribe`. */
  subscribe(channel: string): Promise<unknown>;
  unsubscribe(channel: string): void;
  /** Timers that run; none when nothing is subscribed. */
  timers(): number;
  close(): void;
}

export interface BellSink {
  heard(channel: string, message: string): void;
  /** Subscribed again after an interruption: what was rung meanwhile is lost. */
  restored(channels: Iterable<string>): void;
}

/** Milliseconds between two looks whether a connection is still alive. */
export const ECHO_MS = 5_000;
