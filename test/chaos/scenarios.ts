import type { BackendKind } from './backends.ts';
import {
  dropMessages,
  failoverLosingWrites,
  freezeReplica,
  killPrimary,
  killReplicas,
  killSubscribers,
  moveSlotAndLoseNode,
  nothing,
  pauseRedis,
  restartEmpty,
  sickUpstream,
  stepClocks,
  together,
} from './faults.ts';
import type { Fault } from './world.ts';

export interface Scenario {
  readonly name: string;
  readonly backend: BackendKind;
  readonly fault: Fault;
  /**
   * Whether RESYNC is allowed: only where the log itself was lost or replaced (another epoch). In all other scenarios a
   * single RESYNC is a violation.
   */
  readonly resync: boolean;
  /** Redis and the replicas get clocks that can be set. */
  readonly clocks?: boolean;
}

export const SCENARIOS: readonly Scenario[] = [
  { name: 'nothing goes wrong', backend: 'alone', fault: nothing, resync: false },
  { name: 'subscriber connections killed every 120 ms', backend: 'alone', fault: killSubscribers, resync: false },
  { name: '5 % of messages dropped', backend: 'alone', fault: dropMessages(0.05), resync: false },
  { name: '50 % of messages dropped', backend: 'alone', fault: dropMessages(0.5), resync: false },
  { name: 'Redis restarted empty, twice', backend: 'alone', fault: restartEmpty, resync: true },
  { name: 'Redis silent for 10 s', backend: 'alone', fault: pauseRedis(10_000), resync: false },
  { name: 'Redis silent for 2 s', backend: 'alone', fault: pauseRedis(2_000), resync: false },
  { name: 'Sentinel failover that loses writes', backend: 'sentinels', fault: failoverLosingWrites, resync: true },
  { name: 'Sentinel: primary killed', backend: 'sentinels', fault: killPrimary, resync: true },
  { name: 'Cluster: slot moved, node lost', backend: 'cluster', fault: moveSlotAndLoseNode, resync: true },
  { name: 'replicas killed one by one', backend: 'alone', fault: killReplicas, resync: false },
  { name: 'replica frozen for 20 s', backend: 'alone', fault: freezeReplica(20_000), resync: false },
  { name: 'upstream answers 429, 5xx and garbage', backend: 'alone', fault: sickUpstream, resync: false },
  { name: 'clocks stepped, each on its own', backend: 'alone', fault: stepClocks, resync: false, clocks: true },
  {
    name: 'mixed: kills, drops, dying replicas, sick upstream',
    backend: 'alone',
    fault: together(killSubscribers, dropMessages(0.5), killReplicas, sickUpstream),
    resync: false,
  },
  {
    name: 'mixed: failover, dying replicas, sick upstream',
    backend: 'sentinels',
    fault: together(failoverLosingWrites, killReplicas, sickUpstream),
    resync: true,
  },
];
