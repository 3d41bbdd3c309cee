import { useClient } from 'urql';
import { VpcEndpointDocument, type VpcEndpointQuery, type VpcEndpointQueryVariables } from 'vpcep-gateway/documents';
import type { Whole } from '../../parts/edit-dialog.tsx';

export type Endpoint = NonNullable<VpcEndpointQuery['vpcEndpoint']>;

export interface EditProps {
  readonly endpoint: Endpoint;
  readonly canEdit: boolean;
}

/** For an edit that replaces all that `linesOf` gives. The feed tells of the status alone, so this is read anew before it is saved. */
export function useWhole(endpoint: Endpoint, linesOf: (endpoint: Endpoint) => readonly string[]): Whole {
  const client = useClient();
  const { id, projectId } = endpoint;
  return {
    lines: linesOf(endpoint),
    read: async () => {
      const { data } = await client
        .query<VpcEndpointQuery, VpcEndpointQueryVariables>(
          VpcEndpointDocument as string,
          { id, projectId },
          { requestPolicy: 'network-only' },
        )
        .toPromise();
      return data?.vpcEndpoint ? linesOf(data.vpcEndpoint) : null;
    },
  };
}
