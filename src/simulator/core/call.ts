import type { Json, JsonObject } from '../world/json.ts';
import type { World } from '../world/world.ts';

/** Query parameters of one request, decoded; of a repeated one the last counts. */
export type Query = Readonly<Record<string, string>>;

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

export function ok(body: JsonObject): Answer {
  return { status: 200, body };
}
