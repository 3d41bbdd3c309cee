/**
 * A plugin of graphql-codegen: each operation as a constant text with its fragments and types, and the types of interfaces. Texts, because every client
 * takes them, they need no code in a bundle, and urql gives all objects that are not a parsed document the same key.
 */
import { isAbstractType, Kind, stripIgnoredCharacters, visit } from 'graphql';

const TYPE = `/** The text of an operation, with the types of its result and its variables for clients that read \`__apiType\`. */
export type TypedDocument<Data, Variables> = string & { readonly __apiType?: (variables: Variables) => Data };
`;

/** The types behind each interface. */
function possibleTypesOf(schema) {
  const interfaces = Object.values(schema.getTypeMap()).filter(
    (type) => isAbstractType(type) && !type.name.startsWith('__'),
  );
  const names = (type) => schema.getPossibleTypes(type).map(({ name }) => name);
  return Object.fromEntries(interfaces.map((type) => [type.name, names(type)]));
}

/** The fragments that a definition spreads, and those that they spread. */
function fragmentsOf(definition, byName, found = new Set()) {
  visit(definition, {
    FragmentSpread({ name }) {
      const fragment = byName.get(name.value);
      if (found.has(fragment)) return;
      found.add(fragment);
      fragmentsOf(fragment, byName, found);
    },
  });
  return found;
}

const textOf = ({ loc }) => loc.source.body.slice(loc.start, loc.end);

export function plugin(schema, files) {
  const definitions = files.flatMap(({ document }) => document.definitions);
  const fragments = definitions.filter(({ kind }) => kind === Kind.FRAGMENT_DEFINITION);
  const byName = new Map(fragments.map((fragment) => [fragment.name.value, fragment]));
  const constants = definitions
    .filter(({ kind }) => kind === Kind.OPERATION_DEFINITION)
    .map((definition) => {
      const name = definition.name.value;
      const type = `${name}${definition.operation[0].toUpperCase()}${definition.operation.slice(1)}`;
      const text = [definition, ...fragmentsOf(definition, byName)].map(textOf).join('\n');
      const literal = JSON.stringify(stripIgnoredCharacters(text));
      return `export const ${name}Document: TypedDocument<${type}, ${type}Variables> = ${literal};`;
    });
  const possibleTypes = `/** For \`InMemoryCache\` of Apollo Client, which else drops the fields of fragments on interfaces. */
export const possibleTypes: Record<string, string[]> = ${JSON.stringify(possibleTypesOf(schema))};`;
  return [TYPE, possibleTypes, ...constants].join('\n');
}
