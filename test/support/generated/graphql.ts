/* eslint-disable */
/** Internal type. DO NOT USE DIRECTLY. */
type Exact<T extends { [key: string]: unknown }> = { [K in keyof T]: T[K] };
/** Internal type. DO NOT USE DIRECTLY. */
export type Incremental<T> = T | { [P in keyof T]?: P extends ' $fragmentName' | '__typename' ? T[P] : never };
import type { DocumentTypeDecoration } from '@graphql-typed-document-node/core';
/** Which endpoints to let in. */
export type AcceptServiceConnectionInput = {
  /** 1 to 100 endpoints, each once. Upstream takes one per call: they are sent one by one, in this order. */
  endpointIds: Array<string>;
  /** The endpoint service. */
  endpointServiceId: string;
};

/** Whom to let connect. */
export type AddServicePermissionsInput = {
  /** The endpoint service. */
  endpointServiceId: string;
  /** 1 to 100 permissions, each once. */
  permissions: Array<ServicePermissionInput>;
};

/** What to create. Every broken rule is reported at once in `extensions.issues`. Lengths count Unicode code points. */
export type CreateVpcEndpointInput = {
  /** At most 512 characters, without `<` and `>`. */
  description?: string | null | undefined;
  /** Create a private domain name. Gateway services never get one. */
  enableDns?: boolean | null | undefined;
  /** Whether access control (the whitelist) is on. */
  enableWhitelist?: boolean | null | undefined;
  /** The endpoint service to connect to. */
  endpointServiceId: string;
  /** A name of your own for this creation, 1 to 255 characters: the same key with the same input creates once and gives the first answer again, for 24 hours. */
  idempotencyKey?: string | null | undefined;
  /** Address family; professional endpoints only. */
  ipVersion?: IpVersion | null | undefined;
  /** IPv6 address that the endpoint shall have; professional endpoints only. */
  ipv6Address?: string | null | undefined;
  /** Policy, for other services that allow one; full access by default. Not together with `policyStatement`. */
  policyDocument?: Record<string, unknown> | null | undefined;
  /** Policy, for OBS and SFS gateway services that allow one. Not together with `policyDocument`. */
  policyStatement?: Array<PolicyStatementInput> | null | undefined;
  /** IPv4 address that the endpoint shall have, for interface services. It comes back as `ip`. */
  portIp?: string | null | undefined;
  /** Route tables, for gateway services. Without it, the default route table of the VPC is used. */
  routeTables?: Array<string> | null | undefined;
  /** Network ID (UUID) of a subnet of the VPC. Needed for interface services. */
  subnetId?: string | null | undefined;
  /** At most 20 tags with different keys. */
  tags?: Array<TagInput> | null | undefined;
  /** The VPC to create the endpoint in. */
  vpcId: string;
  /** IPv4 addresses or CIDR blocks that may use the endpoint, for interface services. */
  whitelist?: Array<string> | null | undefined;
};

/** What to delete. */
export type DeleteVpcEndpointInput = {
  /** The endpoint to delete. This cannot be undone. */
  id: string;
};

/** Whether an endpoint is available. */
export type EnableStatus =
  /** The endpoint is not available. */
  | 'DISABLE'
  /** The endpoint is available. */
  | 'ENABLE'
  /** A word that this version does not know. */
  | 'UNKNOWN';

/** The kind of endpoint service that an endpoint connects to. */
export type EndpointServiceType =
  /** Reached through a route table (for example OBS); run by the cloud operator. */
  | 'GATEWAY'
  /** Reached through an IP address in your subnet. */
  | 'INTERFACE'
  /** A word that this version does not know. */
  | 'UNKNOWN';

/** Why a status event is sent. */
export type EndpointStatusEventKind =
  /** The state now, because `after` could not be continued: transitions in between may be missing. */
  | 'RESYNC'
  /** The state now: the first event of a fresh feed. */
  | 'SNAPSHOT'
  /** One change of `rawStatus`: in order, none skipped. */
  | 'TRANSITION';

/** When a feed of one endpoint ends by itself. */
export type EndpointStatusUntil =
  /** Once the endpoint is gone. */
  | 'DELETED'
  /** Once the endpoint is ACCEPTED, REJECTED, FAILED or DELETED. */
  | 'SETTLED';

/** The address family of an endpoint. Only professional endpoints support it. */
export type IpVersion =
  /** IPv4 and IPv6 addresses. */
  | 'DUALSTACK'
  /** IPv4 addresses only. */
  | 'IPV4';

/** Whether a policy statement allows or denies its actions. */
export type PolicyEffect =
  | 'ALLOW'
  | 'DENY';

