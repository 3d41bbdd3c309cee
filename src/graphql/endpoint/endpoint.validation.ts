/**
 * Input of the endpoint operations, checked before anything is sent upstream. Pure. Input of the mutations that
 * change an endpoint, checked before anything is sent upstream. Pure.
 */

import { isEmpty, withoutEmpty } from '../../shared/objects.ts';
import type { CreateEndpointInput, NewPolicyStatement, PolicyChange } from '../../vpcep/endpoint/model.ts';
import {
  DESCRIPTION_MAX,
  IDEMPOTENCY_KEY_MAX,
  InputCheck,
  idRule,
  ipv4Rule,
  ipv6Rule,
  lengthRule,
  noAngleBrackets,
  uuidRule,
  whitelistRule,
} from '../core/input-check.ts';
import { readTags } from '../core/tag.ts';

function readNames(check: InputCheck, path: string, value: unknown): readonly string[] {
  const read = (itemPath: string, item: unknown) => check.requiredText(itemPath, item, lengthRule(1, 1024));
  if (value === undefined || value === null) {
    check.report(path, { rule: 'required', message: 'is required: name at least one' });
  }
  const names = check.list(path, value, read);
  check.notEmpty(path, names);
  return names ?? [];
}

function readStatement(check: InputCheck, path: string, value: unknown): NewPolicyStatement {
  const statement = check.object(path, value) ?? {};
  const effect = (['ALLOW', 'DENY'] as const).find((word) => word === statement.effect);
  if (effect === undefined) {
    check.report(`${path}.effect`, { rule: 'required', message: 'must be ALLOW or DENY' });
  }
  const condition = check.object(`${path}.condition`, statement.condition);
  const sid = check.text(`${path}.sid`, statement.sid);
  return {
    ...(effect === undefined ? {} : { effect }),
    action: readNames(check, `${path}.action`, statement.action),
    resource: readNames(check, `${path}.resource`, statement.resource),
    ...(condition === undefined || isEmpty(condition) ? {} : { condition }),
    ...(sid === undefined ? {} : { sid }),
  };
}

function readIpVersion(check: InputCheck, path: string, value: unknown): CreateEndpointInput['ipVersion'] {
  const version = (['IPV4', 'DUALSTACK'] as const).find((word) => word === value);
  if (version === undefined && value !== undefined && value !== null) {
    check.report(path, { rule: 'type', message: 'must be IPV4 or DUALSTACK' });
  }
  return version;
}

/**
 * The create call's parameters out of a client's input. Null, absent and an empty list or object mean not sent: an empty
 * policy that is sent would replace the default one, which is full access.
 * @throws InputError with every broken rule (Tables 3 to 5 of "Creating a VPC Endpoint"; NOTES.md, "Rules on input").
 */
export function readCreateInput(value: unknown): CreateEndpointInput {
  const check = new InputCheck();
  const input = check.object('input', value) ?? {};
  const at = (field: string): [string, unknown] => [`input.${field}`, input[field]];
  const ids = (path: string, item: unknown) => check.requiredText(path, item, idRule);

  const required = {
    endpointServiceId: check.requiredText(...at('endpointServiceId'), idRule),
    vpcId: check.requiredText(...at('vpcId'), idRule),
  };
  const whitelist = check.list(...at('whitelist'), (path, item) => check.requiredText(path, item, whitelistRule));
  const routeTables = check.list(...at('routeTables'), ids);
  const optional = withoutEmpty({
    subnetId: check.text(...at('subnetId'), uuidRule),
    enableDns: check.flag(...at('enableDns')),
    tags: readTags(check, ...at('tags')),
    routeTables,
    portIp: check.text(...at('portIp'), ipv4Rule),
    whitelist,
    enableWhitelist: check.flag(...at('enableWhitelist')),
    description: check.text(...at('description'), lengthRule(0, DESCRIPTION_MAX), noAngleBrackets),
    policyStatement: check.list(...at('policyStatement'), (path, item) => readStatement(check, path, item)),
    policyDocument: check.object(...at('policyDocument')),
    ipVersion: readIpVersion(check, ...at('ipVersion')),
    ipv6Address: check.text(...at('ipv6Address'), ipv6Rule),
  });
  // Checked with the rest so that every fault is told at once; it is no parameter of the call.
  check.text(...at('idempotencyKey'), lengthRule(1, IDEMPOTENCY_KEY_MAX));
  check.unique('input.whitelist', whitelist);
  check.unique('input.routeTables', routeTables);
  if (optional.policyStatement !== undefined && optional.policyDocument !== undefined) {
    const message = 'must not be given together with input.policyStatement: give the one that the service takes';
    check.report('input.policyDocument', { rule: 'exclusive', message });
  }
  check.done();
  return { ...required, ...optional };
}

const REMOVE_POLICY = 'give a policy, or remove it with deleteVpcEndpointPolicy';

export interface WhitelistInput {
  readonly id: string;
  /** Undefined is left as it is, in both. */
  readonly whitelist: readonly string[] | undefined;
  readonly enableWhitelist: boolean | undefined;
}

/** @throws InputError */
export function readWhitelistInput(value: unknown): WhitelistInput {
  const check = new InputCheck();
  const input = check.object('input', value) ?? {};
  const id = check.requiredText('input.id', input.id, idRule);
  const whitelist = check.list('input.whitelist', input.whitelist, (path, item) =>
    check.requiredText(path, item, whitelistRule),
  );
  check.unique('input.whitelist', whitelist);
  const enableWhitelist = check.flag('input.enableWhitelist', input.enableWhitelist);
  if (input.whitelist == null && input.enableWhitelist == null) {
    const message = 'must hold whitelist, enableWhitelist or both: there is nothing to change';
    check.report('input', { rule: 'required', message });
  }
  check.done();
  return { id, whitelist, enableWhitelist };
}

/** @throws InputError */
export function readRouteTablesInput(value: unknown): { readonly id: string; readonly routeTables: readonly string[] } {
  const check = new InputCheck();
  const input = check.object('input', value) ?? {};
  const id = check.requiredText('input.id', input.id, idRule);
  const routeTables = check.list('input.routeTables', input.routeTables, (path, item) =>
    check.requiredText(path, item, idRule),
  );
  check.unique('input.routeTables', routeTables);
  check.done();
  return { id, routeTables: routeTables ?? [] };
}

/** @throws InputError */
export function readPolicyInput(value: unknown): { readonly id: string; readonly change: PolicyChange } {
  const check = new InputCheck();
  const input = check.object('input', value) ?? {};
  const id = check.requiredText('input.id', input.id, idRule);
  const policyStatement = check.list('input.policyStatement', input.policyStatement, (path, item) =>
    readStatement(check, path, item),
  );
  check.notEmpty('input.policyStatement', policyStatement, REMOVE_POLICY);
  const policyDocument = check.object('input.policyDocument', input.policyDocument);
  check.notEmpty('input.policyDocument', policyDocument, REMOVE_POLICY);
  if (input.policyStatement == null && input.policyDocument == null) {
    const message = 'must hold policyStatement or policyDocument: give the one that the service takes';
    check.report('input', { rule: 'required', message });
  }
  if (input.policyStatement != null && input.policyDocument != null) {
    const message = 'must not be given together with input.policyStatement: give the one that the service takes';
    check.report('input.policyDocument', { rule: 'exclusive', message });
  }
  check.done();
  return { id, change: policyDocument === undefined ? { policyStatement: policyStatement ?? [] } : { policyDocument } };
}
