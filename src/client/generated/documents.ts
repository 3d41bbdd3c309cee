/** Internal type. DO NOT USE DIRECTLY. */
type Exact<T extends { [key: string]: unknown }> = { [K in keyof T]: T[K] };
/** Internal type. DO NOT USE DIRECTLY. */
export type Incremental<T> = T | { [P in keyof T]?: P extends ' $fragmentName' | '__typename' ? T[P] : never };
/** Which endpoints to let in. */
export type AcceptServiceConnectionInput = {
  /** 1 to 100 endpoints, each once. Upstream takes one per call: they are sent one by one, in this order. */
  endpointIds: Array<string>;
  /** The own service that they connect to. */
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

/** Which connected endpoints to list. Given conditions must all hold. */
export type ConnectedEndpointFilter = {
  /** This endpoint only. */
  endpointId?: string | null | undefined;
  /** Packet ID, as decimal digits. */
  markerId?: string | null | undefined;
  /** In this status only. */
  status?: ConnectionStatusInput | null | undefined;
};

/** What connections can be filtered by: upstream cannot be asked for another status. */
export type ConnectionStatusInput =
  /** Is connected and can be used. */
  | 'ACCEPTED'
  /** Could not be built; see `faults`. Delete it and create another one. */
  | 'FAILED'
  /** Waits until the owner of the endpoint service accepts or rejects it. */
  | 'PENDING_ACCEPTANCE'
  /** The owner of the endpoint service rejected it. */
  | 'REJECTED';

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
  ipVersion?: ServiceIpVersionInput | null | undefined;
  /** Cluster to put it in. */
  poolId?: string | null | undefined;
  /** Port of the private IP of a load balancer, or network card of a cloud server. */
  portId: string;
  /** 1 to 200 mappings, each once. */
  ports: Array<PortMappingInput>;
  /** What is behind it. */
  serverType: ServerTypeInput;
  /** Short name: 1 to 16 letters, digits, `_` and `-`. It is stored, and shown as `serviceName`, as `region.name.id`. */
  serviceName?: string | null | undefined;
  /** Any network (UUID) of the VPC; needed for IPV6. */
  snatNetworkId?: string | null | undefined;
  /** At most 20 tags with different keys. With an `idempotencyKey` the gateway adds a hidden tag, which is one of the 20 that the resource can have; beside 20 given ones there is no room for it, and it is left out. */
  tags?: Array<TagInput> | null | undefined;
  /** What the backend learns about the client; CLOSE by default. */
  tcpProxy?: TcpProxyInput | null | undefined;
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
  ipVersion?: IpVersionInput | null | undefined;
  /** IPv6 address that the endpoint shall have; professional endpoints only. */
  ipv6Address?: string | null | undefined;
  /** Full access by default. */
  policy?: PolicyInput | null | undefined;
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
  /** This service only. */
  id?: string | null | undefined;
  /** Services whose backend is in such a network. */
  netType?: NetType | null | undefined;
  /** Services of this border group. */
  publicBorderGroup?: string | null | undefined;
  /** Services with such a backend. Upstream does not document this filter and may ignore it. */
  serverType?: ServerTypeInput | null | undefined;
  /** Part of the name, in any case; 1 to 128 characters. */
  serviceName?: string | null | undefined;
  /** Services in this status. */
  status?: EndpointServiceStatusInput | null | undefined;
};

/** One service. */
export type EndpointServiceRefInput =
  {   /** By its ID. */
  id: string; serviceName?: never; }
  |  { id?: never;   /** By its full stored name; 1 to 128 characters. */
  serviceName: string; };

/** Where an endpoint service is in its life. */
export type EndpointServiceStatus =
  /** Takes endpoints. */
  | 'AVAILABLE'
  /** Is being built. */
  | 'CREATING'
  /** Upstream answers 404 for a service that was known before. */
  | 'DELETED'
  /** Is being deleted. This cannot be undone. */
  | 'DELETING'
  /** Could not be built; see `faults`. Delete it and create another one. */
  | 'FAILED'
  /** A word that this version does not know: see `rawStatus`. */
  | 'UNKNOWN';

/** Where an endpoint service is in its life. */
export type EndpointServiceStatusInput =
  /** Takes endpoints. */
  | 'AVAILABLE'
  /** Is being built. */
  | 'CREATING'
  /** Is being deleted. This cannot be undone. */
  | 'DELETING'
  /** Could not be built; see `faults`. Delete it and create another one. */
  | 'FAILED';

/** The kind of endpoint service that an endpoint connects to. */
export type EndpointServiceType =
  /** Reached through a route table (for example OBS); run by the cloud operator. */
  | 'GATEWAY'
  /** Reached through an IP address in your subnet. */
  | 'INTERFACE'
  /** A word that this version does not know: see `rawServiceType`. */
  | 'UNKNOWN';

/** Every `extensions.code` of an error. What to do about each: docs/reference/errors.md. */
export type ErrorCode =
  /** The HTTP request is not one of GraphQL over HTTP, or not for this address. */
  | 'BAD_REQUEST'
  /** A value is not allowed, by a rule of the gateway or of upstream. */
  | 'BAD_USER_INPUT'
  /** It collides with what is there, or its state does not allow it. */
  | 'CONFLICT'
  /** The caller may see it, but may not do this; or upstream does not let the gateway do it. */
  | 'FORBIDDEN'
  /** The document is not GraphQL. */
  | 'GRAPHQL_PARSE_FAILED'
  /** The document does not fit the schema. */
  | 'GRAPHQL_VALIDATION_FAILED'
  /** Another request with the same `idempotencyKey` is still at work. */
  | 'IDEMPOTENCY_IN_PROGRESS'
  /** The `idempotencyKey` was used before with another input. */
  | 'IDEMPOTENCY_KEY_REUSED'
  /** A fault of the gateway itself; the details are in its log only. */
  | 'INTERNAL_SERVER_ERROR'
  /** It does not exist, or the caller may not know that it does. */
  | 'NOT_FOUND'
  /** `operationName` names no operation of the document, or it is missing where there are several. */
  | 'OPERATION_RESOLUTION_FAILURE'
  /** The id names no trusted document; or the document is not a trusted one, and only those run here. */
  | 'PERSISTED_QUERY_NOT_FOUND'
  /** Trusted documents are switched off, so that ids name nothing. */
  | 'PERSISTED_QUERY_NOT_SUPPORTED'
  /** The operation is larger, deeper or more costly than one may be (docs/reference/limits.md). */
  | 'QUERY_TOO_COMPLEX'
  /** The account has as many resources as it may have. */
  | 'QUOTA_EXCEEDED'
  /** The caller has caused as much as it may in a minute, holds as much open as it may, or too many wrong tokens came from its address; or the replica has as much under way as it may. Nothing was done. */
  | 'RATE_LIMITED'
  /** The caller is unknown, or its token is not accepted any more, here or upstream. */
  | 'UNAUTHENTICATED'
  /** Upstream failed, answered what cannot be read, or refused the gateway's own credentials. */
  | 'UPSTREAM_ERROR'
  /** The request was sent, and it is not known whether it was done. */
  | 'UPSTREAM_OUTCOME_UNKNOWN'
  /** Upstream limits the rate of calls, and repeating them did not help; or the gateway's own budget of calls for the project is used up (then there is no `extensions.upstream`, and nothing was sent). */
  | 'UPSTREAM_THROTTLED'
  /** Upstream did not answer in time; nothing was changed. */
  | 'UPSTREAM_TIMEOUT'
  /** Upstream, or a store that the gateway needs, cannot be reached or is not being asked right now. */
  | 'UPSTREAM_UNAVAILABLE';

/** The address family of an endpoint. Only professional endpoints support it. */
export type IpVersion =
  /** IPv4 and IPv6 addresses. */
  | 'DUALSTACK'
  /** IPv4 addresses only. */
  | 'IPV4'
  /** A word that this version does not know: see `rawIpVersion`. */
  | 'UNKNOWN';

/** The address family of an endpoint. Only professional endpoints support it. */
export type IpVersionInput =
  /** IPv4 and IPv6 addresses. */
  | 'DUALSTACK'
  /** IPv4 addresses only. */
  | 'IPV4';

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
  /** No word, or one that this version does not know: see `rawEffect`. */
  | 'UNKNOWN';

/** Whether a policy statement allows or denies its actions. */
export type PolicyEffectInput =
  /** It allows them. */
  | 'ALLOW'
  /** It denies them. */
  | 'DENY';

/** A whole policy, in the form that the service takes. */
export type PolicyInput =
  {   /** For other services that allow a policy. It comes back as `policyDocument`. */
  document: Record<string, unknown>; statements?: never; }
  |  { document?: never;   /** For OBS and SFS gateway services that allow a policy. It comes back as `policyStatements`. */
  statements: Array<PolicyStatementInput>; };

/** One rule of the policy of a gateway endpoint (OBS, SFS). Upstream documents no `notAction` and no `notResource` for requests: they are only shown, where a policy has them. */
export type PolicyStatementInput = {
  /** Access permissions; at least one. */
  action: Array<string>;
  /** Conditions under which the statement applies. */
  condition?: Record<string, unknown> | null | undefined;
  /** Whether the actions are allowed or denied. */
  effect: PolicyEffectInput;
  /** The objects that the statement is about; at least one. */
  resource: Array<string>;
  /** Name of the statement. */
  sid?: string | null | undefined;
};

/** A TCP port of the endpoint and where it leads. */
export type PortMappingInput = {
  /** Port on the side of the endpoint, 1 to 65535. */
  clientPort: number;
  /** Port of the backend, 1 to 65535. */
  serverPort: number;
};

/** Which public services to list. Given conditions must all hold. */
export type PublicEndpointServiceFilter = {
  /** This service only. */
  id?: string | null | undefined;
  /** Part of the name, in any case; 1 to 128 characters. */
  serviceName?: string | null | undefined;
};

/** What a quota limits. */
export type QuotaType =
  /** VPC endpoints. */
  | 'ENDPOINT'
  /** Endpoint services. */
  | 'ENDPOINT_SERVICE'
  /** A word that this version does not know: see `rawType`. */
  | 'UNKNOWN';

/** What a quota limits. */
export type QuotaTypeInput =
  /** VPC endpoints. */
  | 'ENDPOINT'
  /** Endpoint services. */
  | 'ENDPOINT_SERVICE';

