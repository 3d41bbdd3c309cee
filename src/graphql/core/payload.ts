import { ObjectType } from 'type-graphql';

/** The object type of a mutation's answer, named after the mutation. */
export function Payload(mutation: string): ClassDecorator {
  return ObjectType(`${mutation.charAt(0).toUpperCase()}${mutation.slice(1)}Payload`, {
    simpleResolvers: true,
    description: `Answer of \`${mutation}\`.`,
  });
}
