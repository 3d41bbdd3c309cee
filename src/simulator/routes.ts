import type { Answer, Call } from './core/call.ts';
import * as connections from './resources/connection-operations.ts';
import * as edits from './resources/endpoint-operations.ts';
import * as endpoints from './resources/endpoint-operations.ts';
import * as permissions from './resources/permission-operations.ts';
import * as quotas from './resources/quota-operations.ts';
import * as serviceChanges from './resources/service-operations.ts';
import * as services from './resources/service-operations.ts';
import * as tags from './resources/tag-operations.ts';
import * as versions from './resources/version-operations.ts';

export interface Route {
  /** operationId of vpcep.openapi.yaml. */
  readonly operation: string;
  readonly method: string;
  readonly template: string;
  readonly handle: (call: Call) => Answer;
}

const ENDPOINTS = '/v1/{project_id}/vpc-endpoints';
const ENDPOINT = `${ENDPOINTS}/{vpc_endpoint_id}`;
const RESOURCES = '/v1/{project_id}/{resource_type}';
const SERVICES = '/v1/{project_id}/vpc-endpoint-services';
const SERVICE = `${SERVICES}/{vpc_endpoint_service_id}`;
const SERVICE_V2 = '/v2/{project_id}/vpc-endpoint-services/{vpc_endpoint_service_id}';