/** Which endpoints to refuse or disconnect. */
export type RejectServiceConnectionInput = {
  /** 1 to 100 endpoints, each once. Upstream takes one per call: they are sent one by one, in this order. */
  endpointIds: Array<string>;
  /** The own service that they connect to. */
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

/** Whom to let connect no longer. Existing connections stay. */
export type RemoveServicePermissionsInput = {
  /** Which permissions. */
  by: ServicePermissionRefsInput;
  /** The endpoint service. */
  endpointServiceId: string;
};

/** Which service, and its new name. */
export type RenameEndpointServiceInput = {
  /** The service to rename. */
  id: string;
  /** New short name: 1 to 16 letters, digits, `_` and `-`. It is stored, and shown as `serviceName`, as `region.name.id`. */
  serviceName: string;
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

/** What is behind an endpoint service. */
export type ServerTypeInput =
  /** A load balancer. */
  | 'LB'
  /** A cloud server. */
  | 'VM';

/** Another backend. Upstream changes one of these in a call. */
export type ServiceBackendInput =
  {   /** IPv4 address or domain name of the server (VLAN services). */
  ip: string; portId?: never; }
  |  { ip?: never;   /** Port of the load balancer, or network card of the server. */
  portId: string; };

/** The address family of an endpoint service. Only professional services have one. */
export type ServiceIpVersion =
  /** IPv4. */
  | 'IPV4'
  /** IPv6; needs `snatNetworkId`. */
  | 'IPV6'
  /** A word that this version does not know: see `rawIpVersion`. */
  | 'UNKNOWN';

/** The address family of an endpoint service. Only professional services have one. */
export type ServiceIpVersionInput =
  /** IPv4. */
  | 'IPV4'
  /** IPv6; needs `snatNetworkId`. */
  | 'IPV6';

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

/** Some permissions of a service. */
export type ServicePermissionRefsInput =
  {   /** 1 to 100 IDs, each once. */
  permissionIds: Array<string>; permissions?: never; }
  |  { permissionIds?: never;   /** 1 to 100 permissions, each once. */
  permissions: Array<string>; };

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

/** Why a status event is sent. */
export type StatusEventKind =
  /** The state now, because `after` could not be continued: transitions in between may be missing. */
  | 'RESYNC'
  /** The state now: the first event of a fresh feed. */
  | 'SNAPSHOT'
  /** One change of `rawStatus`: in order, none skipped. */
  | 'TRANSITION';

/** When a feed of one resource ends by itself. */
export type StatusUntil =
  /** Once the resource is gone. */
  | 'DELETED'
  /** Once no further change is expected: an endpoint is ACCEPTED, REJECTED, FAILED or DELETED, a service AVAILABLE, FAILED or DELETED. */
  | 'SETTLED';

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

/** What the backend learns about the client. */
export type TcpProxyInput =
  /** Nothing. */
  | 'CLOSE'
  /** The TCP option field and the Proxy Protocol. */
  | 'OPEN'
  /** The Proxy Protocol. */
  | 'PROXY_OPEN'
  /** In the SDK only; its meaning is not published. */
  | 'PROXY_VNI'
  /** The TCP option field (TOA); OBS backends only. */
  | 'TOA_OPEN';

/** What to change. What is left out or null stays as it is; at least one change must be given. */
export type UpdateEndpointServiceInput = {
  /** Whether the owner has to accept each connection. Upstream may take its absence for true; so when it is left out here, the gateway reads it first and sends what it read. A concurrent change of it in between is lost: give it to be sure. */
  approvalEnabled?: boolean | null | undefined;
  /** What is behind it from now on. */
  backend?: ServiceBackendInput | null | undefined;
  /** At most 512 characters, without `<` and `>`; empty to clear it. */
  description?: string | null | undefined;
  /** The service to change. */
  id: string;
  /** Replaces all ports of the service: give those that shall stay as well. 1 to 200 mappings, each once. */
  ports?: Array<PortMappingInput> | null | undefined;
  /** New short name: 1 to 16 letters, digits, `_` and `-`. It is stored, and shown as `serviceName`, as `region.name.id`. */
  serviceName?: string | null | undefined;
  /** What the backend learns about the client. */
  tcpProxy?: TcpProxyInput | null | undefined;
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

/** Of which endpoint, and its new policy. */
export type UpdateVpcEndpointPolicyInput = {
  /** The endpoint to change. */
  id: string;
  /** An empty one is refused: to remove the policy, use `deleteVpcEndpointPolicy`. */
  policy: PolicyInput;
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


export type AcceptServiceConnectionMutation = { acceptServiceConnection: { statusCursor: string | null, results: Array<{ endpointId: string, connection: { endpointServiceId: string, endpointId: string, status: VpcEndpointStatus, rawStatus: string, markerId: string | null, domainId: string | null, description: string | null, createdAt: string | null, updatedAt: string | null, faults: Array<{ code: string | null, message: string | null }> } | null, error: { code: ErrorCode, message: string, retryable: boolean } | null }> } | null };

export type AddEndpointServiceServerResourcesMutationVariables = Exact<{
  input: AddEndpointServiceServerResourcesInput;
  projectId?: string | null | undefined;
}>;


export type AddEndpointServiceServerResourcesMutation = { addEndpointServiceServerResources: { service: { status: EndpointServiceStatus, rawStatus: string, serverType: ServerType | null, rawServerType: string | null, projectId: string, vpcId: string | null, portId: string | null, ip: string | null, approvalEnabled: boolean | null, tcpProxy: TcpProxy | null, rawTcpProxy: string | null, supportedEditions: Array<string>, description: string | null, updatedAt: string | null, id: string, serviceName: string | null, serviceType: EndpointServiceType | null, rawServiceType: string | null, createdAt: string | null, isBilled: boolean | null, enablePolicy: boolean | null, ports: Array<{ clientPort: number | null, serverPort: number | null, protocol: string | null }>, tags: Array<{ key: string, value: string }>, faults: Array<{ code: string | null, message: string | null }> } | null } | null };

export type AddResourceTagsMutationVariables = Exact<{
  input: AddResourceTagsInput;
  projectId?: string | null | undefined;
}>;


export type AddResourceTagsMutation = { addResourceTags: { tags: Array<{ key: string, value: string }> | null, endpoint: { id: string, tags: Array<{ key: string, value: string }> } | null, service: { id: string, tags: Array<{ key: string, value: string }> } | null } | null };

export type AddServicePermissionsMutationVariables = Exact<{
  input: AddServicePermissionsInput;
  projectId?: string | null | undefined;
}>;


export type AddServicePermissionsMutation = { addServicePermissions: { permissions: Array<{ id: string, permission: string, rawPermissionType: string | null, description: string | null, createdAt: string | null }>, failures: Array<{ permission: string, error: { code: ErrorCode, message: string, retryable: boolean } }> } | null };

export type ApiVersionQueryVariables = Exact<{
  id: string;
  projectId?: string | null | undefined;
}>;


export type ApiVersionQuery = { apiVersion: { id: string, status: ApiVersionStatus | null, rawStatus: string | null, updatedAt: string | null, version: string | null, minVersion: string | null, links: Array<{ href: string | null, type: string | null, rel: string | null }> } | null };

export type ApiVersionFieldsFragment = { id: string, status: ApiVersionStatus | null, rawStatus: string | null, updatedAt: string | null, version: string | null, minVersion: string | null, links: Array<{ href: string | null, type: string | null, rel: string | null }> };

export type ApiVersionsQueryVariables = Exact<{
  projectId?: string | null | undefined;
}>;


export type ApiVersionsQuery = { apiVersions: Array<{ id: string, status: ApiVersionStatus | null, rawStatus: string | null, updatedAt: string | null, version: string | null, minVersion: string | null, links: Array<{ href: string | null, type: string | null, rel: string | null }> }> | null };

export type ConnectedEndpointFieldsFragment = { endpointServiceId: string, endpointId: string, status: VpcEndpointStatus, rawStatus: string, markerId: string | null, domainId: string | null, description: string | null, createdAt: string | null, updatedAt: string | null, faults: Array<{ code: string | null, message: string | null }> };

export type ConnectedEndpointsQueryVariables = Exact<{
  id: string;
  projectId?: string | null | undefined;
  filter?: ConnectedEndpointFilter | null | undefined;
  orderBy?: SortInput | null | undefined;
  first?: number | null | undefined;
  after?: string | null | undefined;
}>;


export type ConnectedEndpointsQuery = { endpointService: { id: string, connections: { totalCount: number, pageInfo: { hasNextPage: boolean, hasPreviousPage: boolean, startCursor: string | null, endCursor: string | null }, edges: Array<{ cursor: string, node: { endpointServiceId: string, endpointId: string, status: VpcEndpointStatus, rawStatus: string, markerId: string | null, domainId: string | null, description: string | null, createdAt: string | null, updatedAt: string | null, endpoint: { id: string, projectId: string, rawStatus: string, description: string | null } | null, faults: Array<{ code: string | null, message: string | null }> } }> } | null } | null };

export type CreateEndpointServiceMutationVariables = Exact<{
  input: CreateEndpointServiceInput;
  projectId?: string | null | undefined;
}>;


export type CreateEndpointServiceMutation = { createEndpointService: { statusCursor: string, replayed: boolean, service: { ipVersion: ServiceIpVersion | null, rawIpVersion: string | null, snatNetworkId: string | null, poolId: string | null, cidrType: CidrType | null, rawCidrType: string | null, status: EndpointServiceStatus, rawStatus: string, serverType: ServerType | null, rawServerType: string | null, projectId: string, vpcId: string | null, portId: string | null, ip: string | null, approvalEnabled: boolean | null, tcpProxy: TcpProxy | null, rawTcpProxy: string | null, supportedEditions: Array<string>, description: string | null, updatedAt: string | null, id: string, serviceName: string | null, serviceType: EndpointServiceType | null, rawServiceType: string | null, createdAt: string | null, isBilled: boolean | null, enablePolicy: boolean | null, ports: Array<{ clientPort: number | null, serverPort: number | null, protocol: string | null }>, tags: Array<{ key: string, value: string }>, faults: Array<{ code: string | null, message: string | null }> } } | null };

export type CreateVpcEndpointMutationVariables = Exact<{
  input: CreateVpcEndpointInput;
  projectId?: string | null | undefined;
}>;


export type CreateVpcEndpointMutation = { createVpcEndpoint: { statusCursor: string, replayed: boolean, endpoint: { ipVersion: IpVersion | null, rawIpVersion: string | null, ipv6Address: string | null, enableStatus: EnableStatus | null, specificationName: string | null, rawEnableStatus: string | null, id: string, projectId: string, status: VpcEndpointStatus, rawStatus: string, serviceType: EndpointServiceType | null, rawServiceType: string | null, ip: string | null, activeStatus: Array<string>, endpointServiceId: string | null, endpointServiceName: string | null, markerId: string | null, enableDns: boolean | null, dnsNames: Array<string>, vpcId: string | null, subnetId: string | null, createdAt: string | null, updatedAt: string | null, whitelist: Array<string>, enableWhitelist: boolean | null, routeTables: Array<string>, description: string | null, policyDocument: unknown, publicBorderGroup: string | null, tags: Array<{ key: string, value: string }>, policyStatements: Array<{ effect: PolicyEffect, rawEffect: string | null, action: Array<string>, notAction: Array<string>, resource: Array<string>, notResource: Array<string>, condition: unknown, sid: string | null }>, faults: Array<{ code: string | null, message: string | null }> } } | null };

export type DeleteEndpointServiceMutationVariables = Exact<{
  input: DeleteEndpointServiceInput;
  projectId?: string | null | undefined;
}>;


export type DeleteEndpointServiceMutation = { deleteEndpointService: { statusCursor: string, service: { status: EndpointServiceStatus, rawStatus: string, serverType: ServerType | null, rawServerType: string | null, projectId: string, vpcId: string | null, portId: string | null, ip: string | null, approvalEnabled: boolean | null, tcpProxy: TcpProxy | null, rawTcpProxy: string | null, supportedEditions: Array<string>, description: string | null, updatedAt: string | null, id: string, serviceName: string | null, serviceType: EndpointServiceType | null, rawServiceType: string | null, createdAt: string | null, isBilled: boolean | null, enablePolicy: boolean | null, ports: Array<{ clientPort: number | null, serverPort: number | null, protocol: string | null }>, tags: Array<{ key: string, value: string }>, faults: Array<{ code: string | null, message: string | null }> } } | null };

export type DeleteVpcEndpointMutationVariables = Exact<{
  input: DeleteVpcEndpointInput;
  projectId?: string | null | undefined;
}>;


export type DeleteVpcEndpointMutation = { deleteVpcEndpoint: { statusCursor: string, endpoint: { id: string, projectId: string, status: VpcEndpointStatus, rawStatus: string, serviceType: EndpointServiceType | null, rawServiceType: string | null, ip: string | null, activeStatus: Array<string>, endpointServiceId: string | null, endpointServiceName: string | null, markerId: string | null, enableDns: boolean | null, dnsNames: Array<string>, vpcId: string | null, subnetId: string | null, createdAt: string | null, updatedAt: string | null, whitelist: Array<string>, enableWhitelist: boolean | null, routeTables: Array<string>, description: string | null, policyDocument: unknown, publicBorderGroup: string | null, tags: Array<{ key: string, value: string }>, policyStatements: Array<{ effect: PolicyEffect, rawEffect: string | null, action: Array<string>, notAction: Array<string>, resource: Array<string>, notResource: Array<string>, condition: unknown, sid: string | null }>, faults: Array<{ code: string | null, message: string | null }> } } | null };

export type DescribeEndpointServiceQueryVariables = Exact<{
  by: EndpointServiceRefInput;
  projectId?: string | null | undefined;
}>;


export type DescribeEndpointServiceQuery = { describeEndpointService: { publicBorderGroup: string | null, id: string, serviceName: string | null, serviceType: EndpointServiceType | null, rawServiceType: string | null, createdAt: string | null, isBilled: boolean | null, enablePolicy: boolean | null } | null };

export type EndpointDetailFieldsFragment = { ipVersion: IpVersion | null, rawIpVersion: string | null, ipv6Address: string | null, enableStatus: EnableStatus | null, specificationName: string | null, rawEnableStatus: string | null, id: string, projectId: string, status: VpcEndpointStatus, rawStatus: string, serviceType: EndpointServiceType | null, rawServiceType: string | null, ip: string | null, activeStatus: Array<string>, endpointServiceId: string | null, endpointServiceName: string | null, markerId: string | null, enableDns: boolean | null, dnsNames: Array<string>, vpcId: string | null, subnetId: string | null, createdAt: string | null, updatedAt: string | null, whitelist: Array<string>, enableWhitelist: boolean | null, routeTables: Array<string>, description: string | null, policyDocument: unknown, publicBorderGroup: string | null, tags: Array<{ key: string, value: string }>, policyStatements: Array<{ effect: PolicyEffect, rawEffect: string | null, action: Array<string>, notAction: Array<string>, resource: Array<string>, notResource: Array<string>, condition: unknown, sid: string | null }>, faults: Array<{ code: string | null, message: string | null }> };

export type EndpointServiceQueryVariables = Exact<{
  id: string;
  projectId?: string | null | undefined;
}>;


export type EndpointServiceQuery = { endpointService: { ipVersion: ServiceIpVersion | null, rawIpVersion: string | null, snatNetworkId: string | null, poolId: string | null, cidrType: CidrType | null, rawCidrType: string | null, status: EndpointServiceStatus, rawStatus: string, serverType: ServerType | null, rawServerType: string | null, projectId: string, vpcId: string | null, portId: string | null, ip: string | null, approvalEnabled: boolean | null, tcpProxy: TcpProxy | null, rawTcpProxy: string | null, supportedEditions: Array<string>, description: string | null, updatedAt: string | null, id: string, serviceName: string | null, serviceType: EndpointServiceType | null, rawServiceType: string | null, createdAt: string | null, isBilled: boolean | null, enablePolicy: boolean | null, ports: Array<{ clientPort: number | null, serverPort: number | null, protocol: string | null }>, tags: Array<{ key: string, value: string }>, faults: Array<{ code: string | null, message: string | null }> } | null };

export type EndpointServiceFieldsFragment = { status: EndpointServiceStatus, rawStatus: string, serverType: ServerType | null, rawServerType: string | null, projectId: string, vpcId: string | null, portId: string | null, ip: string | null, approvalEnabled: boolean | null, tcpProxy: TcpProxy | null, rawTcpProxy: string | null, supportedEditions: Array<string>, description: string | null, updatedAt: string | null, id: string, serviceName: string | null, serviceType: EndpointServiceType | null, rawServiceType: string | null, createdAt: string | null, isBilled: boolean | null, enablePolicy: boolean | null, ports: Array<{ clientPort: number | null, serverPort: number | null, protocol: string | null }>, tags: Array<{ key: string, value: string }>, faults: Array<{ code: string | null, message: string | null }> };

export type EndpointServiceStatusSubscriptionVariables = Exact<{
  id: string;
  projectId?: string | null | undefined;
  after?: string | null | undefined;
  until?: StatusUntil | null | undefined;
}>;


export type EndpointServiceStatusSubscription = { endpointServiceStatus: { endpointServiceId: string, status: EndpointServiceStatus, previousStatus: EndpointServiceStatus | null, kind: StatusEventKind, projectId: string, rawStatus: string, previousRawStatus: string | null, version: number, cursor: string, more: boolean, settled: boolean, observedAt: string, service: { status: EndpointServiceStatus, rawStatus: string, serverType: ServerType | null, rawServerType: string | null, projectId: string, vpcId: string | null, portId: string | null, ip: string | null, approvalEnabled: boolean | null, tcpProxy: TcpProxy | null, rawTcpProxy: string | null, supportedEditions: Array<string>, description: string | null, updatedAt: string | null, id: string, serviceName: string | null, serviceType: EndpointServiceType | null, rawServiceType: string | null, createdAt: string | null, isBilled: boolean | null, enablePolicy: boolean | null, ports: Array<{ clientPort: number | null, serverPort: number | null, protocol: string | null }>, tags: Array<{ key: string, value: string }>, faults: Array<{ code: string | null, message: string | null }> } | null, faults: Array<{ code: string | null, message: string | null }> } };

export type EndpointServiceStatusEventFieldsFragment = { endpointServiceId: string, status: EndpointServiceStatus, previousStatus: EndpointServiceStatus | null, kind: StatusEventKind, projectId: string, rawStatus: string, previousRawStatus: string | null, version: number, cursor: string, more: boolean, settled: boolean, observedAt: string, service: { status: EndpointServiceStatus, rawStatus: string, serverType: ServerType | null, rawServerType: string | null, projectId: string, vpcId: string | null, portId: string | null, ip: string | null, approvalEnabled: boolean | null, tcpProxy: TcpProxy | null, rawTcpProxy: string | null, supportedEditions: Array<string>, description: string | null, updatedAt: string | null, id: string, serviceName: string | null, serviceType: EndpointServiceType | null, rawServiceType: string | null, createdAt: string | null, isBilled: boolean | null, enablePolicy: boolean | null, ports: Array<{ clientPort: number | null, serverPort: number | null, protocol: string | null }>, tags: Array<{ key: string, value: string }>, faults: Array<{ code: string | null, message: string | null }> } | null, faults: Array<{ code: string | null, message: string | null }> };

export type EndpointServicesQueryVariables = Exact<{
  projectId?: string | null | undefined;
  filter?: EndpointServiceFilter | null | undefined;
  orderBy?: SortInput | null | undefined;
  first?: number | null | undefined;
  after?: string | null | undefined;
}>;


export type EndpointServicesQuery = { endpointServices: { totalCount: number, pageInfo: { hasNextPage: boolean, hasPreviousPage: boolean, startCursor: string | null, endCursor: string | null }, edges: Array<{ cursor: string, node: { domainId: string | null, connectionCount: number | null, publicBorderGroup: string | null, status: EndpointServiceStatus, rawStatus: string, serverType: ServerType | null, rawServerType: string | null, projectId: string, vpcId: string | null, portId: string | null, ip: string | null, approvalEnabled: boolean | null, tcpProxy: TcpProxy | null, rawTcpProxy: string | null, supportedEditions: Array<string>, description: string | null, updatedAt: string | null, id: string, serviceName: string | null, serviceType: EndpointServiceType | null, rawServiceType: string | null, createdAt: string | null, isBilled: boolean | null, enablePolicy: boolean | null, ports: Array<{ clientPort: number | null, serverPort: number | null, protocol: string | null }>, tags: Array<{ key: string, value: string }>, faults: Array<{ code: string | null, message: string | null }> } }> } | null };

export type EndpointStatusSubscriptionVariables = Exact<{
  id: string;
  projectId?: string | null | undefined;
  after?: string | null | undefined;
  until?: StatusUntil | null | undefined;
}>;


export type EndpointStatusSubscription = { endpointStatus: { endpointId: string, status: VpcEndpointStatus, previousStatus: VpcEndpointStatus | null, kind: StatusEventKind, projectId: string, rawStatus: string, previousRawStatus: string | null, version: number, cursor: string, more: boolean, settled: boolean, observedAt: string, endpoint: { id: string, projectId: string, status: VpcEndpointStatus, rawStatus: string, serviceType: EndpointServiceType | null, rawServiceType: string | null, ip: string | null, activeStatus: Array<string>, endpointServiceId: string | null, endpointServiceName: string | null, markerId: string | null, enableDns: boolean | null, dnsNames: Array<string>, vpcId: string | null, subnetId: string | null, createdAt: string | null, updatedAt: string | null, whitelist: Array<string>, enableWhitelist: boolean | null, routeTables: Array<string>, description: string | null, policyDocument: unknown, publicBorderGroup: string | null, tags: Array<{ key: string, value: string }>, policyStatements: Array<{ effect: PolicyEffect, rawEffect: string | null, action: Array<string>, notAction: Array<string>, resource: Array<string>, notResource: Array<string>, condition: unknown, sid: string | null }>, faults: Array<{ code: string | null, message: string | null }> } | null, faults: Array<{ code: string | null, message: string | null }> } };

export type EndpointStatusEventFieldsFragment = { endpointId: string, status: VpcEndpointStatus, previousStatus: VpcEndpointStatus | null, kind: StatusEventKind, projectId: string, rawStatus: string, previousRawStatus: string | null, version: number, cursor: string, more: boolean, settled: boolean, observedAt: string, endpoint: { id: string, projectId: string, status: VpcEndpointStatus, rawStatus: string, serviceType: EndpointServiceType | null, rawServiceType: string | null, ip: string | null, activeStatus: Array<string>, endpointServiceId: string | null, endpointServiceName: string | null, markerId: string | null, enableDns: boolean | null, dnsNames: Array<string>, vpcId: string | null, subnetId: string | null, createdAt: string | null, updatedAt: string | null, whitelist: Array<string>, enableWhitelist: boolean | null, routeTables: Array<string>, description: string | null, policyDocument: unknown, publicBorderGroup: string | null, tags: Array<{ key: string, value: string }>, policyStatements: Array<{ effect: PolicyEffect, rawEffect: string | null, action: Array<string>, notAction: Array<string>, resource: Array<string>, notResource: Array<string>, condition: unknown, sid: string | null }>, faults: Array<{ code: string | null, message: string | null }> } | null, faults: Array<{ code: string | null, message: string | null }> };

export type ListedServiceFieldsFragment = { domainId: string | null, connectionCount: number | null, publicBorderGroup: string | null, status: EndpointServiceStatus, rawStatus: string, serverType: ServerType | null, rawServerType: string | null, projectId: string, vpcId: string | null, portId: string | null, ip: string | null, approvalEnabled: boolean | null, tcpProxy: TcpProxy | null, rawTcpProxy: string | null, supportedEditions: Array<string>, description: string | null, updatedAt: string | null, id: string, serviceName: string | null, serviceType: EndpointServiceType | null, rawServiceType: string | null, createdAt: string | null, isBilled: boolean | null, enablePolicy: boolean | null, ports: Array<{ clientPort: number | null, serverPort: number | null, protocol: string | null }>, tags: Array<{ key: string, value: string }>, faults: Array<{ code: string | null, message: string | null }> };

export type ProjectQueryVariables = Exact<{
  id?: string | null | undefined;
  endpointFilter?: VpcEndpointFilter | null | undefined;
  serviceFilter?: EndpointServiceFilter | null | undefined;
  publicServiceFilter?: PublicEndpointServiceFilter | null | undefined;
  orderBy?: SortInput | null | undefined;
  first?: number | null | undefined;
  quotaType?: QuotaTypeInput | null | undefined;
  resourceType: TaggedResourceType;
}>;


export type ProjectQuery = { project: { id: string, name: string | null, region: string | null, rights: Array<Right>, isDefault: boolean, endpoints: { totalCount: number, pageInfo: { hasNextPage: boolean, endCursor: string | null }, nodes: Array<{ id: string, projectId: string, status: VpcEndpointStatus, rawStatus: string, serviceType: EndpointServiceType | null, rawServiceType: string | null, ip: string | null, activeStatus: Array<string>, endpointServiceId: string | null, endpointServiceName: string | null, markerId: string | null, enableDns: boolean | null, dnsNames: Array<string>, vpcId: string | null, subnetId: string | null, createdAt: string | null, updatedAt: string | null, whitelist: Array<string>, enableWhitelist: boolean | null, routeTables: Array<string>, description: string | null, policyDocument: unknown, publicBorderGroup: string | null, tags: Array<{ key: string, value: string }>, policyStatements: Array<{ effect: PolicyEffect, rawEffect: string | null, action: Array<string>, notAction: Array<string>, resource: Array<string>, notResource: Array<string>, condition: unknown, sid: string | null }>, faults: Array<{ code: string | null, message: string | null }> }> } | null, services: { totalCount: number, pageInfo: { hasNextPage: boolean, endCursor: string | null }, nodes: Array<{ domainId: string | null, connectionCount: number | null, publicBorderGroup: string | null, status: EndpointServiceStatus, rawStatus: string, serverType: ServerType | null, rawServerType: string | null, projectId: string, vpcId: string | null, portId: string | null, ip: string | null, approvalEnabled: boolean | null, tcpProxy: TcpProxy | null, rawTcpProxy: string | null, supportedEditions: Array<string>, description: string | null, updatedAt: string | null, id: string, serviceName: string | null, serviceType: EndpointServiceType | null, rawServiceType: string | null, createdAt: string | null, isBilled: boolean | null, enablePolicy: boolean | null, ports: Array<{ clientPort: number | null, serverPort: number | null, protocol: string | null }>, tags: Array<{ key: string, value: string }>, faults: Array<{ code: string | null, message: string | null }> }> } | null, publicServices: { totalCount: number, pageInfo: { hasNextPage: boolean, endCursor: string | null }, nodes: Array<{ id: string, serviceName: string | null, serviceType: EndpointServiceType | null }> } | null, quotas: Array<{ type: QuotaType, rawType: string, used: number | null, limit: number | null }> | null, tags: Array<{ key: string, values: Array<string> }> | null } | null };

export type ProjectEndpointServiceStatusSubscriptionVariables = Exact<{
  projectId?: string | null | undefined;
  ids?: Array<string> | string | null | undefined;
  after?: string | null | undefined;
}>;


export type ProjectEndpointServiceStatusSubscription = { projectEndpointServiceStatus: { endpointServiceId: string, status: EndpointServiceStatus, previousStatus: EndpointServiceStatus | null, kind: StatusEventKind, projectId: string, rawStatus: string, previousRawStatus: string | null, version: number, cursor: string, more: boolean, settled: boolean, observedAt: string, service: { status: EndpointServiceStatus, rawStatus: string, serverType: ServerType | null, rawServerType: string | null, projectId: string, vpcId: string | null, portId: string | null, ip: string | null, approvalEnabled: boolean | null, tcpProxy: TcpProxy | null, rawTcpProxy: string | null, supportedEditions: Array<string>, description: string | null, updatedAt: string | null, id: string, serviceName: string | null, serviceType: EndpointServiceType | null, rawServiceType: string | null, createdAt: string | null, isBilled: boolean | null, enablePolicy: boolean | null, ports: Array<{ clientPort: number | null, serverPort: number | null, protocol: string | null }>, tags: Array<{ key: string, value: string }>, faults: Array<{ code: string | null, message: string | null }> } | null, faults: Array<{ code: string | null, message: string | null }> } | null };

export type ProjectEndpointStatusSubscriptionVariables = Exact<{
  projectId?: string | null | undefined;
  ids?: Array<string> | string | null | undefined;
  after?: string | null | undefined;
}>;


export type ProjectEndpointStatusSubscription = { projectEndpointStatus: { endpointId: string, status: VpcEndpointStatus, previousStatus: VpcEndpointStatus | null, kind: StatusEventKind, projectId: string, rawStatus: string, previousRawStatus: string | null, version: number, cursor: string, more: boolean, settled: boolean, observedAt: string, endpoint: { id: string, projectId: string, status: VpcEndpointStatus, rawStatus: string, serviceType: EndpointServiceType | null, rawServiceType: string | null, ip: string | null, activeStatus: Array<string>, endpointServiceId: string | null, endpointServiceName: string | null, markerId: string | null, enableDns: boolean | null, dnsNames: Array<string>, vpcId: string | null, subnetId: string | null, createdAt: string | null, updatedAt: string | null, whitelist: Array<string>, enableWhitelist: boolean | null, routeTables: Array<string>, description: string | null, policyDocument: unknown, publicBorderGroup: string | null, tags: Array<{ key: string, value: string }>, policyStatements: Array<{ effect: PolicyEffect, rawEffect: string | null, action: Array<string>, notAction: Array<string>, resource: Array<string>, notResource: Array<string>, condition: unknown, sid: string | null }>, faults: Array<{ code: string | null, message: string | null }> } | null, faults: Array<{ code: string | null, message: string | null }> } | null };

export type ProjectFieldsFragment = { id: string, name: string | null, region: string | null, rights: Array<Right>, isDefault: boolean };

export type ProjectTagsQueryVariables = Exact<{
  resourceType: TaggedResourceType;
  projectId?: string | null | undefined;
}>;


export type ProjectTagsQuery = { projectTags: Array<{ key: string, values: Array<string> }> | null };

export type PublicEndpointServicesQueryVariables = Exact<{
  projectId?: string | null | undefined;
  filter?: PublicEndpointServiceFilter | null | undefined;
  orderBy?: SortInput | null | undefined;
  first?: number | null | undefined;
  after?: string | null | undefined;
}>;


export type PublicEndpointServicesQuery = { publicEndpointServices: { totalCount: number, pageInfo: { hasNextPage: boolean, endCursor: string | null }, edges: Array<{ cursor: string, node: { owner: string | null, id: string, serviceName: string | null, serviceType: EndpointServiceType | null, rawServiceType: string | null, createdAt: string | null, isBilled: boolean | null, enablePolicy: boolean | null } }> } | null };

export type QuotasQueryVariables = Exact<{
  projectId?: string | null | undefined;
  type?: QuotaTypeInput | null | undefined;
}>;


export type QuotasQuery = { quotas: Array<{ type: QuotaType, rawType: string, used: number | null, limit: number | null }> | null };

export type RejectServiceConnectionMutationVariables = Exact<{
  input: RejectServiceConnectionInput;
  projectId?: string | null | undefined;
}>;


export type RejectServiceConnectionMutation = { rejectServiceConnection: { statusCursor: string | null, results: Array<{ endpointId: string, connection: { endpointServiceId: string, endpointId: string, status: VpcEndpointStatus, rawStatus: string, markerId: string | null, domainId: string | null, description: string | null, createdAt: string | null, updatedAt: string | null, faults: Array<{ code: string | null, message: string | null }> } | null, error: { code: ErrorCode, message: string, retryable: boolean } | null }> } | null };

export type RemoveResourceTagsMutationVariables = Exact<{
  input: RemoveResourceTagsInput;
  projectId?: string | null | undefined;
}>;


export type RemoveResourceTagsMutation = { removeResourceTags: { tags: Array<{ key: string, value: string }> | null, endpoint: { id: string, tags: Array<{ key: string, value: string }> } | null, service: { id: string, tags: Array<{ key: string, value: string }> } | null } | null };

export type RemoveServicePermissionsMutationVariables = Exact<{
  input: RemoveServicePermissionsInput;
  projectId?: string | null | undefined;
}>;


export type RemoveServicePermissionsMutation = { removeServicePermissions: { permissions: Array<{ id: string, permission: string, rawPermissionType: string | null, description: string | null, createdAt: string | null }>, failures: Array<{ permission: string, error: { code: ErrorCode, message: string, retryable: boolean } }> } | null };

export type RenameEndpointServiceMutationVariables = Exact<{
  input: RenameEndpointServiceInput;
  projectId?: string | null | undefined;
}>;


export type RenameEndpointServiceMutation = { renameEndpointService: { service: { status: EndpointServiceStatus, rawStatus: string, serverType: ServerType | null, rawServerType: string | null, projectId: string, vpcId: string | null, portId: string | null, ip: string | null, approvalEnabled: boolean | null, tcpProxy: TcpProxy | null, rawTcpProxy: string | null, supportedEditions: Array<string>, description: string | null, updatedAt: string | null, id: string, serviceName: string | null, serviceType: EndpointServiceType | null, rawServiceType: string | null, createdAt: string | null, isBilled: boolean | null, enablePolicy: boolean | null, ports: Array<{ clientPort: number | null, serverPort: number | null, protocol: string | null }>, tags: Array<{ key: string, value: string }>, faults: Array<{ code: string | null, message: string | null }> } | null } | null };

export type ResourcesByTagsQueryVariables = Exact<{
  resourceType: TaggedResourceType;
  filter?: ResourceTagFilter | null | undefined;
  first?: number | null | undefined;
  after?: string | null | undefined;
  projectId?: string | null | undefined;
}>;


export type ResourcesByTagsQuery = { resourcesByTags: { totalCount: number, pageInfo: { hasNextPage: boolean, hasPreviousPage: boolean, startCursor: string | null, endCursor: string | null }, nodes: Array<{ resourceId: string, resourceType: TaggedResourceType, resourceName: string | null, resourceDetail: Record<string, unknown> | null, tags: Array<{ key: string, value: string }> }> } | null };

export type ServiceConnectionStatusSubscriptionVariables = Exact<{
  endpointServiceId: string;
  projectId?: string | null | undefined;
  after?: string | null | undefined;
}>;


export type ServiceConnectionStatusSubscription = { serviceConnectionStatus: { endpointServiceId: string, endpointId: string, status: VpcEndpointStatus, previousStatus: VpcEndpointStatus | null, kind: StatusEventKind, projectId: string, rawStatus: string, previousRawStatus: string | null, version: number, cursor: string, more: boolean, settled: boolean, observedAt: string, connection: { endpointServiceId: string, endpointId: string, status: VpcEndpointStatus, rawStatus: string, markerId: string | null, domainId: string | null, description: string | null, createdAt: string | null, updatedAt: string | null, faults: Array<{ code: string | null, message: string | null }> } | null, faults: Array<{ code: string | null, message: string | null }> } | null };

export type ServiceDetailFieldsFragment = { ipVersion: ServiceIpVersion | null, rawIpVersion: string | null, snatNetworkId: string | null, poolId: string | null, cidrType: CidrType | null, rawCidrType: string | null, status: EndpointServiceStatus, rawStatus: string, serverType: ServerType | null, rawServerType: string | null, projectId: string, vpcId: string | null, portId: string | null, ip: string | null, approvalEnabled: boolean | null, tcpProxy: TcpProxy | null, rawTcpProxy: string | null, supportedEditions: Array<string>, description: string | null, updatedAt: string | null, id: string, serviceName: string | null, serviceType: EndpointServiceType | null, rawServiceType: string | null, createdAt: string | null, isBilled: boolean | null, enablePolicy: boolean | null, ports: Array<{ clientPort: number | null, serverPort: number | null, protocol: string | null }>, tags: Array<{ key: string, value: string }>, faults: Array<{ code: string | null, message: string | null }> };

export type ServicePermissionFieldsFragment = { id: string, permission: string, rawPermissionType: string | null, description: string | null, createdAt: string | null };

export type ServicePermissionsQueryVariables = Exact<{
  id: string;
  projectId?: string | null | undefined;
  filter?: ServicePermissionFilter | null | undefined;
  orderBy?: SortInput | null | undefined;
  first?: number | null | undefined;
  after?: string | null | undefined;
}>;


export type ServicePermissionsQuery = { endpointService: { id: string, permissions: { totalCount: number, pageInfo: { hasNextPage: boolean, hasPreviousPage: boolean, startCursor: string | null, endCursor: string | null }, edges: Array<{ cursor: string, node: { id: string, permission: string, rawPermissionType: string | null, description: string | null, createdAt: string | null } }> } | null } | null };

type ServiceSummaryFields_EndpointService_Fragment = { id: string, serviceName: string | null, serviceType: EndpointServiceType | null, rawServiceType: string | null, createdAt: string | null, isBilled: boolean | null, enablePolicy: boolean | null };

type ServiceSummaryFields_EndpointServiceDescription_Fragment = { id: string, serviceName: string | null, serviceType: EndpointServiceType | null, rawServiceType: string | null, createdAt: string | null, isBilled: boolean | null, enablePolicy: boolean | null };

type ServiceSummaryFields_PublicEndpointService_Fragment = { id: string, serviceName: string | null, serviceType: EndpointServiceType | null, rawServiceType: string | null, createdAt: string | null, isBilled: boolean | null, enablePolicy: boolean | null };

export type ServiceSummaryFieldsFragment =
  | ServiceSummaryFields_EndpointService_Fragment
  | ServiceSummaryFields_EndpointServiceDescription_Fragment
  | ServiceSummaryFields_PublicEndpointService_Fragment
;

type StatusEventFields_EndpointServiceStatusEvent_Fragment = { kind: StatusEventKind, projectId: string, rawStatus: string, previousRawStatus: string | null, version: number, cursor: string, more: boolean, settled: boolean, observedAt: string, faults: Array<{ code: string | null, message: string | null }> };

type StatusEventFields_EndpointStatusEvent_Fragment = { kind: StatusEventKind, projectId: string, rawStatus: string, previousRawStatus: string | null, version: number, cursor: string, more: boolean, settled: boolean, observedAt: string, faults: Array<{ code: string | null, message: string | null }> };

type StatusEventFields_ServiceConnectionStatusEvent_Fragment = { kind: StatusEventKind, projectId: string, rawStatus: string, previousRawStatus: string | null, version: number, cursor: string, more: boolean, settled: boolean, observedAt: string, faults: Array<{ code: string | null, message: string | null }> };

export type StatusEventFieldsFragment =
  | StatusEventFields_EndpointServiceStatusEvent_Fragment
  | StatusEventFields_EndpointStatusEvent_Fragment
  | StatusEventFields_ServiceConnectionStatusEvent_Fragment
;

export type UpdateEndpointServiceMutationVariables = Exact<{
  input: UpdateEndpointServiceInput;
  projectId?: string | null | undefined;
}>;


export type UpdateEndpointServiceMutation = { updateEndpointService: { service: { status: EndpointServiceStatus, rawStatus: string, serverType: ServerType | null, rawServerType: string | null, projectId: string, vpcId: string | null, portId: string | null, ip: string | null, approvalEnabled: boolean | null, tcpProxy: TcpProxy | null, rawTcpProxy: string | null, supportedEditions: Array<string>, description: string | null, updatedAt: string | null, id: string, serviceName: string | null, serviceType: EndpointServiceType | null, rawServiceType: string | null, createdAt: string | null, isBilled: boolean | null, enablePolicy: boolean | null, ports: Array<{ clientPort: number | null, serverPort: number | null, protocol: string | null }>, tags: Array<{ key: string, value: string }>, faults: Array<{ code: string | null, message: string | null }> } } | null };

export type UpdateServiceConnectionDescriptionMutationVariables = Exact<{
  input: UpdateServiceConnectionDescriptionInput;
  projectId?: string | null | undefined;
}>;


export type UpdateServiceConnectionDescriptionMutation = { updateServiceConnectionDescription: { connection: { endpointServiceId: string, endpointId: string, status: VpcEndpointStatus, rawStatus: string, markerId: string | null, domainId: string | null, description: string | null, createdAt: string | null, updatedAt: string | null, faults: Array<{ code: string | null, message: string | null }> } } | null };

export type UpdateServicePermissionDescriptionMutationVariables = Exact<{
  input: UpdateServicePermissionDescriptionInput;
  projectId?: string | null | undefined;
}>;


export type UpdateServicePermissionDescriptionMutation = { updateServicePermissionDescription: { permission: { id: string, permission: string, rawPermissionType: string | null, description: string | null, createdAt: string | null } } | null };

export type UpdateVpcEndpointPolicyMutationVariables = Exact<{
  input: UpdateVpcEndpointPolicyInput;
  projectId?: string | null | undefined;
}>;


export type UpdateVpcEndpointPolicyMutation = { updateVpcEndpointPolicy: { statusCursor: string, endpoint: { ipVersion: IpVersion | null, rawIpVersion: string | null, ipv6Address: string | null, enableStatus: EnableStatus | null, specificationName: string | null, rawEnableStatus: string | null, id: string, projectId: string, status: VpcEndpointStatus, rawStatus: string, serviceType: EndpointServiceType | null, rawServiceType: string | null, ip: string | null, activeStatus: Array<string>, endpointServiceId: string | null, endpointServiceName: string | null, markerId: string | null, enableDns: boolean | null, dnsNames: Array<string>, vpcId: string | null, subnetId: string | null, createdAt: string | null, updatedAt: string | null, whitelist: Array<string>, enableWhitelist: boolean | null, routeTables: Array<string>, description: string | null, policyDocument: unknown, publicBorderGroup: string | null, tags: Array<{ key: string, value: string }>, policyStatements: Array<{ effect: PolicyEffect, rawEffect: string | null, action: Array<string>, notAction: Array<string>, resource: Array<string>, notResource: Array<string>, condition: unknown, sid: string | null }>, faults: Array<{ code: string | null, message: string | null }> } } | null };

export type UpdateVpcEndpointRouteTablesMutationVariables = Exact<{
  input: UpdateVpcEndpointRouteTablesInput;
  projectId?: string | null | undefined;
}>;


export type UpdateVpcEndpointRouteTablesMutation = { updateVpcEndpointRouteTables: { statusCursor: string, failures: Array<{ routeTableId: string | null, action: RouteTableAction, message: string | null }>, endpoint: { ipVersion: IpVersion | null, rawIpVersion: string | null, ipv6Address: string | null, enableStatus: EnableStatus | null, specificationName: string | null, rawEnableStatus: string | null, id: string, projectId: string, status: VpcEndpointStatus, rawStatus: string, serviceType: EndpointServiceType | null, rawServiceType: string | null, ip: string | null, activeStatus: Array<string>, endpointServiceId: string | null, endpointServiceName: string | null, markerId: string | null, enableDns: boolean | null, dnsNames: Array<string>, vpcId: string | null, subnetId: string | null, createdAt: string | null, updatedAt: string | null, whitelist: Array<string>, enableWhitelist: boolean | null, routeTables: Array<string>, description: string | null, policyDocument: unknown, publicBorderGroup: string | null, tags: Array<{ key: string, value: string }>, policyStatements: Array<{ effect: PolicyEffect, rawEffect: string | null, action: Array<string>, notAction: Array<string>, resource: Array<string>, notResource: Array<string>, condition: unknown, sid: string | null }>, faults: Array<{ code: string | null, message: string | null }> } } | null };

export type UpdateVpcEndpointWhitelistMutationVariables = Exact<{
  input: UpdateVpcEndpointWhitelistInput;
  projectId?: string | null | undefined;
}>;


export type UpdateVpcEndpointWhitelistMutation = { updateVpcEndpointWhitelist: { statusCursor: string, endpoint: { ipVersion: IpVersion | null, rawIpVersion: string | null, ipv6Address: string | null, enableStatus: EnableStatus | null, specificationName: string | null, rawEnableStatus: string | null, id: string, projectId: string, status: VpcEndpointStatus, rawStatus: string, serviceType: EndpointServiceType | null, rawServiceType: string | null, ip: string | null, activeStatus: Array<string>, endpointServiceId: string | null, endpointServiceName: string | null, markerId: string | null, enableDns: boolean | null, dnsNames: Array<string>, vpcId: string | null, subnetId: string | null, createdAt: string | null, updatedAt: string | null, whitelist: Array<string>, enableWhitelist: boolean | null, routeTables: Array<string>, description: string | null, policyDocument: unknown, publicBorderGroup: string | null, tags: Array<{ key: string, value: string }>, policyStatements: Array<{ effect: PolicyEffect, rawEffect: string | null, action: Array<string>, notAction: Array<string>, resource: Array<string>, notResource: Array<string>, condition: unknown, sid: string | null }>, faults: Array<{ code: string | null, message: string | null }> } } | null };

export type UpgradeEndpointServiceMutationVariables = Exact<{
  input: UpgradeEndpointServiceInput;
  projectId?: string | null | undefined;
}>;


export type UpgradeEndpointServiceMutation = { upgradeEndpointService: { service: { status: EndpointServiceStatus, rawStatus: string, serverType: ServerType | null, rawServerType: string | null, projectId: string, vpcId: string | null, portId: string | null, ip: string | null, approvalEnabled: boolean | null, tcpProxy: TcpProxy | null, rawTcpProxy: string | null, supportedEditions: Array<string>, description: string | null, updatedAt: string | null, id: string, serviceName: string | null, serviceType: EndpointServiceType | null, rawServiceType: string | null, createdAt: string | null, isBilled: boolean | null, enablePolicy: boolean | null, ports: Array<{ clientPort: number | null, serverPort: number | null, protocol: string | null }>, tags: Array<{ key: string, value: string }>, faults: Array<{ code: string | null, message: string | null }> } | null } | null };

export type UpgradeVpcEndpointMutationVariables = Exact<{
  input: UpgradeVpcEndpointInput;
  projectId?: string | null | undefined;
}>;


export type UpgradeVpcEndpointMutation = { upgradeVpcEndpoint: { statusCursor: string, endpoint: { ipVersion: IpVersion | null, rawIpVersion: string | null, ipv6Address: string | null, enableStatus: EnableStatus | null, specificationName: string | null, rawEnableStatus: string | null, id: string, projectId: string, status: VpcEndpointStatus, rawStatus: string, serviceType: EndpointServiceType | null, rawServiceType: string | null, ip: string | null, activeStatus: Array<string>, endpointServiceId: string | null, endpointServiceName: string | null, markerId: string | null, enableDns: boolean | null, dnsNames: Array<string>, vpcId: string | null, subnetId: string | null, createdAt: string | null, updatedAt: string | null, whitelist: Array<string>, enableWhitelist: boolean | null, routeTables: Array<string>, description: string | null, policyDocument: unknown, publicBorderGroup: string | null, tags: Array<{ key: string, value: string }>, policyStatements: Array<{ effect: PolicyEffect, rawEffect: string | null, action: Array<string>, notAction: Array<string>, resource: Array<string>, notResource: Array<string>, condition: unknown, sid: string | null }>, faults: Array<{ code: string | null, message: string | null }> } } | null };

export type ViewerQueryVariables = Exact<{ [key: string]: never; }>;


export type ViewerQuery = { viewer: { subject: string, projects: Array<{ id: string, name: string | null, region: string | null, rights: Array<Right>, isDefault: boolean }> } };

export type VpcEndpointQueryVariables = Exact<{
  id: string;
  projectId?: string | null | undefined;
  last?: number | null | undefined;
}>;


export type VpcEndpointQuery = { vpcEndpoint: { ipVersion: IpVersion | null, rawIpVersion: string | null, ipv6Address: string | null, enableStatus: EnableStatus | null, specificationName: string | null, rawEnableStatus: string | null, id: string, projectId: string, status: VpcEndpointStatus, rawStatus: string, serviceType: EndpointServiceType | null, rawServiceType: string | null, ip: string | null, activeStatus: Array<string>, endpointServiceId: string | null, endpointServiceName: string | null, markerId: string | null, enableDns: boolean | null, dnsNames: Array<string>, vpcId: string | null, subnetId: string | null, createdAt: string | null, updatedAt: string | null, whitelist: Array<string>, enableWhitelist: boolean | null, routeTables: Array<string>, description: string | null, policyDocument: unknown, publicBorderGroup: string | null, statusHistory: Array<{ kind: StatusEventKind, status: VpcEndpointStatus, rawStatus: string, previousStatus: VpcEndpointStatus | null, version: number, cursor: string, observedAt: string }> | null, tags: Array<{ key: string, value: string }>, policyStatements: Array<{ effect: PolicyEffect, rawEffect: string | null, action: Array<string>, notAction: Array<string>, resource: Array<string>, notResource: Array<string>, condition: unknown, sid: string | null }>, faults: Array<{ code: string | null, message: string | null }> } | null };

export type VpcEndpointFieldsFragment = { id: string, projectId: string, status: VpcEndpointStatus, rawStatus: string, serviceType: EndpointServiceType | null, rawServiceType: string | null, ip: string | null, activeStatus: Array<string>, endpointServiceId: string | null, endpointServiceName: string | null, markerId: string | null, enableDns: boolean | null, dnsNames: Array<string>, vpcId: string | null, subnetId: string | null, createdAt: string | null, updatedAt: string | null, whitelist: Array<string>, enableWhitelist: boolean | null, routeTables: Array<string>, description: string | null, policyDocument: unknown, publicBorderGroup: string | null, tags: Array<{ key: string, value: string }>, policyStatements: Array<{ effect: PolicyEffect, rawEffect: string | null, action: Array<string>, notAction: Array<string>, resource: Array<string>, notResource: Array<string>, condition: unknown, sid: string | null }>, faults: Array<{ code: string | null, message: string | null }> };

export type VpcEndpointsQueryVariables = Exact<{
  projectId?: string | null | undefined;
  filter?: VpcEndpointFilter | null | undefined;
  orderBy?: SortInput | null | undefined;
  first?: number | null | undefined;
  after?: string | null | undefined;
}>;


export type VpcEndpointsQuery = { vpcEndpoints: { totalCount: number, pageInfo: { hasNextPage: boolean, hasPreviousPage: boolean, startCursor: string | null, endCursor: string | null }, edges: Array<{ cursor: string, node: { id: string, projectId: string, status: VpcEndpointStatus, rawStatus: string, serviceType: EndpointServiceType | null, rawServiceType: string | null, ip: string | null, activeStatus: Array<string>, endpointServiceId: string | null, endpointServiceName: string | null, markerId: string | null, enableDns: boolean | null, dnsNames: Array<string>, vpcId: string | null, subnetId: string | null, createdAt: string | null, updatedAt: string | null, whitelist: Array<string>, enableWhitelist: boolean | null, routeTables: Array<string>, description: string | null, policyDocument: unknown, publicBorderGroup: string | null, tags: Array<{ key: string, value: string }>, policyStatements: Array<{ effect: PolicyEffect, rawEffect: string | null, action: Array<string>, notAction: Array<string>, resource: Array<string>, notResource: Array<string>, condition: unknown, sid: string | null }>, faults: Array<{ code: string | null, message: string | null }> } }> } | null };

/** The text of an operation, with the types of its result and its variables for clients that read `__apiType`. */
export type TypedDocument<Data, Variables> = string & { readonly __apiType?: (variables: Variables) => Data };

/** For `InMemoryCache` of Apollo Client, which else drops the fields of fragments on interfaces. */
export const possibleTypes: Record<string, string[]> = {"ServiceSummary":["EndpointService","EndpointServiceDescription","PublicEndpointService"],"StatusEvent":["EndpointServiceStatusEvent","EndpointStatusEvent","ServiceConnectionStatusEvent"]};
export const AcceptServiceConnectionDocument: TypedDocument<AcceptServiceConnectionMutation, AcceptServiceConnectionMutationVariables> = "mutation AcceptServiceConnection($input:AcceptServiceConnectionInput!$projectId:ID){acceptServiceConnection(input:$input projectId:$projectId){statusCursor results{endpointId connection{...ConnectedEndpointFields}error{code message retryable}}}}fragment ConnectedEndpointFields on ConnectedEndpoint{endpointServiceId endpointId status rawStatus markerId domainId description createdAt updatedAt faults{code message}}";
export const AddEndpointServiceServerResourcesDocument: TypedDocument<AddEndpointServiceServerResourcesMutation, AddEndpointServiceServerResourcesMutationVariables> = "mutation AddEndpointServiceServerResources($input:AddEndpointServiceServerResourcesInput!$projectId:ID){addEndpointServiceServerResources(input:$input projectId:$projectId){service{...EndpointServiceFields}}}fragment EndpointServiceFields on EndpointService{...ServiceSummaryFields status rawStatus serverType rawServerType projectId vpcId portId ip approvalEnabled ports{clientPort serverPort protocol}tcpProxy rawTcpProxy supportedEditions tags{key value}description updatedAt faults{code message}}fragment ServiceSummaryFields on ServiceSummary{id serviceName serviceType rawServiceType createdAt isBilled enablePolicy}";
export const AddResourceTagsDocument: TypedDocument<AddResourceTagsMutation, AddResourceTagsMutationVariables> = "mutation AddResourceTags($input:AddResourceTagsInput!$projectId:ID){addResourceTags(input:$input projectId:$projectId){tags{key value}endpoint{id tags{key value}}service{id tags{key value}}}}";
export const AddServicePermissionsDocument: TypedDocument<AddServicePermissionsMutation, AddServicePermissionsMutationVariables> = "mutation AddServicePermissions($input:AddServicePermissionsInput!$projectId:ID){addServicePermissions(input:$input projectId:$projectId){permissions{...ServicePermissionFields}failures{permission error{code message retryable}}}}fragment ServicePermissionFields on ServicePermission{id permission rawPermissionType description createdAt}";
export const ApiVersionDocument: TypedDocument<ApiVersionQuery, ApiVersionQueryVariables> = "query ApiVersion($id:ID!$projectId:ID){apiVersion(id:$id projectId:$projectId){...ApiVersionFields}}fragment ApiVersionFields on ApiVersion{id status rawStatus updatedAt version minVersion links{href type rel}}";
export const ApiVersionsDocument: TypedDocument<ApiVersionsQuery, ApiVersionsQueryVariables> = "query ApiVersions($projectId:ID){apiVersions(projectId:$projectId){...ApiVersionFields}}fragment ApiVersionFields on ApiVersion{id status rawStatus updatedAt version minVersion links{href type rel}}";
export const ConnectedEndpointsDocument: TypedDocument<ConnectedEndpointsQuery, ConnectedEndpointsQueryVariables> = "query ConnectedEndpoints($id:ID!$projectId:ID$filter:ConnectedEndpointFilter$orderBy:SortInput$first:Int=20$after:String){endpointService(id:$id projectId:$projectId){id connections(filter:$filter orderBy:$orderBy first:$first after:$after){totalCount pageInfo{hasNextPage hasPreviousPage startCursor endCursor}edges{cursor node{...ConnectedEndpointFields endpoint{id projectId rawStatus description}}}}}}fragment ConnectedEndpointFields on ConnectedEndpoint{endpointServiceId endpointId status rawStatus markerId domainId description createdAt updatedAt faults{code message}}";
export const CreateEndpointServiceDocument: TypedDocument<CreateEndpointServiceMutation, CreateEndpointServiceMutationVariables> = "mutation CreateEndpointService($input:CreateEndpointServiceInput!$projectId:ID){createEndpointService(input:$input projectId:$projectId){statusCursor replayed service{...ServiceDetailFields}}}fragment ServiceDetailFields on EndpointService{...EndpointServiceFields ipVersion rawIpVersion snatNetworkId poolId cidrType rawCidrType}fragment EndpointServiceFields on EndpointService{...ServiceSummaryFields status rawStatus serverType rawServerType projectId vpcId portId ip approvalEnabled ports{clientPort serverPort protocol}tcpProxy rawTcpProxy supportedEditions tags{key value}description updatedAt faults{code message}}fragment ServiceSummaryFields on ServiceSummary{id serviceName serviceType rawServiceType createdAt isBilled enablePolicy}";
export const CreateVpcEndpointDocument: TypedDocument<CreateVpcEndpointMutation, CreateVpcEndpointMutationVariables> = "mutation CreateVpcEndpoint($input:CreateVpcEndpointInput!$projectId:ID){createVpcEndpoint(input:$input projectId:$projectId){statusCursor replayed endpoint{...EndpointDetailFields}}}fragment EndpointDetailFields on VpcEndpoint{...VpcEndpointFields ipVersion rawIpVersion ipv6Address enableStatus specificationName rawEnableStatus}fragment VpcEndpointFields on VpcEndpoint{id projectId status rawStatus serviceType rawServiceType ip activeStatus endpointServiceId endpointServiceName markerId enableDns dnsNames vpcId subnetId createdAt updatedAt tags{key value}whitelist enableWhitelist routeTables description policyStatements{effect rawEffect action notAction resource notResource condition sid}policyDocument publicBorderGroup faults{code message}}";
export const DeleteEndpointServiceDocument: TypedDocument<DeleteEndpointServiceMutation, DeleteEndpointServiceMutationVariables> = "mutation DeleteEndpointService($input:DeleteEndpointServiceInput!$projectId:ID){deleteEndpointService(input:$input projectId:$projectId){statusCursor service{...EndpointServiceFields}}}fragment EndpointServiceFields on EndpointService{...ServiceSummaryFields status rawStatus serverType rawServerType projectId vpcId portId ip approvalEnabled ports{clientPort serverPort protocol}tcpProxy rawTcpProxy supportedEditions tags{key value}description updatedAt faults{code message}}fragment ServiceSummaryFields on ServiceSummary{id serviceName serviceType rawServiceType createdAt isBilled enablePolicy}";
export const DeleteVpcEndpointDocument: TypedDocument<DeleteVpcEndpointMutation, DeleteVpcEndpointMutationVariables> = "mutation DeleteVpcEndpoint($input:DeleteVpcEndpointInput!$projectId:ID){deleteVpcEndpoint(input:$input projectId:$projectId){statusCursor endpoint{...VpcEndpointFields}}}fragment VpcEndpointFields on VpcEndpoint{id projectId status rawStatus serviceType rawServiceType ip activeStatus endpointServiceId endpointServiceName markerId enableDns dnsNames vpcId subnetId createdAt updatedAt tags{key value}whitelist enableWhitelist routeTables description policyStatements{effect rawEffect action notAction resource notResource condition sid}policyDocument publicBorderGroup faults{code message}}";
export const DescribeEndpointServiceDocument: TypedDocument<DescribeEndpointServiceQuery, DescribeEndpointServiceQueryVariables> = "query DescribeEndpointService($by:EndpointServiceRefInput!$projectId:ID){describeEndpointService(by:$by projectId:$projectId){...ServiceSummaryFields publicBorderGroup}}fragment ServiceSummaryFields on ServiceSummary{id serviceName serviceType rawServiceType createdAt isBilled enablePolicy}";
export const EndpointServiceDocument: TypedDocument<EndpointServiceQuery, EndpointServiceQueryVariables> = "query EndpointService($id:ID!$projectId:ID){endpointService(id:$id projectId:$projectId){...ServiceDetailFields}}fragment ServiceDetailFields on EndpointService{...EndpointServiceFields ipVersion rawIpVersion snatNetworkId poolId cidrType rawCidrType}fragment EndpointServiceFields on EndpointService{...ServiceSummaryFields status rawStatus serverType rawServerType projectId vpcId portId ip approvalEnabled ports{clientPort serverPort protocol}tcpProxy rawTcpProxy supportedEditions tags{key value}description updatedAt faults{code message}}fragment ServiceSummaryFields on ServiceSummary{id serviceName serviceType rawServiceType createdAt isBilled enablePolicy}";
export const EndpointServiceStatusDocument: TypedDocument<EndpointServiceStatusSubscription, EndpointServiceStatusSubscriptionVariables> = "subscription EndpointServiceStatus($id:ID!$projectId:ID$after:String$until:StatusUntil=DELETED){endpointServiceStatus(id:$id projectId:$projectId after:$after until:$until){...EndpointServiceStatusEventFields}}fragment EndpointServiceStatusEventFields on EndpointServiceStatusEvent{...StatusEventFields endpointServiceId status previousStatus service{...EndpointServiceFields}}fragment StatusEventFields on StatusEvent{kind projectId rawStatus previousRawStatus version cursor more settled observedAt faults{code message}}fragment EndpointServiceFields on EndpointService{...ServiceSummaryFields status rawStatus serverType rawServerType projectId vpcId portId ip approvalEnabled ports{clientPort serverPort protocol}tcpProxy rawTcpProxy supportedEditions tags{key value}description updatedAt faults{code message}}fragment ServiceSummaryFields on ServiceSummary{id serviceName serviceType rawServiceType createdAt isBilled enablePolicy}";
export const EndpointServicesDocument: TypedDocument<EndpointServicesQuery, EndpointServicesQueryVariables> = "query EndpointServices($projectId:ID$filter:EndpointServiceFilter$orderBy:SortInput$first:Int=20$after:String){endpointServices(projectId:$projectId filter:$filter orderBy:$orderBy first:$first after:$after){totalCount pageInfo{hasNextPage hasPreviousPage startCursor endCursor}edges{cursor node{...ListedServiceFields}}}}fragment ListedServiceFields on EndpointService{...EndpointServiceFields domainId connectionCount publicBorderGroup}fragment EndpointServiceFields on EndpointService{...ServiceSummaryFields status rawStatus serverType rawServerType projectId vpcId portId ip approvalEnabled ports{clientPort serverPort protocol}tcpProxy rawTcpProxy supportedEditions tags{key value}description updatedAt faults{code message}}fragment ServiceSummaryFields on ServiceSummary{id serviceName serviceType rawServiceType createdAt isBilled enablePolicy}";
export const EndpointStatusDocument: TypedDocument<EndpointStatusSubscription, EndpointStatusSubscriptionVariables> = "subscription EndpointStatus($id:ID!$projectId:ID$after:String$until:StatusUntil=DELETED){endpointStatus(id:$id projectId:$projectId after:$after until:$until){...EndpointStatusEventFields}}fragment EndpointStatusEventFields on EndpointStatusEvent{...StatusEventFields endpointId status previousStatus endpoint{...VpcEndpointFields}}fragment StatusEventFields on StatusEvent{kind projectId rawStatus previousRawStatus version cursor more settled observedAt faults{code message}}fragment VpcEndpointFields on VpcEndpoint{id projectId status rawStatus serviceType rawServiceType ip activeStatus endpointServiceId endpointServiceName markerId enableDns dnsNames vpcId subnetId createdAt updatedAt tags{key value}whitelist enableWhitelist routeTables description policyStatements{effect rawEffect action notAction resource notResource condition sid}policyDocument publicBorderGroup faults{code message}}";
export const ProjectDocument: TypedDocument<ProjectQuery, ProjectQueryVariables> = "query Project($id:ID$endpointFilter:VpcEndpointFilter$serviceFilter:EndpointServiceFilter$publicServiceFilter:PublicEndpointServiceFilter$orderBy:SortInput$first:Int=20$quotaType:QuotaTypeInput$resourceType:TaggedResourceType!){project(id:$id){...ProjectFields endpoints(filter:$endpointFilter orderBy:$orderBy first:$first){totalCount pageInfo{hasNextPage endCursor}nodes{...VpcEndpointFields}}services(filter:$serviceFilter orderBy:$orderBy first:$first){totalCount pageInfo{hasNextPage endCursor}nodes{...ListedServiceFields}}publicServices(filter:$publicServiceFilter orderBy:$orderBy first:$first){totalCount pageInfo{hasNextPage endCursor}nodes{id serviceName serviceType}}quotas(type:$quotaType){type rawType used limit}tags(resourceType:$resourceType){key values}}}fragment ProjectFields on Project{id name region rights isDefault}fragment VpcEndpointFields on VpcEndpoint{id projectId status rawStatus serviceType rawServiceType ip activeStatus endpointServiceId endpointServiceName markerId enableDns dnsNames vpcId subnetId createdAt updatedAt tags{key value}whitelist enableWhitelist routeTables description policyStatements{effect rawEffect action notAction resource notResource condition sid}policyDocument publicBorderGroup faults{code message}}fragment ListedServiceFields on EndpointService{...EndpointServiceFields domainId connectionCount publicBorderGroup}fragment EndpointServiceFields on EndpointService{...ServiceSummaryFields status rawStatus serverType rawServerType projectId vpcId portId ip approvalEnabled ports{clientPort serverPort protocol}tcpProxy rawTcpProxy supportedEditions tags{key value}description updatedAt faults{code message}}fragment ServiceSummaryFields on ServiceSummary{id serviceName serviceType rawServiceType createdAt isBilled enablePolicy}";
export const ProjectEndpointServiceStatusDocument: TypedDocument<ProjectEndpointServiceStatusSubscription, ProjectEndpointServiceStatusSubscriptionVariables> = "subscription ProjectEndpointServiceStatus($projectId:ID$ids:[ID!]$after:String){projectEndpointServiceStatus(projectId:$projectId ids:$ids after:$after){...EndpointServiceStatusEventFields}}fragment EndpointServiceStatusEventFields on EndpointServiceStatusEvent{...StatusEventFields endpointServiceId status previousStatus service{...EndpointServiceFields}}fragment StatusEventFields on StatusEvent{kind projectId rawStatus previousRawStatus version cursor more settled observedAt faults{code message}}fragment EndpointServiceFields on EndpointService{...ServiceSummaryFields status rawStatus serverType rawServerType projectId vpcId portId ip approvalEnabled ports{clientPort serverPort protocol}tcpProxy rawTcpProxy supportedEditions tags{key value}description updatedAt faults{code message}}fragment ServiceSummaryFields on ServiceSummary{id serviceName serviceType rawServiceType createdAt isBilled enablePolicy}";
export const ProjectEndpointStatusDocument: TypedDocument<ProjectEndpointStatusSubscription, ProjectEndpointStatusSubscriptionVariables> = "subscription ProjectEndpointStatus($projectId:ID$ids:[ID!]$after:String){projectEndpointStatus(projectId:$projectId ids:$ids after:$after){...EndpointStatusEventFields}}fragment EndpointStatusEventFields on EndpointStatusEvent{...StatusEventFields endpointId status previousStatus endpoint{...VpcEndpointFields}}fragment StatusEventFields on StatusEvent{kind projectId rawStatus previousRawStatus version cursor more settled observedAt faults{code message}}fragment VpcEndpointFields on VpcEndpoint{id projectId status rawStatus serviceType rawServiceType ip activeStatus endpointServiceId endpointServiceName markerId enableDns dnsNames vpcId subnetId createdAt updatedAt tags{key value}whitelist enableWhitelist routeTables description policyStatements{effect rawEffect action notAction resource notResource condition sid}policyDocument publicBorderGroup faults{code message}}";
export const ProjectTagsDocument: TypedDocument<ProjectTagsQuery, ProjectTagsQueryVariables> = "query ProjectTags($resourceType:TaggedResourceType!$projectId:ID){projectTags(resourceType:$resourceType projectId:$projectId){key values}}";
export const PublicEndpointServicesDocument: TypedDocument<PublicEndpointServicesQuery, PublicEndpointServicesQueryVariables> = "query PublicEndpointServices($projectId:ID$filter:PublicEndpointServiceFilter$orderBy:SortInput$first:Int=20$after:String){publicEndpointServices(projectId:$projectId filter:$filter orderBy:$orderBy first:$first after:$after){totalCount pageInfo{hasNextPage endCursor}edges{cursor node{...ServiceSummaryFields owner}}}}fragment ServiceSummaryFields on ServiceSummary{id serviceName serviceType rawServiceType createdAt isBilled enablePolicy}";
export const QuotasDocument: TypedDocument<QuotasQuery, QuotasQueryVariables> = "query Quotas($projectId:ID$type:QuotaTypeInput){quotas(projectId:$projectId type:$type){type rawType used limit}}";
export const RejectServiceConnectionDocument: TypedDocument<RejectServiceConnectionMutation, RejectServiceConnectionMutationVariables> = "mutation RejectServiceConnection($input:RejectServiceConnectionInput!$projectId:ID){rejectServiceConnection(input:$input projectId:$projectId){statusCursor results{endpointId connection{...ConnectedEndpointFields}error{code message retryable}}}}fragment ConnectedEndpointFields on ConnectedEndpoint{endpointServiceId endpointId status rawStatus markerId domainId description createdAt updatedAt faults{code message}}";
export const RemoveResourceTagsDocument: TypedDocument<RemoveResourceTagsMutation, RemoveResourceTagsMutationVariables> = "mutation RemoveResourceTags($input:RemoveResourceTagsInput!$projectId:ID){removeResourceTags(input:$input projectId:$projectId){tags{key value}endpoint{id tags{key value}}service{id tags{key value}}}}";
export const RemoveServicePermissionsDocument: TypedDocument<RemoveServicePermissionsMutation, RemoveServicePermissionsMutationVariables> = "mutation RemoveServicePermissions($input:RemoveServicePermissionsInput!$projectId:ID){removeServicePermissions(input:$input projectId:$projectId){permissions{...ServicePermissionFields}failures{permission error{code message retryable}}}}fragment ServicePermissionFields on ServicePermission{id permission rawPermissionType description createdAt}";
export const RenameEndpointServiceDocument: TypedDocument<RenameEndpointServiceMutation, RenameEndpointServiceMutationVariables> = "mutation RenameEndpointService($input:RenameEndpointServiceInput!$projectId:ID){renameEndpointService(input:$input projectId:$projectId){service{...EndpointServiceFields}}}fragment EndpointServiceFields on EndpointService{...ServiceSummaryFields status rawStatus serverType rawServerType projectId vpcId portId ip approvalEnabled ports{clientPort serverPort protocol}tcpProxy rawTcpProxy supportedEditions tags{key value}description updatedAt faults{code message}}fragment ServiceSummaryFields on ServiceSummary{id serviceName serviceType rawServiceType createdAt isBilled enablePolicy}";
export const ResourcesByTagsDocument: TypedDocument<ResourcesByTagsQuery, ResourcesByTagsQueryVariables> = "query ResourcesByTags($resourceType:TaggedResourceType!$filter:ResourceTagFilter$first:Int=20$after:String$projectId:ID){resourcesByTags(resourceType:$resourceType filter:$filter first:$first after:$after projectId:$projectId){totalCount pageInfo{hasNextPage hasPreviousPage startCursor endCursor}nodes{resourceId resourceType resourceName resourceDetail tags{key value}}}}";
export const ServiceConnectionStatusDocument: TypedDocument<ServiceConnectionStatusSubscription, ServiceConnectionStatusSubscriptionVariables> = "subscription ServiceConnectionStatus($endpointServiceId:ID!$projectId:ID$after:String){serviceConnectionStatus(endpointServiceId:$endpointServiceId projectId:$projectId after:$after){...StatusEventFields endpointServiceId endpointId status previousStatus connection{...ConnectedEndpointFields}}}fragment StatusEventFields on StatusEvent{kind projectId rawStatus previousRawStatus version cursor more settled observedAt faults{code message}}fragment ConnectedEndpointFields on ConnectedEndpoint{endpointServiceId endpointId status rawStatus markerId domainId description createdAt updatedAt faults{code message}}";
export const ServicePermissionsDocument: TypedDocument<ServicePermissionsQuery, ServicePermissionsQueryVariables> = "query ServicePermissions($id:ID!$projectId:ID$filter:ServicePermissionFilter$orderBy:SortInput$first:Int=20$after:String){endpointService(id:$id projectId:$projectId){id permissions(filter:$filter orderBy:$orderBy first:$first after:$after){totalCount pageInfo{hasNextPage hasPreviousPage startCursor endCursor}edges{cursor node{...ServicePermissionFields}}}}}fragment ServicePermissionFields on ServicePermission{id permission rawPermissionType description createdAt}";
export const UpdateEndpointServiceDocument: TypedDocument<UpdateEndpointServiceMutation, UpdateEndpointServiceMutationVariables> = "mutation UpdateEndpointService($input:UpdateEndpointServiceInput!$projectId:ID){updateEndpointService(input:$input projectId:$projectId){service{...EndpointServiceFields}}}fragment EndpointServiceFields on EndpointService{...ServiceSummaryFields status rawStatus serverType rawServerType projectId vpcId portId ip approvalEnabled ports{clientPort serverPort protocol}tcpProxy rawTcpProxy supportedEditions tags{key value}description updatedAt faults{code message}}fragment ServiceSummaryFields on ServiceSummary{id serviceName serviceType rawServiceType createdAt isBilled enablePolicy}";
export const UpdateServiceConnectionDescriptionDocument: TypedDocument<UpdateServiceConnectionDescriptionMutation, UpdateServiceConnectionDescriptionMutationVariables> = "mutation UpdateServiceConnectionDescription($input:UpdateServiceConnectionDescriptionInput!$projectId:ID){updateServiceConnectionDescription(input:$input projectId:$projectId){connection{...ConnectedEndpointFields}}}fragment ConnectedEndpointFields on ConnectedEndpoint{endpointServiceId endpointId status rawStatus markerId domainId description createdAt updatedAt faults{code message}}";
export const UpdateServicePermissionDescriptionDocument: TypedDocument<UpdateServicePermissionDescriptionMutation, UpdateServicePermissionDescriptionMutationVariables> = "mutation UpdateServicePermissionDescription($input:UpdateServicePermissionDescriptionInput!$projectId:ID){updateServicePermissionDescription(input:$input projectId:$projectId){permission{...ServicePermissionFields}}}fragment ServicePermissionFields on ServicePermission{id permission rawPermissionType description createdAt}";
export const UpdateVpcEndpointPolicyDocument: TypedDocument<UpdateVpcEndpointPolicyMutation, UpdateVpcEndpointPolicyMutationVariables> = "mutation UpdateVpcEndpointPolicy($input:UpdateVpcEndpointPolicyInput!$projectId:ID){updateVpcEndpointPolicy(input:$input projectId:$projectId){statusCursor endpoint{...EndpointDetailFields}}}fragment EndpointDetailFields on VpcEndpoint{...VpcEndpointFields ipVersion rawIpVersion ipv6Address enableStatus specificationName rawEnableStatus}fragment VpcEndpointFields on VpcEndpoint{id projectId status rawStatus serviceType rawServiceType ip activeStatus endpointServiceId endpointServiceName markerId enableDns dnsNames vpcId subnetId createdAt updatedAt tags{key value}whitelist enableWhitelist routeTables description policyStatements{effect rawEffect action notAction resource notResource condition sid}policyDocument publicBorderGroup faults{code message}}";
export const UpdateVpcEndpointRouteTablesDocument: TypedDocument<UpdateVpcEndpointRouteTablesMutation, UpdateVpcEndpointRouteTablesMutationVariables> = "mutation UpdateVpcEndpointRouteTables($input:UpdateVpcEndpointRouteTablesInput!$projectId:ID){updateVpcEndpointRouteTables(input:$input projectId:$projectId){statusCursor failures{routeTableId action message}endpoint{...EndpointDetailFields}}}fragment EndpointDetailFields on VpcEndpoint{...VpcEndpointFields ipVersion rawIpVersion ipv6Address enableStatus specificationName rawEnableStatus}fragment VpcEndpointFields on VpcEndpoint{id projectId status rawStatus serviceType rawServiceType ip activeStatus endpointServiceId endpointServiceName markerId enableDns dnsNames vpcId subnetId createdAt updatedAt tags{key value}whitelist enableWhitelist routeTables description policyStatements{effect rawEffect action notAction resource notResource condition sid}policyDocument publicBorderGroup faults{code message}}";
export const UpdateVpcEndpointWhitelistDocument: TypedDocument<UpdateVpcEndpointWhitelistMutation, UpdateVpcEndpointWhitelistMutationVariables> = "mutation UpdateVpcEndpointWhitelist($input:UpdateVpcEndpointWhitelistInput!$projectId:ID){updateVpcEndpointWhitelist(input:$input projectId:$projectId){statusCursor endpoint{...EndpointDetailFields}}}fragment EndpointDetailFields on VpcEndpoint{...VpcEndpointFields ipVersion rawIpVersion ipv6Address enableStatus specificationName rawEnableStatus}fragment VpcEndpointFields on VpcEndpoint{id projectId status rawStatus serviceType rawServiceType ip activeStatus endpointServiceId endpointServiceName markerId enableDns dnsNames vpcId subnetId createdAt updatedAt tags{key value}whitelist enableWhitelist routeTables description policyStatements{effect rawEffect action notAction resource notResource condition sid}policyDocument publicBorderGroup faults{code message}}";
export const UpgradeEndpointServiceDocument: TypedDocument<UpgradeEndpointServiceMutation, UpgradeEndpointServiceMutationVariables> = "mutation UpgradeEndpointService($input:UpgradeEndpointServiceInput!$projectId:ID){upgradeEndpointService(input:$input projectId:$projectId){service{...EndpointServiceFields}}}fragment EndpointServiceFields on EndpointService{...ServiceSummaryFields status rawStatus serverType rawServerType projectId vpcId portId ip approvalEnabled ports{clientPort serverPort protocol}tcpProxy rawTcpProxy supportedEditions tags{key value}description updatedAt faults{code message}}fragment ServiceSummaryFields on ServiceSummary{id serviceName serviceType rawServiceType createdAt isBilled enablePolicy}";
export const UpgradeVpcEndpointDocument: TypedDocument<UpgradeVpcEndpointMutation, UpgradeVpcEndpointMutationVariables> = "mutation UpgradeVpcEndpoint($input:UpgradeVpcEndpointInput!$projectId:ID){upgradeVpcEndpoint(input:$input projectId:$projectId){statusCursor endpoint{...EndpointDetailFields}}}fragment EndpointDetailFields on VpcEndpoint{...VpcEndpointFields ipVersion rawIpVersion ipv6Address enableStatus specificationName rawEnableStatus}fragment VpcEndpointFields on VpcEndpoint{id projectId status rawStatus serviceType rawServiceType ip activeStatus endpointServiceId endpointServiceName markerId enableDns dnsNames vpcId subnetId createdAt updatedAt tags{key value}whitelist enableWhitelist routeTables description policyStatements{effect rawEffect action notAction resource notResource condition sid}policyDocument publicBorderGroup faults{code message}}";
export const ViewerDocument: TypedDocument<ViewerQuery, ViewerQueryVariables> = "query Viewer{viewer{subject projects{...ProjectFields}}}fragment ProjectFields on Project{id name region rights isDefault}";
export const VpcEndpointDocument: TypedDocument<VpcEndpointQuery, VpcEndpointQueryVariables> = "query VpcEndpoint($id:ID!$projectId:ID$last:Int=20){vpcEndpoint(id:$id projectId:$projectId){...EndpointDetailFields statusHistory(last:$last){kind status rawStatus previousStatus version cursor observedAt}}}fragment EndpointDetailFields on VpcEndpoint{...VpcEndpointFields ipVersion rawIpVersion ipv6Address enableStatus specificationName rawEnableStatus}fragment VpcEndpointFields on VpcEndpoint{id projectId status rawStatus serviceType rawServiceType ip activeStatus endpointServiceId endpointServiceName markerId enableDns dnsNames vpcId subnetId createdAt updatedAt tags{key value}whitelist enableWhitelist routeTables description policyStatements{effect rawEffect action notAction resource notResource condition sid}policyDocument publicBorderGroup faults{code message}}";
export const VpcEndpointsDocument: TypedDocument<VpcEndpointsQuery, VpcEndpointsQueryVariables> = "query VpcEndpoints($projectId:ID$filter:VpcEndpointFilter$orderBy:SortInput$first:Int=20$after:String){vpcEndpoints(projectId:$projectId filter:$filter orderBy:$orderBy first:$first after:$after){totalCount pageInfo{hasNextPage hasPreviousPage startCursor endCursor}edges{cursor node{...VpcEndpointFields}}}}fragment VpcEndpointFields on VpcEndpoint{id projectId status rawStatus serviceType rawServiceType ip activeStatus endpointServiceId endpointServiceName markerId enableDns dnsNames vpcId subnetId createdAt updatedAt tags{key value}whitelist enableWhitelist routeTables description policyStatements{effect rawEffect action notAction resource notResource condition sid}policyDocument publicBorderGroup faults{code message}}";