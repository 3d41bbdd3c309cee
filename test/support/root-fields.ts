/** An operation for every field of Query, Mutation and Subscription that belongs to a project. */
import { readFileSync } from 'node:fs';
import { buildSchema, type GraphQLField, type GraphQLObjectType, getNamedType, isLeafType } from 'graphql';

const schema = buildSchema(readFileSync(new URL('../../schema/schema.graphql', import.meta.url), 'utf8'));
const ID = '00000000-0000-4000-8000-000000000001';
const ENDPOINT = `{ id: "${ID}" }`;
const TAGGED = `resourceId: "${ID}", resourceType: ENDPOINT`;
const CONNECTIONS = `{ endpointServiceId: "${ID}", endpointIds: ["${ID}"] }`;

/** Inputs that the rules of the gateway let through. */
const INPUTS: Readonly<Record<string, string>> = {
  acceptServiceConnection: CONNECTIONS,
  addEndpointServiceServerResources: `{ id: "${ID}", serverResources: [{ resourceId: "${ID}" }] }`,
  addResourceTags: `{ ${TAGGED}, tags: [{ key: "a", value: "b" }] }`,
  addServicePermissions: `{ endpointServiceId: "${ID}", permissions: [{ permission: "*" }] }`,
  createEndpointService: `{ vpcId: "${ID}", portId: "${ID}", serverType: LB, ports: [{ clientPort: 80, serverPort: 80 }] }`,
  createVpcEndpoint: `{ vpcId: "${ID}", endpointServiceId: "${ID}", subnetId: "${ID}" }`,
  deleteEndpointService: ENDPOINT,
  deleteVpcEndpoint: ENDPOINT,
  deleteVpcEndpointPolicy: ENDPOINT,
  rejectServiceConnection: CONNECTIONS,
  removeResourceTags: `{ ${TAGGED}, tags: [{ key: "a" }] }`,
  removeServicePermissions: `{ endpointServiceId: "${ID}", by: { permissions: ["*"] } }`,
  renameEndpointService: `{ id: "${ID}", serviceName: "other" }`,
  updateEndpointService: `{ id: "${ID}", description: "other" }`,
  updateServiceConnectionDescription: `{ endpointServiceId: "${ID}", endpointId: "${ID}", description: "other" }`,
  updateServicePermissionDescription: `{ endpointServiceId: "${ID}", permissionId: "${ID}", description: "other" }`,
  updateVpcEndpointPolicy: `{ id: "${ID}", policy: { statements: [{ effect: ALLOW, action: ["*"], resource: ["*"] }] } }`,
  updateVpcEndpointRouteTables: `{ id: "${ID}", routeTables: ["${ID}"] }`,
  updateVpcEndpointWhitelist: `{ id: "${ID}", whitelist: ["10.0.0.1"] }`,
  upgradeEndpointService: ENDPOINT,
  upgradeVpcEndpoint: ENDPOINT,
};

/** Required arguments of other fields. */
const ARGUMENTS: Readonly<Record<string, string>> = {
  apiVersion: 'id: "v1"',
  describeEndpointService: `by: { id: "${ID}" }`,
  endpointService: `id: "${ID}"`,
  endpointStatus: `id: "${ID}"`,
  endpointServiceStatus: `id: "${ID}"`,
  serviceConnectionStatus: `endpointServiceId: "${ID}"`,
  projectTags: 'resourceType: ENDPOINT',
  resourcesByTags: 'resourceType: ENDPOINT',
  vpcEndpoint: `id: "${ID}"`,
};

/** Of these the type alone costs no call. */
const SELECTIONS: Readonly<Record<string, string>> = { project: '{ endpoints { __typename } }' };

/** About the caller, not about a project. */
const WITHOUT_PROJECT = new Set(['viewer']);

export interface RootField {
  readonly name: string;
  /** The whole operation, for this project or the default one. */
  readonly in: (projectId?: string) => string;
}

export function rootFields(kind: 'query' | 'mutation' | 'subscription'): readonly RootField[] {
  const roots = {
    query: schema.getQueryType(),
    mutation: schema.getMutationType(),
    subscription: schema.getSubscriptionType(),
  };
  return fieldsOf(roots[kind]).map((field) => {
    const naming = field.name === 'project' ? 'id' : 'projectId';
    if (!field.args.some(({ name }) => name === naming)) throw new Error(`${field.name} names no project`);
    const input = kind === 'mutation' ? INPUTS[field.name] : null;
    if (input === undefined) throw new Error(`which input fits ${field.name}?`);
    const given = input === null ? (ARGUMENTS[field.name] ?? '') : `input: ${input}`;
    const selection = isLeafType(getNamedType(field.type)) ? '' : (SELECTIONS[field.name] ?? '{ __typename }');
    return {
      name: field.name,
      in: (projectId) => {
        const project = projectId === undefined ? '' : `${naming}: "${projectId}"`;
        const all = [given, project].filter((text) => text !== '').join(', ');
        return `${kind} { ${field.name}${all === '' ? '' : `(${all})`} ${selection} }`;
      },
    };
  });
}

function fieldsOf(type: GraphQLObjectType | null | undefined): readonly GraphQLField<unknown, unknown>[] {
  return Object.values(type?.getFields() ?? {}).filter(({ name }) => !WITHOUT_PROJECT.has(name));
}
