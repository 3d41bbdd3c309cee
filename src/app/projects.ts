/** The projects of this gateway, with the URL and the key of each. A reload replaces all of them at once. */
import type { CredentialSource as CredentialReference, ServiceKeys } from '../config/access-keys.ts';
import type { ProjectSettings } from '../config/projects-file.ts';
import type { RemoteUpstream } from '../config/upstream.ts';
import type { Logger } from '../observability/logger.ts';
import { systemClock } from '../shared/clock.ts';
import { lookUpProject } from '../vpcep/iam.ts';
import {
  type AkSkCredential,
  type CredentialSource,
  fixedCredential,
  nameOfKey,
} from '../vpcep/signing/credentials.ts';
import { MetadataCredential } from '../vpcep/signing/metadata-credentials.ts';
import type { Transport, UpstreamTarget } from '../vpcep/transport/transport.ts';

export type ProjectsToServe = Pick<RemoteUpstream, 'projects' | 'defaultProject' | 'others'>;

interface ProjectsOptions {
  readonly logger: Logger;
  /** Every call carries the caller's token (`AUTH_MODE=iam-token`): the keys are used for polling only. */
  readonly ownTokens: boolean;
  /** Called with a key that no project uses any more. */
  readonly onRetired: (key: AkSkCredential) => void;
  /** For IAM, where projects without an id are looked up. */
  readonly connect: (target: UpstreamTarget) => Transport;
}

interface Target {
  readonly baseUrl: string;
  /** Null: unknown. */
  readonly region: string | null;
  readonly keys: CredentialSource | undefined;
}

interface HeldSource {
  readonly source: CredentialSource;
  /** Null: from ECS metadata, whose keys rotate by themselves. */
  readonly key: AkSkCredential | null;
}

interface Served {
  readonly targets: ReadonlyMap<string, Target>;
  readonly ids: readonly string[];
  readonly others: Target | undefined;
  readonly names: ReadonlyMap<string, string>;
  readonly defaultId: string | undefined;
}

export class Projects {
  readonly #options: ProjectsOptions;
  #sources: ReadonlyMap<string, HeldSource> = new Map();
  readonly #lookedUp = new Map<string, string>();
  #served: Served = { targets: new Map(), ids: [], others: undefined, names: new Map(), defaultId: undefined };
  /** Projects that a reload has removed: existing subscriptions still poll them. */
  readonly #former = new Map<string, Target>();

  constructor(options: ProjectsOptions) {
    this.#options = options;
  }

  get ids(): readonly string[] {
    return this.#served.ids;
  }

  get defaultId(): string | undefined {
    return this.#served.defaultId;
  }

  /** By id. */
  get names(): ReadonlyMap<string, string> {
    return this.#served.names;
  }

  /** Null: unknown. */
  regionOf(projectId: string): string | null {
    const { targets, others } = this.#served;
    return (targets.get(projectId) ?? others)?.region ?? null;
  }

  /** Projects that are not listed are served as well, with the tokens of their callers. */
  get open(): boolean {
    return this.#served.others !== undefined;
  }

  /** Without keys where calls must carry the caller's token. */
  target(projectId: string): UpstreamTarget {
    const { baseUrl, keys } = this.#target(projectId);
    return keys === undefined || this.#options.ownTokens ? { baseUrl } : { baseUrl, credential: keys };
  }

  /** The gateway's own key for this project. */
  keys(projectId: string): CredentialSource | undefined {
    return this.#target(projectId).keys;
  }

  #target(projectId: string): Target {
    const { targets, others } = this.#served;
    const target = targets.get(projectId) ?? this.#former.get(projectId) ?? others;
    if (target === undefined) throw new Error('a call for a project that this gateway does not serve');
    return target;
  }

  /**
   * Serves these projects from now on. A failure changes nothing.
   * @throws ProjectLookupError
   */
  async serve({ projects, defaultProject, others }: ProjectsToServe): Promise<void> {
    const targets = new Map<string, Target>();
    const names = new Map<string, string>();
    let defaultId: string | undefined;
    // One source per reference, so that metadata is fetched once for all projects and kept over a reload.
    const sources = new Map<string, HeldSource>();
    for (const [i, project] of projects.entries()) {
      const keys = project.credentials === null ? undefined : this.#hold(project.credentials, sources);
      const id = project.id ?? (await this.#lookUp(project, keys));
      targets.set(id, { baseUrl: project.url, region: project.region, keys });
      names.set(id, project.name);
      if (i === defaultProject) defaultId = id;
    }
    for (const [id, target] of this.#served.targets) this.#former.set(id, target);
    for (const id of targets.keys()) this.#former.delete(id);
    const rest = others === null ? undefined : { baseUrl: others.url, region: others.region, keys: undefined };
    this.#served = { targets, ids: [...targets.keys()], others: rest, names, defaultId };
    for (const [name, { key }] of this.#sources) {
      if (key !== null && !sources.has(name)) this.#options.onRetired(key);
    }
    this.#sources = sources;
  }

  #hold(reference: CredentialReference, sources: Map<string, HeldSource>): CredentialSource {
    const name = nameOf(reference);
    const held = sources.get(name) ?? this.#sources.get(name) ?? fromReference(reference);
    sources.set(name, held);
    return held.source;
  }

  async #lookUp(project: ProjectSettings, keys: CredentialSource | undefined): Promise<string> {
    const key = JSON.stringify([
      project.iamUrl,
      project.name,
      project.credentials === null ? null : nameOf(project.credentials),
    ]);
    const known = this.#lookedUp.get(key);
    if (known !== undefined) return known;
    const target = { baseUrl: project.iamUrl, ...(keys === undefined ? {} : { credential: keys }) };
    const iam = this.#options.connect(target);
    try {
      const id = await lookUpProject(iam, project.name);
      this.#options.logger.info({ project: id, name: project.name }, 'project id looked up at IAM');
      this.#lookedUp.set(key, id);
      return id;
    } finally {
      await iam.close();
    }
  }
}

function nameOf(reference: CredentialReference): string {
  return reference.source === 'keys' ? nameOfKey(keyOf(reference)) : reference.source;
}

function fromReference(reference: CredentialReference): HeldSource {
  if (reference.source === 'metadata') return { source: new MetadataCredential({ clock: systemClock }), key: null };
  const key = keyOf(reference);
  return { source: fixedCredential(key), key };
}

function keyOf({ ak, sk, securityToken }: ServiceKeys): AkSkCredential {
  return { kind: 'aksk', ak, sk, ...(securityToken === undefined ? {} : { securityToken }) };
}
