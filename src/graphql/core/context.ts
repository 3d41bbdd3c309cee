/** What resolvers use, made for each operation: the caller, and the parts that do the work. */
import { type Identity, mayReach, type Right, rightsIn } from '../../auth/identity.ts';
import type { EndpointCreations } from '../../create/endpoint-creations.ts';
import type { ServiceCreations } from '../../create/service-creations.ts';
import type { RequestLog } from '../../observability/logger.ts';
import type { CancelSignal } from '../../shared/cancellation.ts';
import type { VpcepClient } from '../../vpcep/client.ts';
import type { ServiceDescriptions } from '../../vpcep/service/descriptions.ts';
import type { ObservedConnections } from '../../watch/calls/connection-calls.ts';
import type { EndpointCalls } from '../../watch/calls/endpoint-calls.ts';
import type { EndpointEdits } from '../../watch/calls/endpoint-edits.ts';
import type { ObservedServices } from '../../watch/calls/service-calls.ts';
import type { StatusFeed } from '../../watch/watch.ts';
import { AccessError, InputError } from '../errors/gateway-errors.ts';
import { type CallerOptions, type CallMeter, callerOptions } from './caller-options.ts';
import { Loaders } from './loaders.ts';

/** A project that the caller may read. */
export interface ReachableProject {
  readonly id: string;
  readonly name: string | null;
  readonly region: string | null;
  readonly rights: readonly Right[];
  /** It is meant when none is named. */
  readonly isDefault: boolean;
}

export interface ProjectResolver {
  /**
   * The project to work in: the named one, else the caller's only one, else the default.
   * @param argument the name of the argument that names it
   * @throws AccessError NOT_FOUND when it is unknown or the caller may not read it (the two look alike); FORBIDDEN when
   * it may read but lacks the right. InputError when no project is named and there is no single choice.
   */
  resolve(projectId: string | null | undefined, right: Right, argument?: string): string;
  /** For what is about no project: the one that is meant when none is named, else any that the caller may read. */
  any(): string | undefined;
  reachable(): readonly ReachableProject[];
}

/** What resolvers use of the observed calls. Every method throws UpstreamError. */
export type ServiceCalls = Pick<ObservedServices, 'read' | 'list' | 'delete'>;
export type ConnectionCalls = Pick<ObservedConnections, 'list' | 'decide' | 'describe'>;

export interface GatewayContext {
  readonly identity: Identity;
  readonly logger: RequestLog;
  readonly projects: ProjectResolver;
  readonly calls: EndpointCalls;
  readonly edits: EndpointEdits;
  readonly services: ServiceCalls;
  readonly connections: ConnectionCalls;
  readonly creations: EndpointCreations;
  readonly serviceCreations: ServiceCreations;
  /** Of every upstream call that this operation makes. */
  readonly options: CallerOptions;
  /** For what is not watched. Answers of what is are observations: `calls`, `services`, `connections`. */
  readonly client: VpcepClient;
  readonly feed: StatusFeed;
  readonly loaders: Loaders;
  readonly descriptions: ServiceDescriptions;
  /** Polls endpoints that were changed by a call that shows only one side of them. */
  readonly noteChange: (endpointIds: readonly string[]) => void;
  readonly arrival: Arrival;
  /** There when the client has asked what the operation costs. */
  readonly meter?: CallMeter | undefined;
  /** Aborts when the caller has gone. */
  readonly signal?: CancelSignal | undefined;
  /** Where a subscription goes on, whatever its `after` says: the transport has resumed it (`Last-Event-ID`). */
  readonly resumeAfter?: string | undefined;
}

/** How an operation came in. */
export interface Arrival {
  readonly transport: 'http' | 'multipart' | 'sse' | 'websocket';
  /** The client's, as far as proxies can be trusted to know it; else `unknown`. */
  readonly address: string;
  /** Of the HTTP request; a socket's is that of its upgrade. */
  readonly requestId: string;
  /** Adds headers to the answer; left out where an answer has none of its own. */
  readonly tell?: (headers: Readonly<Record<string, string>>) => void;
}

/** What differs from one operation to the next. */
export interface OperationStart {
  readonly identity: Identity;
  readonly arrival: Arrival;
  readonly logger: RequestLog;
  readonly signal?: CancelSignal | undefined;
  readonly resumeAfter?: string | undefined;
  readonly meter?: CallMeter | undefined;
}

