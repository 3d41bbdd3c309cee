/**
 * Upstream's complaint about a parameter, as an issue at the place in the GraphQL input where the value came from.
 * What graphql-js says about the value of a variable, as an issue: it tells the place in its message only. Pure.
 */
import {
  type GraphQLArgument,
  type GraphQLError,
  type GraphQLField,
  type GraphQLSchema,
  getNamedType,
  isInputObjectType,
  Kind,
} from 'graphql';
import { meaningOf, parameterOf } from '../../vpcep/errors/error-table.ts';
import type { UpstreamError, UpstreamErrorKind } from '../../vpcep/errors/upstream-error.ts';
import type { InputIssue } from './gateway-errors.ts';

/** Places to look for, the likeliest first. */
type Places = readonly string[];

/** By upstream parameter (src/vpcep/errors/error-table.ts), as far as it is not just the name in camel case. */
const PLACES: Readonly<Record<string, Places>> = {
  limit: ['first'],
  offset: ['after'],
  sort_key: ['orderBy.field', 'orderBy'],
  sort_dir: ['orderBy.direction', 'orderBy'],
  project_id: ['projectId'],
  routetables: ['input.routeTables'],
  endpoints: ['input.endpointIds', 'input.endpointId'],
  service_name: ['input.serviceName', 'by', 'filter.serviceName', 'filter.endpointServiceName'],
  port_id: ['input.portId', 'input.backend'],
  ip: ['input.ip', 'input.backend'],
  permissions: ['input.permissions', 'input.by'],
  policy_statement: ['input.policy'],
};

const SERVICE_ID: Places = ['input.endpointServiceId', 'input.resourceId'];
const ENDPOINT_ID: Places = ['input.endpointId', 'input.endpointIds', 'input.resourceId'];
/** The id of what the field is about. */
const OWN_ID: Places = ['input.id', 'id', 'by', 'filter.id'];

/** Words for programs; a kind that is not here does not speak of a value. */
const RULE_BY_KIND: Partial<Readonly<Record<UpstreamErrorKind, string>>> = {
  validation: 'upstream-rejected',
  limit: 'upstream-limit',
  not_found: 'upstream-not-found',
  not_found_as_400: 'upstream-not-found',
  conflict: 'upstream-conflict',
  state: 'upstream-state',
};

/** Empty when the code speaks of no parameter, or the failed field has no place for it. Root fields only. */
export function issuesOf(failure: GraphQLError, cause: UpstreamError, schema: GraphQLSchema): readonly InputIssue[] {
  const { code, status, kind } = cause;
  const parameter = code === undefined ? undefined : parameterOf(code);
  const rule = RULE_BY_KIND[kind];
  const field = failedField(failure, schema);
  if (code === undefined || parameter === undefined || rule === undefined || field === undefined) {
    return [];
  }
  const path = inputPathOf(parameter, field);
  const said = meaningOf(code, status ?? 0)?.text ?? 'refused';
  return path === undefined ? [] : [{ path, rule, message: `${path}: upstream says: ${said}` }];
}

/** Where in the arguments of `field` the parameter's value comes from; undefined when it has no such place. */
export function inputPathOf(parameter: string, field: GraphQLField<unknown, unknown>): string | undefined {
  return placesOf(parameter, field.name).find((path) => hasPlace(field.args, path));
}

function placesOf(parameter: string, fieldName: string): Places {
  const isAboutServices = /endpointService/i.test(fieldName);
  if (parameter === 'endpoint_service_id') {
    return isAboutServices ? [...SERVICE_ID, ...OWN_ID] : SERVICE_ID;
  }
  if (parameter === 'vpc_endpoint_id') {
    return isAboutServices ? ENDPOINT_ID : [...ENDPOINT_ID, ...OWN_ID];
  }
  const name = parameter.replace(/_([a-z])/g, (_all, letter: string) => letter.toUpperCase());
  return PLACES[parameter] ?? [`input.${name}`, name, `filter.${name}`];
}

function hasPlace(args: readonly GraphQLArgument[], path: string): boolean {
  const [first = '', member] = path.split('.');
  const argument = args.find(({ name }) => name === first);
  if (argument === undefined || member === undefined) {
    return argument !== undefined;
  }
  const type = getNamedType(argument.type);
  return isInputObjectType(type) && Object.hasOwn(type.getFields(), member);
}

function failedField({ path, nodes }: GraphQLError, schema: GraphQLSchema): GraphQLField<unknown, unknown> | undefined {
  const node = nodes?.[0];
  if (path?.length !== 1 || node?.kind !== Kind.FIELD) {
    return undefined;
  }
  const roots = [schema.getMutationType(), schema.getQueryType(), schema.getSubscriptionType()];
  return roots.map((root) => root?.getFields()[node.name.value]).find((field) => field !== undefined);
}

const VARIABLE = /^Variable "\$(\w+)" (.*)$/s;
/** The last place counts: the value, which comes before it, may hold anything. */
const PLACE = /^.* at "(\w+(?:\.\w+|\[\d+\])*)"; (.*?)$/s;
const VALUE = /^got invalid value .*; (.*?)$/s;
const MISSING = /was not provided|must not be null|not to be null/;
const ONE_OF = /^Exactly one key|must be non-null\.$/;

/** @returns nothing when the message is about something else. */
export function variableIssues(message: string): readonly InputIssue[] {
  const [, name, rest = ''] = VARIABLE.exec(message) ?? [];
  if (name === undefined) {
    return [];
  }
  const [, place = name, placed] = PLACE.exec(rest) ?? [];
  const reason = placed ?? VALUE.exec(rest)?.[1] ?? rest;
  const rule = MISSING.test(reason) ? 'required' : ONE_OF.test(reason) ? 'one-of' : 'type';
  return [{ path: place.replaceAll(/\[(\d+)\]/g, '.$1'), rule, message: reason }];
}
