/** What type-graphql has no option for. */
import { type GraphQLSchema, isInputObjectType } from 'graphql';
import { Extensions, registerEnumType } from 'type-graphql';

/** An input of which exactly one member is given. */
export function OneOf(): ClassDecorator {
  return Extensions({ oneOf: true });
}

/** Changes the schema and returns it. */
export function withOneOf(schema: GraphQLSchema): GraphQLSchema {
  for (const type of Object.values(schema.getTypeMap())) {
    if (isInputObjectType(type)) type.isOneOf = type.extensions.oneOf === true;
  }
  return schema;
}

interface Naming {
  readonly name?: string;
  readonly description?: string;
}

/**
 * Gives the schema an enum for inputs beside a registered one of answers: `ServerTypeInput` without the words of
 * `ServerType` that cannot be given.
 */
export function inputEnum<Word extends string, Without extends Word>(
  words: Readonly<Record<Word, Word>>,
  without: readonly Without[],
  naming: Naming = {},
): { readonly [Given in Exclude<Word, Without>]: Given } {
  const output = globalThis.TypeGraphQLMetadataStorage.enums.find(({ enumObj }) => enumObj === words);
  if (output === undefined) throw new Error(`These words are no enum yet: ${Object.keys(words)}`);
  const { name, description = '', valuesConfig } = output;
  const left = new Set<string>(without);
  const given = Object.fromEntries(Object.entries(words).filter(([word]) => !left.has(word)));
  registerEnumType(given, { name: `${name}Input`, description, valuesConfig, ...naming });
  return given as { readonly [Given in Exclude<Word, Without>]: Given };
}