export type ContextFactory = (start: OperationStart) => GatewayContext;

/** Every project that this gateway serves; a reload changes it. */
export interface ServedProjectIds {
  readonly ids: readonly string[];
  readonly defaultId: string | undefined;
  /** Besides these, every project that a caller's token is for. */
  readonly open?: boolean;
  /** By id, of those whose name is known. */
  readonly names?: ReadonlyMap<string, string>;
  /** Null: unknown. */
  regionOf?(projectId: string): string | null;
}

export interface ContextParts {
  readonly served: ServedProjectIds;
  readonly calls: EndpointCalls;
  readonly edits: EndpointEdits;
  readonly services: ServiceCalls;
  readonly connections: ConnectionCalls;
  readonly creations: EndpointCreations;
  readonly serviceCreations: ServiceCreations;
  readonly descriptions: ServiceDescriptions;
  readonly client: VpcepClient;
  readonly feed: StatusFeed;
}

/** The projects of one caller, as served at this moment. */
class CallerProjects implements ProjectResolver {
  readonly #served: ServedProjectIds;
  readonly #identity: Identity;

  constructor(served: ServedProjectIds, identity: Identity) {
    this.#served = served;
    this.#identity = identity;
  }

  resolve(projectId: string | null | undefined, right: Right, argument = 'projectId'): string {
    const readable = this.#readable();
    const id = projectId ?? this.#choose(readable, argument);
    if (!readable.includes(id)) {
      throw new AccessError('NOT_FOUND', 'No such project');
    }
    if (!mayReach(this.#identity, id, right)) {
      throw new AccessError('FORBIDDEN', `This needs the right "${right}" in the project`);
    }
    return id;
  }

  any(): string | undefined {
    const ids = this.#readable();
    return unnamed(this.#served, ids) ?? ids[0];
  }

  reachable(): readonly ReachableProject[] {
    const ids = this.#readable();
    const chosen = unnamed(this.#served, ids);
    return ids.map((id) => ({
      id,
      name: this.#served.names?.get(id) ?? null,
      region: this.#served.regionOf?.(id) ?? null,
      rights: rightsIn(this.#identity, id),
      isDefault: id === chosen,
    }));
  }

  #readable(): readonly string[] {
    const { ids, open } = this.#served;
    const { projects } = this.#identity;
    if (projects === null) return open === true ? [] : ids;
    return (open === true ? [...projects.keys()] : ids).filter((id) => mayReach(this.#identity, id, 'read'));
  }

  #choose(readable: readonly string[], argument: string): string {
    const chosen = unnamed(this.#served, readable);
    if (chosen !== undefined) {
      return chosen;
    }
    if (readable.length === 0) {
      throw new AccessError('NOT_FOUND', 'There is no project that this caller may read');
    }
    const message = `${argument} must be given: this caller has several projects and there is no default`;
    throw new InputError([{ path: argument, rule: 'required', message }]);
  }
}

/** Which of these is meant when none is named. */
function unnamed(served: ServedProjectIds, readable: readonly string[]): string | undefined {
  return readable.length === 1 ? readable[0] : readable.find((id) => id === served.defaultId);
}

export function createContextFactory(parts: ContextParts): ContextFactory {
  const { served, calls, edits, services, connections, creations, serviceCreations, descriptions, client, feed } =
    parts;
  const loaded = { calls, services, feed, client: client.services, descriptions };
  return (start) => {
    const { identity, arrival, logger, signal, resumeAfter, meter } = start;
    const options = callerOptions(identity, start);
    // Written out: a spread of objects with different members takes as long as all the rest.
    return {
      identity,
      arrival,
      logger,
      signal,
      resumeAfter,
      meter,
      options,
      projects: new CallerProjects(served, identity),
      calls,
      edits,
      services,
      connections,
      creations,
      serviceCreations,
      descriptions,
      client,
      feed,
      loaders: new Loaders(loaded, options),
      // Every project, not only the caller's: the endpoints of a service belong to other tenants.
      noteChange: (endpointIds) => calls.noteChange([...served.ids, ...(identity.projects?.keys() ?? [])], endpointIds),
    };
  };
}
