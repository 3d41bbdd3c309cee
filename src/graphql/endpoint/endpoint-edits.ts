/** What owners change of their endpoints: a read for what must be known, the write, and what it made of the endpoint. */
import type { PolicyChange } from '../../vpcep/endpoint/endpoint-edit-model.ts';
import type { VpcEndpoint } from '../../vpcep/endpoint/model.ts';
import type { EditedEndpoint } from '../../watch/calls/endpoint-edits.ts';
import type { GatewayContext } from '../core/context.ts';
import { callOptions, quietly } from '../core/read-options.ts';
import { asWrite } from '../core/write-outcome.ts';
import { AccessError, InputError } from '../errors/gateway-errors.ts';
import type { WhitelistInput } from './endpoint-edit-input.ts';
import { kindOfEndpoint, kindOfService } from './service-kind.ts';
import { checkPolicyChange, checkRouteTablesChange, checkWhitelistChange } from './service-rules.ts';

type EditContext = Pick<GatewayContext, 'calls' | 'edits' | 'descriptions' | 'identity' | 'signal'>;

/**
 * Upstream takes what is not sent for empty and false (docs/upstream/NOTES.md, "Rules on input"), so both are always
 * sent: what the caller does not give, as it was read just before. A change by somebody else in between is undone.
 * @throws UpstreamError, OutcomeUnknownError, InputError, AccessError
 */
export async function updateWhitelist(
  context: EditContext,
  projectId: string,
  input: WhitelistInput,
): Promise<EditedEndpoint> {
  const isPartial = input.whitelist === undefined || input.enableWhitelist === undefined;
  const read = context.calls.read(projectId, input.id, callOptions(context));
  const before = isPartial ? await read : await quietly(read);
  if (before !== null) checkWhitelistChange(input, kindOfEndpoint(before));
  const change = { whitelist: whitelistOf(input, before), enableWhitelist: enableWhitelistOf(input, before) };
  return await asWrite(context.edits.updateWhitelist(projectId, input.id, change, before, callOptions(context)));
}

/** An empty list together with a switch of which nothing is told is more likely not told either than empty. */
function whitelistOf({ whitelist }: WhitelistInput, before: VpcEndpoint | null): readonly string[] {
  if (whitelist !== undefined) return whitelist;
  const { whitelist: present, enableWhitelist } = existing(before);
  if (present.length === 0 && enableWhitelist === null) throw untold('input.whitelist');
  return present;
}

function enableWhitelistOf({ enableWhitelist }: WhitelistInput, before: VpcEndpoint | null): boolean {
  if (enableWhitelist !== undefined) return enableWhitelist;
  const present = existing(before).enableWhitelist;
  // Taking it for false would let everybody in.
  if (present === null) throw untold('input.enableWhitelist');
  return present;
}

function existing(endpoint: VpcEndpoint | null): VpcEndpoint {
  if (endpoint === null) throw new AccessError('NOT_FOUND', 'No such endpoint');
  return endpoint;
}

function untold(path: string): InputError {
  const message = `${path} must be given: upstream does not tell what it is now`;
  return new InputError([{ path, rule: 'required', message }]);
}

/** @throws UpstreamError, OutcomeUnknownError, InputError */
export async function updateRouteTables(
  context: EditContext,
  projectId: string,
  { id, routeTables }: { readonly id: string; readonly routeTables: readonly string[] },
) {
  const before = await quietly(context.calls.read(projectId, id, callOptions(context)));
  if (before !== null) checkRouteTablesChange(kindOfEndpoint(before));
  return await asWrite(context.edits.updateRouteTables(projectId, id, routeTables, before, callOptions(context)));
}

/** @throws UpstreamError, OutcomeUnknownError, InputError */
export async function updatePolicy(
  context: EditContext,
  projectId: string,
  { id, change }: { readonly id: string; readonly change: PolicyChange },
): Promise<EditedEndpoint> {
  const before = await quietly(context.calls.read(projectId, id, callOptions(context)));
  if (before !== null) {
    const known = kindOfEndpoint(before);
    checkPolicyChange(change, known);
    // An endpoint of a service without policies shows none, as one does of which nothing is known.
    if (known.enablePolicy === null && before.endpointServiceId !== null) {
      const kind = await kindOfService(context, projectId, before.endpointServiceId);
      if (kind !== null) checkPolicyChange(change, kind);
    }
  }
  return await asWrite(context.edits.updatePolicy(projectId, id, change, before, callOptions(context)));
}
