import { randomUUID } from 'node:crypto';
import { born, type Clock, GONE, type Life, leave, stepAt, type Timings, turn } from './life.ts';

export interface PortMapping {
  readonly client_port: number;
  readonly server_port: number;
  readonly protocol: string;
}

/** Settings that only the owner can see and choose. */
interface ServiceSettings {
  readonly portId: string;
  readonly vpcId: string;
  readonly serverType: string;
  readonly ports: readonly PortMapping[];
  readonly tcpProxy: string;
  readonly tags: readonly { readonly key: string; readonly value: string }[];
  readonly description: string | null;
  readonly ip: string | null;
  readonly ipVersion: string | null;
  readonly snatNetworkId: string | null;
  readonly poolId: string;
}

/** An endpoint service of the simulated world. */
export interface SimulatedService extends ServiceSettings {
  readonly id: string;
  /** Short name; the API shows `region.name.id` (NOTES.md, "Fields that differ between answers"). */
  readonly name: string;
  readonly type: 'gateway' | 'interface';
  /** In the list of public services. */
  readonly isPublic: boolean;
  readonly ownerProjectId: string;
  /** Further projects that may connect to a private service; its owner always may. */
  readonly openTo: readonly string[] | 'all';
  readonly approval: boolean;
  readonly enablePolicy: boolean;
  /** `statement` for OBS and SFS, `document` for all others (seed, Table 3). */
  readonly policyKind: 'statement' | 'document';
  /** Only professional endpoints take ip_version and ipv6_address (seed, Table 3). */
  readonly professional: boolean;
  /** When set, every endpoint of this service ends in `failed` with this entry in `error[]`. */
  readonly failure: { readonly code: string; readonly message: string } | null;
  /** `marker_id` counts up from here; samples go beyond 2^53. */
  readonly markerIdBase: bigint;
  /** Only `available` takes endpoints; other words answer EndPoint.2004. */
  readonly status: string;
  /** What is in `error[]` of a service that has failed itself. */
  readonly error: { readonly code: string; readonly message: string } | null;
  /** Milliseconds since 1970. */
  readonly createdAt: number;
  /** Milliseconds since 1970. */
  readonly updatedAt: number;
}

/** Unset members: a private interface service of the simulator's own project, without approval. */
export type ServiceInput = Partial<SimulatedService> & Pick<SimulatedService, 'id' | 'name'>;

/** Owner of the platform's services; no credential belongs to it. */
export const PLATFORM_PROJECT_ID = '51a0ffffffffffffffffffffffffffff';
/** Creating in this VPC answers EndPoint.2001; every other well-formed id is taken as existing. */
export const NO_SUCH_VPC_ID = 'ffffffff-ffff-4fff-8fff-ffffffffffff';

/** A service with this backend ends in `failed`. */
export const FAILING_PORT_ID = '51a00000-0000-4000-8000-0000000000fa';
/** Creating with this backend answers EndPoint.3008; every other well-formed id is taken as existing. */
export const NO_SUCH_PORT_ID = 'ffffffff-ffff-4fff-8fff-fffffffffffe';

/** This route table does not exist and cannot be bound. */
export const NO_SUCH_ROUTE_TABLE_ID = 'ffffffff-ffff-4fff-8fff-fffffffffff1';
/** This one can be bound, but not unbound. */
export const STUCK_ROUTE_TABLE_ID = 'ffffffff-ffff-4fff-8fff-fffffffffff2';

