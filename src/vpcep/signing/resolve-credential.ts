import { UpstreamError } from '../errors/upstream-error.ts';
import { type Credential, type CredentialSource, NoCredentialError } from './credentials.ts';

/** @throws UpstreamError `auth`, `not_sent`, saying why there is no credential. */
export async function resolveCredential(
  source: CredentialSource | undefined,
  signal: AbortSignal | undefined,
): Promise<Credential> {
  try {
    if (source === undefined) {
      throw new NoCredentialError('none is configured for this project');
    }
    return await source.get(signal);
  } catch (error) {
    if (error instanceof UpstreamError) {
      throw error;
    }
    // What another kind of error says is not known to be free of secrets.
    const why = error instanceof NoCredentialError ? error.message : 'reading them failed';
    const message = `No credentials for upstream: ${why}.`;
    throw new UpstreamError({ kind: 'auth', outcome: 'not_sent', message, retryable: false });
  }
}
