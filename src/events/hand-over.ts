import { type CommitRequest, DELETED, type EndpointState, type Entry, type Observation } from './event-log.ts';

/** As many rows as one page of a list has. */
const MAX_ROWS = 1000;

interface Step {
  readonly asOf: number;
  readonly source: CommitRequest['source'];
  readonly firstSight: CommitRequest['firstSight'];
  readonly row: Observation;
}

/**
 * What one log has seen of a project, as commits for another log that has missed it: every status in the order in which
 * it was observed, up to the states as they are now. The other log takes what is newer than what it has; so several
 * replicas can hand over what all of them have seen, and one of them can do it twice.
 * @param entries the log's own, oldest first
 */
export function handOver(states: readonly EndpointState[], entries: readonly Entry[]): readonly CommitRequest[] {
  const walks = new Map<string, Entry[]>();
  for (const entry of entries) {
    const walk = walks.get(entry.endpointId);
    if (walk === undefined) walks.set(entry.endpointId, [entry]);
    else walk.push(entry);
  }
  const steps = states.flatMap((state) => stepsOf(state, walks.get(state.endpointId) ?? []));
  steps.sort((a, b) => a.asOf - b.asOf || kindOf(a).localeCompare(kindOf(b)));
  const versionFloor = states.reduce((highest, { version }) => Math.max(highest, version), 0);
  return grouped(steps).map((group) => ({ ...group, versionFloor, raiseVersions: true }));
}

/** One endpoint. Its last step has the state's own `asOf`, the ones before it rising times below that. */
function stepsOf({ endpointId, status, fields, asOf }: EndpointState, walk: readonly Entry[]): readonly Step[] {
  const asList = { source: 'list', firstSight: 'afterBaseline' } as const;
  const [first] = walk;
  if (first === undefined) return [{ ...asList, asOf, row: { endpointId, status, fields } }];
  const steps: Step[] = [];
  let below = asOf + 1;
  for (const entry of walk.toReversed()) {
    below = Math.min(below - 1, steps.length === 0 ? asOf : entry.observedAt);
    steps.push({
      asOf: below,
      // Lists show endpoints that are gone: only what a read has brought back here may come back there.
      source: entry.previousStatus === DELETED ? 'read' : 'list',
      firstSight: entry.previousStatus === null ? 'transition' : 'afterBaseline',
      row: { endpointId, status: entry.status, fields: steps.length === 0 ? fields : entry.fields },
    });
  }
  // What it was when this log saw it first: to the other log it may be news.
  const { previousStatus } = first;
  if (previousStatus !== null)
    steps.push({ ...asList, asOf: below - 1, row: { endpointId, status: previousStatus, fields: {} } });
  return steps;
}

function kindOf({ source, firstSight }: Step): string {
  return `${source} ${firstSight}`;
}

/** One commit for neighbours that were observed at one time in one way. */
function grouped(steps: readonly Step[]): readonly CommitRequest[] {
  const groups: { of: Step; observations: Observation[] }[] = [];
  for (const step of steps) {
    const last = groups.at(-1);
    const fits = last?.of.asOf === step.asOf && kindOf(last.of) === kindOf(step) && last.observations.length < MAX_ROWS;
    if (last !== undefined && fits) last.observations.push(step.row);
    else groups.push({ of: step, observations: [step.row] });
  }
  return groups.map(({ of: { asOf, source, firstSight }, observations }) => ({
    asOf,
    source,
    firstSight,
    observations,
  }));
}