/** First match wins, so words stand before templates. */
export const ROUTES: readonly Route[] = [
  { operation: 'CreateEndpoint', method: 'POST', template: ENDPOINTS, handle: endpoints.createEndpoint },
  { operation: 'ListEndpoints', method: 'GET', template: ENDPOINTS, handle: endpoints.listEndpoints },
  {
    operation: 'ListEndpointInfoDetails',
    method: 'GET',
    template: `${ENDPOINTS}/{vpc_endpoint_id}`,
    handle: endpoints.showEndpoint,
  },
  {
    operation: 'DeleteEndpoint',
    method: 'DELETE',
    template: `${ENDPOINTS}/{vpc_endpoint_id}`,
    handle: endpoints.deleteEndpoint,
  },
  { operation: 'UpdateEndpointWhite', method: 'PUT', template: ENDPOINT, handle: edits.updateWhitelist },
  {
    operation: 'UpdateEndpointRoutetable',
    method: 'PUT',
    template: `${ENDPOINT}/routetables`,
    handle: edits.updateRouteTables,
  },
  { operation: 'UpdateEndpointPolicy', method: 'PUT', template: `${ENDPOINT}/policy`, handle: edits.updatePolicy },
  { operation: 'DeleteEndpointPolicy', method: 'DELETE', template: `${ENDPOINT}/policy`, handle: edits.deletePolicy },
  {
    operation: 'UpgradeEndpoint',
    method: 'POST',
    template: '/v2/{project_id}/vpc-endpoints/{vpc_endpoint_id}/upgrade',
    handle: edits.upgradeEndpoint,
  },
  {
    operation: 'ListServicePublicDetails',
    method: 'GET',
    template: `${SERVICES}/public`,
    handle: services.listPublicServices,
  },
  {
    operation: 'ListServiceDescribeDetails',
    method: 'GET',
    template: `${SERVICES}/describe`,
    handle: services.describeService,
  },
  { operation: 'ListEndpointService', method: 'GET', template: SERVICES, handle: services.listOwnServices },
  { operation: 'CreateEndpointService', method: 'POST', template: SERVICES, handle: serviceChanges.createService },
  { operation: 'ListServiceDetails', method: 'GET', template: SERVICE, handle: serviceChanges.showService },
  { operation: 'UpdateEndpointService', method: 'PUT', template: SERVICE, handle: serviceChanges.updateService },
  { operation: 'DeleteEndpointService', method: 'DELETE', template: SERVICE, handle: serviceChanges.deleteService },
  {
    operation: 'UpdateEndpointServiceName',
    method: 'PUT',
    template: `${SERVICE}/name`,
    handle: serviceChanges.renameService,
  },
  {
    operation: 'UpgradeEndpointService',
    method: 'POST',
    template: `${SERVICE_V2}/upgrade`,
    handle: serviceChanges.upgradeService,
  },
  {
    operation: 'AddEndpointServiceServerResource',
    method: 'POST',
    template: `${SERVICE_V2}/add-server-resources`,
    handle: serviceChanges.addServerResources,
  },
  {
    operation: 'ListServiceConnections',
    method: 'GET',
    template: `${SERVICES}/{vpc_endpoint_service_id}/connections`,
    handle: connections.listConnections,
  },
  {
    operation: 'AcceptOrRejectEndpoint',
    method: 'POST',
    template: `${SERVICES}/{vpc_endpoint_service_id}/connections/action`,
    handle: connections.decideConnection,
  },
  {
    operation: 'UpdateEndpointConnectionsDesc',
    method: 'PUT',
    template: `${SERVICES}/{vpc_endpoint_service_id}/connections/description`,
    handle: connections.describeConnections,
  },
  {
    operation: 'ListServicePermissionsDetails',
    method: 'GET',
    template: `${SERVICES}/{vpc_endpoint_service_id}/permissions`,
    handle: permissions.listPermissions,
  },
  {
    operation: 'AddOrRemoveServicePermissions',
    method: 'POST',
    template: `${SERVICES}/{vpc_endpoint_service_id}/permissions/action`,
    handle: permissions.changePermissions,
  },
  {
    operation: 'BatchAddEndpointServicePermissions',
    method: 'POST',
    template: `${SERVICES}/{vpc_endpoint_service_id}/permissions/batch-create`,
    handle: permissions.addPermissions,
  },
  {
    operation: 'BatchRemoveEndpointServicePermissions',
    method: 'POST',
    template: `${SERVICES}/{vpc_endpoint_service_id}/permissions/batch-delete`,
    handle: permissions.removePermissions,
  },
  {
    operation: 'UpdateEndpointServicePermissionDesc',
    method: 'PUT',
    template: `${SERVICES}/{vpc_endpoint_service_id}/permissions/{permission_id}`,
    handle: permissions.describePermission,
  },
  {
    operation: 'BatchAddOrRemoveResourceInstance',
    method: 'POST',
    template: `${RESOURCES}/{resource_id}/tags/action`,
    handle: tags.changeTags,
  },
  {
    operation: 'ListQueryProjectResourceTags',
    method: 'GET',
    template: `${RESOURCES}/tags`,
    handle: tags.listProjectTags,
  },
  {
    operation: 'ListResourceInstances',
    method: 'POST',
    template: `${RESOURCES}/resource_instances/action`,
    handle: tags.findResources,
  },
  { operation: 'ListQuotaDetails', method: 'GET', template: '/v1/{project_id}/quotas', handle: quotas.listQuotas },
  { operation: 'ListVersionDetails', method: 'GET', template: '/', handle: versions.listVersions },
  { operation: 'ListSpecifiedVersionDetails', method: 'GET', template: '/{version}', handle: versions.showVersion },
];

const PARSED = ROUTES.map((route) => ({ route, segments: segmentsOf(route.template) }));

export interface RouteMatch {
  readonly route: Route;
  readonly params: Readonly<Record<string, string>>;
}

/** `path` as it came over the wire; a trailing slash makes no difference. */
export function matchRoute(method: string, path: string): RouteMatch | null {
  const given = segmentsOf(path);
  for (const { route, segments } of PARSED) {
    if (route.method !== method || segments.length !== given.length) continue;
    const params = matchSegments(segments, given);
    if (params !== null) return { route, params };
  }
  return null;
}

function segmentsOf(path: string): readonly string[] {
  return path.replace(/\/$/, '').split('/');
}

function matchSegments(template: readonly string[], given: readonly string[]): Record<string, string> | null {
  const params: Record<string, string> = {};
  for (const [index, segment] of template.entries()) {
    const value = given[index] ?? '';
    const name = /^\{(\w+)\}$/.exec(segment)?.[1];
    if (name === undefined && value !== segment) return null;
    if (name !== undefined) {
      const decoded = decode(value);
      if (decoded === null || decoded === '') return null;
      params[name] = decoded;
    }
  }
  return params;
}

function decode(text: string): string | null {
  try {
    return decodeURIComponent(text);
  } catch {
    return null;
  }
}
