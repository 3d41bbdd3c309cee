import { OPERATIONS, SCHEMAS, type Schema } from './document.ts';

/** The names of all members, at any depth, of the successful answer of an operation. */
export function propertiesOf(operationId: string): string[] {
  const operation = OPERATIONS.find(({ id }) => id === operationId);
  const names = new Set<string>();
  collect(operation?.answers.get('200'), names, new Set());
  if (names.size === 0) throw new Error(`${operationId} has no answer with members`);
  return [...names].sort();
}

function collect(node: unknown, names: Set<string>, seen: Set<string>): void {
  if (typeof node !== 'object' || node === null) return;
  const { $ref, properties } = node as Schema;
  if (typeof $ref === 'string') {
    const name = $ref.replace('#/components/schemas/', '');
    if (!seen.has(name)) collect(SCHEMAS[name], names, seen.add(name));
  }
  if (typeof properties === 'object' && properties !== null)
    for (const name of Object.keys(properties)) names.add(name);
  for (const member of Object.values(node)) collect(member, names, seen);
}
