/** Internal type. DO NOT USE DIRECTLY. */
type Exact<T extends { [key: string]: unknown }> = { [K in keyof T]: T[K] };
/** Internal type. DO NOT USE DIRECTLY. */
export type Incremental<T> = T | { [P in keyof T]?: P extends ' $fragmentName' | '__typename' ? T[P] : never };
/** Which endpoints to let in. */
export type AcceptServiceConnectionInput = {
  /** 1 to 100 endpoints, each once. Upstream takes one per call: they are sent one by one, in this order. */
  endpointIds: Array<string>;
  /** The endpoint service. */
  endpointServiceId: string;
};

/** Which backends to add to which service. */
export type AddEndpointServiceServerResourcesInput = {
  /** The service, which must be a professional one. */
  id: string;
  /** At least one; each once. */
  serverResources: Array<ServerResourceInput>;
};

/** Which tags to attach to what. */
export type AddResourceTagsInput = {
  /** The endpoint or the own service. */
  resourceId: string;
  /** What kind of resource it is. */
  resourceType: TaggedResourceType;
  /** 1 to 20 tags with different keys. A resource has 20 at most, which includes the hidden tag of an `idempotencyKey`. A key that it has gets the new value. */
  tags: Array<TagInput>;
};

/** Whom to let connect. */
export type AddServicePermissionsInput = {
  /** The endpoint service. */
  endpointServiceId: string;
  /** 1 to 100 permissions, each once. */
  permissions: Array<ServicePermissionInput>;
};

/** Where an API version is in its life. */
export type ApiVersionStatus =
  /** The recommended one. */
  | 'CURRENT'
  /** One that may be taken away. */
  | 'DEPRECATED'
  /** An older one that is still supported. */
  | 'SUPPORT'
  /** A word that this version does not know: see `rawStatus`. */
  | 'UNKNOWN';

/** The kind of network segment of an endpoint service. */
export type CidrType =
  /** An internal segment. */
  | 'INTERNAL'
  /** A public segment. */
  | 'PUBLIC'
  /** A word that this version does not know: see `rawCidrType`. */
  | 'UNKNOWN';

/** What to create. Every broken rule is reported at once in `extensions.issues`. Lengths count Unicode code points. An empty list of tags is the same as none. */
export type CreateEndpointServiceInput = {
  /** Whether the owner has to accept each connection. */
  approvalEnabled?: boolean | null | undefined;
  /** At most 512 characters, without `<` and `>`. */
  description?: string | null | undefined;
  /** Whether endpoints may have a policy. */
  enablePolicy?: boolean | null | undefined;
  /** A name of your own for this creation, 1 to 255 characters: the same key with the same input creates once and gives the first answer again, for 24 hours. It is kept in a hidden tag, which takes one of the 20 places for tags. Without a free place, what was created by a request that got no answer is recognised by its properties alone. */
  idempotencyKey?: string | null | undefined;
  /** IPv4 address or domain name of the server (VLAN services). */
  ip?: string | null | undefined;
  /** Address family; professional services only. */
  ipVersion?: ServiceIpVersion | null | undefined;
  /** Cluster to put it in. */
  poolId?: string | null | undefined;
  /** Port of the private IP of a load balancer, or network card of a cloud server. */
  portId: string;
  /** 1 to 200 mappings, each once. */
  ports: Array<PortMappingInput>;
  /** VM or LB. */
  serverType: ServerType;
  /** Short name: 1 to 16 letters, digits, `_` and `-`. It is stored, and shown as `serviceName`, as `region.name.id`. */
  serviceName?: string | null | undefined;
  /** INTERFACE: only the operator makes others. */
  serviceType?: EndpointServiceType | null | undefined;
  /** Any network (UUID) of the VPC; needed for IPV6. */
  snatNetworkId?: string | null | undefined;
  /** At most 20 tags with different keys. With an `idempotencyKey` the gateway adds a hidden tag, which is one of the 20 that the resource can have; beside 20 given ones there is no room for it, and it is left out. */
  tags?: Array<TagInput> | null | undefined;
  /** What the backend learns about the client; CLOSE by default. */
  tcpProxy?: TcpProxy | null | undefined;
  /** The VPC of the backend. */
  vpcId: string;
};

/** What to create. Every broken rule is reported at once in `extensions.issues`. Lengths count Unicode code points. An empty list or object is the same as none. */
export type CreateVpcEndpointInput = {
  /** At most 512 characters, without `<` and `>`. */
  description?: string | null | undefined;
  /** Create a private domain name. Gateway services never get one. */
  enableDns?: boolean | null | undefined;
  /** Whether access control (the whitelist) is on. */
  enableWhitelist?: boolean | null | undefined;
  /** The endpoint service to connect to. */
  endpointServiceId: string;
  /** A name of your own for this creation, 1 to 255 characters: the same key with the same input creates once and gives the first answer again, for 24 hours. It is kept in a hidden tag, which takes one of the 20 places for tags. Without a free place, what was created by a request that got no answer is recognised by its properties alone. */
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
  /** At most 20 tags with different keys. With an `idempotencyKey` the gateway adds a hidden tag, which is one of the 20 that the resource can have; beside 20 given ones there is no room for it, and it is left out. */
  tags?: Array<TagInput> | null | undefined;
  /** The VPC to create the endpoint in. */
  vpcId: string;
  /** IPv4 addresses or CIDR blocks that may use the endpoint, for interface services. */
  whitelist?: Array<string> | null | undefined;
};

/** What to delete. */
export type DeleteEndpointServiceInput = {
  /** The service to delete. It must have no endpoints. This cannot be undone. */
  id: string;
};

/** What to delete. */
export type DeleteVpcEndpointInput = {
  /** The endpoint to delete. This cannot be undone. */
  id: string;
};

/** Whose policy to remove. */
export type DeleteVpcEndpointPolicyInput = {
  /** The endpoint to change. */
  id: string;
};

/** Whether an endpoint is available. */
export type EnableStatus =
  /** The endpoint is not available. */
  | 'DISABLE'
  /** The endpoint is available. */
  | 'ENABLE'
  /** A word that this version does not know: see `rawEnableStatus`. */
  | 'UNKNOWN';

/** Which services to list. Given conditions must all hold. */
export type EndpointServiceFilter = {
  /** Part of the name, in any case; 1 to 128 characters. */
  endpointServiceName?: string | null | undefined;
  /** This service only. */
  id?: string | null | undefined;
  /** Services whose backend is in such a network. */
  netType?: NetType | null | undefined;
  /** Services of this border group. */
  publicBorderGroup?: string | null | undefined;
  /** Services with such a backend; not UNKNOWN. Upstream does not document this filter and may ignore it. */
  serverType?: ServerType | null | undefined;
  /** Services in this status; not UNKNOWN. */
  status?: EndpointServiceStatus | null | undefined;
};

/** Where an endpoint service is in its life. */
export type EndpointServiceStatus =
  /** Takes endpoints. */
  | 'AVAILABLE'
  /** Is being built. */
  | 'CREATING'
  /** Is being deleted. This cannot be undone. */
  | 'DELETING'
  /** Could not be built; see `faults`. Delete it and create another one. */
  | 'FAILED'
  /** A word that this version does not know: see `rawStatus`. */
  | 'UNKNOWN';

/** The kind of endpoint service that an endpoint connects to. */
export type EndpointServiceType =
  /** Reached through a route table (for example OBS); run by the cloud operator. */
  | 'GATEWAY'
  /** Reached through an IP address in your subnet. */
  | 'INTERFACE'
  /** A word that this version does not know: see `rawServiceType`. */
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
  | 'IPV4'
  /** A word that this version does not know: see `rawIpVersion`. Never an input. */
  | 'UNKNOWN';

/** The network of the backend. */
export type NetType =
  /** Both. */
  | 'ALL'
  /** VLAN. */
  | 'VLAN'
  /** VXLAN. */
  | 'VXLAN';

/** Whether a policy statement allows or denies its actions. */
export type PolicyEffect =
  /** It allows them. */
  | 'ALLOW'
  /** It denies them. */
  | 'DENY'
  /** No word, or one that this version does not know: see `rawEffect`. Never an input. */
  | 'UNKNOWN';

/** One rule of the policy of a gateway endpoint (OBS, SFS). */
export type PolicyStatementInput = {
  /** Access permissions; at least one. */
  action: Array<string>;
  /** Conditions under which the statement applies. */
  condition?: Record<string, unknown> | null | undefined;
  /** Whether the actions are allowed or denied; not UNKNOWN. */
  effect: PolicyEffect;
  /** The objects that the statement is about; at least one. */
  resource: Array<string>;
  /** Name of the statement. */
  sid?: string | null | undefined;
};

/** A port of the endpoint and where it leads. */
export type PortMappingInput = {
  /** Port on the side of the endpoint, 1 to 65535. */
  clientPort: number;
  /** TCP: there is no other. */
  protocol?: string | null | undefined;
  /** Port of the backend, 1 to 65535. */
  serverPort: number;
};

/** Which public services to list. Given conditions must all hold. */
export type PublicEndpointServiceFilter = {
  /** Part of the name, in any case; 1 to 128 characters. */
  endpointServiceName?: string | null | undefined;
  /** This service only. */
  id?: string | null | undefined;
};

/** What a quota limits. */
export type QuotaType =
  /** VPC endpoints. */
  | 'ENDPOINT'
  /** Endpoint services. */
  | 'ENDPOINT_SERVICE'
  /** A word that this version does not know: see `rawType`. Cannot be asked for. */
  | 'UNKNOWN';

/** Which endpoints to keep or throw out. */
export type RejectServiceConnectionInput = {
  /** 1 to 100 endpoints, each once. Upstream takes one per call: they are sent one by one, in this order. */
  endpointIds: Array<string>;
  /** The endpoint service. */
  endpointServiceId: string;
};

