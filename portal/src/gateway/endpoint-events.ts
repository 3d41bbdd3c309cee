import { useEffect, useState } from 'react';
import { type CombinedError, useClient } from 'urql';
import {
  EndpointStatusDocument,
  type EndpointStatusSubscription,
  type EndpointStatusSubscriptionVariables,
} from 'vpcep-gateway/documents';

export type EndpointEvent = EndpointStatusSubscription['endpointStatus'];

/** All events of one endpoint behind a cursor, oldest first; null: from the state now on. */
export function useEndpointEvents(id: string, projectId: string, after: string | null) {
  const client = useClient();
  const [events, setEvents] = useState<readonly EndpointEvent[]>([]);
  const [error, setError] = useState<CombinedError>();
  useEffect(() => {
    const variables = { id, projectId, after, until: 'DELETED' as const };
    return client
      .subscription<EndpointStatusSubscription, EndpointStatusSubscriptionVariables>(EndpointStatusDocument, variables)
      .subscribe(({ data, error: problem }) => {
        setError(problem);
        const event = data?.endpointStatus;
        if (event !== undefined) setEvents((before) => [...before, event]);
      }).unsubscribe;
  }, [client, id, projectId, after]);
  return { events, error };
}
