/** The upstream: projects in the cloud, or the simulator inside this process. */
import * as z from 'zod';
import { Secret } from '../shared/secret.ts';
import { AccessKey, readCredentials } from './access-keys.ts';
import type { AuthSettings } from './auth.ts';
import { baseUrl, type Env, Host, Port, positive, type Section, type SettingsOf } from './env.ts';
import { type ConfiguredProjects, ProjectId, type ProjectSettings, readProjects } from './projects-file.ts';
import { DEFAULT_REGION, publicUrl, REGIONS } from './regions.ts';

export interface RemoteUpstream extends ConfiguredProjects {
  readonly kind: 'remote';
  /** Of other projects, which are called with the callers' tokens; null: no others are served. */
  readonly others: Pick<ProjectSettings, 'url' | 'region'> | null;
  /** The IAM that verifies the callers' tokens. */
  readonly iamUrl: string;
}

export const SIMULATOR = {
  host: ['SIMULATOR_HOST', Host.default('127.0.0.1')],
  port: ['SIMULATOR_PORT', Port.default(4100)],
  ak: ['SIMULATOR_AK', AccessKey.default('SIMULATOR-AK')],
  sk: [
    'SIMULATOR_SK',
    z
      .string()
      .default('simulator-sk-not-a-secret')
      .transform((text) => new Secret(text)),
  ],
  /** Factor by which statuses move faster than in the real service. */
  speed: ['SIMULATOR_SPEED', positive(10_000).default(1)],
} satisfies Section;
const SIMULATOR_PROJECT = '51a051a051a051a051a051a051a051a0';

/** The simulator inside this process. */
export type SimulatorUpstream = SettingsOf<typeof SIMULATOR> & {
  readonly kind: 'simulator';
  readonly region: string;
  readonly projectId: string;
};

export type Upstream = SimulatorUpstream | RemoteUpstream;

export function readUpstream(env: Env, production: boolean, authMode: AuthSettings['mode']): Upstream {
  const projectId = env.value('HUAWEICLOUD_SDK_PROJECT_ID', ProjectId.optional());
  const place = readPlace(env, production);
  const simulator = env.read(SIMULATOR);
  const ownTokens = authMode === 'iam-token';
  const remote = { kind: 'remote', others: null, iamUrl: place.iamUrl } as const;
  const configured = readProjects(env, { production, keysOptional: ownTokens });
  if (configured !== undefined) return { ...remote, ...configured };
  const found = readCredentials(env);
  const isRemote = env.has('REDIS_URL') || ['VPCEP_URL', 'PROJECTS_FILE'].some((name) => env.text(name) !== undefined);
  if (found === undefined && authMode === 'none' && !isRemote) {
    if (production) {
      env.fault(
        'HUAWEICLOUD_SDK_AK',
        'must be set, since NODE_ENV=production refuses the simulator. Set HUAWEICLOUD_SDK_AK and HUAWEICLOUD_SDK_SK, or set VPCEP_URL to use the keys of ECS metadata',
      );
    }
    return { kind: 'simulator', ...simulator, region: place.region, projectId: projectId ?? SIMULATOR_PROJECT };
  }
  const id = projectId ?? found?.projectId ?? null;
  // A URL of another cloud says nothing about the region.
  const region = env.text('VPCEP_URL') === undefined ? place.region : (env.text('VPCEP_REGION') ?? null);
  if (ownTokens && found === undefined && id === null) {
    return { ...remote, projects: [], defaultProject: null, others: { url: place.url, region } };
  }
  const credentials = found?.credentials ?? (ownTokens ? null : { source: 'metadata' as const });
  const project: ProjectSettings = { ...place, region, id, name: place.region, credentials };
  return { ...remote, projects: [project], defaultProject: 0 };
}

function readPlace(env: Env, production: boolean): { region: string; url: string; iamUrl: string } {
  const region = env.text('VPCEP_REGION') ?? DEFAULT_REGION;
  const { url, iamUrl } = env.read({
    url: ['VPCEP_URL', baseUrl(production)],
    iamUrl: ['IAM_URL', baseUrl(production)],
  });
  const isPrivate = env.text('VPCEP_URL') !== undefined && env.text('IAM_URL') !== undefined;
  if (!REGIONS.includes(region) && !(isPrivate && /^[a-z0-9-]+$/.test(region))) {
    env.fault(
      'VPCEP_REGION',
      'must be a region of the public cloud, such as cn-north-4 or eu-west-101. Correct it; for a private cloud set both VPCEP_URL and IAM_URL as well',
    );
  }
  return { region, url: url ?? publicUrl('vpcep', region), iamUrl: iamUrl ?? publicUrl('iam', region) };
}
