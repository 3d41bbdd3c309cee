import { readFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { Secret } from '../shared/secret.ts';
import type { AuthSettings } from './auth.ts';
import { AK_FORM, baseUrlFaults, SECURITY_TOKEN_FORM, type Values } from './env.ts';
import { type Profile, parseProfile, readProjects } from './projects-file.ts';
import { publicUrl, REGIONS } from './regions.ts';
import type { ConfigFiles, CredentialSource, ProjectSettings, SimulatorSettings, Upstream } from './types.ts';

export const diskFiles: ConfigFiles = {
  defaultProfile: join(homedir(), '.huaweicloud', 'credentials'),
  read: (path) => {
    try {
      return readFileSync(path, 'utf8');
    } catch (error) {
      if (error instanceof Error && 'code' in error && (error.code === 'ENOENT' || error.code === 'ENOTDIR'))
        return undefined;
      throw error;
    }
  },
};

/** The simulator's own defaults when it runs alone. */
const SIMULATOR_PROJECT = '51a051a051a051a051a051a051a051a0';

const KEY_PARTS = ['AK', 'SK'] as const;

export function readSimulatorSettings(values: Values): SimulatorSettings {
  return {
    host: values.host('SIMULATOR_HOST', '127.0.0.1'),
    port: values.port('SIMULATOR_PORT', 4100),
    ak:
      values.matching('SIMULATOR_AK', AK_FORM.pattern, AK_FORM.rule, 'Leave it unset for the default') ??
      'SIMULATOR-AK',
    sk: new Secret(values.text('SIMULATOR_SK') ?? 'simulator-sk-not-a-secret'),
    speed: values.factor('SIMULATOR_SPEED', 1, 10_000),
  };
}

export function readUpstream(
  values: Values,
  files: ConfigFiles,
  production: boolean,
  authMode: AuthSettings['mode'],
): Upstream {
  const projectId = values.matching(
    'HUAWEICLOUD_SDK_PROJECT_ID',
    /^[A-Za-z0-9_-]{1,64}$/,
    'must be 1 to 64 letters, digits, - or _',
    'Copy it from "My Credentials" in the console',
  );
  const place = readPlace(values, production);
  const simulator = readSimulatorSettings(values);
  const ownTokens = authMode === 'iam-token';
  const remote = { kind: 'remote', others: null, iamUrl: place.iamUrl } as const;
  const configured = readProjects(values, files, { production, keysOptional: ownTokens });
  if (configured !== undefined) return { ...remote, ...configured };
  const found = readCredentials(values, files);
  const named =
    values.has('REDIS_URL') || ['VPCEP_URL', 'PROJECTS_FILE'].some((name) => values.text(name) !== undefined);
  if (found === undefined && authMode === 'none' && !named) {
    if (production) {
      values.fault(
        'HUAWEICLOUD_SDK_AK',
        'there are no credentials, and NODE_ENV=production refuses the simulator',
        'Set HUAWEICLOUD_SDK_AK and HUAWEICLOUD_SDK_SK, or set VPCEP_URL to use the keys of ECS metadata',
      );
    }
    return { kind: 'simulator', ...simulator, region: place.region, projectId: projectId ?? SIMULATOR_PROJECT };
  }
  const id = projectId ?? found?.projectId ?? null;
  if (ownTokens && found === undefined && id === null) {
    return { ...remote, projects: [], defaultProject: null, others: { url: place.url } };
  }
  const credentials = found?.credentials ?? (ownTokens ? null : { source: 'metadata' as const });
  const project: ProjectSettings = { ...place, id, name: place.region, credentials };
  return { ...remote, projects: [project], defaultProject: 0 };
}

function readPlace(values: Values, production: boolean): { region: string; url: string; iamUrl: string } {
  const region = values.text('VPCEP_REGION') ?? 'cn-north-4';
  const elsewhere = values.text('VPCEP_URL') !== undefined && values.text('IAM_URL') !== undefined;
  if (!REGIONS.includes(region) && !(elsewhere && /^[a-z0-9-]+$/.test(region))) {
    values.fault(
      'VPCEP_REGION',
      'must be a region of the public cloud, such as cn-north-4 or eu-west-101',
      'Correct it; for a private cloud set both VPCEP_URL and IAM_URL as well',
    );
  }
  const url = readBaseUrl(values, 'VPCEP_URL', production) ?? publicUrl('vpcep', region);
  return { region, url, iamUrl: readBaseUrl(values, 'IAM_URL', production) ?? publicUrl('iam', region) };
}

function readBaseUrl(values: Values, name: string, production: boolean): string | undefined {
  const text = values.text(name);
  if (text === undefined) return undefined;
  for (const { rule, fix } of baseUrlFaults(text, production)) values.fault(name, rule, fix);
  return URL.parse(text)?.origin;
}

interface Found {
  readonly credentials: CredentialSource;
  readonly projectId?: string | undefined;
}

/** The pairs are never mixed: an AK of one and an SK of the other would only get the key locked. */
function readCredentials(values: Values, files: ConfigFiles): Found | undefined {
  const prefix = ['HUAWEICLOUD_SDK', 'CLOUD_SDK'].find((candidate) =>
    KEY_PARTS.some((part) => values.has(`${candidate}_${part}`)),
  );
  const tokenName = 'HUAWEICLOUD_SDK_SECURITY_TOKEN';
  const securityToken = values.secret(tokenName, SECURITY_TOKEN_FORM);
  if (prefix === undefined) {
    if (values.has(tokenName)) {
      values.fault(
        tokenName,
        'belongs to a temporary key',
        'Set HUAWEICLOUD_SDK_AK and HUAWEICLOUD_SDK_SK as well, or unset it',
      );
    }
    return readProfile(values, files);
  }
  const ak = values.secret(`${prefix}_AK`, AK_FORM);
  const sk = values.secret(`${prefix}_SK`);
  for (const missing of KEY_PARTS.filter((part) => !values.has(`${prefix}_${part}`))) {
    const given = missing === 'AK' ? 'SK' : 'AK';
    values.fault(
      `${prefix}_${missing}`,
      `must be set because ${prefix}_${given} is`,
      `Set both or unset ${prefix}_${given}`,
    );
  }
  // Without one of them there is a fault, and nothing is made of this.
  return { credentials: { source: 'keys', ak: ak?.reveal() ?? '', sk: sk ?? new Secret(''), securityToken } };
}

function readProfile(values: Values, files: ConfigFiles): Found | undefined {
  const name = 'HUAWEICLOUD_SDK_CREDENTIALS_FILE';
  const asked = values.text(name);
  const path = asked ?? files.defaultProfile;
  const fix =
    asked === undefined
      ? `Correct ${path}, move it away, or set HUAWEICLOUD_SDK_AK and _SK`
      : 'Correct the path or the file, or unset it';
  let profile: Profile | undefined;
  try {
    const content = files.read(path);
    profile = content === undefined ? undefined : parseProfile(content);
  } catch {
    values.fault(name, 'the profile file cannot be read', fix);
    return undefined;
  }
  if (profile?.keys !== undefined) return { credentials: profile.keys, projectId: profile.projectId };
  if (asked !== undefined || profile?.meant === true) {
    values.fault(name, 'the profile file must exist and hold ak and sk in its section [basic]', fix);
  }
  return undefined;
}
