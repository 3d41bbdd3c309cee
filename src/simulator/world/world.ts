import { randomUUID } from 'node:crypto';
import { SIMULATOR_PROJECT_ID, SIMULATOR_REGION } from './identity.ts';
import type { JsonObject } from './json.ts';
import {
  born,
  type Clock,
  GONE,
  type Life,
  leave,
  stepAt,
  systemClock,
  type Timings,
  turn,
  wasAccepted,
} from './life.ts';
import { Permissions } from './permissions.ts';
import {
  completeService,
  initialServices,
  SERVICE_IDS,
  type ServiceInput,
  ServiceRegister,
  type SimulatedService,
} from './services.ts';

export interface Tag {
  readonly key: string;
  readonly value: string;
}

/** A checked create request. */
export interface EndpointDraft {
  readonly projectId: string;
  readonly service: SimulatedService;
  readonly vpcId: string;
  readonly subnetId: string | null;
  readonly enableDns: boolean;
  readonly tags: readonly Tag[];
  readonly routeTables: readonly string[];
  readonly portIp: string | null;
  readonly whitelist: readonly string[];
  readonly enableWhitelist: boolean;
  readonly description: string | null;
  readonly policyStatement: readonly JsonObject[] | null;
  readonly policyDocument: JsonObject | null;
  readonly ipVersion: string | null;
  readonly ipv6Address: string | null;
}

export interface SimulatedEndpoint extends EndpointDraft {
  readonly id: string;
  /** Creation order, the tie-breaker of lists. */
  readonly number: number;
  readonly markerId: bigint;
  /** The address it has, shown only once accepted. */
  readonly address: string;
  readonly frozen: boolean;
  readonly upgraded: boolean;
  /** Last change that is not one of the status, ms; 0 when there was none. */
  readonly touchedAt: number;
  readonly failure: { readonly code: string; readonly message: string };
  readonly life: Life;
}

export interface WorldOptions {
  readonly clock?: Clock;
  readonly timings?: Partial<Timings>;
  /** Divides the timings. */
  readonly speed?: number;
  readonly region?: string;
  /** The project that owns the preloaded private services; default SIMULATOR_PROJECT_ID. */
  readonly projectId?: string;
  /** Endpoints per project; default 50 (NOTES.md, "Rules on input"). */
  readonly quota?: number;
  /** Services per project; default 20 (NOTES.md, "Rules on input"). */
  readonly serviceQuota?: number;
}

export interface SeedOptions {
  readonly projectId?: string;
  readonly serviceId?: string;
  /** Any word; default `accepted`. `creating` goes on by the timings like a created one. */
  readonly status?: string;
  readonly tags?: readonly Tag[];
}

const DEFAULT_FAILURE = { code: 'EndPoint.2022', message: 'Endpoint creation failed.' };

/** Services and endpoints of all projects. Knows no HTTP; tests steer it directly. */
export class World {
  readonly region: string;
  readonly projectId: string;
  readonly quota: number;
  readonly serviceQuota: number;
  readonly clock: Clock;
  readonly permissions = new Permissions();
  /** Notes of service owners, by endpoint. */
  readonly connectionTexts = new Map<string, string>();
  readonly #timings: Timings;
  /** Creates, changes and deletes services. */
  readonly register: ServiceRegister;
  readonly #endpoints = new Map<string, SimulatedEndpoint>();
  #lastNumber = 0;

  constructor(options: WorldOptions = {}) {
    const speed = options.speed ?? 1;
    this.clock = options.clock ?? systemClock;
    this.region = options.region ?? SIMULATOR_REGION;
    this.projectId = options.projectId ?? SIMULATOR_PROJECT_ID;
    this.quota = options.quota ?? 50;
    this.serviceQuota = options.serviceQuota ?? 20;
    this.#timings = {
      creating: (options.timings?.creating ?? 6000) / speed,
      deleting: (options.timings?.deleting ?? 4000) / speed,
    };
    this.register = new ServiceRegister(this.clock, this.#timings);
    for (const service of initialServices(this.projectId)) this.register.add(service);
  }

  addService(input: ServiceInput): SimulatedService {
    return this.register.add(completeService(input, this.projectId));
  }

  service(id: string): SimulatedService | undefined {
    return this.register.get(id);
  }

  services(): readonly SimulatedService[] {
    return this.register.all();
  }

