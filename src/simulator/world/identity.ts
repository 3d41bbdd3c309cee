/** Credentials and accounts of the simulator. All default values are obviously fake and work nowhere else. */
import { createHash } from 'node:crypto';
import * as z from 'zod';

export const SIMULATOR_REGION = 'simulator-1';
export const SIMULATOR_AK = 'SIMULATOR-AK';
export const SIMULATOR_SK = 'simulator-sk-not-a-secret';
export const SIMULATOR_TOKEN = 'simulator-token-not-a-secret';
/** 32 hex digits, like the project ids in the published samples. */
export const SIMULATOR_PROJECT_ID = '51a051a051a051a051a051a051a051a0';
/** The account of that project. */
export const SIMULATOR_DOMAIN_ID = '51a0d051a0d051a0d051a0d051a0d051';

/** Every project has an account of its own, always the same one; 32 hex digits, like the account ids of the cloud. */
export function domainIdOf(projectId: string): string {
  if (projectId === SIMULATOR_PROJECT_ID) return SIMULATOR_DOMAIN_ID;
  return createHash('sha256').update(`account of ${projectId}`).digest('hex').slice(0, 32);
}

/** All accounts are members of one organisation. */
export function orgPathOf(domainId: string): string {
  return `o-simulator/r-simulator/${domainId}`;
}

export interface SimulatorCredential {
  readonly ak: string;
  readonly sk: string;
  /** Set for temporary credentials: X-Security-Token must then carry it. */
  readonly securityToken?: string;
  /** Projects that this credential may use; the simulator's own when absent. */
  readonly projectIds?: readonly string[];
}

export const tokenSchema = z.strictObject({
  token: z.string().regex(/^[\x21-\x7e]+$/),
  /** The project that the token is scoped to. */
  projectId: z.string(),
  /** Milliseconds since 1970; in a day when absent. */
  expiresAt: z.number().exactOptional(),
  /** Default: an IAM user of the project's account. */
  userId: z.string().exactOptional(),
  /** Default: `te_admin`. With nothing but `readonly` it may not write. */
  roles: z.array(z.string()).readonly().exactOptional(),
  /** Operations (operationId of vpcep.openapi.yaml) that an IAM policy denies. */
  denies: z.array(z.string()).readonly().exactOptional(),
  /** A token of the whole account, good for no project. */
  domainScoped: z.boolean().exactOptional(),
});

export type SimulatorToken = Readonly<z.infer<typeof tokenSchema>>;

export const DEFAULT_CREDENTIAL: SimulatorCredential = { ak: SIMULATOR_AK, sk: SIMULATOR_SK };
