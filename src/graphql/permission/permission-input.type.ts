/** Inputs and payloads of the permission operations. The rules are checked in permission.validation.ts. */
import { Field, ID, InputType, ObjectType } from 'type-graphql';
import { WriteFailureType } from '../core/failure.type.ts';
import { ServicePermissionType } from './permission.type.ts';

const FAILURES =
  'What was not done although the rest was: accounts and organisation paths go upstream in separate calls, accounts ' +
  'first. When the first call fails, the mutation fails.';

@InputType('ServicePermissionFilter', { description: 'Which permissions to list.' })
export class ServicePermissionFilter {
  @Field(() => String, { nullable: true, description: 'Part of the permission; 1 to 1000 characters.' })
  permission?: string | null;
}

@InputType('ServicePermissionInput', { description: 'A permission to add.' })
export class ServicePermissionInput {
  @Field(() => String, {
    description: '`iam:domain::` and an account ID or `*`, `organizations:orgPath::` and a path, or `*` for everyone.',
  })
  permission!: string;

  @Field(() => String, { nullable: true, description: 'At most 256 characters.' })
  description?: string | null;
}

@InputType('AddServicePermissionsInput', { description: 'Whom to let connect.' })
export class AddServicePermissionsInput {
  @Field(() => ID, { description: 'The endpoint service.' })
  endpointServiceId!: string;

  @Field(() => [ServicePermissionInput], { description: '1 to 100 permissions, each once.' })
  permissions!: ServicePermissionInput[];
}

@InputType('RemoveServicePermissionsInput', {
  description: 'Whom to let connect no longer: by IDs or by permissions. Existing connections stay.',
})
export class RemoveServicePermissionsInput {
  @Field(() => ID, { description: 'The endpoint service.' })
  endpointServiceId!: string;

  @Field(() => [ID], { nullable: true, description: '1 to 100 IDs, each once. Not together with `permissions`.' })
  permissionIds?: string[] | null;

  @Field(() => [String], {
    nullable: true,
    description: '1 to 100 permissions, each once. Not together with `permissionIds`.',
  })
  permissions?: string[] | null;
}

@InputType('UpdateServicePermissionDescriptionInput', { description: 'A new text for a permission.' })
export class UpdateServicePermissionDescriptionInput {
  @Field(() => ID, { description: 'The endpoint service.' })
  endpointServiceId!: string;

  @Field(() => ID, { description: 'The permission.' })
  permissionId!: string;

  @Field(() => String, { description: 'At most 256 characters; empty clears it.' })
  description!: string;
}

@ObjectType('ServicePermissionFailure', { simpleResolvers: true, description: 'A permission that was left as it was.' })
export class ServicePermissionFailureType {
  @Field(() => String, { description: 'The permission.' })
  permission!: string;

  @Field(() => WriteFailureType, { description: 'Why.' })
  error!: WriteFailureType;
}

@ObjectType('AddServicePermissionsPayload', {
  simpleResolvers: true,
  description: 'Answer of `addServicePermissions`.',
})
export class AddServicePermissionsPayload {
  @Field(() => [ServicePermissionType], { description: 'The added permissions, in the order of the input.' })
  permissions!: ServicePermissionType[];

  @Field(() => [ServicePermissionFailureType], { description: FAILURES })
  failures!: ServicePermissionFailureType[];
}

@ObjectType('RemoveServicePermissionsPayload', {
  simpleResolvers: true,
  description: 'Answer of `removeServicePermissions`.',
})
export class RemoveServicePermissionsPayload {
  @Field(() => [ServicePermissionType], { description: 'The removed permissions as they were before.' })
  permissions!: ServicePermissionType[];

  @Field(() => [ServicePermissionFailureType], { description: FAILURES })
  failures!: ServicePermissionFailureType[];
}

@ObjectType('UpdateServicePermissionDescriptionPayload', {
  simpleResolvers: true,
  description: 'Answer of `updateServicePermissionDescription`.',
})
export class UpdateServicePermissionDescriptionPayload {
  @Field(() => ServicePermissionType, { description: 'The permission with its new text.' })
  permission!: ServicePermissionType;
}
