/** Inputs and payloads of the permission operations. The rules are checked in permission.validation.ts. */
import { type ClassType, Field, ID, InputType, ObjectType } from 'type-graphql';
import { OneOf } from '../core/input-type.ts';
import { pageOf } from '../core/pagination.ts';
import { Payload } from '../core/payload.ts';
import { DateTime } from '../core/scalars.ts';
import { WriteFailureType } from '../errors/fault.type.ts';

@ObjectType('ServicePermission', {
  simpleResolvers: true,
  description: 'Who may connect to an endpoint service besides the account of its owner.',
})
class ServicePermissionType {
  @Field(() => ID, { description: 'Unique ID.' })
  id!: string;

  @Field(() => String, {
    description: '`iam:domain::` and an account ID or `*`, `organizations:orgPath::` and a path, or `*` for everyone.',
  })
  permission!: string;

  @Field(() => String, { nullable: true, description: "Upstream's own word: `domainId` or `orgPath`." })
  rawPermissionType!: string | null;

  @Field(() => String, {
    nullable: true,
    description: 'Text for people. Lists of most upstreams leave it out: there it is null whatever it is.',
  })
  description!: string | null;

  @Field(() => DateTime, { nullable: true, description: 'When it was added.' })
  createdAt!: string | null;
}

export const ServicePermissionConnectionType = pageOf(ServicePermissionType, 'ServicePermission', {
  row: 'permission',
  rows: 'permissions',
  moving: 'permissions',
});

@InputType('ServicePermissionFilter', { description: 'Which permissions to list.' })
export class ServicePermissionFilter {
  @Field(() => String, { nullable: true, description: 'Part of the permission; 1 to 1000 characters.' })
  permission?: string | null;
}

@InputType('ServicePermissionInput', { description: 'A permission to add.' })
class ServicePermissionInput {
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

@OneOf()
@InputType('ServicePermissionRefsInput', { description: 'Some permissions of a service.' })
class ServicePermissionRefsInput {
  @Field(() => [ID], { nullable: true, description: '1 to 100 IDs, each once.' })
  permissionIds?: string[];

  @Field(() => [String], { nullable: true, description: '1 to 100 permissions, each once.' })
  permissions?: string[];
}

@InputType('RemoveServicePermissionsInput', {
  description: 'Whom to let connect no longer. Existing connections stay.',
})
export class RemoveServicePermissionsInput {
  @Field(() => ID, { description: 'The endpoint service.' })
  endpointServiceId!: string;

  @Field(() => ServicePermissionRefsInput, { description: 'Which permissions.' })
  by!: ServicePermissionRefsInput;
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
class ServicePermissionFailureType {
  @Field(() => String, { description: 'The permission.' })
  permission!: string;

  @Field(() => WriteFailureType, { description: 'Why.' })
  error!: WriteFailureType;
}

function changed(mutation: string, description: string): ClassType {
  @Payload(mutation)
  class PermissionsPayload {
    @Field(() => [ServicePermissionType], { description })
    permissions!: ServicePermissionType[];

    @Field(() => [ServicePermissionFailureType], {
      description:
        'What was not done although the rest was: accounts and organisation paths go upstream in separate calls, accounts ' +
        'first. When the first call fails, the mutation fails.',
    })
    failures!: ServicePermissionFailureType[];
  }
  return PermissionsPayload;
}

export const AddServicePermissionsPayload = changed(
  'addServicePermissions',
  'The added permissions, in the order of the input.',
);
export const RemoveServicePermissionsPayload = changed(
  'removeServicePermissions',
  'The removed permissions as they were before.',
);

@Payload('updateServicePermissionDescription')
export class UpdateServicePermissionDescriptionPayload {
  @Field(() => ServicePermissionType, { description: 'The permission with its new text.' })
  permission!: ServicePermissionType;
}