  /** Creates as the API does, without its checks. */
  create(draft: EndpointDraft, outcome: string = outcomeOf(draft.service)): SimulatedEndpoint {
    const number = ++this.#lastNumber;
    const endpoint: SimulatedEndpoint = {
      ...draft,
      id: randomUUID(),
      number,
      markerId: draft.service.markerIdBase + BigInt(number),
      address: draft.portIp ?? `172.${16 + ((number >> 16) & 15)}.${(number >> 8) & 255}.${number & 255}`,
      frozen: false,
      upgraded: false,
      touchedAt: 0,
      failure: draft.service.failure ?? DEFAULT_FAILURE,
      life: born(this.clock.now(), outcome, this.#timings),
    };
    this.#endpoints.set(endpoint.id, endpoint);
    return endpoint;
  }

  /** Many endpoints at once, past every check and the quota. Returns their ids, oldest first. */
  seed(count: number, options: SeedOptions = {}): readonly string[] {
    const draft = this.#seedDraft(options);
    const status = options.status ?? 'accepted';
    return Array.from({ length: count }, () => {
      const endpoint = this.create(draft);
      if (status !== 'creating') this.#change(endpoint.id, () => ({ life: [{ at: this.clock.now(), status }] }));
      return endpoint.id;
    });
  }

  /** Undefined once it is gone. */
  endpoint(id: string): SimulatedEndpoint | undefined {
    const endpoint = this.#endpoints.get(id);
    return endpoint === undefined || this.status(endpoint) === GONE ? undefined : endpoint;
  }

  /** Everything that is not gone, oldest first. */
  endpoints(keep: (endpoint: SimulatedEndpoint) => boolean = () => true): readonly SimulatedEndpoint[] {
    return [...this.#endpoints.values()].filter((endpoint) => keep(endpoint) && this.status(endpoint) !== GONE);
  }

  status(endpoint: SimulatedEndpoint): string {
    return stepAt(endpoint.life, this.clock.now()).status;
  }

  wasAccepted(endpoint: SimulatedEndpoint): boolean {
    return wasAccepted(endpoint.life, this.clock.now());
  }

  createdAt(endpoint: SimulatedEndpoint): number {
    return endpoint.life[0]?.at ?? 0;
  }

  updatedAt(endpoint: SimulatedEndpoint): number {
    return Math.max(stepAt(endpoint.life, this.clock.now()).at, endpoint.touchedAt);
  }

  accept(id: string): void {
    this.setStatus(id, 'accepted');
  }

  reject(id: string): void {
    this.setStatus(id, 'rejected');
  }

  fail(id: string, code: string = DEFAULT_FAILURE.code, message: string = DEFAULT_FAILURE.message): void {
    this.setStatus(id, 'failed');
    this.#change(id, () => ({ failure: { code, message } }));
  }

  /** Any word, for good: planned steps are dropped. */
  setStatus(id: string, word: string): void {
    this.#change(id, (endpoint) => ({ life: turn(endpoint.life, this.clock.now(), word) }));
  }

  /** Freezes or thaws the account behind an endpoint: `active_status`, not the status. */
  freeze(id: string, frozen = true): void {
    this.#change(id, () => ({ frozen, touchedAt: this.clock.now() }));
  }

  /** Anything but the status. @returns the changed endpoint */
  edit(id: string, change: Partial<EndpointDraft & Pick<SimulatedEndpoint, 'upgraded'>>): SimulatedEndpoint {
    return this.#change(id, () => ({ ...change, touchedAt: this.clock.now() }));
  }

  /** Orders the deletion, as DELETE does. */
  startDeleting(id: string): void {
    this.#change(id, (endpoint) => ({ life: leave(endpoint.life, this.clock.now(), this.#timings) }));
  }

  /** Gone at once, without a delete call. */
  remove(id: string): void {
    this.setStatus(id, GONE);
  }

  #change(id: string, change: (endpoint: SimulatedEndpoint) => Partial<SimulatedEndpoint>): SimulatedEndpoint {
    const endpoint = this.endpoint(id);
    if (endpoint === undefined) throw new Error(`no endpoint ${id} in the simulator`);
    const changed = { ...endpoint, ...change(endpoint) };
    this.#endpoints.set(id, changed);
    return changed;
  }

  #seedDraft(options: SeedOptions): EndpointDraft {
    const service = this.service(options.serviceId ?? SERVICE_IDS.plainInterface);
    if (service === undefined) throw new Error(`no service ${options.serviceId} in the simulator`);
    return {
      projectId: options.projectId ?? this.projectId,
      service,
      vpcId: '51a00000-0000-4000-8000-0000000000a1',
      subnetId: service.type === 'interface' ? '51a00000-0000-4000-8000-0000000000a2' : null,
      enableDns: false,
      tags: options.tags ?? [],
      routeTables: [],
      portIp: null,
      whitelist: [],
      enableWhitelist: false,
      description: null,
      policyStatement: null,
      policyDocument: null,
      ipVersion: null,
      ipv6Address: null,
    };
  }
}

function outcomeOf(service: SimulatedService): string {
  if (service.failure !== null) return 'failed';
  return service.approval ? 'pendingAcceptance' : 'accepted';
}
