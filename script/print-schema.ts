import { lexicographicSortSchema, printSchema } from 'graphql';
import { buildGatewaySchema } from '../src/graphql/schema.ts';

const schema = await buildGatewaySchema();
process.stdout.write(`${printSchema(lexicographicSortSchema(schema))}\n`);
