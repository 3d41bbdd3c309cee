/** The projects that this gateway serves, where their calls go and as whom; replaced as a whole on a reload. */
import type { CredentialSource as CredentialReference, ProjectSettings } from './config-types.ts';
import type { Logger } from './observability/logger.ts';
import { systemClock } from './vpcep/clock.ts';
import { environmentCredential } from './vpcep/credential-chain.ts';
import type { CredentialSource } from './vpcep/credentials.ts';
import { MetadataCredential } from './vpcep/credentials-metadata.ts';
import { profileCredential } from './vpcep/credentials-profile.ts';
import { lookUpProject } from './vpcep/project-lookup.ts';
import { Transport, type UpstreamTarget } from './vpcep/transport.ts';

export interface ServedProjects {
  readonly projects: readonly ProjectSettings[];
  readonly defaultProject: number | null;
}

interface Served {
  readonly targets: ReadonlyMap<string, UpstreamTarget>;
  readonly names: ReadonlyMap<string, string>;
  readonly defaultId: string | undefined;
}

export class Projects {
  readonly #logger: Logger;
  readonly #sources = new Map<
    string,
    { readonly kind: CredentialReference['source']; readonly source: CredentialSource }
  >();
  readonly #lookedUp = new Map<string, string>();
  #served: Served = { targets: new Map(), names: new Map(), defaultId: undefined };
  /** Of projects that a reload has taken away: what is still being watched goes on until its subscribers leave. */
  readonly #former = new Map<string, UpstreamTarget>();

  constructor(logger: Logger) {
    this.#logger = logger;
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
    // A profile file may hold other keys by now: that is what a reload is for.
    for (const [key, { kind }] of this.#sources) if (kind === 'profile') this.#sources.delete(key);
    for (const [i, project] of projects.entries()) {
      const credential = this.#source(project.credentials);
      const id = project.id ?? (await this.#lookUp(project, credential));
      targets.set(id, { baseUrl: project.url, credential });
      names.set(id, project.name);
      if (i === defaultProject) defaultId = id;
    }
    for (const [id, target] of this.#served.targets) this.#former.set(id, target);
    for (const id of targets.keys()) this.#former.delete(id);
    this.#served = { targets, names, defaultId };
  }

  async #lookUp(project: ProjectSettings, credential: CredentialSource): Promise<string> {
    const key = JSON.stringify([project.iamUrl, project.name, project.credentials]);
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

  /** One source for each reference, so that metadata is fetched once for all projects, and kept over a reload. */
  #source(reference: CredentialReference): CredentialSource {
    const key = JSON.stringify(reference);
    const held = this.#sources.get(key) ?? { kind: reference.source, source: fromReference(reference) };
    this.#sources.set(key, held);
    return held.source;
  }
}

function fromReference(reference: CredentialReference): CredentialSource {
  switch (reference.source) {
    case 'environment': {
      const { ak, sk, securityToken } = reference;
      return environmentCredential({ ak, sk, ...(securityToken === undefined ? {} : { securityToken }) });
    }
    case 'profile':
      return profileCredential({ path: reference.path });
    case 'metadata':
      return new MetadataCredential({ clock: systemClock });
  }
}