/** One rule of the policy of a gateway endpoint (OBS, SFS). */
export type PolicyStatementInput = {
  /** Access permissions; at least one. */
  action: Array<string>;
  /** Conditions under which the statement applies. */
  condition?: Record<string, unknown> | null | undefined;
  /** Whether the actions are allowed or denied. */
  effect: PolicyEffect;
  /** The objects that the statement is about; at least one. */
  resource: Array<string>;
  /** Name of the statement. */
  sid?: string | null | undefined;
};

/** Which endpoints to keep or throw out. */
export type RejectServiceConnectionInput = {
  /** 1 to 100 endpoints, each once. Upstream takes one per call: they are sent one by one, in this order. */
  endpointIds: Array<string>;
  /** The endpoint service. */
  endpointServiceId: string;
};

/** Whom to let connect no longer: by IDs or by permissions. Existing connections stay. */
export type RemoveServicePermissionsInput = {
  /** The endpoint service. */
  endpointServiceId: string;
  /** 1 to 100 IDs, each once. Not together with `permissions`. */
  permissionIds?: Array<string> | null | undefined;
  /** 1 to 100 permissions, each once. Not together with `permissionIds`. */
  permissions?: Array<string> | null | undefined;
};

/** A permission to add. */
export type ServicePermissionInput = {
  /** At most 256 characters. */
  description?: string | null | undefined;
  /** `iam:domain::` and an account ID or `*`, `organizations:orgPath::` and a path, or `*` for everyone. */
  permission: string;
};

/** Ascending or descending. */
export type SortDirection =
  | 'ASC'
  | 'DESC';

/** What a list is sorted by. */
export type SortField =
  /** Time of creation. */
  | 'CREATED_AT'
  /** Time of the last update. */
  | 'UPDATED_AT';

/** Order of a list. */
export type SortInput = {
  /** Newest first by default. */
  direction?: SortDirection;
  /** What to sort by. */
  field?: SortField;
};

/** A tag to attach. Lengths count Unicode code points. */
export type TagInput = {
  /** 1 to 128 characters: letters, digits, spaces and `_ . : = + - @`. No space at either end, not starting with `_sys_`. */
  key: string;
  /** 0 to 255 characters: letters, digits, spaces and `_ . : / = + - @`. */
  value?: string;
};

/** A new text for the service owner's note. */
export type UpdateServiceConnectionDescriptionInput = {
  /** At most 512 characters, without `<` and `>`; empty clears it. */
  description: string;
  /** The endpoint at the other end. */
  endpointId: string;
  /** The endpoint service. */
  endpointServiceId: string;
};

/** A new text for a permission. */
export type UpdateServicePermissionDescriptionInput = {
  /** At most 256 characters; empty clears it. */
  description: string;
  /** The endpoint service. */
  endpointServiceId: string;
  /** The permission. */
  permissionId: string;
};

/** Which endpoints to list. Given conditions must all hold. */
export type VpcEndpointFilter = {
  /** Part of the service name, in any case; 1 to 255 characters. */
  endpointServiceName?: string | null | undefined;
  /** This endpoint only. */
  id?: string | null | undefined;
  /** Endpoints in this VPC. */
  vpcId?: string | null | undefined;
};

/** Where an endpoint is in its life. ACCEPTED, REJECTED, FAILED and DELETED are settled: nothing further happens by itself. */
export type VpcEndpointStatus =
  /** Is connected and can be used. */
  | 'ACCEPTED'
  /** Is being built; this takes 1 to 2 minutes. */
  | 'CREATING'
  /** Upstream answers 404 for an endpoint that was known before. */
  | 'DELETED'
  /** Is being deleted. This cannot be undone. */
  | 'DELETING'
  /** Could not be built; see `faults`. Delete it and create another one. */
  | 'FAILED'
  /** Waits until the owner of the endpoint service accepts or rejects it. */
  | 'PENDING_ACCEPTANCE'
  /** The owner of the endpoint service rejected it. */
  | 'REJECTED'
  /** A word that this version does not know: see `rawStatus`. */
  | 'UNKNOWN';

export type AcceptServiceConnectionMutationVariables = Exact<{
  input: AcceptServiceConnectionInput;
  projectId?: string | null | undefined;
}>;


export type AcceptServiceConnectionMutation = { acceptServiceConnection: { results: Array<{ endpointId: string, connection: { endpointId: string, status: VpcEndpointStatus, rawStatus: string, markerId: string | null, domainId: string | null, description: string | null, createdAt: string | null, updatedAt: string | null, endpoint: { id: string, projectId: string | null, rawStatus: string, description: string | null } | null, faults: Array<{ code: string | null, message: string | null }> } | null, error: { code: string, message: string, retryable: boolean } | null }> } };

export type AddServicePermissionsMutationVariables = Exact<{
  input: AddServicePermissionsInput;
  projectId?: string | null | undefined;
}>;


