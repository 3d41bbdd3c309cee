/** An endpoint as the owner of its service sees it (schema/vpcep.openapi.yaml, `ConnectionEndpoints`). */

import type { UpstreamFault } from '../core/model.ts';
import type { VpcEndpointStatus } from '../endpoint/model.ts';

export interface ConnectedEndpoint {
  readonly endpointId: string;
  readonly status: VpcEndpointStatus;
  /** Upstream's own word, never empty. */
  readonly rawStatus: string;
  /** Decimal digits: samples pass 2^53 (docs/upstream/NOTES.md, "Type quirks"). */
  readonly markerId: string | null;
  /** The account of the endpoint's owner. */
  readonly domainId: string | null;
  readonly description: string | null;
  /** UTC text `YYYY-MM-DDTHH:MM:SSZ`. */
  readonly createdAt: string | null;
  readonly updatedAt: string | null;
  readonly faults: readonly UpstreamFault[];
}

export interface ConnectionPage {
  readonly connections: readonly ConnectedEndpoint[];
  /** All matches, paging ignored. */
  readonly totalCount: number;
}

/** The only words that can be asked for (docs/upstream/NOTES.md, "Endpoint service and connection status"). */
export type ConnectionStatusFilter = Extract<
  VpcEndpointStatus,
  'PENDING_ACCEPTANCE' | 'ACCEPTED' | 'REJECTED' | 'FAILED'
>;

/** Query of ListServiceConnections: sort keys lack the d, `limit` 1 to 1000 (docs/upstream/NOTES.md, "Lists"). */
export interface ListConnectionsQuery {
  readonly endpointId?: string;
  readonly markerId?: string;
  readonly status?: ConnectionStatusFilter;
  readonly limit?: number;
  readonly offset?: number;
  readonly sortKey?: 'create_at' | 'update_at';
  readonly sortDir?: 'asc' | 'desc';
}

export type ConnectionDecision = 'accept' | 'reject';

/** At most 512 characters without angle brackets; empty clears the text. */
export interface ConnectionText {
  readonly endpointId: string;
  readonly description: string;
}
