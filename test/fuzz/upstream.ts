/** Valid operations, and an upstream that answers anything. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { faultInAnswer } from './answers.ts';
import type { Attack } from './run.ts';
import { type SickAnswer, SickUpstream, sickAnswer } from './sick-upstream.ts';

interface Case {
  readonly operation: string;
  readonly answer: SickAnswer;
}

const ID = '5a1b3c00-0000-4000-8000-000000000001';
const ENDPOINT = `{ id rawStatus status tags { key value } faults { code message } createdAt statusHistory(last: 3) { rawStatus }
  service { id serviceName ... on EndpointService { rawStatus ports { clientPort } } } }`;
const SERVICE = `{ id serviceName rawStatus ports { clientPort serverPort } connections(first: 3) { nodes { endpointId status } }
  permissions(first: 3) { nodes { id permission } } }`;
const IN = `projectId: $p`;
const OPERATIONS = [
  `{ vpcEndpoint(id: "${ID}", ${IN}) ${ENDPOINT} }`,
  `{ vpcEndpoints(first: 5, ${IN}) { totalCount nodes ${ENDPOINT} pageInfo { hasNextPage endCursor } } }`,
  `{ endpointService(id: "${ID}", ${IN}) ${SERVICE} }`,
  `{ endpointServices(first: 5, ${IN}) { totalCount nodes ${SERVICE} } }`,
  `{ publicEndpointServices(first: 5, ${IN}) { totalCount nodes { id serviceName } } }`,
  `{ describeEndpointService(by: { id: "${ID}" }, ${IN}) { id serviceName } }`,
  `{ quotas(${IN}) { type used limit } }`,
  `{ projectTags(resourceType: ENDPOINT, ${IN}) { key values } }`,
  `{ resourcesByTags(resourceType: ENDPOINT, filter: {}, ${IN}) { totalCount nodes { resourceId } } }`,
  `{ apiVersions(${IN}) { id } }`,
  `mutation { deleteVpcEndpoint(input: {id: "${ID}"}, ${IN}) { statusCursor endpoint { id rawStatus } } }`,
  `mutation { updateServiceConnectionDescription(input: {endpointServiceId: "${ID}", endpointId: "${ID}", description: "x"}, ${IN}) { connection { endpointId } } }`,
  `mutation { deleteEndpointService(input: {id: "${ID}"}, ${IN}) { __typename } }`,
] as const;

/** A project for each case on its way: its answer is its own. */
const SLOTS = 16;

/** Starts the upstream; MUST be stopped. */
export async function upstreamAnswers(): Promise<Attack<Case>> {
  const upstream = new SickUpstream();
  const url = await upstream.listen();
  const directory = mkdtempSync(join(tmpdir(), 'fuzz-'));
  const file = join(directory, 'projects.json');
  const free = Array.from({ length: SLOTS }, (_, slot) => `fuzz-${slot}`);
  const projects = free.map((id) => ({ id, url, credentials: { environment: { ak: 'FUZZ_AK', sk: 'FUZZ_SK' } } }));
  writeFileSync(file, JSON.stringify({ projects }));
  return {
    env: {
      PROJECTS_FILE: file,
      FUZZ_AK: 'FUZZ-AK',
      FUZZ_SK: 'fuzz-sk-not-a-secret',
      VPCEP_READS_PER_SECOND: '10000',
      VPCEP_WRITES_PER_SECOND: '10000',
    },
    cases: fc.record({ operation: fc.constantFrom(...OPERATIONS), answer: sickAnswer }),
    send: async (target, { operation, answer }) => {
      const projectId = free.pop();
      if (projectId === undefined) throw new Error('more cases at a time than projects');
      upstream.set(projectId, answer);
      const query = operation.replace(/^(mutation )?/, (kind) => `${kind === '' ? 'query' : 'mutation'} F($p: ID) `);
      const response = await fetch(`${target.url}/graphql`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ query, variables: { p: projectId } }),
      });
      const fault = faultInAnswer(await response.text());
      free.push(projectId);
      return fault;
    },
    stop: async () => {
      upstream.close();
      rmSync(directory, { recursive: true });
    },
  };
}