/** Which tags to remove from what. */
export type RemoveResourceTagsInput = {
  /** The endpoint or the own service. */
  resourceId: string;
  /** What kind of resource it is. */
  resourceType: TaggedResourceType;
  /** 1 to 20 tags with different keys. What is not there is passed over. */
  tags: Array<TagRemovalInput>;
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

/** Which service, and its new name. */
export type RenameEndpointServiceInput = {
  /** New short name: 1 to 16 letters, digits, `_` and `-`. It is stored, and shown as `serviceName`, as `region.name.id`. */
  endpointServiceName: string;
  /** The service to rename. */
  id: string;
};

/** A search in a field. */
export type ResourceMatchInput = {
  /** Only `resource_name` can be searched. */
  key: string;
  /** Part of the name, in any case; 1 to 255 characters. */
  value: string;
};

/** Which resources to find. Given conditions must all hold. */
export type ResourceTagFilter = {
  /** Searches in fields, each field once. */
  matches?: Array<ResourceMatchInput> | null | undefined;
  /** Has none of these tags. At most 10 keys. */
  notTags?: Array<TagValuesInput> | null | undefined;
  /** Lacks at least one of these tags. At most 10 keys. */
  notTagsAny?: Array<TagValuesInput> | null | undefined;
  /** Has these system tags. At most 10 keys. */
  sysTags?: Array<TagValuesInput> | null | undefined;
  /** Has all of these tags. At most 10 keys. */
  tags?: Array<TagValuesInput> | null | undefined;
  /** Has any of these tags. At most 10 keys. */
  tagsAny?: Array<TagValuesInput> | null | undefined;
  /** Only resources without any tag. Upstream then ignores conditions on tags, so the two cannot be given together. What was created with an `idempotencyKey` has a hidden tag and is not found by this. */
  withoutAnyTag?: boolean | null | undefined;
};

/** What a caller may do in a project. */
export type Right =
  /** What goes beyond the daily work. */
  | 'ADMIN'
  /** Look at everything. */
  | 'READ'
  /** Create, change and delete. */
  | 'WRITE';

/** What was to be done with a route table. */
export type RouteTableAction =
  /** It was to be added. */
  | 'BIND'
  /** It was to be taken away. */
  | 'UNBIND';

/** A load balancer to add as a backend. */
export type ServerResourceInput = {
  /** The availability zone that it is in. */
  availabilityZoneId?: string | null | undefined;
  /** The load balancer (UUID). */
  resourceId: string;
};

/** What is behind an endpoint service. */
export type ServerType =
  /** A load balancer. */
  | 'LB'
  /** A word that this version does not know: see `rawServerType`. */
  | 'UNKNOWN'
  /** A virtual IP address. */
  | 'VIP'
  /** A cloud server. */
  | 'VM';

/** Which connections to list. Given conditions must all hold. */
export type ServiceConnectionFilter = {
  /** This endpoint only. */
  endpointId?: string | null | undefined;
  /** Packet ID, as decimal digits. */
  markerId?: string | null | undefined;
  /** PENDING_ACCEPTANCE, ACCEPTED, REJECTED or FAILED: upstream cannot be asked for another one. */
  status?: VpcEndpointStatus | null | undefined;
};

/** The address family of an endpoint service. Only professional services have one. */
export type ServiceIpVersion =
  /** IPv4. */
  | 'IPV4'
  /** IPv6; needs `snatNetworkId`. */
  | 'IPV6'
  /** A word that this version does not know: see `rawIpVersion`. */
  | 'UNKNOWN';

/** Which permissions to list. */
export type ServicePermissionFilter = {
  /** Part of the permission; 1 to 1000 characters. */
  permission?: string | null | undefined;
};

/** A permission to add. */
export type ServicePermissionInput = {
  /** At most 256 characters. */
  description?: string | null | undefined;
  /** `iam:domain::` and an account ID or `*`, `organizations:orgPath::` and a path, or `*` for everyone. */
  permission: string;
};

/** Which way to go between the editions. */
export type ServiceUpgradeAction =
  /** Back from it. */
  | 'ROLLBACK'
  /** To the professional edition. */
  | 'UPGRADE';

/** Ascending or descending. */
export type SortDirection =
  /** Oldest first. */
  | 'ASC'
  /** Newest first. */
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

/** A tag to remove. */
export type TagRemovalInput = {
  /** The key. */
  key: string;
  /** Remove it only while it has this value. Without it: whatever the value is. */
  value?: string | null | undefined;
};

/** A tag key with the values that are looked for. */
export type TagValuesInput = {
  /** The key, 1 to 128 characters. */
  key: string;
  /** One of these, at most 10; none means any value. */
  values?: Array<string>;
};

/** A kind of resource that can have tags. */
export type TaggedResourceType =
  /** VPC endpoints. */
  | 'ENDPOINT'
  /** Own endpoint services. */
  | 'ENDPOINT_SERVICE';

/** What the backend learns about the client. */
export type TcpProxy =
  /** Nothing. */
  | 'CLOSE'
  /** The TCP option field and the Proxy Protocol. */
  | 'OPEN'
  /** The Proxy Protocol. */
  | 'PROXY_OPEN'
  /** In the SDK only; its meaning is not published. */
  | 'PROXY_VNI'
  /** The TCP option field (TOA); OBS backends only. */
  | 'TOA_OPEN'
  /** A word that this version does not know: see `rawTcpProxy`. */
  | 'UNKNOWN';

/** What to change. What is left out or null stays as it is; at least one change must be given. */
export type UpdateEndpointServiceInput = {
  /** Whether the owner has to accept each connection. Upstream may take its absence for true; so when it is left out here, the gateway reads it first and sends what it read. A concurrent change of it in between is lost: give it to be sure. */
  approvalEnabled?: boolean | null | undefined;
  /** At most 512 characters, without `<` and `>`; empty to clear it. */
  description?: string | null | undefined;
  /** The service to change. */
  id: string;
  /** Another address of the server. Not together with `portId`. */
  ip?: string | null | undefined;
  /** Another backend. Not together with `ip`. */
  portId?: string | null | undefined;
  /** Replaces all ports of the service: give those that shall stay as well. 1 to 200 mappings, each once. */
  ports?: Array<PortMappingInput> | null | undefined;
  /** New short name: 1 to 16 letters, digits, `_` and `-`. It is stored, and shown as `serviceName`, as `region.name.id`. */
  serviceName?: string | null | undefined;
  /** What the backend learns about the client. */
  tcpProxy?: TcpProxy | null | undefined;
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

/** The whole new policy, in the one of the two forms that the service takes. An empty one is refused: to remove the policy, use `deleteVpcEndpointPolicy`. */
export type UpdateVpcEndpointPolicyInput = {
  /** The endpoint to change. */
  id: string;
  /** For other services that allow a policy. */
  policyDocument?: Record<string, unknown> | null | undefined;
  /** For OBS and SFS gateway services that allow a policy; at least one. */
  policyStatement?: Array<PolicyStatementInput> | null | undefined;
};

/** Through which route tables a gateway endpoint is reached. */
export type UpdateVpcEndpointRouteTablesInput = {
  /** The endpoint to change. */
  id: string;
  /** The whole new list. */
  routeTables: Array<string>;
};

/** Who may use an interface endpoint. What is not given stays as it is. */
export type UpdateVpcEndpointWhitelistInput = {
  /** Whether access control is on. While it is off, every address in the VPC has access. */
  enableWhitelist?: boolean | null | undefined;
  /** The endpoint to change. */
  id: string;
  /** IPv4 addresses or CIDR blocks: the whole new list. An empty one clears it. */
  whitelist?: Array<string> | null | undefined;
};

/** Which service to upgrade, and how. */
export type UpgradeEndpointServiceInput = {
  /** Which way; upstream upgrades when it is left out. */
  action?: ServiceUpgradeAction | null | undefined;
  /** Whether to allow several backends. */
  enableMultiServer?: boolean | null | undefined;
  /** The service to upgrade. */
  id: string;
};

/** What to upgrade. */
export type UpgradeVpcEndpointInput = {
  /** The endpoint to change. */
  id: string;
};

/** Which endpoints to list. Given conditions must all hold. */
export type VpcEndpointFilter = {
  /** Part of the service name, in any case; 1 to 128 characters. */
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

export type AddEndpointServiceServerResourcesMutationVariables = Exact<{
  input: AddEndpointServiceServerResourcesInput;
  projectId?: string | null | undefined;
}>;


export type AddEndpointServiceServerResourcesMutation = { addEndpointServiceServerResources: { service: { id: string, serviceName: string | null, status: EndpointServiceStatus | null, rawStatus: string | null, serviceType: EndpointServiceType | null, rawServiceType: string | null, serverType: ServerType | null, rawServerType: string | null, projectId: string | null, owner: string | null, vpcId: string | null, portId: string | null, vipPortId: string | null, ip: string | null, ipVersion: ServiceIpVersion | null, rawIpVersion: string | null, snatNetworkId: string | null, poolId: string | null, cidrType: CidrType | null, rawCidrType: string | null, approvalEnabled: boolean | null, enablePolicy: boolean | null, isCharge: boolean | null, tcpProxy: TcpProxy | null, rawTcpProxy: string | null, supportedEditions: Array<string> | null, description: string | null, createdAt: string | null, updatedAt: string | null, ports: Array<{ clientPort: number | null, serverPort: number | null, protocol: string | null }> | null, tags: Array<{ key: string, value: string }> | null, faults: Array<{ code: string | null, message: string | null }> | null } } };

export type AddResourceTagsMutationVariables = Exact<{
  input: AddResourceTagsInput;
  projectId?: string | null | undefined;
}>;


export type AddResourceTagsMutation = { addResourceTags: { tags: Array<{ key: string, value: string }> | null, endpoint: { id: string, tags: Array<{ key: string, value: string }> } | null, service: { id: string, tags: Array<{ key: string, value: string }> | null } | null } };

export type AddServicePermissionsMutationVariables = Exact<{
  input: AddServicePermissionsInput;
  projectId?: string | null | undefined;
}>;


export type AddServicePermissionsMutation = { addServicePermissions: { permissions: Array<{ id: string, permission: string, permissionType: string | null, description: string | null, createdAt: string | null }>, failures: Array<{ permission: string, error: { code: string, message: string, retryable: boolean } }> } };

export type ApiVersionQueryVariables = Exact<{
  id: string;
  projectId?: string | null | undefined;
}>;


export type ApiVersionQuery = { apiVersion: { id: string, status: ApiVersionStatus | null, rawStatus: string | null, updated: string | null, version: string | null, minVersion: string | null, links: Array<{ href: string | null, type: string | null, rel: string | null }> } | null };

export type ApiVersionFieldsFragment = { id: string, status: ApiVersionStatus | null, rawStatus: string | null, updated: string | null, version: string | null, minVersion: string | null, links: Array<{ href: string | null, type: string | null, rel: string | null }> };

export type ApiVersionsQueryVariables = Exact<{
  projectId?: string | null | undefined;
}>;


export type ApiVersionsQuery = { apiVersions: Array<{ id: string, status: ApiVersionStatus | null, rawStatus: string | null, updated: string | null, version: string | null, minVersion: string | null, links: Array<{ href: string | null, type: string | null, rel: string | null }> }> };

export type CreateEndpointServiceMutationVariables = Exact<{
  input: CreateEndpointServiceInput;
  projectId?: string | null | undefined;
}>;


export type CreateEndpointServiceMutation = { createEndpointService: { replayed: boolean, service: { id: string, serviceName: string | null, status: EndpointServiceStatus | null, rawStatus: string | null, serviceType: EndpointServiceType | null, rawServiceType: string | null, serverType: ServerType | null, rawServerType: string | null, projectId: string | null, owner: string | null, vpcId: string | null, portId: string | null, vipPortId: string | null, ip: string | null, ipVersion: ServiceIpVersion | null, rawIpVersion: string | null, snatNetworkId: string | null, poolId: string | null, cidrType: CidrType | null, rawCidrType: string | null, approvalEnabled: boolean | null, enablePolicy: boolean | null, isCharge: boolean | null, tcpProxy: TcpProxy | null, rawTcpProxy: string | null, supportedEditions: Array<string> | null, description: string | null, createdAt: string | null, updatedAt: string | null, ports: Array<{ clientPort: number | null, serverPort: number | null, protocol: string | null }> | null, tags: Array<{ key: string, value: string }> | null, faults: Array<{ code: string | null, message: string | null }> | null } } };

export type CreateVpcEndpointMutationVariables = Exact<{
  input: CreateVpcEndpointInput;
  projectId?: string | null | undefined;
}>;


export type CreateVpcEndpointMutation = { createVpcEndpoint: { statusCursor: string, replayed: boolean, endpoint: { id: string, projectId: string | null, status: VpcEndpointStatus, rawStatus: string, serviceType: EndpointServiceType | null, rawServiceType: string | null, ip: string | null, ipVersion: IpVersion | null, rawIpVersion: string | null, ipv6Address: string | null, activeStatus: Array<string>, enableStatus: EnableStatus | null, rawEnableStatus: string | null, endpointServiceId: string | null, endpointServiceName: string | null, markerId: string | null, enableDns: boolean | null, dnsNames: Array<string>, vpcId: string | null, subnetId: string | null, createdAt: string | null, updatedAt: string | null, whitelist: Array<string>, enableWhitelist: boolean | null, routeTables: Array<string>, specificationName: string | null, description: string | null, policyDocument: unknown, publicBorderGroup: string | null, endpointPoolId: string | null, tags: Array<{ key: string, value: string }>, policyStatement: Array<{ effect: PolicyEffect, rawEffect: string | null, action: Array<string>, notAction: Array<string>, resource: Array<string>, notResource: Array<string>, condition: unknown, sid: string | null }>, faults: Array<{ code: string | null, message: string | null }> } } };

export type DeleteEndpointServiceMutationVariables = Exact<{
  input: DeleteEndpointServiceInput;
  projectId?: string | null | undefined;
}>;


export type DeleteEndpointServiceMutation = { deleteEndpointService: { service: { id: string, serviceName: string | null, status: EndpointServiceStatus | null, rawStatus: string | null, serviceType: EndpointServiceType | null, rawServiceType: string | null, serverType: ServerType | null, rawServerType: string | null, projectId: string | null, owner: string | null, vpcId: string | null, portId: string | null, vipPortId: string | null, ip: string | null, ipVersion: ServiceIpVersion | null, rawIpVersion: string | null, snatNetworkId: string | null, poolId: string | null, cidrType: CidrType | null, rawCidrType: string | null, approvalEnabled: boolean | null, enablePolicy: boolean | null, isCharge: boolean | null, tcpProxy: TcpProxy | null, rawTcpProxy: string | null, supportedEditions: Array<string> | null, description: string | null, createdAt: string | null, updatedAt: string | null, ports: Array<{ clientPort: number | null, serverPort: number | null, protocol: string | null }> | null, tags: Array<{ key: string, value: string }> | null, faults: Array<{ code: string | null, message: string | null }> | null } } };

export type DeleteVpcEndpointMutationVariables = Exact<{
  input: DeleteVpcEndpointInput;
  projectId?: string | null | undefined;
}>;


export type DeleteVpcEndpointMutation = { deleteVpcEndpoint: { statusCursor: string, endpoint: { id: string, projectId: string | null, status: VpcEndpointStatus, rawStatus: string, serviceType: EndpointServiceType | null, rawServiceType: string | null, ip: string | null, ipVersion: IpVersion | null, rawIpVersion: string | null, ipv6Address: string | null, activeStatus: Array<string>, enableStatus: EnableStatus | null, rawEnableStatus: string | null, endpointServiceId: string | null, endpointServiceName: string | null, markerId: string | null, enableDns: boolean | null, dnsNames: Array<string>, vpcId: string | null, subnetId: string | null, createdAt: string | null, updatedAt: string | null, whitelist: Array<string>, enableWhitelist: boolean | null, routeTables: Array<string>, specificationName: string | null, description: string | null, policyDocument: unknown, publicBorderGroup: string | null, endpointPoolId: string | null, tags: Array<{ key: string, value: string }>, policyStatement: Array<{ effect: PolicyEffect, rawEffect: string | null, action: Array<string>, notAction: Array<string>, resource: Array<string>, notResource: Array<string>, condition: unknown, sid: string | null }>, faults: Array<{ code: string | null, message: string | null }> } } };

export type DeleteVpcEndpointPolicyMutationVariables = Exact<{
  input: DeleteVpcEndpointPolicyInput;
  projectId?: string | null | undefined;
}>;


export type DeleteVpcEndpointPolicyMutation = { deleteVpcEndpointPolicy: { statusCursor: string, endpoint: { id: string, projectId: string | null, status: VpcEndpointStatus, rawStatus: string, serviceType: EndpointServiceType | null, rawServiceType: string | null, ip: string | null, ipVersion: IpVersion | null, rawIpVersion: string | null, ipv6Address: string | null, activeStatus: Array<string>, enableStatus: EnableStatus | null, rawEnableStatus: string | null, endpointServiceId: string | null, endpointServiceName: string | null, markerId: string | null, enableDns: boolean | null, dnsNames: Array<string>, vpcId: string | null, subnetId: string | null, createdAt: string | null, updatedAt: string | null, whitelist: Array<string>, enableWhitelist: boolean | null, routeTables: Array<string>, specificationName: string | null, description: string | null, policyDocument: unknown, publicBorderGroup: string | null, endpointPoolId: string | null, tags: Array<{ key: string, value: string }>, policyStatement: Array<{ effect: PolicyEffect, rawEffect: string | null, action: Array<string>, notAction: Array<string>, resource: Array<string>, notResource: Array<string>, condition: unknown, sid: string | null }>, faults: Array<{ code: string | null, message: string | null }> } } };

export type DescribeEndpointServiceQueryVariables = Exact<{
  id?: string | null | undefined;
  endpointServiceName?: string | null | undefined;
  projectId?: string | null | undefined;
}>;


export type DescribeEndpointServiceQuery = { describeEndpointService: { id: string, serviceName: string | null, serviceType: EndpointServiceType | null, rawServiceType: string | null, createdAt: string | null, isCharge: boolean | null, publicBorderGroup: string | null, enablePolicy: boolean | null } | null };

export type EndpointServiceQueryVariables = Exact<{
  id: string;
  projectId?: string | null | undefined;
}>;


export type EndpointServiceQuery = { endpointService: { id: string, serviceName: string | null, status: EndpointServiceStatus | null, rawStatus: string | null, serviceType: EndpointServiceType | null, rawServiceType: string | null, serverType: ServerType | null, rawServerType: string | null, projectId: string | null, owner: string | null, vpcId: string | null, portId: string | null, vipPortId: string | null, ip: string | null, ipVersion: ServiceIpVersion | null, rawIpVersion: string | null, snatNetworkId: string | null, poolId: string | null, cidrType: CidrType | null, rawCidrType: string | null, approvalEnabled: boolean | null, enablePolicy: boolean | null, isCharge: boolean | null, tcpProxy: TcpProxy | null, rawTcpProxy: string | null, supportedEditions: Array<string> | null, description: string | null, createdAt: string | null, updatedAt: string | null, ports: Array<{ clientPort: number | null, serverPort: number | null, protocol: string | null }> | null, tags: Array<{ key: string, value: string }> | null, faults: Array<{ code: string | null, message: string | null }> | null } | null };

export type EndpointServiceFieldsFragment = { id: string, serviceName: string | null, status: EndpointServiceStatus | null, rawStatus: string | null, serviceType: EndpointServiceType | null, rawServiceType: string | null, serverType: ServerType | null, rawServerType: string | null, projectId: string | null, owner: string | null, vpcId: string | null, portId: string | null, vipPortId: string | null, ip: string | null, ipVersion: ServiceIpVersion | null, rawIpVersion: string | null, snatNetworkId: string | null, poolId: string | null, cidrType: CidrType | null, rawCidrType: string | null, approvalEnabled: boolean | null, enablePolicy: boolean | null, isCharge: boolean | null, tcpProxy: TcpProxy | null, rawTcpProxy: string | null, supportedEditions: Array<string> | null, description: string | null, createdAt: string | null, updatedAt: string | null, ports: Array<{ clientPort: number | null, serverPort: number | null, protocol: string | null }> | null, tags: Array<{ key: string, value: string }> | null, faults: Array<{ code: string | null, message: string | null }> | null };

export type EndpointServicesQueryVariables = Exact<{
  projectId?: string | null | undefined;
  filter?: EndpointServiceFilter | null | undefined;
  orderBy?: SortInput | null | undefined;
  first?: number | null | undefined;
  after?: string | null | undefined;
}>;


export type EndpointServicesQuery = { endpointServices: { totalCount: number, pageInfo: { hasNextPage: boolean, hasPreviousPage: boolean, startCursor: string | null, endCursor: string | null }, edges: Array<{ cursor: string, node: { domainId: string | null, connectionCount: number | null, publicBorderGroup: string | null, id: string, serviceName: string | null, status: EndpointServiceStatus | null, rawStatus: string | null, serviceType: EndpointServiceType | null, rawServiceType: string | null, serverType: ServerType | null, rawServerType: string | null, projectId: string | null, owner: string | null, vpcId: string | null, portId: string | null, vipPortId: string | null, ip: string | null, ipVersion: ServiceIpVersion | null, rawIpVersion: string | null, snatNetworkId: string | null, poolId: string | null, cidrType: CidrType | null, rawCidrType: string | null, approvalEnabled: boolean | null, enablePolicy: boolean | null, isCharge: boolean | null, tcpProxy: TcpProxy | null, rawTcpProxy: string | null, supportedEditions: Array<string> | null, description: string | null, createdAt: string | null, updatedAt: string | null, ports: Array<{ clientPort: number | null, serverPort: number | null, protocol: string | null }> | null, tags: Array<{ key: string, value: string }> | null, faults: Array<{ code: string | null, message: string | null }> | null } }> } };

export type EndpointStatusSubscriptionVariables = Exact<{
  id: string;
  projectId?: string | null | undefined;
  after?: string | null | undefined;
  until?: EndpointStatusUntil | null | undefined;
}>;


export type EndpointStatusSubscription = { endpointStatus: { kind: EndpointStatusEventKind, endpointId: string, projectId: string, status: VpcEndpointStatus, rawStatus: string, previousStatus: VpcEndpointStatus | null, version: number, cursor: string, more: boolean, settled: boolean, observedAt: string, faults: Array<{ code: string | null, message: string | null }>, endpoint: { id: string, projectId: string | null, status: VpcEndpointStatus, rawStatus: string, serviceType: EndpointServiceType | null, rawServiceType: string | null, ip: string | null, ipVersion: IpVersion | null, rawIpVersion: string | null, ipv6Address: string | null, activeStatus: Array<string>, enableStatus: EnableStatus | null, rawEnableStatus: string | null, endpointServiceId: string | null, endpointServiceName: string | null, markerId: string | null, enableDns: boolean | null, dnsNames: Array<string>, vpcId: string | null, subnetId: string | null, createdAt: string | null, updatedAt: string | null, whitelist: Array<string>, enableWhitelist: boolean | null, routeTables: Array<string>, specificationName: string | null, description: string | null, policyDocument: unknown, publicBorderGroup: string | null, endpointPoolId: string | null, tags: Array<{ key: string, value: string }>, policyStatement: Array<{ effect: PolicyEffect, rawEffect: string | null, action: Array<string>, notAction: Array<string>, resource: Array<string>, notResource: Array<string>, condition: unknown, sid: string | null }>, faults: Array<{ code: string | null, message: string | null }> } | null } };

export type EndpointStatusEventFieldsFragment = { kind: EndpointStatusEventKind, endpointId: string, projectId: string, status: VpcEndpointStatus, rawStatus: string, previousStatus: VpcEndpointStatus | null, version: number, cursor: string, more: boolean, settled: boolean, observedAt: string, faults: Array<{ code: string | null, message: string | null }>, endpoint: { id: string, projectId: string | null, status: VpcEndpointStatus, rawStatus: string, serviceType: EndpointServiceType | null, rawServiceType: string | null, ip: string | null, ipVersion: IpVersion | null, rawIpVersion: string | null, ipv6Address: string | null, activeStatus: Array<string>, enableStatus: EnableStatus | null, rawEnableStatus: string | null, endpointServiceId: string | null, endpointServiceName: string | null, markerId: string | null, enableDns: boolean | null, dnsNames: Array<string>, vpcId: string | null, subnetId: string | null, createdAt: string | null, updatedAt: string | null, whitelist: Array<string>, enableWhitelist: boolean | null, routeTables: Array<string>, specificationName: string | null, description: string | null, policyDocument: unknown, publicBorderGroup: string | null, endpointPoolId: string | null, tags: Array<{ key: string, value: string }>, policyStatement: Array<{ effect: PolicyEffect, rawEffect: string | null, action: Array<string>, notAction: Array<string>, resource: Array<string>, notResource: Array<string>, condition: unknown, sid: string | null }>, faults: Array<{ code: string | null, message: string | null }> } | null };

export type ListedServiceFieldsFragment = { domainId: string | null, connectionCount: number | null, publicBorderGroup: string | null, id: string, serviceName: string | null, status: EndpointServiceStatus | null, rawStatus: string | null, serviceType: EndpointServiceType | null, rawServiceType: string | null, serverType: ServerType | null, rawServerType: string | null, projectId: string | null, owner: string | null, vpcId: string | null, portId: string | null, vipPortId: string | null, ip: string | null, ipVersion: ServiceIpVersion | null, rawIpVersion: string | null, snatNetworkId: string | null, poolId: string | null, cidrType: CidrType | null, rawCidrType: string | null, approvalEnabled: boolean | null, enablePolicy: boolean | null, isCharge: boolean | null, tcpProxy: TcpProxy | null, rawTcpProxy: string | null, supportedEditions: Array<string> | null, description: string | null, createdAt: string | null, updatedAt: string | null, ports: Array<{ clientPort: number | null, serverPort: number | null, protocol: string | null }> | null, tags: Array<{ key: string, value: string }> | null, faults: Array<{ code: string | null, message: string | null }> | null };

export type ProjectEndpointServicesSubscriptionVariables = Exact<{
  projectId?: string | null | undefined;
}>;


export type ProjectEndpointServicesSubscription = { projectEndpointStatus: { kind: EndpointStatusEventKind, endpointId: string, projectId: string, status: VpcEndpointStatus, rawStatus: string, previousStatus: VpcEndpointStatus | null, version: number, cursor: string, more: boolean, settled: boolean, observedAt: string, endpoint: { id: string, projectId: string | null, status: VpcEndpointStatus, rawStatus: string, serviceType: EndpointServiceType | null, rawServiceType: string | null, ip: string | null, ipVersion: IpVersion | null, rawIpVersion: string | null, ipv6Address: string | null, activeStatus: Array<string>, enableStatus: EnableStatus | null, rawEnableStatus: string | null, endpointServiceId: string | null, endpointServiceName: string | null, markerId: string | null, enableDns: boolean | null, dnsNames: Array<string>, vpcId: string | null, subnetId: string | null, createdAt: string | null, updatedAt: string | null, whitelist: Array<string>, enableWhitelist: boolean | null, routeTables: Array<string>, specificationName: string | null, description: string | null, policyDocument: unknown, publicBorderGroup: string | null, endpointPoolId: string | null, service: { domainId: string | null, connectionCount: number | null, publicBorderGroup: string | null, id: string, serviceName: string | null, status: EndpointServiceStatus | null, rawStatus: string | null, serviceType: EndpointServiceType | null, rawServiceType: string | null, serverType: ServerType | null, rawServerType: string | null, projectId: string | null, owner: string | null, vpcId: string | null, portId: string | null, vipPortId: string | null, ip: string | null, ipVersion: ServiceIpVersion | null, rawIpVersion: string | null, snatNetworkId: string | null, poolId: string | null, cidrType: CidrType | null, rawCidrType: string | null, approvalEnabled: boolean | null, enablePolicy: boolean | null, isCharge: boolean | null, tcpProxy: TcpProxy | null, rawTcpProxy: string | null, supportedEditions: Array<string> | null, description: string | null, createdAt: string | null, updatedAt: string | null, ports: Array<{ clientPort: number | null, serverPort: number | null, protocol: string | null }> | null, tags: Array<{ key: string, value: string }> | null, faults: Array<{ code: string | null, message: string | null }> | null } | null, tags: Array<{ key: string, value: string }>, policyStatement: Array<{ effect: PolicyEffect, rawEffect: string | null, action: Array<string>, notAction: Array<string>, resource: Array<string>, notResource: Array<string>, condition: unknown, sid: string | null }>, faults: Array<{ code: string | null, message: string | null }> } | null, faults: Array<{ code: string | null, message: string | null }> } };

export type ProjectEndpointStatusSubscriptionVariables = Exact<{
  projectId?: string | null | undefined;
  ids?: Array<string> | string | null | undefined;
  after?: string | null | undefined;
}>;


export type ProjectEndpointStatusSubscription = { projectEndpointStatus: { kind: EndpointStatusEventKind, endpointId: string, projectId: string, status: VpcEndpointStatus, rawStatus: string, previousStatus: VpcEndpointStatus | null, version: number, cursor: string, more: boolean, settled: boolean, observedAt: string, faults: Array<{ code: string | null, message: string | null }>, endpoint: { id: string, projectId: string | null, status: VpcEndpointStatus, rawStatus: string, serviceType: EndpointServiceType | null, rawServiceType: string | null, ip: string | null, ipVersion: IpVersion | null, rawIpVersion: string | null, ipv6Address: string | null, activeStatus: Array<string>, enableStatus: EnableStatus | null, rawEnableStatus: string | null, endpointServiceId: string | null, endpointServiceName: string | null, markerId: string | null, enableDns: boolean | null, dnsNames: Array<string>, vpcId: string | null, subnetId: string | null, createdAt: string | null, updatedAt: string | null, whitelist: Array<string>, enableWhitelist: boolean | null, routeTables: Array<string>, specificationName: string | null, description: string | null, policyDocument: unknown, publicBorderGroup: string | null, endpointPoolId: string | null, tags: Array<{ key: string, value: string }>, policyStatement: Array<{ effect: PolicyEffect, rawEffect: string | null, action: Array<string>, notAction: Array<string>, resource: Array<string>, notResource: Array<string>, condition: unknown, sid: string | null }>, faults: Array<{ code: string | null, message: string | null }> } | null } };

export type ProjectTagsQueryVariables = Exact<{
  resourceType: TaggedResourceType;
  projectId?: string | null | undefined;
}>;


export type ProjectTagsQuery = { projectTags: Array<{ key: string, values: Array<string> }> };

export type PublicEndpointServicesQueryVariables = Exact<{
  projectId?: string | null | undefined;
  filter?: PublicEndpointServiceFilter | null | undefined;
  orderBy?: SortInput | null | undefined;
  first?: number | null | undefined;
  after?: string | null | undefined;
}>;


export type PublicEndpointServicesQuery = { publicEndpointServices: { totalCount: number, pageInfo: { hasNextPage: boolean, endCursor: string | null }, edges: Array<{ cursor: string, node: { id: string, owner: string | null, serviceName: string | null, serviceType: EndpointServiceType | null, rawServiceType: string | null, createdAt: string | null, isCharge: boolean | null, enablePolicy: boolean | null } }> } };

export type QuotasQueryVariables = Exact<{
  projectId?: string | null | undefined;
  type?: QuotaType | null | undefined;
}>;


export type QuotasQuery = { quotas: Array<{ type: QuotaType, rawType: string, used: number | null, quota: number | null }> };

export type RejectServiceConnectionMutationVariables = Exact<{
  input: RejectServiceConnectionInput;
  projectId?: string | null | undefined;
}>;


export type RejectServiceConnectionMutation = { rejectServiceConnection: { results: Array<{ endpointId: string, connection: { endpointId: string, status: VpcEndpointStatus, rawStatus: string, markerId: string | null, domainId: string | null, description: string | null, createdAt: string | null, updatedAt: string | null, endpoint: { id: string, projectId: string | null, rawStatus: string, description: string | null } | null, faults: Array<{ code: string | null, message: string | null }> } | null, error: { code: string, message: string, retryable: boolean } | null }> } };

export type RemoveResourceTagsMutationVariables = Exact<{
  input: RemoveResourceTagsInput;
  projectId?: string | null | undefined;
}>;


export type RemoveResourceTagsMutation = { removeResourceTags: { tags: Array<{ key: string, value: string }> | null, endpoint: { id: string, tags: Array<{ key: string, value: string }> } | null, service: { id: string, tags: Array<{ key: string, value: string }> | null } | null } };

export type RemoveServicePermissionsMutationVariables = Exact<{
  input: RemoveServicePermissionsInput;
  projectId?: string | null | undefined;
}>;


export type RemoveServicePermissionsMutation = { removeServicePermissions: { permissions: Array<{ id: string, permission: string, permissionType: string | null, description: string | null, createdAt: string | null }>, failures: Array<{ permission: string, error: { code: string, message: string, retryable: boolean } }> } };

export type RenameEndpointServiceMutationVariables = Exact<{
  input: RenameEndpointServiceInput;
  projectId?: string | null | undefined;
}>;


export type RenameEndpointServiceMutation = { renameEndpointService: { service: { id: string, serviceName: string | null, status: EndpointServiceStatus | null, rawStatus: string | null, serviceType: EndpointServiceType | null, rawServiceType: string | null, serverType: ServerType | null, rawServerType: string | null, projectId: string | null, owner: string | null, vpcId: string | null, portId: string | null, vipPortId: string | null, ip: string | null, ipVersion: ServiceIpVersion | null, rawIpVersion: string | null, snatNetworkId: string | null, poolId: string | null, cidrType: CidrType | null, rawCidrType: string | null, approvalEnabled: boolean | null, enablePolicy: boolean | null, isCharge: boolean | null, tcpProxy: TcpProxy | null, rawTcpProxy: string | null, supportedEditions: Array<string> | null, description: string | null, createdAt: string | null, updatedAt: string | null, ports: Array<{ clientPort: number | null, serverPort: number | null, protocol: string | null }> | null, tags: Array<{ key: string, value: string }> | null, faults: Array<{ code: string | null, message: string | null }> | null } } };

export type ResourcesByTagsQueryVariables = Exact<{
  resourceType: TaggedResourceType;
  filter: ResourceTagFilter;
  first?: number | null | undefined;
  after?: string | null | undefined;
  projectId?: string | null | undefined;
}>;


export type ResourcesByTagsQuery = { resourcesByTags: { totalCount: number, pageInfo: { hasNextPage: boolean, hasPreviousPage: boolean, startCursor: string | null, endCursor: string | null }, nodes: Array<{ resourceId: string, resourceType: TaggedResourceType, resourceName: string | null, resourceDetail: Record<string, unknown> | null, tags: Array<{ key: string, value: string }> }> } };

export type ServiceConnectionFieldsFragment = { endpointId: string, status: VpcEndpointStatus, rawStatus: string, markerId: string | null, domainId: string | null, description: string | null, createdAt: string | null, updatedAt: string | null, endpoint: { id: string, projectId: string | null, rawStatus: string, description: string | null } | null, faults: Array<{ code: string | null, message: string | null }> };

export type ServiceConnectionsQueryVariables = Exact<{
  id: string;
  projectId?: string | null | undefined;
  filter?: ServiceConnectionFilter | null | undefined;
  orderBy?: SortInput | null | undefined;
  first?: number | null | undefined;
  after?: string | null | undefined;
}>;


export type ServiceConnectionsQuery = { endpointService: { id: string, connections: { totalCount: number, pageInfo: { hasNextPage: boolean, hasPreviousPage: boolean, startCursor: string | null, endCursor: string | null }, edges: Array<{ cursor: string, node: { endpointId: string, status: VpcEndpointStatus, rawStatus: string, markerId: string | null, domainId: string | null, description: string | null, createdAt: string | null, updatedAt: string | null, endpoint: { id: string, projectId: string | null, rawStatus: string, description: string | null } | null, faults: Array<{ code: string | null, message: string | null }> } }> } } | null };

export type ServicePermissionFieldsFragment = { id: string, permission: string, permissionType: string | null, description: string | null, createdAt: string | null };

export type ServicePermissionsQueryVariables = Exact<{
  id: string;
  projectId?: string | null | undefined;
  filter?: ServicePermissionFilter | null | undefined;
  orderBy?: SortInput | null | undefined;
  first?: number | null | undefined;
  after?: string | null | undefined;
}>;


export type ServicePermissionsQuery = { endpointService: { id: string, permissions: { totalCount: number, pageInfo: { hasNextPage: boolean, hasPreviousPage: boolean, startCursor: string | null, endCursor: string | null }, edges: Array<{ cursor: string, node: { id: string, permission: string, permissionType: string | null, description: string | null, createdAt: string | null } }> } } | null };

export type UpdateEndpointServiceMutationVariables = Exact<{
  input: UpdateEndpointServiceInput;
  projectId?: string | null | undefined;
}>;


export type UpdateEndpointServiceMutation = { updateEndpointService: { service: { id: string, serviceName: string | null, status: EndpointServiceStatus | null, rawStatus: string | null, serviceType: EndpointServiceType | null, rawServiceType: string | null, serverType: ServerType | null, rawServerType: string | null, projectId: string | null, owner: string | null, vpcId: string | null, portId: string | null, vipPortId: string | null, ip: string | null, ipVersion: ServiceIpVersion | null, rawIpVersion: string | null, snatNetworkId: string | null, poolId: string | null, cidrType: CidrType | null, rawCidrType: string | null, approvalEnabled: boolean | null, enablePolicy: boolean | null, isCharge: boolean | null, tcpProxy: TcpProxy | null, rawTcpProxy: string | null, supportedEditions: Array<string> | null, description: string | null, createdAt: string | null, updatedAt: string | null, ports: Array<{ clientPort: number | null, serverPort: number | null, protocol: string | null }> | null, tags: Array<{ key: string, value: string }> | null, faults: Array<{ code: string | null, message: string | null }> | null } } };

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

export type UpdateVpcEndpointPolicyMutationVariables = Exact<{
  input: UpdateVpcEndpointPolicyInput;
  projectId?: string | null | undefined;
}>;


export type UpdateVpcEndpointPolicyMutation = { updateVpcEndpointPolicy: { statusCursor: string, endpoint: { id: string, projectId: string | null, status: VpcEndpointStatus, rawStatus: string, serviceType: EndpointServiceType | null, rawServiceType: string | null, ip: string | null, ipVersion: IpVersion | null, rawIpVersion: string | null, ipv6Address: string | null, activeStatus: Array<string>, enableStatus: EnableStatus | null, rawEnableStatus: string | null, endpointServiceId: string | null, endpointServiceName: string | null, markerId: string | null, enableDns: boolean | null, dnsNames: Array<string>, vpcId: string | null, subnetId: string | null, createdAt: string | null, updatedAt: string | null, whitelist: Array<string>, enableWhitelist: boolean | null, routeTables: Array<string>, specificationName: string | null, description: string | null, policyDocument: unknown, publicBorderGroup: string | null, endpointPoolId: string | null, tags: Array<{ key: string, value: string }>, policyStatement: Array<{ effect: PolicyEffect, rawEffect: string | null, action: Array<string>, notAction: Array<string>, resource: Array<string>, notResource: Array<string>, condition: unknown, sid: string | null }>, faults: Array<{ code: string | null, message: string | null }> } } };

export type UpdateVpcEndpointRouteTablesMutationVariables = Exact<{
  input: UpdateVpcEndpointRouteTablesInput;
  projectId?: string | null | undefined;
}>;


export type UpdateVpcEndpointRouteTablesMutation = { updateVpcEndpointRouteTables: { statusCursor: string, failures: Array<{ routeTableId: string | null, action: RouteTableAction, message: string | null }>, endpoint: { id: string, projectId: string | null, status: VpcEndpointStatus, rawStatus: string, serviceType: EndpointServiceType | null, rawServiceType: string | null, ip: string | null, ipVersion: IpVersion | null, rawIpVersion: string | null, ipv6Address: string | null, activeStatus: Array<string>, enableStatus: EnableStatus | null, rawEnableStatus: string | null, endpointServiceId: string | null, endpointServiceName: string | null, markerId: string | null, enableDns: boolean | null, dnsNames: Array<string>, vpcId: string | null, subnetId: string | null, createdAt: string | null, updatedAt: string | null, whitelist: Array<string>, enableWhitelist: boolean | null, routeTables: Array<string>, specificationName: string | null, description: string | null, policyDocument: unknown, publicBorderGroup: string | null, endpointPoolId: string | null, tags: Array<{ key: string, value: string }>, policyStatement: Array<{ effect: PolicyEffect, rawEffect: string | null, action: Array<string>, notAction: Array<string>, resource: Array<string>, notResource: Array<string>, condition: unknown, sid: string | null }>, faults: Array<{ code: string | null, message: string | null }> } } };

export type UpdateVpcEndpointWhitelistMutationVariables = Exact<{
  input: UpdateVpcEndpointWhitelistInput;
  projectId?: string | null | undefined;
}>;


export type UpdateVpcEndpointWhitelistMutation = { updateVpcEndpointWhitelist: { statusCursor: string, endpoint: { id: string, projectId: string | null, status: VpcEndpointStatus, rawStatus: string, serviceType: EndpointServiceType | null, rawServiceType: string | null, ip: string | null, ipVersion: IpVersion | null, rawIpVersion: string | null, ipv6Address: string | null, activeStatus: Array<string>, enableStatus: EnableStatus | null, rawEnableStatus: string | null, endpointServiceId: string | null, endpointServiceName: string | null, markerId: string | null, enableDns: boolean | null, dnsNames: Array<string>, vpcId: string | null, subnetId: string | null, createdAt: string | null, updatedAt: string | null, whitelist: Array<string>, enableWhitelist: boolean | null, routeTables: Array<string>, specificationName: string | null, description: string | null, policyDocument: unknown, publicBorderGroup: string | null, endpointPoolId: string | null, tags: Array<{ key: string, value: string }>, policyStatement: Array<{ effect: PolicyEffect, rawEffect: string | null, action: Array<string>, notAction: Array<string>, resource: Array<string>, notResource: Array<string>, condition: unknown, sid: string | null }>, faults: Array<{ code: string | null, message: string | null }> } } };

export type UpgradeEndpointServiceMutationVariables = Exact<{
  input: UpgradeEndpointServiceInput;
  projectId?: string | null | undefined;
}>;


export type UpgradeEndpointServiceMutation = { upgradeEndpointService: { service: { id: string, serviceName: string | null, status: EndpointServiceStatus | null, rawStatus: string | null, serviceType: EndpointServiceType | null, rawServiceType: string | null, serverType: ServerType | null, rawServerType: string | null, projectId: string | null, owner: string | null, vpcId: string | null, portId: string | null, vipPortId: string | null, ip: string | null, ipVersion: ServiceIpVersion | null, rawIpVersion: string | null, snatNetworkId: string | null, poolId: string | null, cidrType: CidrType | null, rawCidrType: string | null, approvalEnabled: boolean | null, enablePolicy: boolean | null, isCharge: boolean | null, tcpProxy: TcpProxy | null, rawTcpProxy: string | null, supportedEditions: Array<string> | null, description: string | null, createdAt: string | null, updatedAt: string | null, ports: Array<{ clientPort: number | null, serverPort: number | null, protocol: string | null }> | null, tags: Array<{ key: string, value: string }> | null, faults: Array<{ code: string | null, message: string | null }> | null } } };

export type UpgradeVpcEndpointMutationVariables = Exact<{
  input: UpgradeVpcEndpointInput;
  projectId?: string | null | undefined;
}>;


export type UpgradeVpcEndpointMutation = { upgradeVpcEndpoint: { statusCursor: string, endpoint: { id: string, projectId: string | null, status: VpcEndpointStatus, rawStatus: string, serviceType: EndpointServiceType | null, rawServiceType: string | null, ip: string | null, ipVersion: IpVersion | null, rawIpVersion: string | null, ipv6Address: string | null, activeStatus: Array<string>, enableStatus: EnableStatus | null, rawEnableStatus: string | null, endpointServiceId: string | null, endpointServiceName: string | null, markerId: string | null, enableDns: boolean | null, dnsNames: Array<string>, vpcId: string | null, subnetId: string | null, createdAt: string | null, updatedAt: string | null, whitelist: Array<string>, enableWhitelist: boolean | null, routeTables: Array<string>, specificationName: string | null, description: string | null, policyDocument: unknown, publicBorderGroup: string | null, endpointPoolId: string | null, tags: Array<{ key: string, value: string }>, policyStatement: Array<{ effect: PolicyEffect, rawEffect: string | null, action: Array<string>, notAction: Array<string>, resource: Array<string>, notResource: Array<string>, condition: unknown, sid: string | null }>, faults: Array<{ code: string | null, message: string | null }> } } };

export type ViewerQueryVariables = Exact<{ [key: string]: never; }>;


export type ViewerQuery = { viewer: { subject: string, projects: Array<{ id: string, name: string | null, rights: Array<Right>, isDefault: boolean }> } };

export type VpcEndpointQueryVariables = Exact<{
  id: string;
  projectId?: string | null | undefined;
  last?: number | null | undefined;
}>;


export type VpcEndpointQuery = { vpcEndpoint: { id: string, projectId: string | null, status: VpcEndpointStatus, rawStatus: string, serviceType: EndpointServiceType | null, rawServiceType: string | null, ip: string | null, ipVersion: IpVersion | null, rawIpVersion: string | null, ipv6Address: string | null, activeStatus: Array<string>, enableStatus: EnableStatus | null, rawEnableStatus: string | null, endpointServiceId: string | null, endpointServiceName: string | null, markerId: string | null, enableDns: boolean | null, dnsNames: Array<string>, vpcId: string | null, subnetId: string | null, createdAt: string | null, updatedAt: string | null, whitelist: Array<string>, enableWhitelist: boolean | null, routeTables: Array<string>, specificationName: string | null, description: string | null, policyDocument: unknown, publicBorderGroup: string | null, endpointPoolId: string | null, statusHistory: Array<{ kind: EndpointStatusEventKind, status: VpcEndpointStatus, rawStatus: string, previousStatus: VpcEndpointStatus | null, version: number, cursor: string, observedAt: string }>, tags: Array<{ key: string, value: string }>, policyStatement: Array<{ effect: PolicyEffect, rawEffect: string | null, action: Array<string>, notAction: Array<string>, resource: Array<string>, notResource: Array<string>, condition: unknown, sid: string | null }>, faults: Array<{ code: string | null, message: string | null }> } | null };

export type VpcEndpointFieldsFragment = { id: string, projectId: string | null, status: VpcEndpointStatus, rawStatus: string, serviceType: EndpointServiceType | null, rawServiceType: string | null, ip: string | null, ipVersion: IpVersion | null, rawIpVersion: string | null, ipv6Address: string | null, activeStatus: Array<string>, enableStatus: EnableStatus | null, rawEnableStatus: string | null, endpointServiceId: string | null, endpointServiceName: string | null, markerId: string | null, enableDns: boolean | null, dnsNames: Array<string>, vpcId: string | null, subnetId: string | null, createdAt: string | null, updatedAt: string | null, whitelist: Array<string>, enableWhitelist: boolean | null, routeTables: Array<string>, specificationName: string | null, description: string | null, policyDocument: unknown, publicBorderGroup: string | null, endpointPoolId: string | null, tags: Array<{ key: string, value: string }>, policyStatement: Array<{ effect: PolicyEffect, rawEffect: string | null, action: Array<string>, notAction: Array<string>, resource: Array<string>, notResource: Array<string>, condition: unknown, sid: string | null }>, faults: Array<{ code: string | null, message: string | null }> };

export type VpcEndpointServicesQueryVariables = Exact<{
  projectId?: string | null | undefined;
  filter?: VpcEndpointFilter | null | undefined;
  first?: number | null | undefined;
  after?: string | null | undefined;
}>;


export type VpcEndpointServicesQuery = { vpcEndpoints: { nodes: Array<{ id: string, endpointServiceId: string | null, service: { domainId: string | null, connectionCount: number | null, publicBorderGroup: string | null, id: string, serviceName: string | null, status: EndpointServiceStatus | null, rawStatus: string | null, serviceType: EndpointServiceType | null, rawServiceType: string | null, serverType: ServerType | null, rawServerType: string | null, projectId: string | null, owner: string | null, vpcId: string | null, portId: string | null, vipPortId: string | null, ip: string | null, ipVersion: ServiceIpVersion | null, rawIpVersion: string | null, snatNetworkId: string | null, poolId: string | null, cidrType: CidrType | null, rawCidrType: string | null, approvalEnabled: boolean | null, enablePolicy: boolean | null, isCharge: boolean | null, tcpProxy: TcpProxy | null, rawTcpProxy: string | null, supportedEditions: Array<string> | null, description: string | null, createdAt: string | null, updatedAt: string | null, ports: Array<{ clientPort: number | null, serverPort: number | null, protocol: string | null }> | null, tags: Array<{ key: string, value: string }> | null, faults: Array<{ code: string | null, message: string | null }> | null } | null }> } };

export type VpcEndpointsQueryVariables = Exact<{
  projectId?: string | null | undefined;
  filter?: VpcEndpointFilter | null | undefined;
  orderBy?: SortInput | null | undefined;
  first?: number | null | undefined;
  after?: string | null | undefined;
}>;


export type VpcEndpointsQuery = { vpcEndpoints: { totalCount: number, pageInfo: { hasNextPage: boolean, hasPreviousPage: boolean, startCursor: string | null, endCursor: string | null }, edges: Array<{ cursor: string, node: { id: string, projectId: string | null, status: VpcEndpointStatus, rawStatus: string, serviceType: EndpointServiceType | null, rawServiceType: string | null, ip: string | null, ipVersion: IpVersion | null, rawIpVersion: string | null, ipv6Address: string | null, activeStatus: Array<string>, enableStatus: EnableStatus | null, rawEnableStatus: string | null, endpointServiceId: string | null, endpointServiceName: string | null, markerId: string | null, enableDns: boolean | null, dnsNames: Array<string>, vpcId: string | null, subnetId: string | null, createdAt: string | null, updatedAt: string | null, whitelist: Array<string>, enableWhitelist: boolean | null, routeTables: Array<string>, specificationName: string | null, description: string | null, policyDocument: unknown, publicBorderGroup: string | null, endpointPoolId: string | null, tags: Array<{ key: string, value: string }>, policyStatement: Array<{ effect: PolicyEffect, rawEffect: string | null, action: Array<string>, notAction: Array<string>, resource: Array<string>, notResource: Array<string>, condition: unknown, sid: string | null }>, faults: Array<{ code: string | null, message: string | null }> } }> } };

/** The text of an operation, with the types of its result and its variables for clients that read `__apiType`. */
export type TypedDocument<Data, Variables> = string & { readonly __apiType?: (variables: Variables) => Data };

export const AcceptServiceConnectionDocument: TypedDocument<AcceptServiceConnectionMutation, AcceptServiceConnectionMutationVariables> = "mutation AcceptServiceConnection($input:AcceptServiceConnectionInput!$projectId:ID){acceptServiceConnection(input:$input projectId:$projectId){results{endpointId connection{...ServiceConnectionFields}error{code message retryable}}}}fragment ServiceConnectionFields on ServiceConnection{endpointId endpoint{id projectId rawStatus description}status rawStatus markerId domainId description createdAt updatedAt faults{code message}}";
export const AddEndpointServiceServerResourcesDocument: TypedDocument<AddEndpointServiceServerResourcesMutation, AddEndpointServiceServerResourcesMutationVariables> = "mutation AddEndpointServiceServerResources($input:AddEndpointServiceServerResourcesInput!$projectId:ID){addEndpointServiceServerResources(input:$input projectId:$projectId){service{...EndpointServiceFields}}}fragment EndpointServiceFields on EndpointService{id serviceName status rawStatus serviceType rawServiceType serverType rawServerType projectId owner vpcId portId vipPortId ip ipVersion rawIpVersion snatNetworkId poolId cidrType rawCidrType approvalEnabled enablePolicy isCharge ports{clientPort serverPort protocol}tcpProxy rawTcpProxy supportedEditions tags{key value}description createdAt updatedAt faults{code message}}";
export const AddResourceTagsDocument: TypedDocument<AddResourceTagsMutation, AddResourceTagsMutationVariables> = "mutation AddResourceTags($input:AddResourceTagsInput!$projectId:ID){addResourceTags(input:$input projectId:$projectId){tags{key value}endpoint{id tags{key value}}service{id tags{key value}}}}";
export const AddServicePermissionsDocument: TypedDocument<AddServicePermissionsMutation, AddServicePermissionsMutationVariables> = "mutation AddServicePermissions($input:AddServicePermissionsInput!$projectId:ID){addServicePermissions(input:$input projectId:$projectId){permissions{...ServicePermissionFields}failures{permission error{code message retryable}}}}fragment ServicePermissionFields on ServicePermission{id permission permissionType description createdAt}";
export const ApiVersionDocument: TypedDocument<ApiVersionQuery, ApiVersionQueryVariables> = "query ApiVersion($id:ID!$projectId:ID){apiVersion(id:$id projectId:$projectId){...ApiVersionFields}}fragment ApiVersionFields on ApiVersion{id status rawStatus updated version minVersion links{href type rel}}";
export const ApiVersionsDocument: TypedDocument<ApiVersionsQuery, ApiVersionsQueryVariables> = "query ApiVersions($projectId:ID){apiVersions(projectId:$projectId){...ApiVersionFields}}fragment ApiVersionFields on ApiVersion{id status rawStatus updated version minVersion links{href type rel}}";
export const CreateEndpointServiceDocument: TypedDocument<CreateEndpointServiceMutation, CreateEndpointServiceMutationVariables> = "mutation CreateEndpointService($input:CreateEndpointServiceInput!$projectId:ID){createEndpointService(input:$input projectId:$projectId){replayed service{...EndpointServiceFields}}}fragment EndpointServiceFields on EndpointService{id serviceName status rawStatus serviceType rawServiceType serverType rawServerType projectId owner vpcId portId vipPortId ip ipVersion rawIpVersion snatNetworkId poolId cidrType rawCidrType approvalEnabled enablePolicy isCharge ports{clientPort serverPort protocol}tcpProxy rawTcpProxy supportedEditions tags{key value}description createdAt updatedAt faults{code message}}";
export const CreateVpcEndpointDocument: TypedDocument<CreateVpcEndpointMutation, CreateVpcEndpointMutationVariables> = "mutation CreateVpcEndpoint($input:CreateVpcEndpointInput!$projectId:ID){createVpcEndpoint(input:$input projectId:$projectId){statusCursor replayed endpoint{...VpcEndpointFields}}}fragment VpcEndpointFields on VpcEndpoint{id projectId status rawStatus serviceType rawServiceType ip ipVersion rawIpVersion ipv6Address activeStatus enableStatus rawEnableStatus endpointServiceId endpointServiceName markerId enableDns dnsNames vpcId subnetId createdAt updatedAt tags{key value}whitelist enableWhitelist routeTables specificationName description policyStatement{effect rawEffect action notAction resource notResource condition sid}policyDocument publicBorderGroup endpointPoolId faults{code message}}";
export const DeleteEndpointServiceDocument: TypedDocument<DeleteEndpointServiceMutation, DeleteEndpointServiceMutationVariables> = "mutation DeleteEndpointService($input:DeleteEndpointServiceInput!$projectId:ID){deleteEndpointService(input:$input projectId:$projectId){service{...EndpointServiceFields}}}fragment EndpointServiceFields on EndpointService{id serviceName status rawStatus serviceType rawServiceType serverType rawServerType projectId owner vpcId portId vipPortId ip ipVersion rawIpVersion snatNetworkId poolId cidrType rawCidrType approvalEnabled enablePolicy isCharge ports{clientPort serverPort protocol}tcpProxy rawTcpProxy supportedEditions tags{key value}description createdAt updatedAt faults{code message}}";
export const DeleteVpcEndpointDocument: TypedDocument<DeleteVpcEndpointMutation, DeleteVpcEndpointMutationVariables> = "mutation DeleteVpcEndpoint($input:DeleteVpcEndpointInput!$projectId:ID){deleteVpcEndpoint(input:$input projectId:$projectId){statusCursor endpoint{...VpcEndpointFields}}}fragment VpcEndpointFields on VpcEndpoint{id projectId status rawStatus serviceType rawServiceType ip ipVersion rawIpVersion ipv6Address activeStatus enableStatus rawEnableStatus endpointServiceId endpointServiceName markerId enableDns dnsNames vpcId subnetId createdAt updatedAt tags{key value}whitelist enableWhitelist routeTables specificationName description policyStatement{effect rawEffect action notAction resource notResource condition sid}policyDocument publicBorderGroup endpointPoolId faults{code message}}";
export const DeleteVpcEndpointPolicyDocument: TypedDocument<DeleteVpcEndpointPolicyMutation, DeleteVpcEndpointPolicyMutationVariables> = "mutation DeleteVpcEndpointPolicy($input:DeleteVpcEndpointPolicyInput!$projectId:ID){deleteVpcEndpointPolicy(input:$input projectId:$projectId){statusCursor endpoint{...VpcEndpointFields}}}fragment VpcEndpointFields on VpcEndpoint{id projectId status rawStatus serviceType rawServiceType ip ipVersion rawIpVersion ipv6Address activeStatus enableStatus rawEnableStatus endpointServiceId endpointServiceName markerId enableDns dnsNames vpcId subnetId createdAt updatedAt tags{key value}whitelist enableWhitelist routeTables specificationName description policyStatement{effect rawEffect action notAction resource notResource condition sid}policyDocument publicBorderGroup endpointPoolId faults{code message}}";
export const DescribeEndpointServiceDocument: TypedDocument<DescribeEndpointServiceQuery, DescribeEndpointServiceQueryVariables> = "query DescribeEndpointService($id:ID$endpointServiceName:String$projectId:ID){describeEndpointService(id:$id endpointServiceName:$endpointServiceName projectId:$projectId){id serviceName serviceType rawServiceType createdAt isCharge publicBorderGroup enablePolicy}}";
export const EndpointServiceDocument: TypedDocument<EndpointServiceQuery, EndpointServiceQueryVariables> = "query EndpointService($id:ID!$projectId:ID){endpointService(id:$id projectId:$projectId){...EndpointServiceFields}}fragment EndpointServiceFields on EndpointService{id serviceName status rawStatus serviceType rawServiceType serverType rawServerType projectId owner vpcId portId vipPortId ip ipVersion rawIpVersion snatNetworkId poolId cidrType rawCidrType approvalEnabled enablePolicy isCharge ports{clientPort serverPort protocol}tcpProxy rawTcpProxy supportedEditions tags{key value}description createdAt updatedAt faults{code message}}";
export const EndpointServicesDocument: TypedDocument<EndpointServicesQuery, EndpointServicesQueryVariables> = "query EndpointServices($projectId:ID$filter:EndpointServiceFilter$orderBy:SortInput$first:Int=20$after:String){endpointServices(projectId:$projectId filter:$filter orderBy:$orderBy first:$first after:$after){totalCount pageInfo{hasNextPage hasPreviousPage startCursor endCursor}edges{cursor node{...ListedServiceFields}}}}fragment ListedServiceFields on EndpointService{...EndpointServiceFields domainId connectionCount publicBorderGroup}fragment EndpointServiceFields on EndpointService{id serviceName status rawStatus serviceType rawServiceType serverType rawServerType projectId owner vpcId portId vipPortId ip ipVersion rawIpVersion snatNetworkId poolId cidrType rawCidrType approvalEnabled enablePolicy isCharge ports{clientPort serverPort protocol}tcpProxy rawTcpProxy supportedEditions tags{key value}description createdAt updatedAt faults{code message}}";
export const EndpointStatusDocument: TypedDocument<EndpointStatusSubscription, EndpointStatusSubscriptionVariables> = "subscription EndpointStatus($id:ID!$projectId:ID$after:String$until:EndpointStatusUntil=DELETED){endpointStatus(id:$id projectId:$projectId after:$after until:$until){...EndpointStatusEventFields}}fragment EndpointStatusEventFields on EndpointStatusEvent{kind endpointId projectId status rawStatus previousStatus version cursor more settled observedAt faults{code message}endpoint{...VpcEndpointFields}}fragment VpcEndpointFields on VpcEndpoint{id projectId status rawStatus serviceType rawServiceType ip ipVersion rawIpVersion ipv6Address activeStatus enableStatus rawEnableStatus endpointServiceId endpointServiceName markerId enableDns dnsNames vpcId subnetId createdAt updatedAt tags{key value}whitelist enableWhitelist routeTables specificationName description policyStatement{effect rawEffect action notAction resource notResource condition sid}policyDocument publicBorderGroup endpointPoolId faults{code message}}";
export const ProjectEndpointServicesDocument: TypedDocument<ProjectEndpointServicesSubscription, ProjectEndpointServicesSubscriptionVariables> = "subscription ProjectEndpointServices($projectId:ID){projectEndpointStatus(projectId:$projectId){...EndpointStatusEventFields endpoint{service{...ListedServiceFields}}}}fragment EndpointStatusEventFields on EndpointStatusEvent{kind endpointId projectId status rawStatus previousStatus version cursor more settled observedAt faults{code message}endpoint{...VpcEndpointFields}}fragment VpcEndpointFields on VpcEndpoint{id projectId status rawStatus serviceType rawServiceType ip ipVersion rawIpVersion ipv6Address activeStatus enableStatus rawEnableStatus endpointServiceId endpointServiceName markerId enableDns dnsNames vpcId subnetId createdAt updatedAt tags{key value}whitelist enableWhitelist routeTables specificationName description policyStatement{effect rawEffect action notAction resource notResource condition sid}policyDocument publicBorderGroup endpointPoolId faults{code message}}fragment ListedServiceFields on EndpointService{...EndpointServiceFields domainId connectionCount publicBorderGroup}fragment EndpointServiceFields on EndpointService{id serviceName status rawStatus serviceType rawServiceType serverType rawServerType projectId owner vpcId portId vipPortId ip ipVersion rawIpVersion snatNetworkId poolId cidrType rawCidrType approvalEnabled enablePolicy isCharge ports{clientPort serverPort protocol}tcpProxy rawTcpProxy supportedEditions tags{key value}description createdAt updatedAt faults{code message}}";
export const ProjectEndpointStatusDocument: TypedDocument<ProjectEndpointStatusSubscription, ProjectEndpointStatusSubscriptionVariables> = "subscription ProjectEndpointStatus($projectId:ID$ids:[ID!]$after:String){projectEndpointStatus(projectId:$projectId ids:$ids after:$after){...EndpointStatusEventFields}}fragment EndpointStatusEventFields on EndpointStatusEvent{kind endpointId projectId status rawStatus previousStatus version cursor more settled observedAt faults{code message}endpoint{...VpcEndpointFields}}fragment VpcEndpointFields on VpcEndpoint{id projectId status rawStatus serviceType rawServiceType ip ipVersion rawIpVersion ipv6Address activeStatus enableStatus rawEnableStatus endpointServiceId endpointServiceName markerId enableDns dnsNames vpcId subnetId createdAt updatedAt tags{key value}whitelist enableWhitelist routeTables specificationName description policyStatement{effect rawEffect action notAction resource notResource condition sid}policyDocument publicBorderGroup endpointPoolId faults{code message}}";
export const ProjectTagsDocument: TypedDocument<ProjectTagsQuery, ProjectTagsQueryVariables> = "query ProjectTags($resourceType:TaggedResourceType!$projectId:ID){projectTags(resourceType:$resourceType projectId:$projectId){key values}}";
export const PublicEndpointServicesDocument: TypedDocument<PublicEndpointServicesQuery, PublicEndpointServicesQueryVariables> = "query PublicEndpointServices($projectId:ID$filter:PublicEndpointServiceFilter$orderBy:SortInput$first:Int=20$after:String){publicEndpointServices(projectId:$projectId filter:$filter orderBy:$orderBy first:$first after:$after){totalCount pageInfo{hasNextPage endCursor}edges{cursor node{id owner serviceName serviceType rawServiceType createdAt isCharge enablePolicy}}}}";
export const QuotasDocument: TypedDocument<QuotasQuery, QuotasQueryVariables> = "query Quotas($projectId:ID$type:QuotaType){quotas(projectId:$projectId type:$type){type rawType used quota}}";
export const RejectServiceConnectionDocument: TypedDocument<RejectServiceConnectionMutation, RejectServiceConnectionMutationVariables> = "mutation RejectServiceConnection($input:RejectServiceConnectionInput!$projectId:ID){rejectServiceConnection(input:$input projectId:$projectId){results{endpointId connection{...ServiceConnectionFields}error{code message retryable}}}}fragment ServiceConnectionFields on ServiceConnection{endpointId endpoint{id projectId rawStatus description}status rawStatus markerId domainId description createdAt updatedAt faults{code message}}";
export const RemoveResourceTagsDocument: TypedDocument<RemoveResourceTagsMutation, RemoveResourceTagsMutationVariables> = "mutation RemoveResourceTags($input:RemoveResourceTagsInput!$projectId:ID){removeResourceTags(input:$input projectId:$projectId){tags{key value}endpoint{id tags{key value}}service{id tags{key value}}}}";
export const RemoveServicePermissionsDocument: TypedDocument<RemoveServicePermissionsMutation, RemoveServicePermissionsMutationVariables> = "mutation RemoveServicePermissions($input:RemoveServicePermissionsInput!$projectId:ID){removeServicePermissions(input:$input projectId:$projectId){permissions{...ServicePermissionFields}failures{permission error{code message retryable}}}}fragment ServicePermissionFields on ServicePermission{id permission permissionType description createdAt}";
export const RenameEndpointServiceDocument: TypedDocument<RenameEndpointServiceMutation, RenameEndpointServiceMutationVariables> = "mutation RenameEndpointService($input:RenameEndpointServiceInput!$projectId:ID){renameEndpointService(input:$input projectId:$projectId){service{...EndpointServiceFields}}}fragment EndpointServiceFields on EndpointService{id serviceName status rawStatus serviceType rawServiceType serverType rawServerType projectId owner vpcId portId vipPortId ip ipVersion rawIpVersion snatNetworkId poolId cidrType rawCidrType approvalEnabled enablePolicy isCharge ports{clientPort serverPort protocol}tcpProxy rawTcpProxy supportedEditions tags{key value}description createdAt updatedAt faults{code message}}";
export const ResourcesByTagsDocument: TypedDocument<ResourcesByTagsQuery, ResourcesByTagsQueryVariables> = "query ResourcesByTags($resourceType:TaggedResourceType!$filter:ResourceTagFilter!$first:Int=20$after:String$projectId:ID){resourcesByTags(resourceType:$resourceType filter:$filter first:$first after:$after projectId:$projectId){totalCount pageInfo{hasNextPage hasPreviousPage startCursor endCursor}nodes{resourceId resourceType resourceName resourceDetail tags{key value}}}}";
export const ServiceConnectionsDocument: TypedDocument<ServiceConnectionsQuery, ServiceConnectionsQueryVariables> = "query ServiceConnections($id:ID!$projectId:ID$filter:ServiceConnectionFilter$orderBy:SortInput$first:Int=20$after:String){endpointService(id:$id projectId:$projectId){id connections(filter:$filter orderBy:$orderBy first:$first after:$after){totalCount pageInfo{hasNextPage hasPreviousPage startCursor endCursor}edges{cursor node{...ServiceConnectionFields}}}}}fragment ServiceConnectionFields on ServiceConnection{endpointId endpoint{id projectId rawStatus description}status rawStatus markerId domainId description createdAt updatedAt faults{code message}}";
export const ServicePermissionsDocument: TypedDocument<ServicePermissionsQuery, ServicePermissionsQueryVariables> = "query ServicePermissions($id:ID!$projectId:ID$filter:ServicePermissionFilter$orderBy:SortInput$first:Int=20$after:String){endpointService(id:$id projectId:$projectId){id permissions(filter:$filter orderBy:$orderBy first:$first after:$after){totalCount pageInfo{hasNextPage hasPreviousPage startCursor endCursor}edges{cursor node{...ServicePermissionFields}}}}}fragment ServicePermissionFields on ServicePermission{id permission permissionType description createdAt}";
export const UpdateEndpointServiceDocument: TypedDocument<UpdateEndpointServiceMutation, UpdateEndpointServiceMutationVariables> = "mutation UpdateEndpointService($input:UpdateEndpointServiceInput!$projectId:ID){updateEndpointService(input:$input projectId:$projectId){service{...EndpointServiceFields}}}fragment EndpointServiceFields on EndpointService{id serviceName status rawStatus serviceType rawServiceType serverType rawServerType projectId owner vpcId portId vipPortId ip ipVersion rawIpVersion snatNetworkId poolId cidrType rawCidrType approvalEnabled enablePolicy isCharge ports{clientPort serverPort protocol}tcpProxy rawTcpProxy supportedEditions tags{key value}description createdAt updatedAt faults{code message}}";
export const UpdateServiceConnectionDescriptionDocument: TypedDocument<UpdateServiceConnectionDescriptionMutation, UpdateServiceConnectionDescriptionMutationVariables> = "mutation UpdateServiceConnectionDescription($input:UpdateServiceConnectionDescriptionInput!$projectId:ID){updateServiceConnectionDescription(input:$input projectId:$projectId){connection{...ServiceConnectionFields}}}fragment ServiceConnectionFields on ServiceConnection{endpointId endpoint{id projectId rawStatus description}status rawStatus markerId domainId description createdAt updatedAt faults{code message}}";
export const UpdateServicePermissionDescriptionDocument: TypedDocument<UpdateServicePermissionDescriptionMutation, UpdateServicePermissionDescriptionMutationVariables> = "mutation UpdateServicePermissionDescription($input:UpdateServicePermissionDescriptionInput!$projectId:ID){updateServicePermissionDescription(input:$input projectId:$projectId){permission{...ServicePermissionFields}}}fragment ServicePermissionFields on ServicePermission{id permission permissionType description createdAt}";
export const UpdateVpcEndpointPolicyDocument: TypedDocument<UpdateVpcEndpointPolicyMutation, UpdateVpcEndpointPolicyMutationVariables> = "mutation UpdateVpcEndpointPolicy($input:UpdateVpcEndpointPolicyInput!$projectId:ID){updateVpcEndpointPolicy(input:$input projectId:$projectId){statusCursor endpoint{...VpcEndpointFields}}}fragment VpcEndpointFields on VpcEndpoint{id projectId status rawStatus serviceType rawServiceType ip ipVersion rawIpVersion ipv6Address activeStatus enableStatus rawEnableStatus endpointServiceId endpointServiceName markerId enableDns dnsNames vpcId subnetId createdAt updatedAt tags{key value}whitelist enableWhitelist routeTables specificationName description policyStatement{effect rawEffect action notAction resource notResource condition sid}policyDocument publicBorderGroup endpointPoolId faults{code message}}";
export const UpdateVpcEndpointRouteTablesDocument: TypedDocument<UpdateVpcEndpointRouteTablesMutation, UpdateVpcEndpointRouteTablesMutationVariables> = "mutation UpdateVpcEndpointRouteTables($input:UpdateVpcEndpointRouteTablesInput!$projectId:ID){updateVpcEndpointRouteTables(input:$input projectId:$projectId){statusCursor failures{routeTableId action message}endpoint{...VpcEndpointFields}}}fragment VpcEndpointFields on VpcEndpoint{id projectId status rawStatus serviceType rawServiceType ip ipVersion rawIpVersion ipv6Address activeStatus enableStatus rawEnableStatus endpointServiceId endpointServiceName markerId enableDns dnsNames vpcId subnetId createdAt updatedAt tags{key value}whitelist enableWhitelist routeTables specificationName description policyStatement{effect rawEffect action notAction resource notResource condition sid}policyDocument publicBorderGroup endpointPoolId faults{code message}}";
export const UpdateVpcEndpointWhitelistDocument: TypedDocument<UpdateVpcEndpointWhitelistMutation, UpdateVpcEndpointWhitelistMutationVariables> = "mutation UpdateVpcEndpointWhitelist($input:UpdateVpcEndpointWhitelistInput!$projectId:ID){updateVpcEndpointWhitelist(input:$input projectId:$projectId){statusCursor endpoint{...VpcEndpointFields}}}fragment VpcEndpointFields on VpcEndpoint{id projectId status rawStatus serviceType rawServiceType ip ipVersion rawIpVersion ipv6Address activeStatus enableStatus rawEnableStatus endpointServiceId endpointServiceName markerId enableDns dnsNames vpcId subnetId createdAt updatedAt tags{key value}whitelist enableWhitelist routeTables specificationName description policyStatement{effect rawEffect action notAction resource notResource condition sid}policyDocument publicBorderGroup endpointPoolId faults{code message}}";
export const UpgradeEndpointServiceDocument: TypedDocument<UpgradeEndpointServiceMutation, UpgradeEndpointServiceMutationVariables> = "mutation UpgradeEndpointService($input:UpgradeEndpointServiceInput!$projectId:ID){upgradeEndpointService(input:$input projectId:$projectId){service{...EndpointServiceFields}}}fragment EndpointServiceFields on EndpointService{id serviceName status rawStatus serviceType rawServiceType serverType rawServerType projectId owner vpcId portId vipPortId ip ipVersion rawIpVersion snatNetworkId poolId cidrType rawCidrType approvalEnabled enablePolicy isCharge ports{clientPort serverPort protocol}tcpProxy rawTcpProxy supportedEditions tags{key value}description createdAt updatedAt faults{code message}}";
export const UpgradeVpcEndpointDocument: TypedDocument<UpgradeVpcEndpointMutation, UpgradeVpcEndpointMutationVariables> = "mutation UpgradeVpcEndpoint($input:UpgradeVpcEndpointInput!$projectId:ID){upgradeVpcEndpoint(input:$input projectId:$projectId){statusCursor endpoint{...VpcEndpointFields}}}fragment VpcEndpointFields on VpcEndpoint{id projectId status rawStatus serviceType rawServiceType ip ipVersion rawIpVersion ipv6Address activeStatus enableStatus rawEnableStatus endpointServiceId endpointServiceName markerId enableDns dnsNames vpcId subnetId createdAt updatedAt tags{key value}whitelist enableWhitelist routeTables specificationName description policyStatement{effect rawEffect action notAction resource notResource condition sid}policyDocument publicBorderGroup endpointPoolId faults{code message}}";
export const ViewerDocument: TypedDocument<ViewerQuery, ViewerQueryVariables> = "query Viewer{viewer{subject projects{id name rights isDefault}}}";
export const VpcEndpointDocument: TypedDocument<VpcEndpointQuery, VpcEndpointQueryVariables> = "query VpcEndpoint($id:ID!$projectId:ID$last:Int=20){vpcEndpoint(id:$id projectId:$projectId){...VpcEndpointFields statusHistory(last:$last){kind status rawStatus previousStatus version cursor observedAt}}}fragment VpcEndpointFields on VpcEndpoint{id projectId status rawStatus serviceType rawServiceType ip ipVersion rawIpVersion ipv6Address activeStatus enableStatus rawEnableStatus endpointServiceId endpointServiceName markerId enableDns dnsNames vpcId subnetId createdAt updatedAt tags{key value}whitelist enableWhitelist routeTables specificationName description policyStatement{effect rawEffect action notAction resource notResource condition sid}policyDocument publicBorderGroup endpointPoolId faults{code message}}";
export const VpcEndpointServicesDocument: TypedDocument<VpcEndpointServicesQuery, VpcEndpointServicesQueryVariables> = "query VpcEndpointServices($projectId:ID$filter:VpcEndpointFilter$first:Int=20$after:String){vpcEndpoints(projectId:$projectId filter:$filter first:$first after:$after){nodes{id endpointServiceId service{...ListedServiceFields}}}}fragment ListedServiceFields on EndpointService{...EndpointServiceFields domainId connectionCount publicBorderGroup}fragment EndpointServiceFields on EndpointService{id serviceName status rawStatus serviceType rawServiceType serverType rawServerType projectId owner vpcId portId vipPortId ip ipVersion rawIpVersion snatNetworkId poolId cidrType rawCidrType approvalEnabled enablePolicy isCharge ports{clientPort serverPort protocol}tcpProxy rawTcpProxy supportedEditions tags{key value}description createdAt updatedAt faults{code message}}";
export const VpcEndpointsDocument: TypedDocument<VpcEndpointsQuery, VpcEndpointsQueryVariables> = "query VpcEndpoints($projectId:ID$filter:VpcEndpointFilter$orderBy:SortInput$first:Int=20$after:String){vpcEndpoints(projectId:$projectId filter:$filter orderBy:$orderBy first:$first after:$after){totalCount pageInfo{hasNextPage hasPreviousPage startCursor endCursor}edges{cursor node{...VpcEndpointFields}}}}fragment VpcEndpointFields on VpcEndpoint{id projectId status rawStatus serviceType rawServiceType ip ipVersion rawIpVersion ipv6Address activeStatus enableStatus rawEnableStatus endpointServiceId endpointServiceName markerId enableDns dnsNames vpcId subnetId createdAt updatedAt tags{key value}whitelist enableWhitelist routeTables specificationName description policyStatement{effect rawEffect action notAction resource notResource condition sid}policyDocument publicBorderGroup endpointPoolId faults{code message}}";