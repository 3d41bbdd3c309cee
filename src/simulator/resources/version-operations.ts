import { ApiError } from '../core/api-error.ts';
import type { Answer, Call } from '../core/call.ts';
import type { JsonObject } from '../world/json.ts';

const VERSIONS: readonly JsonObject[] = [
  version('v1', 'CURRENT', '2018-09-30T00:00:00Z'),
  version('v2', 'SUPPORT', '2023-05-10T00:00:00Z'),
];

export function listVersions(): Answer {
  return { status: 200, body: { versions: VERSIONS } };
}

export function showVersion({ params }: Call): Answer {
  const found = VERSIONS.find(({ id }) => id === params.version);
  // Every path of one word comes here; what is no version is no published path.
  if (found === undefined)
    throw new ApiError(404, 'APIGW.0101', 'The API does not exist or has not been published in the environment.');
  return { status: 200, body: { version: found } };
}

/** Micro versions are not in use: both are empty. */
function version(id: string, status: string, updated: string): JsonObject {
  const href = `https://vpcep.simulator.invalid/${id}`;
  const links = [{ href, type: 'application/json', rel: 'self' }];
  return { id, status, updated, version: '', min_version: '', links };
}