export type AddServicePermissionsMutation = { addServicePermissions: { permissions: Array<{ id: string, permission: string, permissionType: string | null, description: string | null, createdAt: string | null }>, failures: Array<{ permission: string, error: { code: string, message: string, retryable: boolean } }> } };

export type CreateVpcEndpointMutationVariables = Exact<{
  input: CreateVpcEndpointInput;
  projectId?: string | null | undefined;
}>;


export type CreateVpcEndpointMutation = { createVpcEndpoint: { statusCursor: string, replayed: boolean, endpoint: { id: string, projectId: string | null, status: VpcEndpointStatus, rawStatus: string, serviceType: EndpointServiceType | null, ip: string | null, ipv6Address: string | null, activeStatus: Array<string>, enableStatus: EnableStatus | null, endpointServiceId: string | null, endpointServiceName: string | null, markerId: string | null, enableDns: boolean | null, dnsNames: Array<string>, vpcId: string | null, subnetId: string | null, createdAt: string | null, updatedAt: string | null, whitelist: Array<string>, enableWhitelist: boolean | null, routeTables: Array<string>, specificationName: string | null, description: string | null, policyDocument: Record<string, unknown> | null, publicBorderGroup: string | null, endpointPoolId: string | null, tags: Array<{ key: string, value: string }>, policyStatement: Array<{ effect: PolicyEffect, action: Array<string>, resource: Array<string>, condition: Record<string, unknown> | null, sid: string | null }>, faults: Array<{ code: string | null, message: string | null }> } } };

export type DeleteVpcEndpointMutationVariables = Exact<{
  input: DeleteVpcEndpointInput;
  projectId?: string | null | undefined;
}>;


export type DeleteVpcEndpointMutation = { deleteVpcEndpoint: { statusCursor: string, endpoint: { id: string, projectId: string | null, status: VpcEndpointStatus, rawStatus: string, serviceType: EndpointServiceType | null, ip: string | null, ipv6Address: string | null, activeStatus: Array<string>, enableStatus: EnableStatus | null, endpointServiceId: string | null, endpointServiceName: string | null, markerId: string | null, enableDns: boolean | null, dnsNames: Array<string>, vpcId: string | null, subnetId: string | null, createdAt: string | null, updatedAt: string | null, whitelist: Array<string>, enableWhitelist: boolean | null, routeTables: Array<string>, specificationName: string | null, description: string | null, policyDocument: Record<string, unknown> | null, publicBorderGroup: string | null, endpointPoolId: string | null, tags: Array<{ key: string, value: string }>, policyStatement: Array<{ effect: PolicyEffect, action: Array<string>, resource: Array<string>, condition: Record<string, unknown> | null, sid: string | null }>, faults: Array<{ code: string | null, message: string | null }> } } };

export type EndpointStatusSubscriptionVariables = Exact<{
  id: string;
  projectId?: string | null | undefined;
  after?: string | null | undefined;
  until?: EndpointStatusUntil | null | undefined;
}>;


export type EndpointStatusSubscription = { endpointStatus: { kind: EndpointStatusEventKind, endpointId: string, projectId: string, status: VpcEndpointStatus, rawStatus: string, previousStatus: VpcEndpointStatus | null, version: number, cursor: string, more: boolean, settled: boolean, observedAt: string, faults: Array<{ code: string | null, message: string | null }>, endpoint: { id: string, projectId: string | null, status: VpcEndpointStatus, rawStatus: string, serviceType: EndpointServiceType | null, ip: string | null, ipv6Address: string | null, activeStatus: Array<string>, enableStatus: EnableStatus | null, endpointServiceId: string | null, endpointServiceName: string | null, markerId: string | null, enableDns: boolean | null, dnsNames: Array<string>, vpcId: string | null, subnetId: string | null, createdAt: string | null, updatedAt: string | null, whitelist: Array<string>, enableWhitelist: boolean | null, routeTables: Array<string>, specificationName: string | null, description: string | null, policyDocument: Record<string, unknown> | null, publicBorderGroup: string | null, endpointPoolId: string | null, tags: Array<{ key: string, value: string }>, policyStatement: Array<{ effect: PolicyEffect, action: Array<string>, resource: Array<string>, condition: Record<string, unknown> | null, sid: string | null }>, faults: Array<{ code: string | null, message: string | null }> } | null } };

