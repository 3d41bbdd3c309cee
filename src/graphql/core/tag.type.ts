/** Tags of an answer and of an input. */

import { Field, InputType, ObjectType } from 'type-graphql';

@ObjectType('Tag', { simpleResolvers: true, description: 'A key with a value, attached to a resource.' })
export class TagType {
  @Field(() => String, { description: 'The key, unique within a resource.' })
  key!: string;

  @Field(() => String, { description: 'The value; may be empty.' })
  value!: string;
}

@InputType('TagInput', { description: 'A tag to attach. Lengths count Unicode code points.' })
export class TagInput {
  @Field(() => String, {
    description:
      '1 to 128 characters: letters, digits, spaces and `_ . : = + - @`. No space at either end, not starting with `_sys_`.',
  })
  key!: string;

  @Field(() => String, {
    defaultValue: '',
    description: '0 to 255 characters: letters, digits, spaces and `_ . : / = + - @`.',
  })
  value!: string;
}

/** Of the inputs that create something. */
export const NEW_TAGS =
  'At most 20 tags with different keys. With an `idempotencyKey` the gateway adds a hidden tag, which is one of the 20 ' +
  'that the resource can have; beside 20 given ones there is no room for it, and it is left out.';

export const IDEMPOTENCY_KEY =
  'A name of your own for this creation, 1 to 255 characters: the same key with the same input creates once and gives ' +
  'the first answer again, for 24 hours. It is kept in a hidden tag, which takes one of the 20 places for tags. Without ' +
  'a free place, what was created by a request that got no answer is recognised by its properties alone.';
