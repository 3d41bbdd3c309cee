/**
 * Policies out of an upstream answer. Nothing of one is left out: a statement that is not shown would look like full
 * access. What the contract does not describe is shown as well as possible, and reported.
 */
import type { JsonObject, PolicyStatement } from './model.ts';
import { isRecord, rawWord, text, texts, word } from './values.ts';

/** What can be unlike the contract (schema/vpcep.openapi.yaml, `PolicyStatement`, `PolicyDocument`). */
export type PolicyDeviation =
  | 'policy_statement is not an array of objects'
  | 'policy_statement has members that the contract does not name'
  | 'policy_statement has no Effect that is Allow or Deny'
  | 'policy_document is not an object';

export type PolicyNotice = (deviation: PolicyDeviation) => void;

const EFFECTS = { allow: 'ALLOW', deny: 'DENY' } as const;
const MEMBERS: ReadonlySet<string> = new Set(['Effect', 'Action', 'Resource', 'Condition', 'Sid']);

/** Absent, null, empty text and an empty object mean no statement at all. */
export function policyStatements(value: unknown, notice: PolicyNotice): readonly PolicyStatement[] {
  const list = statementsOf(value);
  if (list.length > 0 && !(Array.isArray(value) && list.every(isRecord))) {
    notice('policy_statement is not an array of objects');
  }
  return list.map((item) => statementOf(isRecord(item) ? item : {}, notice));
}

function statementsOf(value: unknown): readonly unknown[] {
  if (Array.isArray(value)) return value.filter((item) => item !== null);
  if (value === undefined || value === null || value === '') return [];
  if (typeof value === 'string') return statementsOf(jsonIn(value));
  return isRecord(value) && Object.keys(value).length === 0 ? [] : [value];
}

/** What JSON text says; anything else stands for one statement that cannot be read. */
function jsonIn(value: string): unknown {
  try {
    const said: unknown = JSON.parse(value);
    return typeof said === 'string' ? [said] : said;
  } catch {
    return [value];
  }
}

function statementOf(row: JsonObject, notice: PolicyNotice): PolicyStatement {
  const names = Object.keys(row);
  const isPlain = names.every((name) => MEMBERS.has(name));
  if (!isPlain) notice('policy_statement has members that the contract does not name');
  const said = (name: string): unknown =>
    isPlain ? row[name] : (row[name] ?? row[names.find((other) => folded(other) === folded(name)) ?? name]);
  const effect = word(said('Effect'), EFFECTS) ?? 'UNKNOWN';
  if (effect === 'UNKNOWN') notice('policy_statement has no Effect that is Allow or Deny');
  return {
    effect,
    rawEffect: rawWord(said('Effect')),
    action: texts(said('Action')),
    notAction: texts(said('NotAction')),
    resource: texts(said('Resource')),
    notResource: texts(said('NotResource')),
    condition: asItCame(said('Condition')),
    sid: text(said('Sid')),
  };
}

/** Finds `action` for `Action` and `not_action` for `NotAction`. */
function folded(name: string): string {
  return name.replaceAll('_', '').toLowerCase();
}

/** Samples show arrays as well, and JSON text is possible. */
export function policyDocument(value: unknown, notice: PolicyNotice): unknown {
  const document = asItCame(value);
  if (document !== null && !isRecord(document)) notice('policy_document is not an object');
  return document;
}

function asItCame(value: unknown): unknown {
  return value === undefined || value === '' ? null : value;
}
