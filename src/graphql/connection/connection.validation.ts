/** Rules on the input of the connection operations that GraphQL cannot check. Pure. */
import { withoutUndefined } from '../../shared/objects.ts';
import type { ConnectionText, ListConnectionsQuery } from '../../vpcep/connection/model.ts';
import { DESCRIPTION_MAX, InputCheck, idRule, lengthRule, noAngleBrackets, type Rule } from '../core/input-check.ts';
import type {
  AcceptServiceConnectionInput,
  ConnectedEndpointFilter,
  UpdateServiceConnectionDescriptionInput,
} from './connection.type.ts';

/** Decisions of one mutation: they are sent one by one, and the caller waits. */
export const DECISIONS_MAX = 100;

const digitsRule: Rule<string> = (value) =>
  /^\d{1,40}$/.test(value)
    ? null
    : { rule: 'digits', message: 'must be 1 to 40 decimal digits: copy markerId from the connection' };

/** @throws InputError */
export function readConnectionFilter(
  filter: ConnectedEndpointFilter | null | undefined,
): Pick<ListConnectionsQuery, 'endpointId' | 'markerId' | 'status'> {
  const check = new InputCheck();
  const conditions = withoutUndefined({
    endpointId: check.text('filter.endpointId', filter?.endpointId, idRule),
    markerId: check.text('filter.markerId', filter?.markerId, digitsRule),
    status: filter?.status ?? undefined,
  });
  check.done();
  return conditions;
}

export interface Decisions {
  readonly serviceId: string;
  readonly endpointIds: readonly string[];
}

/** @throws InputError */
export function readDecisions(input: AcceptServiceConnectionInput, projectId: string | null | undefined): Decisions {
  const check = new InputCheck();
  check.text('projectId', projectId, idRule);
  const serviceId = check.text('input.endpointServiceId', input.endpointServiceId, idRule);
  const path = 'input.endpointIds';
  const endpointIds = check.texts(path, input.endpointIds, idRule);
  check.notEmpty(path, endpointIds);
  check.unique(
    path,
    endpointIds.map((id) => id.toLowerCase()),
  );
  check.atMost(path, endpointIds, DECISIONS_MAX, 'IDs');
  check.done();
  return { serviceId, endpointIds };
}

/** @throws InputError (schema/vpcep.openapi.yaml, `ConnectionsDesc`) */
export function readConnectionText(
  input: UpdateServiceConnectionDescriptionInput,
  projectId: string | null | undefined,
): ConnectionText & { readonly serviceId: string } {
  const check = new InputCheck();
  check.text('projectId', projectId, idRule);
  const text = {
    serviceId: check.text('input.endpointServiceId', input.endpointServiceId, idRule),
    endpointId: check.text('input.endpointId', input.endpointId, idRule),
    description: check.text('input.description', input.description, lengthRule(0, DESCRIPTION_MAX), noAngleBrackets),
  };
  check.done();
  return text;
}
