/** Inputs and payloads of the permission operations. The rules are checked in permission.validation.ts. */
import { Field, ID, InputType, Int, ObjectType } from 'type-graphql';
import { WriteFailureType } from '../core/fault.type.ts';
import { PageInfoType } from '../core/pagination.ts';
import { DateTime } from '../core/scalars.ts';

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
  permissionType!: string | null;

  @Field(() => String, {
    nullable: true,
    description: 'Text for people. Lists of most upstreams leave it out: there it is null whatever it is.',
  })
  description!: string | null;

  @Field(() => DateTime, { nullable: true, description: 'When it was added.' })
  createdAt!: string | null;
}

@ObjectType('ServicePermissionEdge', { simpleResolvers: true, description: 'A row of a list with its cursor.' })
class ServicePermissionEdgeType {
  @Field(() => String, { description: 'Give it to `after` to go on behind this row.' })
  cursor!: string;

  @Field(() => ServicePermissionType, { description: 'The permission.' })
  node!: ServicePermissionType;
}

@ObjectType('ServicePermissionConnection', {
  simpleResolvers: true,
  description: 'A page of permissions. Rows can shift between pages while permissions come and go.',
})
export class ServicePermissionConnectionType {
  @Field(() => [ServicePermissionEdgeType], { description: 'Rows with cursors.' })
  edges!: ServicePermissionEdgeType[];

  @Field(() => [ServicePermissionType], { description: 'Rows alone.' })
  nodes!: ServicePermissionType[];

  @Field(() => PageInfoType, { description: 'Where this page lies.' })
  pageInfo!: PageInfoType;

  @Field(() => Int, { description: 'All matches, paging ignored.' })
  totalCount!: number;
}

const FAILURES =
  'What was not done although the rest was: accounts and organisation paths go upstream in separate calls, accounts ' +
  'first. When the first call fails, the mutation fails.';

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
class ServicePermissionFailureType {
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
