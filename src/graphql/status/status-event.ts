import type { UpstreamFault } from '../../vpcep/core/model.ts';
import {
  completeEndpoint,
  isSettled,
  statusOf,
  type VpcEndpoint,
  type VpcEndpointStatus,
} from '../../vpcep/endpoint/model.ts';
import type { StatusEvent } from '../../watch/watch.ts';

/** What `EndpointStatusEvent` of the schema is resolved from. */
export interface StatusEventRecord {
  readonly kind: StatusEvent['kind'];
  readonly endpointId: string;
  readonly projectId: string;
  readonly status: VpcEndpointStatus;
  readonly rawStatus: string;
  readonly previousStatus: VpcEndpointStatus | null;
  readonly version: number;
  readonly cursor: string;
  readonly more: boolean;
  readonly settled: boolean;
  /** ISO text with milliseconds. */
  readonly observedAt: string;
  readonly faults: readonly UpstreamFault[];
  readonly endpoint: VpcEndpoint | null;
}

export function statusEventRecord(event: StatusEvent): StatusEventRecord {
  const status = statusOf(event.rawStatus);
  const fields = { ...event.fields, projectId: event.projectId };
  return {
    kind: event.kind,
    endpointId: event.endpointId,
    projectId: event.projectId,
    status,
    rawStatus: event.rawStatus,
    previousStatus: event.previousRawStatus === null ? null : statusOf(event.previousRawStatus),
    version: event.version,
    cursor: event.cursor,
    more: event.more,
    settled: isSettled(event.rawStatus),
    observedAt: new Date(Math.floor(event.observedAt / 1000)).toISOString(),
    faults: event.fields.faults ?? [],
    endpoint:
      status === 'DELETED' ? null : completeEndpoint({ id: event.endpointId, rawStatus: event.rawStatus, fields }),
  };
}
