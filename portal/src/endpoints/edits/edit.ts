import type { VpcEndpointQuery } from 'vpcep-gateway/documents';

export type Endpoint = NonNullable<VpcEndpointQuery['vpcEndpoint']>;

export interface EditProps {
  readonly endpoint: Endpoint;
  readonly canEdit: boolean;
}
