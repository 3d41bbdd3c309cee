import { refuse } from '../core/api-error.ts';
import { type Body, isObject } from '../core/input.ts';
import type { Json, JsonObject } from '../world/json.ts';
import type { SimulatedService } from '../world/services.ts';

/** policy_statement is for OBS and SFS, policy_document for all others, both only with enable_policy (seed, Table 3). */
export function readPolicy(
  body: Body,
  service: SimulatedService,
): { statement: readonly JsonObject[] | null; document: JsonObject | null } {
  const statement = body.policy_statement ?? null;
  const document = body.policy_document ?? null;
  if (statement !== null && !takes(service, 'statement'))
    refuse('EndPoint.2048', 'policy_statement is not available for this service.');
  if (document !== null && !takes(service, 'document'))
    refuse('EndPoint.2048', 'policy_document is not available for this service.');
  return {
    statement: statement === null ? null : readStatements(statement),
    document: document === null ? null : asObject(document, 'policy_document must be an object.'),
  };
}

function takes(service: SimulatedService, kind: SimulatedService['policyKind']): boolean {
  return service.enablePolicy && service.policyKind === kind;
}

function readStatements(value: unknown): readonly JsonObject[] {
  if (!Array.isArray(value)) return refuse('EndPoint.2048', 'policy_statement must be an array.');
  return value.map((item: unknown) => {
    const statement = asObject(item, 'A policy statement must be an object.');
    const { Effect, Action, Resource } = statement;
    if (Effect !== 'Allow' && Effect !== 'Deny') refuse('EndPoint.2048', 'Effect must be Allow or Deny.');
    if (!isTexts(Action) || !isTexts(Resource))
      refuse('EndPoint.2048', 'Action and Resource must be arrays of strings.');
    return statement;
  });
}

function isTexts(value: Json): boolean {
  return Array.isArray(value) && value.length > 0 && value.every((item) => typeof item === 'string');
}

function asObject(value: unknown, message: string): JsonObject {
  return isObject(value) && isJsonObject(value) ? value : refuse('EndPoint.2048', message);
}

/** What JSON.parse returned is JSON all the way down; only the compiler has to be told. */
function isJsonObject(_value: Body): _value is JsonObject {
  return true;
}
