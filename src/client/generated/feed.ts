/** Internal type. DO NOT USE DIRECTLY. */
type Exact<T extends { [key: string]: unknown }> = { [K in keyof T]: T[K] };
/** Internal type. DO NOT USE DIRECTLY. */
export type Incremental<T> = T | { [P in keyof T]?: P extends ' $fragmentName' | '__typename' ? T[P] : never };
/** The kind of endpoint service that an endpoint connects to. */
export type EndpointServiceType =
  /** Reached through a route table (for example OBS); run by the cloud operator. */
  | 'GATEWAY'
  /** Reached through an IP address in your subnet. */
  | 'INTERFACE'
  /** A word that this version does not know: see `rawServiceType`. */
  | 'UNKNOWN';

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

export type EventFragment = { kind: StatusEventKind, endpointId: string, projectId: string, status: VpcEndpointStatus, rawStatus: string, previousStatus: VpcEndpointStatus | null, version: number, cursor: string, more: boolean, settled: boolean, observedAt: string, faults: Array<{ code: string | null, message: string | null }>, endpoint: { id: string, ip: string | null, ipv6Address: string | null, serviceType: EndpointServiceType | null, endpointServiceId: string | null, endpointServiceName: string | null, vpcId: string | null, subnetId: string | null, dnsNames: Array<string>, description: string | null, createdAt: string | null, updatedAt: string | null, tags: Array<{ key: string, value: string }> } | null };

export type WatchEndpointSubscriptionVariables = Exact<{
  id: string;
  projectId?: string | null | undefined;
  after?: string | null | undefined;
  until?: StatusUntil | null | undefined;
}>;


export type WatchEndpointSubscription = { endpointStatus: { kind: StatusEventKind, endpointId: string, projectId: string, status: VpcEndpointStatus, rawStatus: string, previousStatus: VpcEndpointStatus | null, version: number, cursor: string, more: boolean, settled: boolean, observedAt: string, faults: Array<{ code: string | null, message: string | null }>, endpoint: { id: string, ip: string | null, ipv6Address: string | null, serviceType: EndpointServiceType | null, endpointServiceId: string | null, endpointServiceName: string | null, vpcId: string | null, subnetId: string | null, dnsNames: Array<string>, description: string | null, createdAt: string | null, updatedAt: string | null, tags: Array<{ key: string, value: string }> } | null } };

export type WatchProjectSubscriptionVariables = Exact<{
  projectId?: string | null | undefined;
  ids?: Array<string> | string | null | undefined;
  after?: string | null | undefined;
}>;


export type WatchProjectSubscription = { projectEndpointStatus: { kind: StatusEventKind, endpointId: string, projectId: string, status: VpcEndpointStatus, rawStatus: string, previousStatus: VpcEndpointStatus | null, version: number, cursor: string, more: boolean, settled: boolean, observedAt: string, faults: Array<{ code: string | null, message: string | null }>, endpoint: { id: string, ip: string | null, ipv6Address: string | null, serviceType: EndpointServiceType | null, endpointServiceId: string | null, endpointServiceName: string | null, vpcId: string | null, subnetId: string | null, dnsNames: Array<string>, description: string | null, createdAt: string | null, updatedAt: string | null, tags: Array<{ key: string, value: string }> } | null } };
