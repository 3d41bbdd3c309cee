/** What variables may hold, judged before anything walks through them by calling itself. Pure. */
import { GraphQLError } from 'graphql';
import { InputError } from '../../graphql/errors/gateway-errors.ts';

/** Objects and lists in each other; a policy document goes about 8 deep. */
export const VARIABLES_DEPTH = 32;

/** Null when they are within the limits. */
export function judgeVariables(variables: unknown): GraphQLError | null {
  const open: { readonly value: unknown; readonly depth: number }[] = [{ value: variables, depth: 0 }];
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    const { value, depth } = next;
    if (typeof value !== 'object' || value === null) {
      continue;
    }
    if (depth > VARIABLES_DEPTH) {
      return refuse('depth', `variables may be at most ${VARIABLES_DEPTH} objects and lists deep`);
    }
    if (Object.hasOwn(value, '__proto__')) {
      return refuse('name', 'variables may hold no member of the name __proto__');
    }
    for (const inner of Object.values(value)) {
      open.push({ value: inner, depth: depth + 1 });
    }
  }
  return null;
}

function refuse(rule: string, message: string): GraphQLError {
  return new GraphQLError(message, { originalError: new InputError([{ path: 'variables', rule, message }]) });
}
