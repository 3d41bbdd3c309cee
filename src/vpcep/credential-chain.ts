/** Where the service's own credentials come from, in the SDKs' order (docs/upstream/SIGNING.md, "Credentials"). */
import { type CredentialSource, fixedCredential, NoCredentialError } from './credentials.ts';

export interface EnvironmentValues {
  /** `HUAWEICLOUD_SDK_AK`, or its fallback `CLOUD_SDK_AK`. */
  readonly ak?: string;
  readonly sk?: string;
  readonly securityToken?: string;
}

/** Values read from the environment by `config.ts`; half a pair is none. */
export function environmentCredential({ ak, sk, securityToken }: EnvironmentValues): CredentialSource {
  if (ak === undefined || sk === undefined) {
    return { get: () => Promise.reject(new NoCredentialError('the environment has no access key with its secret')) };
  }
  return fixedCredential({ kind: 'aksk', ak, sk, ...(securityToken === undefined ? {} : { securityToken }) });
}

/**
 * The first source that has a credential, and from then on only that one: a source that fails for a moment must not
 * make the gateway act as somebody else.
 */
export function credentialChain(sources: readonly CredentialSource[]): CredentialSource {
  let chosen: CredentialSource | undefined;
  return {
    async get(signal) {
      if (chosen !== undefined) {
        return chosen.get(signal);
      }
      const reasons: string[] = [];
      for (const source of sources) {
        try {
          const credential = await source.get(signal);
          // Of two calls that looked at the same time, the first to find one decides.
          chosen ??= source;
          return credential;
        } catch (error) {
          if (!(error instanceof NoCredentialError)) {
            throw error;
          }
          reasons.push(error.message);
        }
      }
      throw new NoCredentialError(reasons.join('; ') || 'no source is configured');
    },
  };
}
