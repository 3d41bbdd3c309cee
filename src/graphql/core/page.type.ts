import { Field, InputType, ObjectType } from 'type-graphql';
import { SortDirection, SortField } from './enums.ts';

@ObjectType('PageInfo', {
  simpleResolvers: true,
  description: 'Where a page lies in its list (Relay cursor connections).',
})
export class PageInfoType {
  @Field(() => Boolean, { description: 'True when a further page follows: ask for it with `after: endCursor`.' })
  hasNextPage!: boolean;

  @Field(() => Boolean, { description: 'True when there are rows before this page.' })
  hasPreviousPage!: boolean;

  @Field(() => String, { nullable: true, description: 'Cursor of the first row; null on an empty page.' })
  startCursor!: string | null;

  @Field(() => String, { nullable: true, description: 'Cursor of the last row; null on an empty page.' })
  endCursor!: string | null;
}

@InputType('SortInput', { description: 'Order of a list.' })
export class SortInput {
  @Field(() => SortField, { defaultValue: SortField.CREATED_AT, description: 'What to sort by.' })
  field!: SortField;

  @Field(() => SortDirection, { defaultValue: SortDirection.DESC, description: 'Newest first by default.' })
  direction!: SortDirection;
}
