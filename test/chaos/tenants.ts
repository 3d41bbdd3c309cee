/** Callers that change services, endpoints and connections through the gateways. */
import type { Cloud } from './cloud.ts';
import { endpointFeed, type Feed, serviceFeed } from './feeds.ts';
import type { Dice } from './random.ts';

export interface TenantsOptions {
  readonly cloud: Cloud;
  readonly projects: readonly string[];
  /** Addresses of the replicas. */
  readonly replicas: readonly string[];
  readonly dice: Dice;
  /** Called with every resource that was created, and the cursor of its creation. */
  readonly onCreated: (feed: Feed, id: string, statusCursor: string) => void;
  readonly note: (what: string, count: number) => void;
}

interface Created {
  readonly statusCursor: string;
  readonly resource: { readonly id: string };
}

interface Call {
  /** A mutation field with alias `done`. */
  readonly field: string;
  /** Of what it creates. */
  readonly feed?: Feed;
}

const CALL_MS = 120;
const ANSWER_MS = 10_000;
const VPC = '51a00000-0000-4000-8000-0000000000a1';
const SUBNET = '51a00000-0000-4000-8000-0000000000a2';

/** Every call gets one answer or none: what it did is seen upstream. */
export function startTenants({ cloud, projects, replicas, dice, onCreated, note }: TenantsOptions): {
  stop(): Promise<void>;
} {
  const calling = new Set<Promise<void>>();
  let ports = 0;
  const decide =
    (field: string) =>
    (project: string): Call => {
      const { id, service } = dice.pick(cloud.connected(project));
      return {
        field: `${field}(projectId: "${project}", input: { endpointServiceId: "${service.id}", endpointIds: ["${id}"] }) { statusCursor }`,
      };
    };
  const connect = (project: string): Call => {
    const { id } = dice.pick(cloud.services(project));
    const input = `{ endpointServiceId: "${id}", vpcId: "${VPC}", subnetId: "${SUBNET}" }`;
    const field = `createVpcEndpoint(projectId: "${project}", input: ${input}) { statusCursor resource: endpoint { id } }`;
    return { field, feed: endpointFeed(project) };
  };
  const disconnect = (project: string): Call => {
    const { id } = dice.pick(cloud.connected(project));
    return { field: `deleteVpcEndpoint(projectId: "${project}", input: { id: "${id}" }) { statusCursor }` };
  };
  const offer = (project: string): Call => {
    const portId = `51a0000c-0000-4000-8000-${(ports++).toString(16).padStart(12, '0')}`;
    const input = `{ vpcId: "${VPC}", portId: "${portId}", serverType: VM, ports: [{ clientPort: 80, serverPort: 80 }] }`;
    const field = `createEndpointService(projectId: "${project}", input: ${input}) { statusCursor resource: service { id } }`;
    return { field, feed: serviceFeed(project) };
  };
  /** Upstream refuses it while the service has connections. */
  const withdraw = (project: string): Call => {
    const used = new Set(cloud.connected(project).map(({ service }) => service.id));
    const services = cloud.services(project);
    const unused = services.filter(({ id }) => !used.has(id));
    const { id } = dice.pick(unused.length > 0 ? unused : services);
    return { field: `deleteEndpointService(projectId: "${project}", input: { id: "${id}" }) { statusCursor }` };
  };
  const accept = decide('acceptServiceConnection');
  const calls = [accept, accept, decide('rejectServiceConnection'), connect, disconnect, offer, withdraw] as const;

  const call = async ({ field, feed }: Call, url: string): Promise<void> => {
    const response = await fetch(url, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ query: `mutation { done: ${field} }` }),
      signal: AbortSignal.timeout(ANSWER_MS),
    });
    const { data } = (await response.json()) as { readonly data?: { readonly done: Created | null } };
    const done = data?.done ?? null;
    note(done === null ? 'calls refused' : 'calls done', 1);
    if (done !== null && feed !== undefined) onCreated(feed, done.resource.id, done.statusCursor);
  };
  const timer = setInterval(() => {
    const one = call(dice.pick(calls)(dice.pick(projects)), dice.pick(replicas))
      .catch(() => note('calls without answer', 1))
      .finally(() => calling.delete(one));
    calling.add(one);
  }, CALL_MS);
  return {
    stop: async () => {
      clearInterval(timer);
      await Promise.all(calling);
    },
  };
}
