/** What the configuration says about the upstream. */
import type { Secret } from '../shared/secret.ts';

/** An access key, wherever it was read: the environment, a profile file or files of its parts. */
export interface ServiceKeys {
  readonly source: 'keys';
  readonly ak: string;
  readonly sk: Secret;
  readonly securityToken: Secret | undefined;
}

export type CredentialSource =
  | ServiceKeys
  /** ECS instance metadata: temporary keys of the machine's agency. */
  | { readonly source: 'metadata' };

/** The simulator inside this process. */
export interface SimulatorUpstream extends SimulatorSettings {
  readonly kind: 'simulator';
  readonly region: string;
  readonly projectId: string;
}

export interface ProjectSettings {
  /** Null: looked up at IAM by its name. */
  readonly id: string | null;
  /** IAM's name of the project; that of a region's own project is the region. */
  readonly name: string;
  readonly region: string;
  /** Base URLs are origins: no path, no slash at the end. */
  readonly url: string;
  readonly iamUrl: string;
  /** Null: there are none, and calls are made with the tokens of callers only. */
  readonly credentials: CredentialSource | null;
}

export interface RemoteUpstream {
  readonly kind: 'remote';
  readonly projects: readonly ProjectSettings[];
  /** Which of them is meant when a request names none; null: then there must be only one. */
  readonly defaultProject: number | null;
  /** Where calls for other projects go, whose callers bring tokens of their own; null: no others are served. */
  readonly others: { readonly url: string } | null;
  /** The IAM that knows the tokens of callers. */
  readonly iamUrl: string;
}

export type Upstream = SimulatorUpstream | RemoteUpstream;

export interface SimulatorSettings {
  readonly host: string;
  readonly port: number;
  readonly ak: string;
  readonly sk: Secret;
  /** How much faster than the real service statuses move. */
  readonly speed: number;
}

/** How many calls the gateway makes, for each project. */
export interface BudgetSettings {
  readonly readsPerSecond: number;
  readonly writesPerSecond: number;
  readonly pollsPerSecond: number;
  /** Into how many parts the budget falls while Redis is unavailable. */
  readonly replicas: number;
}

/** What the configuration needs of the disk; tests pass their own. */
export interface ConfigFiles {
  readonly defaultProfile: string;
  /** Undefined when there is no such file; throws when it is there and cannot be read. */
  readonly read: (path: string) => string | undefined;
}
