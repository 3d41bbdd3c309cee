import type { Answer, Call } from './core/call.ts';
import * as api from './resources/api-operations.ts';
import * as connections from './resources/connection-operations.ts';
import * as endpoints from './resources/endpoint-operations.ts';
import * as permissions from './resources/permission-operations.ts';
import * as services from './resources/service-operations.ts';
import * as tags from './resources/tag-operations.ts';

export interface Route {
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
const PERMISSIONS = `${SERVICE}/permissions`;
const SERVICE_V2 = '/v2/{project_id}/vpc-endpoint-services/{vpc_endpoint_service_id}';

/** operationId of vpcep.openapi.yaml, method, template. First match wins, so words stand before templates. */
const TABLE: readonly (readonly [string, string, string, (call: Call) => Answer])[] = [
  ['CreateEndpoint', 'POST', ENDPOINTS, endpoints.createEndpoint],
  ['ListEndpoints', 'GET', ENDPOINTS, endpoints.listEndpoints],
  ['ListEndpointInfoDetails', 'GET', ENDPOINT, endpoints.showEndpoint],
  ['DeleteEndpoint', 'DELETE', ENDPOINT, endpoints.deleteEndpoint],
  ['UpdateEndpointWhite', 'PUT', ENDPOINT, endpoints.updateWhitelist],
  ['UpdateEndpointRoutetable', 'PUT', `${ENDPOINT}/routetables`, endpoints.updateRouteTables],
  ['UpdateEndpointPolicy', 'PUT', `${ENDPOINT}/policy`, endpoints.updatePolicy],
  ['DeleteEndpointPolicy', 'DELETE', `${ENDPOINT}/policy`, endpoints.deletePolicy],
  ['UpgradeEndpoint', 'POST', '/v2/{project_id}/vpc-endpoints/{vpc_endpoint_id}/upgrade', endpoints.upgradeEndpoint],
  ['ListServicePublicDetails', 'GET', `${SERVICES}/public`, services.listPublicServices],
  ['ListServiceDescribeDetails', 'GET', `${SERVICES}/describe`, services.describeService],
  ['ListEndpointService', 'GET', SERVICES, services.listOwnServices],
  ['CreateEndpointService', 'POST', SERVICES, services.createService],
  ['ListServiceDetails', 'GET', SERVICE, services.showService],
  ['UpdateEndpointService', 'PUT', SERVICE, services.updateService],
  ['DeleteEndpointService', 'DELETE', SERVICE, services.deleteService],
  ['UpdateEndpointServiceName', 'PUT', `${SERVICE}/name`, services.renameService],
  ['UpgradeEndpointService', 'POST', `${SERVICE_V2}/upgrade`, services.upgradeService],
  ['AddEndpointServiceServerResource', 'POST', `${SERVICE_V2}/add-server-resources`, services.addServerResources],
  ['ListServiceConnections', 'GET', `${SERVICE}/connections`, connections.listConnections],
  ['AcceptOrRejectEndpoint', 'POST', `${SERVICE}/connections/action`, connections.decideConnection],
  ['UpdateEndpointConnectionsDesc', 'PUT', `${SERVICE}/connections/description`, connections.describeConnections],
  ['ListServicePermissionsDetails', 'GET', PERMISSIONS, permissions.listPermissions],
  ['AddOrRemoveServicePermissions', 'POST', `${PERMISSIONS}/action`, permissions.changePermissions],
  ['BatchAddEndpointServicePermissions', 'POST', `${PERMISSIONS}/batch-create`, permissions.addPermissions],
  ['BatchRemoveEndpointServicePermissions', 'POST', `${PERMISSIONS}/batch-delete`, permissions.removePermissions],
  ['UpdateEndpointServicePermissionDesc', 'PUT', `${PERMISSIONS}/{permission_id}`, permissions.describePermission],
  ['BatchAddOrRemoveResourceInstance', 'POST', `${RESOURCES}/{resource_id}/tags/action`, tags.changeTags],
  ['ListQueryProjectResourceTags', 'GET', `${RESOURCES}/tags`, tags.listProjectTags],
  ['ListResourceInstances', 'POST', `${RESOURCES}/resource_instances/action`, tags.findResources],
  ['ListQuotaDetails', 'GET', '/v1/{project_id}/quotas', api.listQuotas],
  ['ListVersionDetails', 'GET', '/', api.listVersions],
  ['ListSpecifiedVersionDetails', 'GET', '/{version}', api.showVersion],
];

export const ROUTES: readonly Route[] = TABLE.map(([operation, method, template, handle]) => ({
  operation,
  method,
  template,
  handle,
}));

/** Each template as a pattern with its parameters as groups; a trailing slash makes no difference. */
const PATTERNS = ROUTES.map((route) => ({
  route,
  pattern: new RegExp(`^${route.template.replace(/\/$/, '').replaceAll(/\{(\w+)\}/g, '(?<$1>[^/]+)')}/?$`),
}));

export interface RouteMatch {
  readonly route: Route;
  readonly params: Readonly<Record<string, string>>;
}

/** `path` as it came over the wire. */
export function matchRoute(method: string, path: string): RouteMatch | null {
  for (const { route, pattern } of PATTERNS) {
    const match = route.method === method ? pattern.exec(path) : null;
    const params = match && decode(match.groups ?? {});
    if (params !== null) return { route, params };
  }
  return null;
}

function decode(groups: Readonly<Record<string, string>>): Record<string, string> | null {
  try {
    return Object.fromEntries(Object.entries(groups).map(([name, text]) => [name, decodeURIComponent(text)]));
  } catch {
    return null;
  }
}
