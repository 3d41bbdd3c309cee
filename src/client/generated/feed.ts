/** Internal type. DO NOT USE DIRECTLY. */
type Exact<T extends { [key: string]: unknown }> = { [K in keyof T]: T[K] };
/** Internal type. DO NOT USE DIRECTLY. */
export type Incremental<T> = T | { [P in keyof T]?: P extends ' $fragmentName' | '__typename' ? T[P] : never };
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

/** The kind of endpoint service that an endpoint connects to. */
export type EndpointServiceType =
  /** Reached through a route table (for example OBS); run by the cloud operator. */
  | 'GATEWAY'
  /** Reached through an IP address in your subnet. */
  | 'INTERFACE'
  /** A word that this version does not know: see `rawServiceType`. */
  | 'UNKNOWN';

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

type Event_EndpointServiceStatusEvent_Fragment = { kind: StatusEventKind, projectId: string, rawStatus: string, previousRawStatus: string | null, version: number, cursor: string, more: boolean, settled: boolean, observedAt: string, faults: Array<{ code: string | null, message: string | null }> };

type Event_EndpointStatusEvent_Fragment = { kind: StatusEventKind, projectId: string, rawStatus: string, previousRawStatus: string | null, version: number, cursor: string, more: boolean, settled: boolean, observedAt: string, faults: Array<{ code: string | null, message: string | null }> };

type Event_ServiceConnectionStatusEvent_Fragment = { kind: StatusEventKind, projectId: string, rawStatus: string, previousRawStatus: string | null, version: number, cursor: string, more: boolean, settled: boolean, observedAt: string, faults: Array<{ code: string | null, message: string | null }> };

export type EventFragment =
  | Event_EndpointServiceStatusEvent_Fragment
  | Event_EndpointStatusEvent_Fragment
  | Event_ServiceConnectionStatusEvent_Fragment
;

export type EndpointFragment = { endpointId: string, status: VpcEndpointStatus, previousStatus: VpcEndpointStatus | null, kind: StatusEventKind, projectId: string, rawStatus: string, previousRawStatus: string | null, version: number, cursor: string, more: boolean, settled: boolean, observedAt: string, endpoint: { id: string, ip: string | null, ipv6Address: string | null, serviceType: EndpointServiceType | null, endpointServiceId: string | null, endpointServiceName: string | null, vpcId: string | null, subnetId: string | null, dnsNames: Array<string>, description: string | null, createdAt: string | null, updatedAt: string | null, tags: Array<{ key: string, value: string }> } | null, faults: Array<{ code: string | null, message: string | null }> };

export type WatchEndpointSubscriptionVariables = Exact<{
  id: string;
  projectId?: string | null | undefined;
  after?: string | null | undefined;
  until?: StatusUntil | null | undefined;
}>;


export type WatchEndpointSubscription = { endpointStatus: { endpointId: string, status: VpcEndpointStatus, previousStatus: VpcEndpointStatus | null, kind: StatusEventKind, projectId: string, rawStatus: string, previousRawStatus: string | null, version: number, cursor: string, more: boolean, settled: boolean, observedAt: string, endpoint: { id: string, ip: string | null, ipv6Address: string | null, serviceType: EndpointServiceType | null, endpointServiceId: string | null, endpointServiceName: string | null, vpcId: string | null, subnetId: string | null, dnsNames: Array<string>, description: string | null, createdAt: string | null, updatedAt: string | null, tags: Array<{ key: string, value: string }> } | null, faults: Array<{ code: string | null, message: string | null }> } };

export type WatchProjectSubscriptionVariables = Exact<{
  projectId?: string | null | undefined;
  ids?: Array<string> | string | null | undefined;
  after?: string | null | undefined;
}>;


export type WatchProjectSubscription = { projectEndpointStatus: { endpointId: string, status: VpcEndpointStatus, previousStatus: VpcEndpointStatus | null, kind: StatusEventKind, projectId: string, rawStatus: string, previousRawStatus: string | null, version: number, cursor: string, more: boolean, settled: boolean, observedAt: string, endpoint: { id: string, ip: string | null, ipv6Address: string | null, serviceType: EndpointServiceType | null, endpointServiceId: string | null, endpointServiceName: string | null, vpcId: string | null, subnetId: string | null, dnsNames: Array<string>, description: string | null, createdAt: string | null, updatedAt: string | null, tags: Array<{ key: string, value: string }> } | null, faults: Array<{ code: string | null, message: string | null }> } | null };

export type WatchServiceSubscriptionVariables = Exact<{
  id: string;
  projectId?: string | null | undefined;
  after?: string | null | undefined;
  until?: StatusUntil | null | undefined;
}>;


export type WatchServiceSubscription = { endpointServiceStatus: { endpointServiceId: string, status: EndpointServiceStatus, previousStatus: EndpointServiceStatus | null, kind: StatusEventKind, projectId: string, rawStatus: string, previousRawStatus: string | null, version: number, cursor: string, more: boolean, settled: boolean, observedAt: string, service: { id: string, serviceName: string | null, serverType: ServerType | null, vpcId: string | null, portId: string | null, approvalEnabled: boolean | null, description: string | null, createdAt: string | null, updatedAt: string | null, tags: Array<{ key: string, value: string }> } | null, faults: Array<{ code: string | null, message: string | null }> } };

export type WatchConnectionsSubscriptionVariables = Exact<{
  endpointServiceId: string;
  projectId?: string | null | undefined;
  after?: string | null | undefined;
}>;


export type WatchConnectionsSubscription = { serviceConnectionStatus: { endpointServiceId: string, endpointId: string, status: VpcEndpointStatus, previousStatus: VpcEndpointStatus | null, kind: StatusEventKind, projectId: string, rawStatus: string, previousRawStatus: string | null, version: number, cursor: string, more: boolean, settled: boolean, observedAt: string, connection: { endpointId: string, markerId: string | null, domainId: string | null, description: string | null, createdAt: string | null, updatedAt: string | null } | null, faults: Array<{ code: string | null, message: string | null }> } | null };