export type EndpointStatusEventFieldsFragment = { kind: EndpointStatusEventKind, endpointId: string, projectId: string, status: VpcEndpointStatus, rawStatus: string, previousStatus: VpcEndpointStatus | null, version: number, cursor: string, more: boolean, settled: boolean, observedAt: string, faults: Array<{ code: string | null, message: string | null }>, endpoint: { id: string, projectId: string | null, status: VpcEndpointStatus, rawStatus: string, serviceType: EndpointServiceType | null, ip: string | null, ipv6Address: string | null, activeStatus: Array<string>, enableStatus: EnableStatus | null, endpointServiceId: string | null, endpointServiceName: string | null, markerId: string | null, enableDns: boolean | null, dnsNames: Array<string>, vpcId: string | null, subnetId: string | null, createdAt: string | null, updatedAt: string | null, whitelist: Array<string>, enableWhitelist: boolean | null, routeTables: Array<string>, specificationName: string | null, description: string | null, policyDocument: Record<string, unknown> | null, publicBorderGroup: string | null, endpointPoolId: string | null, tags: Array<{ key: string, value: string }>, policyStatement: Array<{ effect: PolicyEffect, action: Array<string>, resource: Array<string>, condition: Record<string, unknown> | null, sid: string | null }>, faults: Array<{ code: string | null, message: string | null }> } | null };

export type ProjectEndpointStatusSubscriptionVariables = Exact<{
  projectId?: string | null | undefined;
  ids?: Array<string> | string | null | undefined;
  after?: string | null | undefined;
}>;


export type ProjectEndpointStatusSubscription = { projectEndpointStatus: { kind: EndpointStatusEventKind, endpointId: string, projectId: string, status: VpcEndpointStatus, rawStatus: string, previousStatus: VpcEndpointStatus | null, version: number, cursor: string, more: boolean, settled: boolean, observedAt: string, faults: Array<{ code: string | null, message: string | null }>, endpoint: { id: string, projectId: string | null, status: VpcEndpointStatus, rawStatus: string, serviceType: EndpointServiceType | null, ip: string | null, ipv6Address: string | null, activeStatus: Array<string>, enableStatus: EnableStatus | null, endpointServiceId: string | null, endpointServiceName: string | null, markerId: string | null, enableDns: boolean | null, dnsNames: Array<string>, vpcId: string | null, subnetId: string | null, createdAt: string | null, updatedAt: string | null, whitelist: Array<string>, enableWhitelist: boolean | null, routeTables: Array<string>, specificationName: string | null, description: string | null, policyDocument: Record<string, unknown> | null, publicBorderGroup: string | null, endpointPoolId: string | null, tags: Array<{ key: string, value: string }>, policyStatement: Array<{ effect: PolicyEffect, action: Array<string>, resource: Array<string>, condition: Record<string, unknown> | null, sid: string | null }>, faults: Array<{ code: string | null, message: string | null }> } | null } };

export type RejectServiceConnectionMutationVariables = Exact<{
  input: RejectServiceConnectionInput;
  projectId?: string | null | undefined;
}>;


export type RejectServiceConnectionMutation = { rejectServiceConnection: { results: Array<{ endpointId: string, connection: { endpointId: string, status: VpcEndpointStatus, rawStatus: string, markerId: string | null, domainId: string | null, description: string | null, createdAt: string | null, updatedAt: string | null, endpoint: { id: string, projectId: string | null, rawStatus: string, description: string | null } | null, faults: Array<{ code: string | null, message: string | null }> } | null, error: { code: string, message: string, retryable: boolean } | null }> } };

export type RemoveServicePermissionsMutationVariables = Exact<{
  input: RemoveServicePermissionsInput;
  projectId?: string | null | undefined;
}>;


export type RemoveServicePermissionsMutation = { removeServicePermissions: { permissions: Array<{ id: string, permission: string, permissionType: string | null, description: string | null, createdAt: string | null }>, failures: Array<{ permission: string, error: { code: string, message: string, retryable: boolean } }> } };

export type ServiceConnectionFieldsFragment = { endpointId: string, status: VpcEndpointStatus, rawStatus: string, markerId: string | null, domainId: string | null, description: string | null, createdAt: string | null, updatedAt: string | null, endpoint: { id: string, projectId: string | null, rawStatus: string, description: string | null } | null, faults: Array<{ code: string | null, message: string | null }> };

export type ServicePermissionFieldsFragment = { id: string, permission: string, permissionType: string | null, description: string | null, createdAt: string | null };

export type UpdateServiceConnectionDescriptionMutationVariables = Exact<{
  input: UpdateServiceConnectionDescriptionInput;
  projectId?: string | null | undefined;
}>;


export type UpdateServiceConnectionDescriptionMutation = { updateServiceConnectionDescription: { connection: { endpointId: string, status: VpcEndpointStatus, rawStatus: string, markerId: string | null, domainId: string | null, description: string | null, createdAt: string | null, updatedAt: string | null, endpoint: { id: string, projectId: string | null, rawStatus: string, description: string | null } | null, faults: Array<{ code: string | null, message: string | null }> } } };

export type UpdateServicePermissionDescriptionMutationVariables = Exact<{
  input: UpdateServicePermissionDescriptionInput;
  projectId?: string | null | undefined;
}>;


