import { InMemoryCache } from '@apollo/client/core';
import { cacheExchange } from '@urql/exchange-graphcache';
import { possibleTypes } from 'vpcep-gateway/documents';

// What has an `id` is found by it: both caches do that by default. A connection is named by its service and its endpoint.
export const apolloCache = new InMemoryCache({
  possibleTypes,
  typePolicies: { ConnectedEndpoint: { keyFields: ['endpointServiceId', 'endpointId'] } },
});

// Graphcache wants to know of every other type that it has no key.
const WITHOUT_KEY =
  `ApiLink ConnectionDecisionResult EndpointServiceStatusEvent EndpointStatusEvent PolicyStatement PortMapping
  Quota RouteTableFailure ServiceConnectionStatusEvent ServicePermissionFailure Tag TagValues TaggedResource UpstreamFault Viewer
  WriteFailure`.split(/\s+/);
export const urqlCache = cacheExchange({
  possibleTypes,
  keys: {
    ...Object.fromEntries(WITHOUT_KEY.map((type) => [type, () => null])),
    ConnectedEndpoint: ({ endpointServiceId, endpointId }) => `${endpointServiceId}/${endpointId}`,
  },
});
