/** The projects that this gateway serves, where their calls go and as whom; replaced as a whole on a reload. */
import type { CredentialSource as CredentialReference, ServiceKeys } from '../config/access-keys.ts';
import type { ProjectSettings } from '../config/projects-file.ts';
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

export interface ServedProjects {
  readonly projects: readonly ProjectSettings[];
  readonly defaultProject: number | null;
  /** Where calls for all other projects go; null: they are not served. */
  readonly others: { readonly url: string } | null;
}

interface ProjectsOptions {
  readonly logger: Logger;
  /** Every call brings a token of its own (`AUTH_MODE=iam-token`): the keys are for watching alone. */
  readonly ownTokens: boolean;
  /** Told of a key that no project uses any more. */
  readonly onRetired: (key: AkSkCredential) => void;
  /** For IAM, where projects without an id are looked up. */
  readonly connect: (target: UpstreamTarget) => Transport;
}

interface Target {
  readonly baseUrl: string;
  readonly keys: CredentialSource | undefined;
}

interface HeldSource {
  readonly source: CredentialSource;
  /** Null: made out of metadata, with keys that change by themselves. */
  readonly key: AkSkCredential | null;
}

interface Served {
  readonly targets: ReadonlyMap<string, Target>;
  readonly others: Target | undefined;
  readonly names: ReadonlyMap<string, string>;
  readonly defaultId: string | undefined;
}

export class Projects {
  readonly #options: ProjectsOptions;
  #sources: ReadonlyMap<string, HeldSource> = new Map();
  readonly #lookedUp = new Map<string, string>();
  #served: Served = { targets: new Map(), others: undefined, names: new Map(), defaultId: undefined };
  /** Of projects that a reload has taken away: what is still being watched goes on until its subscribers leave. */
  readonly #former = new Map<string, Target>();

  constructor(options: ProjectsOptions) {
    this.#options = options;
  }

  get ids(): readonly string[] {
    return [...this.#served.targets.keys()];
  }

  get defaultId(): string | undefined {
    return this.#served.defaultId;
  }

  /** By id. */
  get names(): ReadonlyMap<string, string> {
    return this.#served.names;
  }

  /** Whether projects that are not listed are served as well, for callers who bring a token of theirs. */
  get open(): boolean {
    return this.#served.others !== undefined;
  }

  /** The keys are left out where no call may be made with them by mistake. */
  target(projectId: string): UpstreamTarget {
    const { baseUrl, keys } = this.#target(projectId);
    return keys === undefined || this.#options.ownTokens ? { baseUrl } : { baseUrl, credential: keys };
  }

  /** The gateway's own for this project; undefined when it has none. */
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
   * Serves these projects from now on. When it fails, everything stays as it was.
   * @throws ProjectLookupError
   */
  async serve({ projects, defaultProject, others }: ServedProjects): Promise<void> {
    const targets = new Map<string, Target>();
    const names = new Map<string, string>();
    let defaultId: string | undefined;
    // One source for each reference, so that metadata is fetched once for all projects, and kept over a reload.
    const sources = new Map<string, HeldSource>();
    for (const [i, project] of projects.entries()) {
      const keys = project.credentials === null ? undefined : this.#hold(project.credentials, sources);
      const id = project.id ?? (await this.#lookUp(project, keys));
      targets.set(id, { baseUrl: project.url, keys });
      names.set(id, project.name);
      if (i === defaultProject) defaultId = id;
    }
    for (const [id, target] of this.#served.targets) this.#former.set(id, target);
    for (const id of targets.keys()) this.#former.delete(id);
    const rest = others === null ? undefined : { baseUrl: others.url, keys: undefined };
    this.#served = { targets, others: rest, names, defaultId };
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
