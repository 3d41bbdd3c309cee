/** An upstream that changes all the time: the simulator, moved by dice, with faults on demand. */
import type { ExchangeObserver } from '../../src/simulator/pipeline.ts';
import { type Simulator, startSimulator } from '../../src/simulator/server.ts';
import { DEFAULT_CREDENTIAL } from '../../src/simulator/world/identity.ts';
import { SERVICE_IDS, type SimulatedService } from '../../src/simulator/world/services.ts';
import type { SimulatedEndpoint, World } from '../../src/simulator/world/world.ts';
import type { Dice } from './random.ts';

const ENDPOINT_WORDS = ['creating', 'pendingAcceptance', 'accepted', 'rejected', 'failed'] as const;
const SERVICE_WORDS = ['creating', 'available', 'failed'] as const;
const DELETING = 'deleting';
const MOVE_MS = 100;
const TIMINGS = { creating: 1_500, deleting: 2_000 };
/** No bound that a run can reach. */
const QUOTA = 100_000;
const SERVICES_PER_PROJECT = 5;
/** So many endpoints are connected to own services of their project. */
const CONNECTED = 0.4;
const OF_SERVICES = 0.15;
/** The others are new statuses. */
const DELETIONS = { endpoint: 0.02, service: 0.1 };

export interface CloudOptions {
  readonly projects: readonly string[];
  readonly endpointsPerProject: number;
  readonly movesPerSecond: number;
  readonly dice: Dice;
}

export class Cloud {
  readonly #options: CloudOptions;
  readonly #simulator: Simulator;
  #moving: NodeJS.Timeout | undefined;
  #owed = 0;
  calls = 0;
  /** Calls that were hit by a fault. */
  failures = 0;
  moves = 0;

  private constructor(options: CloudOptions, simulator: Simulator) {
    this.#options = options;
    this.#simulator = simulator;
    for (const project of options.projects) {
      for (let n = 0; n < SERVICES_PER_PROJECT; n++) this.#offer(project);
      // In turn, so that every service has some.
      const services = this.services(project);
      for (let n = 0; n < options.endpointsPerProject; n++) {
        const service = n < options.endpointsPerProject * CONNECTED ? services[n % services.length] : undefined;
        this.#connect(project, service, options.dice.pick(ENDPOINT_WORDS));
      }
    }
  }

  static async start(options: CloudOptions): Promise<Cloud> {
    let onCall: ExchangeObserver = () => {};
    const simulator = await startSimulator({
      timings: TIMINGS,
      quota: QUOTA,
      serviceQuota: QUOTA,
      credentials: [{ ...DEFAULT_CREDENTIAL, projectIds: options.projects }],
      faultSeed: options.dice.below(1_000_000),
      recordedRequests: 1,
      onExchange: (exchange) => onCall(exchange),
    });
    const cloud = new Cloud(options, simulator);
    onCall = ({ faults }) => {
      cloud.calls++;
      if (faults.length > 0) cloud.failures++;
    };
    return cloud;
  }

  get url(): string {
    return this.#simulator.url;
  }

  get world(): World {
    return this.#simulator.world;
  }

  /** The own services of a project. */
  services(project: string): readonly SimulatedService[] {
    return this.world.services().filter(({ ownerProjectId }) => ownerProjectId === project);
  }

  /** The endpoints of a project that are connected to its own services. */
  connected(project: string): readonly SimulatedEndpoint[] {
    return this.world.endpoints(
      ({ projectId, service }) => projectId === project && service.ownerProjectId === project,
    );
  }

  /** About every third answer is a failure. */
  sicken(): void {
    const { faults } = this.#simulator;
    faults.add({ kind: 'status', status: 429, retryAfter: 1, probability: 0.1 });
    faults.add({ kind: 'status', status: 500, probability: 0.1 });
    faults.add({ kind: 'status', status: 503, body: 'empty', probability: 0.05 });
    faults.add({ kind: 'reset', stage: 'after', probability: 0.05 });
    faults.add({ kind: 'malformedJson', probability: 0.05 });
  }

  heal(): void {
    this.#simulator.faults.clear();
  }

  begin(): void {
    this.#moving = setInterval(() => {
      this.#owed += (this.#options.movesPerSecond * MOVE_MS) / 1_000;
      for (; this.#owed >= 1; this.#owed--) this.#move();
    }, MOVE_MS);
  }

  /** Stops all changes except creations and deletions under way. */
  rest(): void {
    clearInterval(this.#moving);
  }

  async stop(): Promise<void> {
    this.rest();
    await this.#simulator.close();
  }

  #offer(project: string): void {
    this.world.register.create({ ownerProjectId: project, name: 'chaos', approval: true });
  }

  #connect(project: string, service: SimulatedService | undefined, status: string): void {
    this.world.seed(1, { projectId: project, serviceId: service?.id ?? SERVICE_IDS.plainInterface, status });
  }

  #move(): void {
    const { dice, projects } = this.#options;
    const project = dice.pick(projects);
    this.moves++;
    if (dice.next() < OF_SERVICES) this.#moveService(project);
    else this.#moveEndpoint(project);
  }

  #moveEndpoint(project: string): void {
    const { dice } = this.#options;
    const endpoint = dice.pick(this.world.endpoints(({ projectId }) => projectId === project));
    const status = this.world.status(endpoint);
    if (status === DELETING) return;
    if (dice.next() > DELETIONS.endpoint) {
      this.world.setStatus(endpoint.id, dice.pick(ENDPOINT_WORDS.filter((word) => word !== status)));
      return;
    }
    this.world.startDeleting(endpoint.id);
    const service = dice.next() < CONNECTED ? dice.pick(this.services(project)) : undefined;
    this.#connect(project, service, 'creating');
  }

  #moveService(project: string): void {
    const { dice } = this.#options;
    const { id, status } = dice.pick(this.services(project));
    if (status === DELETING) return;
    if (dice.next() > DELETIONS.service) {
      this.world.register.setStatus(id, dice.pick(SERVICE_WORDS.filter((word) => word !== status)));
      return;
    }
    this.world.register.startDeleting(id);
    this.#offer(project);
  }
}