export type UpdateServicePermissionDescriptionMutation = { updateServicePermissionDescription: { permission: { id: string, permission: string, permissionType: string | null, description: string | null, createdAt: string | null } } };

export type VpcEndpointQueryVariables = Exact<{
  id: string;
  projectId?: string | null | undefined;
  last?: number | null | undefined;
}>;


export type VpcEndpointQuery = { vpcEndpoint: { id: string, projectId: string | null, status: VpcEndpointStatus, rawStatus: string, serviceType: EndpointServiceType | null, ip: string | null, ipv6Address: string | null, activeStatus: Array<string>, enableStatus: EnableStatus | null, endpointServiceId: string | null, endpointServiceName: string | null, markerId: string | null, enableDns: boolean | null, dnsNames: Array<string>, vpcId: string | null, subnetId: string | null, createdAt: string | null, updatedAt: string | null, whitelist: Array<string>, enableWhitelist: boolean | null, routeTables: Array<string>, specificationName: string | null, description: string | null, policyDocument: Record<string, unknown> | null, publicBorderGroup: string | null, endpointPoolId: string | null, statusHistory: Array<{ kind: EndpointStatusEventKind, status: VpcEndpointStatus, rawStatus: string, previousStatus: VpcEndpointStatus | null, version: number, cursor: string, observedAt: string }>, tags: Array<{ key: string, value: string }>, policyStatement: Array<{ effect: PolicyEffect, action: Array<string>, resource: Array<string>, condition: Record<string, unknown> | null, sid: string | null }>, faults: Array<{ code: string | null, message: string | null }> } | null };

export type VpcEndpointFieldsFragment = { id: string, projectId: string | null, status: VpcEndpointStatus, rawStatus: string, serviceType: EndpointServiceType | null, ip: string | null, ipv6Address: string | null, activeStatus: Array<string>, enableStatus: EnableStatus | null, endpointServiceId: string | null, endpointServiceName: string | null, markerId: string | null, enableDns: boolean | null, dnsNames: Array<string>, vpcId: string | null, subnetId: string | null, createdAt: string | null, updatedAt: string | null, whitelist: Array<string>, enableWhitelist: boolean | null, routeTables: Array<string>, specificationName: string | null, description: string | null, policyDocument: Record<string, unknown> | null, publicBorderGroup: string | null, endpointPoolId: string | null, tags: Array<{ key: string, value: string }>, policyStatement: Array<{ effect: PolicyEffect, action: Array<string>, resource: Array<string>, condition: Record<string, unknown> | null, sid: string | null }>, faults: Array<{ code: string | null, message: string | null }> };

export type VpcEndpointsQueryVariables = Exact<{
  projectId?: string | null | undefined;
  filter?: VpcEndpointFilter | null | undefined;
  orderBy?: SortInput | null | undefined;
  first?: number | null | undefined;
  after?: string | null | undefined;
}>;


export type VpcEndpointsQuery = { vpcEndpoints: { totalCount: number, pageInfo: { hasNextPage: boolean, hasPreviousPage: boolean, startCursor: string | null, endCursor: string | null }, edges: Array<{ cursor: string, node: { id: string, projectId: string | null, status: VpcEndpointStatus, rawStatus: string, serviceType: EndpointServiceType | null, ip: string | null, ipv6Address: string | null, activeStatus: Array<string>, enableStatus: EnableStatus | null, endpointServiceId: string | null, endpointServiceName: string | null, markerId: string | null, enableDns: boolean | null, dnsNames: Array<string>, vpcId: string | null, subnetId: string | null, createdAt: string | null, updatedAt: string | null, whitelist: Array<string>, enableWhitelist: boolean | null, routeTables: Array<string>, specificationName: string | null, description: string | null, policyDocument: Record<string, unknown> | null, publicBorderGroup: string | null, endpointPoolId: string | null, tags: Array<{ key: string, value: string }>, policyStatement: Array<{ effect: PolicyEffect, action: Array<string>, resource: Array<string>, condition: Record<string, unknown> | null, sid: string | null }>, faults: Array<{ code: string | null, message: string | null }> } }> } };

