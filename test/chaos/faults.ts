/** The faults. Each one undoes itself at its end. */
import type { ResourceSet } from '../../src/watch/resource.ts';
import { endpointsIn } from '../../src/watch/resources/watched-endpoints.ts';
import { servicesIn } from '../../src/watch/resources/watched-services.ts';
import type { Backend, BackendKind } from './backends.ts';
import type { Fault, World } from './world.ts';

const KILL_MS = 120;

function backendOf<Kind extends BackendKind>(world: World, kind: Kind): Extract<Backend, { kind: Kind }> {
  if (world.backend.kind !== kind) throw new Error(`this fault needs the backend ${kind}`);
  return world.backend as Extract<Backend, { kind: Kind }>;
}

export const nothing: Fault = async (world) => world.pass(world.seconds * 1_000);

/** The pub/sub connections of replicas are cut repeatedly. */
export const killSubscribers: Fault = async (world) => {
  const backend = backendOf(world, 'alone');
  for (let left = world.seconds * 1_000; left > 0; left -= KILL_MS) {
    world.note('connections killed', await backend.killSubscribers().catch(() => 0));
    await world.pass(KILL_MS);
  }
};

export function dropMessages(share: number): Fault {
  return async (world) => {
    const { proxy } = backendOf(world, 'alone');
    proxy.drop(share);
    await world.pass(world.seconds * 1_000);
    proxy.drop(0);
    world.note('messages heard', proxy.heard);
    world.note('of these dropped', proxy.dropped);
  };
}

export const restartEmpty: Fault = async (world) => {
  const { server } = backendOf(world, 'alone');
  for (let times = 0; times < 2; times++) {
    await world.pass((world.seconds * 1_000) / 3);
    await server.restartEmpty();
  }
  await world.pass((world.seconds * 1_000) / 3);
};

export function pauseRedis(ms: number): Fault {
  return async (world) => {
    const { server } = backendOf(world, 'alone');
    await world.pass(3_000);
    server.pause();
    await world.pass(ms);
    server.resume();
    await world.pass(5_000);
  };
}

/** Acknowledged writes are lost. */
export const failoverLosingWrites: Fault = async (world) => {
  const { sentinels } = backendOf(world, 'sentinels');
  await world.pass(3_000);
  await sentinels.stopReplication();
  await world.pass(4_000);
  await sentinels.failover();
  await world.pass(world.seconds * 1_000);
};

export const killPrimary: Fault = async (world) => {
  const { sentinels } = backendOf(world, 'sentinels');
  await world.pass(3_000);
  await sentinels.killPrimary();
  await world.pass(world.seconds * 1_000);
};

/** A slot moves to another node, and later a master dies and its replica takes over. */
export const moveSlotAndLoseNode: Fault = async (world) => {
  const { cluster } = backendOf(world, 'cluster');
  const [first = '', second = first] = world.projects;
  await world.pass(3_000);
  const owner = await cluster.owner(keyOf(endpointsIn(first)));
  const masters = cluster.nodes.slice(0, 3);
  const other = masters.find(({ id }) => id !== owner.id);
  if (other !== undefined) await cluster.moveSlot(keyOf(endpointsIn(first)), other);
  await world.pass((world.seconds * 1_000) / 2);
  const lost = await cluster.owner(keyOf(servicesIn(second)));
  await lost.kill();
  await world.pass((world.seconds * 1_000) / 2);
};

function keyOf({ log }: ResourceSet): string {
  return `vpcep-gateway:{${log}}:meta`;
}

/** One replica after the other is killed in the middle of its work. */
export const killReplicas: Fault = async (world) => {
  for (let n = 0; n < world.replicas; n++) {
    await world.pass((world.seconds * 1_000) / world.replicas);
    await world.fleet.kill(n);
    await world.pass(2_000);
    await world.fleet.launch(n);
    world.note('replicas killed', 1);
  }
};

/** Longer than its leases last: others take over, and what it still commits when it wakes must be refused. */
export function freezeReplica(ms: number): Fault {
  return async (world) => {
    const n = world.dice.below(world.replicas);
    await world.pass(2_000);
    world.fleet.signal(n, 'SIGSTOP');
    await world.pass(ms);
    world.fleet.signal(n, 'SIGCONT');
    await world.pass(5_000);
  };
}

export const sickUpstream: Fault = async (world) => {
  world.cloud.sicken();
  await world.pass(world.seconds * 1_000);
  world.cloud.heal();
};

const STEP_MS = 2_500;
/** Seconds: an hour off and back, and steps around the length of a lease. */
const STEPS = [-3_600, 0, 3_600, -4, 2, -30, 40, 0] as const;

/** The clock of Redis, which orders the log, and those of the replicas, one after the other. */
export const stepClocks: Fault = async (world) => {
  for (let left = world.seconds * 1_000; left > 0; left -= STEP_MS) {
    for (const clock of world.clocks) clock.set(world.dice.pick(STEPS));
    await world.pass(STEP_MS);
  }
  for (const clock of world.clocks) clock.set(0);
};

export function together(...faults: readonly Fault[]): Fault {
  return async (world) => {
    await Promise.all(faults.map((fault) => fault(world)));
  };
}
