import { randomUUID } from 'node:crypto';
import type { Clock } from './clock.ts';
import { born, GONE, type Life, leave, stepAt, type Timings, turn } from './life.ts';
import { completeService, type ServiceInput, type SimulatedService } from './services.ts';

interface Entry {
  readonly service: Omit<SimulatedService, 'status'>;
  readonly life: Life;
}

export type ServiceDraft = Omit<ServiceInput, 'id' | 'status' | 'createdAt' | 'updatedAt'> & {
  readonly ownerProjectId: string;
};

/**
 * The services of all projects. Their status is a function of the clock, as that of endpoints: `creating` → `available`
 * or `failed`; `deleting` → gone (NOTES.md, "Endpoint service and connection status").
 */
export class ServiceRegister {
  readonly #clock: Clock;
  readonly #timings: Timings;
  readonly #entries = new Map<string, Entry>();

  constructor(clock: Clock, timings: Timings) {
    this.#clock = clock;
    this.#timings = timings;
  }

  /** Puts one in that stays in its status, whichever that is. */
  add(service: SimulatedService): SimulatedService {
    this.#entries.set(service.id, { service, life: [{ at: service.createdAt, status: service.status }] });
    return service;
  }

  /** Creates as the API does, without its checks; `error` set means that it ends in `failed`. */
  create(draft: ServiceDraft): SimulatedService {
    const id = randomUUID();
    const now = this.#clock.now();
    const service = completeService({ ...draft, id, createdAt: now, updatedAt: now }, draft.ownerProjectId);
    const outcome = service.error === null ? 'available' : 'failed';
    this.#entries.set(id, { service, life: born(now, outcome, this.#timings) });
    return this.#known(id);
  }

  /** Undefined once it is gone. */
  get(id: string): SimulatedService | undefined {
    const entry = this.#entries.get(id);
    return entry === undefined ? undefined : this.#now(entry);
  }

  /** Oldest first. */
  all(): readonly SimulatedService[] {
    return [...this.#entries.values()].flatMap((entry) => this.#now(entry) ?? []);
  }

  change(id: string, change: Partial<Omit<SimulatedService, 'id' | 'status'>>): SimulatedService {
    const { service, life } = this.#entry(id);
    this.#entries.set(id, { service: { ...service, updatedAt: this.#clock.now(), ...change }, life });
    return this.#known(id);
  }

  /** Any word, from now on and for good; what was planned is dropped. */
  setStatus(id: string, word: string): void {
    const { service, life } = this.#entry(id);
    this.#entries.set(id, { service, life: turn(life, this.#clock.now(), word) });
  }

  /** Orders the deletion, as DELETE does. */
  startDeleting(id: string): void {
    const { service, life } = this.#entry(id);
    this.#entries.set(id, { service, life: leave(life, this.#clock.now(), this.#timings) });
  }

  #now({ service, life }: Entry): SimulatedService | undefined {
    const { status } = stepAt(life, this.#clock.now());
    return status === GONE ? undefined : { ...service, status };
  }

  #entry(id: string): Entry {
    const entry = this.#entries.get(id);
    if (entry === undefined) throw new Error(`no service ${id} in the simulator`);
    return entry;
  }

  #known(id: string): SimulatedService {
    const service = this.get(id);
    if (service === undefined) throw new Error(`no service ${id} in the simulator`);
    return service;
  }
}
