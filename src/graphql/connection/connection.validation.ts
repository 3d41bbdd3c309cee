/** Input of the connection operations, checked before anything is sent upstream. Pure. */
import type { ConnectionStatusFilter, ConnectionText, ListConnectionsQuery } from '../../vpcep/connection/model.ts';
import { DESCRIPTION_MAX, InputCheck, idRule, lengthRule, noAngleBrackets, type Rule } from '../core/input-check.ts';

/** Decisions of one mutation: they are sent one by one, and the caller waits. */
export const DECISIONS_MAX = 100;

const FILTERED: readonly ConnectionStatusFilter[] = ['PENDING_ACCEPTANCE', 'ACCEPTED', 'REJECTED', 'FAILED'];

const digitsRule: Rule<string> = (value) =>
  /^\d{1,40}$/.test(value)
    ? null
    : { rule: 'digits', message: 'must be 1 to 40 decimal digits: copy markerId from the connection' };

/** @throws InputError */
export function readConnectionFilter(
  filter: unknown,
): Pick<ListConnectionsQuery, 'endpointId' | 'markerId' | 'status'> {
  const check = new InputCheck();
  const given = check.object('filter', filter) ?? {};
  const endpointId = check.text('filter.endpointId', given.endpointId, idRule);
  const markerId = check.text('filter.markerId', given.markerId, digitsRule);
  const status = FILTERED.find((word) => word === given.status);
  if (status === undefined && given.status !== undefined && given.status !== null) {
    const message = `must be one of ${FILTERED.join(', ')}: upstream cannot filter by another status`;
    check.report('filter.status', { rule: 'filterable', message });
  }
  check.done();
  return {
    ...(endpointId === undefined ? {} : { endpointId }),
    ...(markerId === undefined ? {} : { markerId }),
    ...(status === undefined ? {} : { status }),
  };
}

export interface Decisions {
  readonly serviceId: string;
  readonly endpointIds: readonly string[];
}

/** @throws InputError */
export function readDecisions(value: unknown, projectId: unknown): Decisions {
  const check = new InputCheck();
  check.text('projectId', projectId, idRule);
  const input = check.object('input', value) ?? {};
  const serviceId = check.requiredText('input.endpointServiceId', input.endpointServiceId, idRule);
  const path = 'input.endpointIds';
  const endpointIds = check.list(path, input.endpointIds, (at, id) => check.requiredText(at, id, idRule));
  check.notEmpty(path, endpointIds);
  check.unique(
    path,
    endpointIds?.map((id) => id.toLowerCase()),
  );
  if (endpointIds !== undefined && endpointIds.length > DECISIONS_MAX) {
    const message = `may hold at most ${DECISIONS_MAX} IDs: it holds ${endpointIds.length}`;
    check.report(path, { rule: 'count', message });
  }
  check.done();
  return { serviceId, endpointIds: endpointIds ?? [] };
}

/** @throws InputError (schema/vpcep.openapi.yaml, `ConnectionsDesc`) */
export function readConnectionText(
  value: unknown,
  projectId: unknown,
): ConnectionText & { readonly serviceId: string } {
  const check = new InputCheck();
  check.text('projectId', projectId, idRule);
  const input = check.object('input', value) ?? {};
  const text = {
    serviceId: check.requiredText('input.endpointServiceId', input.endpointServiceId, idRule),
    endpointId: check.requiredText('input.endpointId', input.endpointId, idRule),
    description: check.requiredText(
      'input.description',
      input.description,
      lengthRule(0, DESCRIPTION_MAX),
      noAngleBrackets,
    ),
  };
  check.done();
  return text;
}
