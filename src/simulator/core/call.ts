import type { Json } from '../world/json.ts';
import type { World } from '../world/world.ts';
import type { Query } from './input.ts';

/** One authenticated request to the world. */
export interface Call {
  readonly world: World;
  readonly projectId: string;
  /** Values of the path template, decoded. */
  readonly params: Readonly<Record<string, string>>;
  readonly query: Query;
  /** Parsed JSON; undefined when no body was sent. */
  readonly body: unknown;
  /** What DELETE answers: 204 by the contract, but clients in the field also take 200 and 202. */
  readonly deleteStatus: number;
}

export interface Answer {
  readonly status: number;
  /** Undefined: no body. */
  readonly body?: Json;
}
