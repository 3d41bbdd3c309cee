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
