/** The projects that this gateway serves, where their calls go and as whom; replaced as a whole on a reload. */
import type { CredentialSource as CredentialReference, ProjectSettings, ServiceKeys } from './config-types.ts';
import type { Logger } from './observability/logger.ts';
import { systemClock } from './vpcep/clock.ts';
import { type AkSkCredential, type CredentialSource, fixedCredential, nameOfKey } from './vpcep/credentials.ts';
import { MetadataCredential } from './vpcep/credentials-metadata.ts';
import { lookUpProject } from './vpcep/project-lookup.ts';
import { Transport, type UpstreamTarget } from './vpcep/transport.ts';

export interface ServedProjects {
  readonly projects: readonly ProjectSettings[];
  readonly defaultProject: number | null;
}

interface HeldSource {
  readonly source: CredentialSource;
  /** Null: made out of metadata, with keys that change by themselves. */
  readonly key: AkSkCredential | null;
}

interface ProjectsOptions {
  readonly logger: Logger;
  /** Told of a key that no project uses any more. */
  readonly onRetired: (key: AkSkCredential) => void;
}

interface Served {
  readonly targets: ReadonlyMap<string, UpstreamTarget>;
  readonly names: ReadonlyMap<string, string>;
  readonly defaultId: string | undefined;
}

export class Projects {
  readonly #logger: Logger;
  readonly #onRetired: (key: AkSkCredential) => void;
  #sources: ReadonlyMap<string, HeldSource> = new Map();
  readonly #lookedUp = new Map<string, string>();
  #served: Served = { targets: new Map(), names: new Map(), defaultId: undefined };
  /** Of projects that a reload has taken away: what is still being watched goes on until its subscribers leave. */
  readonly #former = new Map<string, UpstreamTarget>();

  constructor({ logger, onRetired }: ProjectsOptions) {
    this.#logger = logger;
    this.#onRetired = onRetired;
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

  target(projectId: string): UpstreamTarget {
    const target = this.#served.targets.get(projectId) ?? this.#former.get(projectId);
    if (target === undefined) throw new Error('a call for a project that this gateway does not serve');
    return target;
  }

  /**
   * Serves these projects from now on. When it fails, everything stays as it was.
   * @throws ProjectLookupError
   */
  async serve({ projects, defaultProject }: ServedProjects): Promise<void> {
    const targets = new Map<string, UpstreamTarget>();
    const names = new Map<string, string>();
    let defaultId: string | undefined;
    // One source for each reference, so that metadata is fetched once for all projects, and kept over a reload.
    const sources = new Map<string, HeldSource>();
    for (const [i, project] of projects.entries()) {
      const name = nameOf(project.credentials);
      const held = sources.get(name) ?? this.#sources.get(name) ?? fromReference(project.credentials);
      sources.set(name, held);
      const credential = held.source;
      const id = project.id ?? (await this.#lookUp(project, credential));
      targets.set(id, { baseUrl: project.url, credential });
      names.set(id, project.name);
      if (i === defaultProject) defaultId = id;
    }
    for (const [id, target] of this.#served.targets) this.#former.set(id, target);
    for (const id of targets.keys()) this.#former.delete(id);
    this.#served = { targets, names, defaultId };
    for (const [name, { key }] of this.#sources) if (key !== null && !sources.has(name)) this.#onRetired(key);
    this.#sources = sources;
  }

  async #lookUp(project: ProjectSettings, credential: CredentialSource): Promise<string> {
    const key = JSON.stringify([project.iamUrl, project.name, nameOf(project.credentials)]);
    const known = this.#lookedUp.get(key);
    if (known !== undefined) return known;
    const iam = new Transport({ target: () => ({ baseUrl: project.iamUrl, credential }) });
    try {
      const id = await lookUpProject(iam, project.name);
      this.#logger.info({ project: id, name: project.name }, 'project id looked up at IAM');
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
