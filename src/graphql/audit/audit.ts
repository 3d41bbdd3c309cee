/**
 * A line in the audit stream for each mutation and each start of a subscription, put around the root fields of the
 * schema: no resolver has a part in it, none can forget it, and it is written when the resolver is done, whether the
 * caller still waits or not. Lines in the audit stream for an operation that is refused as a whole, before any of its
 * fields is tried.
 */
import {
  type DocumentNode,
  type FieldNode,
  type FragmentDefinitionNode,
  type GraphQLField,
  type GraphQLFieldResolver,
  type GraphQLResolveInfo,
  type GraphQLSchema,
  getArgumentValues,
  getVariableValues,
  Kind,
  type OperationDefinitionNode,
  type SelectionSetNode,
} from 'graphql';
import type { AuditLine, AuditLog } from '../../observability/audit-log.ts';
import type { CallOptions } from '../../vpcep/http/request.ts';
import type { GatewayContext } from '../core/context.ts';
import { codeOf } from '../errors/format-error.ts';
import { AUDIT_TARGETS, givenTargets, madeTargets, shownId } from './audit-targets.ts';

type Args = Readonly<Record<string, unknown>>;
type Resolve = GraphQLFieldResolver<unknown, GatewayContext>;

/** Client text stays short. */
const NAME_MAX = 64;

/** Changes the schema and returns it. @throws Error when nobody has said what a root field's targets are. */
export function audited(schema: GraphQLSchema, log: Pick<AuditLog, 'write'>): GraphQLSchema {
  for (const field of Object.values(schema.getMutationType()?.getFields() ?? {})) {
    field.resolve = recorded('mutation', field, field.resolve, log);
  }
  for (const field of Object.values(schema.getSubscriptionType()?.getFields() ?? {})) {
    field.subscribe = recorded('subscription', field, field.subscribe, log);
  }
  return schema;
}

function recorded(
  kind: AuditLine['kind'],
  field: GraphQLField<unknown, GatewayContext>,
  inner: Resolve | undefined,
  log: Pick<AuditLog, 'write'>,
): Resolve {
  if (inner === undefined || AUDIT_TARGETS[field.name] === undefined) {
    throw new Error(`AUDIT_TARGETS does not say what ${field.name} is about`);
  }
  return async (source, args: Args, context, info: GraphQLResolveInfo) => {
    const startedAt = performance.now();
    const upstreamRequestIds: string[] = [];
    const onWrite: CallOptions['onWrite'] = ({ requestId }) => {
      if (requestId !== undefined) upstreamRequestIds.push(requestId);
    };
    const write = (outcome: string, payload?: unknown): void => {
      log.write({
        ...factsOf(context, args),
        kind,
        field: field.name,
        operation: nameOf(info.operation),
        targets: { ...givenTargets(field.name, args), ...madeTargets(field.name, payload) },
        outcome,
        upstreamRequestIds,
        ms: Math.round(performance.now() - startedAt),
      });
    };
    try {
      // A subscription writes nothing, and keeps its context, whose token can be renewed. The options of a mutation are
      // for this field alone: writes of other fields are not its own.
      const own = kind === 'subscription' ? context : { ...context, options: { ...context.options, onWrite } };
      const payload: unknown = await inner(source, args, own, info);
      write(outcomeOf(payload), payload);
      return payload;
    } catch (error) {
      const code = codeOf(error);
      write(code === 'UPSTREAM_OUTCOME_UNKNOWN' ? 'unknown' : code);
      throw error;
    }
  };
}

/** What a line says of the caller and of the place. */
function factsOf(
  { identity, arrival, projects }: Pick<GatewayContext, 'identity' | 'arrival' | 'projects'>,
  { projectId }: Args,
): Pick<AuditLine, 'who' | 'address' | 'transport' | 'requestId' | 'project'> {
  const { transport, address, requestId } = arrival;
  return { who: identity.subject, transport, address, requestId, project: projectOf(projects, projectId) };
}

