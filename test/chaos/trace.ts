/** The history of one subscriber, in order. */
import type { Position } from '../../src/events/event-log.ts';

export interface SeenEvent {
  readonly kind: 'SNAPSHOT' | 'TRANSITION' | 'RESYNC';
  /** Of the resource. */
  readonly id: string;
  readonly rawStatus: string;
  readonly version: number;
  readonly cursor: string;
  readonly more: boolean;
}

export type Step =
  | { readonly step: 'event'; readonly event: SeenEvent }
  /** A set without members. It has no cursor. */
  | { readonly step: 'empty' }
  /** It (re)subscribed by itself, `after` being its own last cursor; null without one. */
  | { readonly step: 'begin'; readonly after: string | null; readonly replica: number }
  | { readonly step: 'end'; readonly reason: string };

export interface Trace {
  readonly name: string;
  /** Name of the log that it follows. */
  readonly log: string;
  /** Null: every resource of the log. */
  readonly ids: ReadonlySet<string> | null;
  readonly steps: readonly Step[];
}

/** Parses a cursor, which is opaque to clients. Null: it restarts a set. */
export function positionOf(cursor: string): Position | null {
  const [epoch, seq] = cursor.split(':');
  return epoch === undefined || seq === undefined ? null : { epoch, seq: Number(seq) };
}
