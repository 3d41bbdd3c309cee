/** Input of the mutations that change an endpoint, checked before anything is sent upstream. Pure. */
import type { PolicyChange } from '../../vpcep/endpoint/endpoint-edit-model.ts';
import { InputCheck } from '../core/input-check.ts';
import { idRule, whitelistRule } from '../core/input-rules.ts';
import { readStatement } from './endpoint-input.ts';

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
