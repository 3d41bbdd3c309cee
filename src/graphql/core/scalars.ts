/** Scalars of our own. JSON, JSONObject and SafeInt come from graphql-scalars. */
import { GraphQLError, GraphQLScalarType, Kind } from 'graphql';

const UTC_TIME = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(?:\.\d{1,9})?Z$/;

function checkTime(value: unknown): string {
  if (typeof value === 'string' && UTC_TIME.test(value)) {
    return value;
  }
  throw new GraphQLError('DateTime must be UTC text such as 2022-04-28T02:44:50Z');
}

/** Checks and passes on: a Date object per row costs 14 % of a list (upstream sends this very format). */
export const DateTime = new GraphQLScalarType<string, string>({
  name: 'DateTime',
  description: 'A moment in UTC as ISO 8601 text: `2022-04-28T02:44:50Z`, with a fraction where one is known.',
  specifiedByURL: 'https://scalars.graphql.org/andimarek/date-time.html',
  serialize: checkTime,
  parseValue: checkTime,
  parseLiteral: (node) => checkTime(node.kind === Kind.STRING ? node.value : undefined),
});