/** Fixed ids, so that documents and tests can name them. */
export const SERVICE_IDS = {
  /** Gateway, enable_policy with policy_statement, like OBS. */
  obsGateway: '51a00000-0000-4000-8000-000000000001',
  /** Gateway without policy, like DNS. */
  dnsGateway: '51a00000-0000-4000-8000-000000000002',
  /** Interface, no approval. */
  plainInterface: '51a00000-0000-4000-8000-000000000003',
  /** Interface, waits for its owner, which is the simulator's own project. */
  approvalInterface: '51a00000-0000-4000-8000-000000000004',
  /** Interface, always ends in `failed`. */
  failingInterface: '51a00000-0000-4000-8000-000000000005',
  /** Interface, professional, enable_policy with policy_document, marker_id beyond 2^53. */
  professionalInterface: '51a00000-0000-4000-8000-000000000006',
  /** Private interface of the simulator's own project, no approval. */
  privateInterface: '51a00000-0000-4000-8000-000000000011',
  /** Private interface of the simulator's own project, with approval. */
  privateApproval: '51a00000-0000-4000-8000-000000000012',
  /** Private interface of another project: connecting answers EndPoint.2012. */
  foreignPrivate: '51a00000-0000-4000-8000-000000000013',
} as const;

const SMALL_MARKERS = 302_000_001n;
/** The largest published sample (NOTES.md, "Type quirks"). */
const LARGE_MARKERS = 422_321_321_312_321_321n;

/** Creation of the preloaded services. */
const BORN = Date.UTC(2025, 0, 2, 3, 4, 5);

/** The default cluster (pool). */
export const POOL_ID = '51a00000-0000-4000-8000-0000000000b1';

const SETTINGS: Omit<ServiceSettings, 'portId'> = {
  vpcId: '51a00000-0000-4000-8000-0000000000c2',
  serverType: 'VM',
  ports: [{ client_port: 443, server_port: 8443, protocol: 'TCP' }],
  tcpProxy: 'close',
  tags: [],
  description: null,
  ip: null,
  ipVersion: null,
  snatNetworkId: null,
  poolId: POOL_ID,
};

export function completeService(input: ServiceInput, ownProjectId: string): SimulatedService {
  return {
    type: 'interface',
    isPublic: false,
    ownerProjectId: ownProjectId,
    openTo: [],
    approval: false,
    enablePolicy: false,
    policyKind: 'document',
    professional: false,
    failure: null,
    markerIdBase: SMALL_MARKERS,
    status: 'available',
    error: null,
    createdAt: BORN,
    updatedAt: BORN,
    ...SETTINGS,
    // A backend of its own: two services cannot share a port of one.
    portId: input.id.replace(/^.{8}/, '51a0000b'),
    ...input,
  };
}

const PUBLIC = { isPublic: true, openTo: 'all', ownerProjectId: PLATFORM_PROJECT_ID } as const;
const BROKEN = { code: 'EndPoint.2022', message: 'Endpoint creation failed: no port could be created in the subnet.' };

const INITIAL: readonly ServiceInput[] = [
  { id: SERVICE_IDS.obsGateway, name: 'obs', ...PUBLIC, type: 'gateway', enablePolicy: true, policyKind: 'statement' },
  { id: SERVICE_IDS.dnsGateway, name: 'dns', ...PUBLIC, type: 'gateway' },
  { id: SERVICE_IDS.plainInterface, name: 'api', ...PUBLIC },
  // Owned by the simulator's project, so that its connections can be accepted over the API.
  { id: SERVICE_IDS.approvalInterface, name: 'approval', isPublic: true, openTo: 'all', approval: true },
  { id: SERVICE_IDS.failingInterface, name: 'failing', ...PUBLIC, failure: BROKEN },
  {
    id: SERVICE_IDS.professionalInterface,
    name: 'pro',
    ...PUBLIC,
    professional: true,
    enablePolicy: true,
    markerIdBase: LARGE_MARKERS,
  },
  { id: SERVICE_IDS.privateInterface, name: 'orders-db' },
  { id: SERVICE_IDS.privateApproval, name: 'billing-db', approval: true },
  { id: SERVICE_IDS.foreignPrivate, name: 'foreign', ownerProjectId: PLATFORM_PROJECT_ID },
];

export function initialServices(ownProjectId: string): readonly SimulatedService[] {
  return INITIAL.map((input) => completeService(input, ownProjectId));
}

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

  /** Adds a service that keeps its status. */
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

  /** Any word, for good: planned steps are dropped. */
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
