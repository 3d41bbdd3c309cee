/** Validates values against schemas of the contract, strictly: what a schema does not declare is a fault. */
import { Ajv2020, type ErrorObject, type ValidateFunction } from 'ajv/dist/2020.js';
import formats from 'ajv-formats';
import { SCHEMAS, type Schema } from './document.ts';

export interface ValidateOptions {
  /** Allows published deviations: `x-also-seen`, `x-also-seen-fields`. */
  readonly quirks: boolean;
  /** Lets new words through where the contract calls a list open (`x-open-enum`). */
  readonly openEnums: boolean;
}

/** @returns faults as `place: fault` */
export type Validate = (schema: Schema, value: unknown) => readonly string[];

const BASE = 'https://contract.invalid/vpcep';
const validators = new Map<string, Validate>();

export function validator(options: ValidateOptions): Validate {
  const key = `${options.quirks} ${options.openEnums}`;
  const found = validators.get(key) ?? build(options);
  validators.set(key, found);
  return found;
}

function build(options: ValidateOptions): Validate {
  const ajv = new Ajv2020({ allErrors: true, strict: true, strictTypes: false, strictRequired: false });
  formats.default(ajv);
  ajv.addSchema({ $id: BASE, $defs: allStrictly(SCHEMAS, options) });
  const compiled = new Map<Schema, ValidateFunction>();
  return (schema, value) => {
    const check = compiled.get(schema) ?? ajv.compile(strictly(schema, options) as Schema);
    compiled.set(schema, check);
    return check(value) ? [] : describe(check.errors ?? []);
  };
}

function allStrictly(schemas: Schema, options: ValidateOptions): Schema {
  return Object.fromEntries(Object.entries(schemas).map(([name, schema]) => [name, strictly(schema, options)]));
}

/** The same schema without notes, closed, and with the contract's own keywords put into effect. */
function strictly(value: unknown, options: ValidateOptions): unknown {
  if (Array.isArray(value)) return value.map((item) => strictly(item, options));
  if (typeof value !== 'object' || value === null) return value;
  const given = value as Schema;
  const schema: Record<string, unknown> = {};
  for (const [key, member] of Object.entries(given)) {
    if (key === '$ref') schema[key] = String(member).replace('#/components/schemas', `${BASE}#/$defs`);
    else if (key === 'properties') schema[key] = strictProperties(given, options);
    else if (!isNote(key) && !(key === 'enum' && given['x-open-enum'] === true && options.openEnums))
      schema[key] = key === 'default' ? member : strictly(member, options);
  }
  if (given.properties !== undefined) schema.additionalProperties ??= false;
  if (typeof given['x-pattern'] === 'string') schema.pattern ??= given['x-pattern'];
  const { 'x-also-seen': alsoSeen } = given;
  if (!options.quirks || !Array.isArray(alsoSeen)) return schema;
  return { anyOf: [schema, ...alsoSeen.map((type) => ({ type }))] };
}

function strictProperties(schema: Schema, options: ValidateOptions): Record<string, unknown> {
  const properties = Object.entries(schema.properties as Schema).map(([name, member]) => [
    name,
    strictly(member, options),
  ]);
  const alsoSeen = options.quirks ? schema['x-also-seen-fields'] : undefined;
  const more = Array.isArray(alsoSeen) ? alsoSeen.map((name) => [name, true]) : [];
  return Object.fromEntries([...more, ...properties]);
}

function isNote(key: string): boolean {
  return key.startsWith('x-') || key === 'example' || key === 'examples' || key === 'description';
}

function describe(errors: readonly ErrorObject[]): string[] {
  return errors.map(({ instancePath, message, params }) => {
    const detail = Object.values(params as Record<string, unknown>).map((value) => JSON.stringify(value));
    return `${instancePath === '' ? '/' : instancePath}: ${message} (${detail.join(', ')})`;
  });
}
