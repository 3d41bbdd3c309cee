import { GraphQLSafeInt } from 'graphql-scalars';
import { Field, ObjectType, registerEnumType } from 'type-graphql';
import { QuotaType } from '../vpcep/quota-model.ts';

registerEnumType(QuotaType, {
  name: 'QuotaType',
  description: 'What a quota limits.',
  valuesConfig: {
    ENDPOINT: { description: 'VPC endpoints.' },
    ENDPOINT_SERVICE: { description: 'Endpoint services.' },
    UNKNOWN: { description: 'A word that this version does not know: see `rawType`. Cannot be asked for.' },
  },
});

/** Not named like the others: `QuotaType` is the word list. */
@ObjectType('Quota', { simpleResolvers: true, description: 'How many resources of a kind there are and may be.' })
export class QuotaObject {
  @Field(() => QuotaType, { description: 'What it limits.' })
  type!: QuotaType;

  @Field(() => String, { description: "Upstream's own word for the kind." })
  rawType!: string;

  @Field(() => GraphQLSafeInt, {
    nullable: true,
    description: 'How many there are. Can be more than `quota`, when that was lowered since.',
  })
  used!: number | null;

  @Field(() => GraphQLSafeInt, { nullable: true, description: 'How many there may be.' })
  quota!: number | null;
}
