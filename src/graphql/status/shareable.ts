/** Which subscriptions give every subscriber the same answer to the same event, so that one execution serves them all. */
import {
  type DocumentNode,
  type GraphQLField,
  type GraphQLSchema,
  type OperationDefinitionNode,
  TypeInfo,
  visit,
  visitWithTypeInfo,
} from 'graphql';
import { Selections } from '../cost/selections.ts';

/**
 * Extension of a field whose resolver returns, at once, what follows from its parent alone: nothing of the caller, of
 * time or of anything that is read. Fields without a resolver are such by nature.
 */
export const OF_EVENT = { ofEvent: true } as const;

/**
 * The names of the variables that answers depend on, or null when they depend on more than the event. Arguments of the
 * subscription field itself choose the events and leave no trace in an answer (status.resolver.ts).
 */
export function answerVariables(
  schema: GraphQLSchema,
  document: DocumentNode,
  operation: OperationDefinitionNode,
): readonly string[] | null {
  const names = new Set<string>();
  let ofEvent = true;
  const types = new TypeInfo(schema);
  const selections = new Selections(schema, document);
  visit(
    document,
    visitWithTypeInfo(types, {
      // All fragments count, even ones that this operation does not spread: that errs on the safe side only.
      OperationDefinition: (node) => (node === operation ? undefined : false),
      VariableDefinition: () => false,
      Field(node) {
        const parent = types.getParentType();
        const parents = parent ? selections.typesOf(parent) : [];
        const fields = parents.map((type) => type.getFields()[node.name.value]);
        if (node.name.value !== '__typename' && !(parents.length > 0 && fields.every(isOfEvent))) {
          ofEvent = false;
        }
      },
      Argument() {
        const chooses = types.getParentType() === schema.getSubscriptionType() && !types.getDirective();
        return chooses ? false : undefined;
      },
      Variable(node) {
        names.add(node.name.value);
      },
    }),
  );
  return ofEvent ? [...names].sort() : null;
}

function isOfEvent(field: GraphQLField<unknown, unknown> | undefined): boolean {
  return field !== undefined && (field.resolve === undefined || field.extensions.ofEvent === true);
}