export class TypedDocumentString<TResult, TVariables>
  extends String
  implements DocumentTypeDecoration<TResult, TVariables>
{
  __apiType?: NonNullable<DocumentTypeDecoration<TResult, TVariables>['__apiType']>;
  private value: string;
  public __meta__?: Record<string, any> | undefined;

  constructor(value: string, __meta__?: Record<string, any> | undefined) {
    super(value);
    this.value = value;
    this.__meta__ = __meta__;
  }

  override toString(): string & DocumentTypeDecoration<TResult, TVariables> {
    return this.value;
  }
}
export const VpcEndpointFieldsFragmentDoc = new TypedDocumentString(`
    fragment VpcEndpointFields on VpcEndpoint {
  id
  projectId
  status
  rawStatus
  serviceType
  ip
  ipv6Address
  activeStatus
  enableStatus
  endpointServiceId
  endpointServiceName
  markerId
  enableDns
  dnsNames
  vpcId
  subnetId
  createdAt
  updatedAt
  tags {
    key
    value
  }
  whitelist
  enableWhitelist
  routeTables
  specificationName
  description
  policyStatement {
    effect
    action
    resource
    condition
    sid
  }
  policyDocument
  publicBorderGroup
  endpointPoolId
  faults {
    code
    message
  }
}
    `, {"fragmentName":"VpcEndpointFields"}) as unknown as TypedDocumentString<VpcEndpointFieldsFragment, unknown>;
export const EndpointStatusEventFieldsFragmentDoc = new TypedDocumentString(`
    fragment EndpointStatusEventFields on EndpointStatusEvent {
  kind
  endpointId
  projectId
  status
  rawStatus
  previousStatus
  version
  cursor
  more
  settled
  observedAt
  faults {
    code
    message
  }
  endpoint {
    ...VpcEndpointFields
  }
}
    fragment VpcEndpointFields on VpcEndpoint {
  id
  projectId
  status
  rawStatus
  serviceType
  ip
  ipv6Address
  activeStatus
  enableStatus
  endpointServiceId
  endpointServiceName
  markerId
  enableDns
  dnsNames
  vpcId
  subnetId
  createdAt
  updatedAt
  tags {
    key
    value
  }
  whitelist
  enableWhitelist
  routeTables
  specificationName
  description
  policyStatement {
    effect
    action
    resource
    condition
    sid
  }
  policyDocument
  publicBorderGroup
  endpointPoolId
  faults {
    code
    message
  }
}`, {"fragmentName":"EndpointStatusEventFields"}) as unknown as TypedDocumentString<EndpointStatusEventFieldsFragment, unknown>;
export const ServiceConnectionFieldsFragmentDoc = new TypedDocumentString(`
    fragment ServiceConnectionFields on ServiceConnection {
  endpointId
  endpoint {
    id
    projectId
    rawStatus
    description
  }
  status
  rawStatus
  markerId
  domainId
  description
  createdAt
  updatedAt
  faults {
    code
    message
  }
}
    `, {"fragmentName":"ServiceConnectionFields"}) as unknown as TypedDocumentString<ServiceConnectionFieldsFragment, unknown>;
export const ServicePermissionFieldsFragmentDoc = new TypedDocumentString(`
    fragment ServicePermissionFields on ServicePermission {
  id
  permission
  permissionType
  description
  createdAt
}
    `, {"fragmentName":"ServicePermissionFields"}) as unknown as TypedDocumentString<ServicePermissionFieldsFragment, unknown>;
