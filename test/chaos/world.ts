/** Everything that a fault can use. */
import type { Backend } from './backends.ts';
import type { Clock } from './clock.ts';
import type { Cloud } from './cloud.ts';
import type { Fleet } from './fleet.ts';
import type { Dice } from './random.ts';

export interface World {
  readonly backend: Backend;
  readonly cloud: Pick<Cloud, 'sicken' | 'heal'>;
  /** Of Redis first, then of each replica; none in scenarios that leave them alone. */
  readonly clocks: readonly Clock[];
  readonly fleet: Pick<Fleet, 'kill' | 'launch' | 'signal'>;
  readonly dice: Dice;
  readonly projects: readonly string[];
  readonly replicas: number;
  /** How long a fault that is a state (and not an event) lasts. */
  readonly seconds: number;
  /** Load goes on meanwhile. */
  pass(ms: number): Promise<void>;
  /** Facts for the report, such as how many connections were killed. */
  note(what: string, count: number): void;
}

export type Fault = (world: World) => Promise<void>;
