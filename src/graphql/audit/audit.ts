/**
 * The audit stream: a line for each mutation and each start of a subscription, written by a wrapper around the root
 * fields when their resolver is done, and for each operation that is refused before its fields run.
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
import { Extensions } from 'type-graphql';
import type { AuditLine, AuditLog } from '../../observability/audit-log.ts';
import type { CallOptions } from '../../vpcep/transport/transport.ts';
import type { GatewayContext } from '../core/context.ts';
import { idRule } from '../core/input-check.ts';
import { codeOf } from '../errors/format-error.ts';

type Args = Readonly<Record<string, unknown>>;
type Field = GraphQLField<unknown, GatewayContext>;
type Resolve = GraphQLFieldResolver<unknown, GatewayContext>;

/** Characters of the operation name that a line shows. */
const NAME_MAX = 64;
/** No input takes more ids; what a refused one holds beyond is left out. */
const MOST_IDS = 100;
/** Stands for text that is no id: it may be anything. */
const MALFORMED = '(malformed)';

interface TargetRule {
  readonly given: readonly string[];
  readonly made: string | undefined;
}

/**
 * Declares what a field is about: the only part of arguments and answers that the audit stream shows.
 * @param given names of arguments, or of members of `input` or `input.by`, that hold one id or several
 * @param made member of the payload that holds what is new, one or several
 */
export function AuditTargets(given: readonly string[], made?: string): MethodDecorator {
  const targets: TargetRule = { given, made };
  return Extensions({ targets });
}

export function targetRuleOf({ extensions }: Pick<Field, 'extensions'>): TargetRule | undefined {
  return extensions.targets as TargetRule | undefined;
}

/** Changes the schema and returns it. @throws Error when a mutation or subscription has no `AuditTargets`. */
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
  field: Field,
  inner: Resolve | undefined,
  log: Pick<AuditLog, 'write'>,
): Resolve {
  if (inner === undefined || targetRuleOf(field) === undefined) {
    throw new Error(`${field.name} needs @AuditTargets`);
  }
  return async (source, args: Args, context, info: GraphQLResolveInfo) => {
    const startedAt = performance.now();
    const upstreamRequestIds: string[] = [];
    const onWrite: CallOptions['onWrite'] = ({ requestId }) => {
      if (requestId !== undefined) upstreamRequestIds.push(requestId);
    };
    const write = (outcome: string, payload?: unknown): void => {
      const ms = Math.round(performance.now() - startedAt);
      const targets = Object.assign(givenTargets(field, args), madeTargets(field, payload));
      log.write(
        lineOf(context, { kind, field, operation: info.operation, args, targets, outcome, upstreamRequestIds, ms }),
      );
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

interface Tried extends Pick<AuditLine, 'kind' | 'targets' | 'outcome' | 'upstreamRequestIds' | 'ms'> {
  readonly field: Pick<Field, 'name'>;
  readonly operation: OperationDefinitionNode;
  readonly args: Args;
}

/** One literal, because every mutation makes a line: spreads cost more than all else in it. */
function lineOf(
  { identity, arrival, projects }: Pick<GatewayContext, 'identity' | 'arrival' | 'projects'>,
  tried: Tried,
): AuditLine {
  return {
    who: identity.subject,
    transport: arrival.transport,
    address: arrival.address,
    requestId: arrival.requestId,
    project: projectOf(projects, tried.args.projectId),
    kind: tried.kind,
    field: tried.field.name,
    operation: nameOf(tried.operation),
    targets: tried.targets,
    outcome: tried.outcome,
    upstreamRequestIds: tried.upstreamRequestIds,
    ms: tried.ms,
  };
}

function nameOf({ name }: OperationDefinitionNode): string | null {
  return name?.value.slice(0, NAME_MAX) ?? null;
}

/** The named project, also when the caller may not reach it; else the default one. */
function projectOf(projects: GatewayContext['projects'], named: unknown): string | null {
  if (named !== undefined && named !== null) return shownId(named);
  try {
    return projects.resolve(null, 'read');
  } catch {
    return null;
  }
}

/** Of a payload, which can report the outcome of each part. */
function outcomeOf(payload: unknown): string {
  const { results, failures } = Object(payload) as { readonly results?: unknown; readonly failures?: unknown };
  const parts = Array.isArray(results) ? results : [];
  if (parts.length === 0 && failures === undefined) return 'ok';
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

/** One for each mutation or subscription in it, also where a directive would have left it out; none for a query. */
export function refusedLines(
  refused: RefusedOperation,
  context: Pick<GatewayContext, 'identity' | 'arrival' | 'projects'>,
  outcome: string,
): readonly AuditLine[] {
  const { schema, document, operation } = refused;
  if (operation.operation === 'query') return [];
  const fields = schema.getRootType(operation.operation)?.getFields() ?? {};
  const tried = [...rootFields(document, operation.selectionSet)].flatMap((node) => {
    const field = fields[node.name.value];
    return field === undefined ? [] : [{ node, field }];
  });
  return tried.slice(0, MOST_LINES).map(({ node, field }) => {
    const args = argumentsOf(field, node, refused.variables);
    const kind = operation.operation === 'mutation' ? 'mutation' : 'subscription';
    const targets = givenTargets(field, args);
    return lineOf(context, { kind, field, operation, args, targets, outcome, upstreamRequestIds: [], ms: 0 });
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
function argumentsOf(
  field: GraphQLField<unknown, unknown>,
  node: FieldNode,
  variables: RefusedOperation['variables'],
): Args {
  try {
    return getArgumentValues(field, node, { ...variables });
  } catch {
    return {};
  }
}

export function givenTargets(field: Pick<Field, 'extensions'>, args: Args): AuditLine['targets'] {
  const input = asRecord(args.input);
  const targets: { [name: string]: string | readonly string[] } = {};
  for (const name of targetRuleOf(field)?.given ?? []) {
    const ids = idsOf(args[name] ?? input[name] ?? asRecord(input.by)[name]);
    if (ids !== undefined) targets[name] = ids;
  }
  return targets;
}

/** What the answer says that has been made: `{ made: … }`, or nothing. */
export function madeTargets(field: Pick<Field, 'extensions'>, payload: unknown): AuditLine['targets'] {
  const member = targetRuleOf(field)?.made;
  const made = member === undefined ? undefined : asRecord(payload)[member];
  const ids = idsOf(Array.isArray(made) ? made.map((one) => asRecord(one).id) : asRecord(made).id);
  return ids === undefined ? {} : { made: ids };
}

function idsOf(value: unknown): string | string[] | undefined {
  if (value === undefined || value === null) return undefined;
  return Array.isArray(value) ? value.slice(0, MOST_IDS).map(shownId) : shownId(value);
}

/** An id as the audit stream may show it. */
function shownId(value: unknown): string {
  return typeof value === 'string' && idRule(value) === null ? value : MALFORMED;
}

function asRecord(value: unknown): Args {
  return typeof value === 'object' && value !== null ? (value as Args) : {};
}
