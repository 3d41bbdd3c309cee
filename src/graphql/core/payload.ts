import { ObjectType } from 'type-graphql';

/** Of fields below a root that call upstream or read the log: they are nullable (docs/decisions/0021-nullable-roots.md). */
export const ALONE = 'Null, with an error of its own, when it cannot be read: other fields keep their answers.';

/** The object type of a mutation's answer, named after the mutation. */
export function Payload(mutation: string): ClassDecorator {
  return ObjectType(`${mutation.charAt(0).toUpperCase()}${mutation.slice(1)}Payload`, {
    simpleResolvers: true,
    description: `Answer of \`${mutation}\`.`,
  });
}