export const AcceptServiceConnectionDocument = new TypedDocumentString(`
    mutation AcceptServiceConnection($input: AcceptServiceConnectionInput!, $projectId: ID) {
  acceptServiceConnection(input: $input, projectId: $projectId) {
    results {
      endpointId
      connection {
        ...ServiceConnectionFields
      }
      error {
        code
        message
        retryable
      }
    }
  }
}
    fragment ServiceConnectionFields on ServiceConnection {
  endpointId
  endpoint {
    id
    projectId
    rawStatus
    description
  }
  status
  rawStatus
  markerId
  domainId
  description
  createdAt
  updatedAt
  faults {
    code
    message
  }
}`) as unknown as TypedDocumentString<AcceptServiceConnectionMutation, AcceptServiceConnectionMutationVariables>;
export const AddServicePermissionsDocument = new TypedDocumentString(`
    mutation AddServicePermissions($input: AddServicePermissionsInput!, $projectId: ID) {
  addServicePermissions(input: $input, projectId: $projectId) {
    permissions {
      ...ServicePermissionFields
    }
    failures {
      permission
      error {
        code
        message
        retryable
      }
    }
  }
}
    fragment ServicePermissionFields on ServicePermission {
  id
  permission
  permissionType
  description
  createdAt
}`) as unknown as TypedDocumentString<AddServicePermissionsMutation, AddServicePermissionsMutationVariables>;
export const CreateVpcEndpointDocument = new TypedDocumentString(`
    mutation CreateVpcEndpoint($input: CreateVpcEndpointInput!, $projectId: ID) {
  createVpcEndpoint(input: $input, projectId: $projectId) {
    statusCursor
    replayed
    endpoint {
      ...VpcEndpointFields
    }
  }
}
    fragment VpcEndpointFields on VpcEndpoint {
  id
  projectId
  status
  rawStatus
  serviceType
  ip
  ipv6Address
  activeStatus
  enableStatus
  endpointServiceId
  endpointServiceName
  markerId
  enableDns
  dnsNames
  vpcId
  subnetId
  createdAt
  updatedAt
  tags {
    key
    value
  }
  whitelist
  enableWhitelist
  routeTables
  specificationName
  description
  policyStatement {
    effect
    action
    resource
    condition
    sid
  }
  policyDocument
  publicBorderGroup
  endpointPoolId
  faults {
    code
    message
  }
}`) as unknown as TypedDocumentString<CreateVpcEndpointMutation, CreateVpcEndpointMutationVariables>;
export const DeleteVpcEndpointDocument = new TypedDocumentString(`
    mutation DeleteVpcEndpoint($input: DeleteVpcEndpointInput!, $projectId: ID) {
  deleteVpcEndpoint(input: $input, projectId: $projectId) {
    statusCursor
    endpoint {
      ...VpcEndpointFields
    }
  }
}
    fragment VpcEndpointFields on VpcEndpoint {
  id
  projectId
  status
  rawStatus
  serviceType
  ip
  ipv6Address
  activeStatus
  enableStatus
  endpointServiceId
  endpointServiceName
  markerId
  enableDns
  dnsNames
  vpcId
  subnetId
  createdAt
  updatedAt
  tags {
    key
    value
  }
  whitelist
  enableWhitelist
  routeTables
  specificationName
  description
  policyStatement {
    effect
    action
    resource
    condition
    sid
  }
  policyDocument
  publicBorderGroup
  endpointPoolId
  faults {
    code
    message
  }
}`) as unknown as TypedDocumentString<DeleteVpcEndpointMutation, DeleteVpcEndpointMutationVariables>;
export const EndpointStatusDocument = new TypedDocumentString(`
    subscription EndpointStatus($id: ID!, $projectId: ID, $after: String, $until: EndpointStatusUntil = DELETED) {
  endpointStatus(id: $id, projectId: $projectId, after: $after, until: $until) {
    ...EndpointStatusEventFields
  }
}
    fragment EndpointStatusEventFields on EndpointStatusEvent {
  kind
  endpointId
  projectId
  status
  rawStatus
  previousStatus
  version
  cursor
  more
  settled
  observedAt
  faults {
    code
    message
  }
  endpoint {
    ...VpcEndpointFields
  }
}
fragment VpcEndpointFields on VpcEndpoint {
  id
  projectId
  status
  rawStatus
  serviceType
  ip
  ipv6Address
  activeStatus
  enableStatus
  endpointServiceId
  endpointServiceName
  markerId
  enableDns
  dnsNames
  vpcId
  subnetId
  createdAt
  updatedAt
  tags {
    key
    value
  }
  whitelist
  enableWhitelist
  routeTables
  specificationName
  description
  policyStatement {
    effect
    action
    resource
    condition
    sid
  }
  policyDocument
  publicBorderGroup
  endpointPoolId
  faults {
    code
    message
  }
}`) as unknown as TypedDocumentString<EndpointStatusSubscription, EndpointStatusSubscriptionVariables>;
export const ProjectEndpointStatusDocument = new TypedDocumentString(`
    subscription ProjectEndpointStatus($projectId: ID, $ids: [ID!], $after: String) {
  projectEndpointStatus(projectId: $projectId, ids: $ids, after: $after) {
    ...EndpointStatusEventFields
  }
}
    fragment EndpointStatusEventFields on EndpointStatusEvent {
  kind
  endpointId
  projectId
  status
  rawStatus
  previousStatus
  version
  cursor
  more
  settled
  observedAt
  faults {
    code
    message
  }
  endpoint {
    ...VpcEndpointFields
  }
}
fragment VpcEndpointFields on VpcEndpoint {
  id
  projectId
  status
  rawStatus
  serviceType
  ip
  ipv6Address
  activeStatus
  enableStatus
  endpointServiceId
  endpointServiceName
  markerId
  enableDns
  dnsNames
  vpcId
  subnetId
  createdAt
  updatedAt
  tags {
    key
    value
  }
  whitelist
  enableWhitelist
  routeTables
  specificationName
  description
  policyStatement {
    effect
    action
    resource
    condition
    sid
  }
  policyDocument
  publicBorderGroup
  endpointPoolId
  faults {
    code
    message
  }
}`) as unknown as TypedDocumentString<ProjectEndpointStatusSubscription, ProjectEndpointStatusSubscriptionVariables>;
export const RejectServiceConnectionDocument = new TypedDocumentString(`
    mutation RejectServiceConnection($input: RejectServiceConnectionInput!, $projectId: ID) {
  rejectServiceConnection(input: $input, projectId: $projectId) {
    results {
      endpointId
      connection {
        ...ServiceConnectionFields
      }
      error {
        code
        message
        retryable
      }
    }
  }
}
    fragment ServiceConnectionFields on ServiceConnection {
  endpointId
  endpoint {
    id
    projectId
    rawStatus
    description
  }
  status
  rawStatus
  markerId
  domainId
  description
  createdAt
  updatedAt
  faults {
    code
    message
  }
}`) as unknown as TypedDocumentString<RejectServiceConnectionMutation, RejectServiceConnectionMutationVariables>;
export const RemoveServicePermissionsDocument = new TypedDocumentString(`
    mutation RemoveServicePermissions($input: RemoveServicePermissionsInput!, $projectId: ID) {
  removeServicePermissions(input: $input, projectId: $projectId) {
    permissions {
      ...ServicePermissionFields
    }
    failures {
      permission
      error {
        code
        message
        retryable
      }
    }
  }
}
    fragment ServicePermissionFields on ServicePermission {
  id
  permission
  permissionType
  description
  createdAt
}`) as unknown as TypedDocumentString<RemoveServicePermissionsMutation, RemoveServicePermissionsMutationVariables>;
export const UpdateServiceConnectionDescriptionDocument = new TypedDocumentString(`
    mutation UpdateServiceConnectionDescription($input: UpdateServiceConnectionDescriptionInput!, $projectId: ID) {
  updateServiceConnectionDescription(input: $input, projectId: $projectId) {
    connection {
      ...ServiceConnectionFields
    }
  }
}
    fragment ServiceConnectionFields on ServiceConnection {
  endpointId
  endpoint {
    id
    projectId
    rawStatus
    description
  }
  status
  rawStatus
  markerId
  domainId
  description
  createdAt
  updatedAt
  faults {
    code
    message
  }
}`) as unknown as TypedDocumentString<UpdateServiceConnectionDescriptionMutation, UpdateServiceConnectionDescriptionMutationVariables>;
export const UpdateServicePermissionDescriptionDocument = new TypedDocumentString(`
    mutation UpdateServicePermissionDescription($input: UpdateServicePermissionDescriptionInput!, $projectId: ID) {
  updateServicePermissionDescription(input: $input, projectId: $projectId) {
    permission {
      ...ServicePermissionFields
    }
  }
}
    fragment ServicePermissionFields on ServicePermission {
  id
  permission
  permissionType
  description
  createdAt
}`) as unknown as TypedDocumentString<UpdateServicePermissionDescriptionMutation, UpdateServicePermissionDescriptionMutationVariables>;
export const VpcEndpointDocument = new TypedDocumentString(`
    query VpcEndpoint($id: ID!, $projectId: ID, $last: Int = 20) {
  vpcEndpoint(id: $id, projectId: $projectId) {
    ...VpcEndpointFields
    statusHistory(last: $last) {
      kind
      status
      rawStatus
      previousStatus
      version
      cursor
      observedAt
    }
  }
}
    fragment VpcEndpointFields on VpcEndpoint {
  id
  projectId
  status
  rawStatus
  serviceType
  ip
  ipv6Address
  activeStatus
  enableStatus
  endpointServiceId
  endpointServiceName
  markerId
  enableDns
  dnsNames
  vpcId
  subnetId
  createdAt
  updatedAt
  tags {
    key
    value
  }
  whitelist
  enableWhitelist
  routeTables
  specificationName
  description
  policyStatement {
    effect
    action
    resource
    condition
    sid
  }
  policyDocument
  publicBorderGroup
  endpointPoolId
  faults {
    code
    message
  }
}`) as unknown as TypedDocumentString<VpcEndpointQuery, VpcEndpointQueryVariables>;
export const VpcEndpointsDocument = new TypedDocumentString(`
    query VpcEndpoints($projectId: ID, $filter: VpcEndpointFilter, $orderBy: SortInput, $first: Int = 20, $after: String) {
  vpcEndpoints(
    projectId: $projectId
    filter: $filter
    orderBy: $orderBy
    first: $first
    after: $after
  ) {
    totalCount
    pageInfo {
      hasNextPage
      hasPreviousPage
      startCursor
      endCursor
    }
    edges {
      cursor
      node {
        ...VpcEndpointFields
      }
    }
  }
}
    fragment VpcEndpointFields on VpcEndpoint {
  id
  projectId
  status
  rawStatus
  serviceType
  ip
  ipv6Address
  activeStatus
  enableStatus
  endpointServiceId
  endpointServiceName
  markerId
  enableDns
  dnsNames
  vpcId
  subnetId
  createdAt
  updatedAt
  tags {
    key
    value
  }
  whitelist
  enableWhitelist
  routeTables
  specificationName
  description
  policyStatement {
    effect
    action
    resource
    condition
    sid
  }
  policyDocument
  publicBorderGroup
  endpointPoolId
  faults {
    code
    message
  }
}`) as unknown as TypedDocumentString<VpcEndpointsQuery, VpcEndpointsQueryVariables>;