function nameOf({ name }: OperationDefinitionNode): string | null {
  return name?.value.slice(0, NAME_MAX) ?? null;
}

/** The named one, also when the caller may not reach it; else the one that was meant. */
function projectOf(projects: GatewayContext['projects'], named: unknown): string | null {
  if (named !== undefined && named !== null) return shownId(named);
  try {
    return projects.resolve(null, 'read');
  } catch {
    return null;
  }
}

/** Of an answer that reports the outcome of each part. */
function outcomeOf(payload: unknown): string {
  const { results, failures } = Object(payload) as { readonly results?: unknown; readonly failures?: unknown };
  const parts = Array.isArray(results) ? results : [];
  const failed = parts.flatMap((part: { readonly error: { readonly code: string } | null }) => part.error?.code ?? []);
  if (failed.length > 0 && failed.length === parts.length) {
    return failed[0] === 'UPSTREAM_OUTCOME_UNKNOWN' ? 'unknown' : (failed[0] ?? 'ok');
  }
  return failed.length > 0 || (Array.isArray(failures) && failures.length > 0) ? 'partial' : 'ok';
}

export interface RefusedOperation {
  readonly schema: GraphQLSchema;
  readonly document: DocumentNode;
  readonly operation: OperationDefinitionNode;
  readonly variables: Readonly<Record<string, unknown>>;
}

/** As many as an operation may have root fields. */
const MOST_LINES = 20;

/** Whether executing it would end at its variables. */
export function hasFaultyVariables({ schema, operation, variables }: RefusedOperation): boolean {
  const { errors } = getVariableValues(schema, operation.variableDefinitions ?? [], variables, { maxErrors: 1 });
  return errors !== undefined;
}

/** One for each mutation or subscription in it, also for one that a directive would have left out; none for a query. */
export function refusedLines(
  refused: RefusedOperation,
  context: Pick<GatewayContext, 'identity' | 'arrival' | 'projects'>,
  outcome: string,
): readonly AuditLine[] {
  const { schema, document, operation } = refused;
  if (operation.operation === 'query') return [];
  const fields = schema.getRootType(operation.operation)?.getFields() ?? {};
  const nodes = [...rootFields(document, operation.selectionSet)].filter(
    ({ name }) => fields[name.value] !== undefined,
  );
  return nodes.slice(0, MOST_LINES).map((node) => {
    const args = argumentsOf(refused, node);
    return {
      ...factsOf(context, args),
      kind: operation.operation === 'mutation' ? 'mutation' : 'subscription',
      field: node.name.value,
      operation: nameOf(operation),
      targets: givenTargets(node.name.value, args),
      outcome,
      upstreamRequestIds: [],
      ms: 0,
    };
  });
}

function* rootFields(document: DocumentNode, { selections }: SelectionSetNode): Generator<FieldNode> {
  for (const selection of selections) {
    if (selection.kind === Kind.FIELD) {
      yield selection;
      continue;
    }
    const holder = selection.kind === Kind.INLINE_FRAGMENT ? selection : fragmentOf(document, selection.name.value);
    if (holder !== undefined) yield* rootFields(document, holder.selectionSet);
  }
}

function fragmentOf({ definitions }: DocumentNode, name: string): FragmentDefinitionNode | undefined {
  return definitions.find(
    (definition): definition is FragmentDefinitionNode =>
      definition.kind === Kind.FRAGMENT_DEFINITION && definition.name.value === name,
  );
}

/** With the variables as the client has sent them: they may be what is wrong. */
function argumentsOf({ schema, operation, variables }: RefusedOperation, node: FieldNode): Record<string, unknown> {
  const field = schema.getRootType(operation.operation)?.getFields()[node.name.value];
  try {
    return field === undefined ? {} : getArgumentValues(field, node, { ...variables });
  } catch {
    return {};
  }
}
