/** Two tenants of one gateway, each with a token for its own project, and what one of them is answered. */
import type { Gateway } from '../../src/app/gateway.ts';
import type { Simulator } from '../../src/simulator/server.ts';
import { as, callsOf, issue, startIamGateway } from '../support/iam-gateway.ts';
import { TestIssuer } from '../support/issuer.ts';
import { startTestSimulator } from '../support/start-gateway.ts';
import { HERE, startTwoProjects, THERE, TWO_PROJECTS } from '../support/two-projects.ts';

export interface Tenant {
  readonly projectId: string;
  readonly subject: string;
  readonly headers: Record<string, string>;
}

export interface Tenants {
  readonly simulator: Simulator;
  readonly gateway: Gateway;
  /** Whose things they are. */
  readonly ann: Tenant;
  /** Who is curious. */
  readonly bob: Tenant;
  close(): Promise<void>;
}

export type TokenMode = 'jwt' | 'iam-token';

export async function startTenants(mode: TokenMode, env: Record<string, string> = {}): Promise<Tenants> {
  const simulator = await startTestSimulator(TWO_PROJECTS);
  if (mode === 'iam-token') {
    const gateway = await startIamGateway(simulator, { env });
    const tenant = (userId: string, projectId: string): Tenant => ({
      projectId,
      subject: `iam:${userId}`,
      headers: as(issue(simulator, { projectId, userId })),
    });
    const close = async () => {
      await gateway.close();
      await simulator.close();
    };
    return { simulator, gateway, ann: tenant('ann', HERE.id), bob: tenant('bob', THERE.id), close };
  }
  const issuer = await TestIssuer.start();
  const gateway = await startTwoProjects(simulator, { env: { ...issuer.env, ...env } });
  const tenant = async (sub: string, projectId: string): Promise<Tenant> => ({
    projectId,
    subject: `jwt:${encodeURIComponent(issuer.url)}:${sub}`,
    headers: { authorization: `Bearer ${await issuer.token({ sub, projects: { [projectId]: 'admin' } })}` },
  });
  const close = async () => {
    await gateway.close();
    await issuer.close();
    await simulator.close();
  };
  return { simulator, gateway, ann: await tenant('ann', HERE.id), bob: await tenant('bob', THERE.id), close };
}

/** All that a caller can see of an answer, and the calls that it took, which are what would make it slow. */
interface Seen {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
  readonly calls: readonly string[];
}

/** What differs between any two answers: when, their own ids, what is left of the caller's own rate. */
const PASSING = ['date', 'x-request-id', 'ratelimit-remaining', 'ratelimit-reset'];

export async function see({ gateway, simulator }: Tenants, tenant: Tenant, query: string): Promise<Seen> {
  simulator.clearRequests();
  const response = await fetch(`${gateway.url}/graphql`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...tenant.headers },
    body: JSON.stringify({ query }),
  });
  const body = (await response.text()).replaceAll(/"requestId":"[^"]*"/g, '"requestId":""');
  return {
    status: response.status,
    headers: Object.fromEntries([...response.headers].filter(([name]) => !PASSING.includes(name))),
    body,
    calls: callsOf(simulator)
      .map((call) => JSON.stringify([call.method, call.path, call.query, call.body, call.headerNames]))
      .toSorted(),
  };
}

/** With another word for the id, so that answers about two of them can be compared to the byte. */
export function without<T>(seen: T, id: string): T {
  return JSON.parse(JSON.stringify(seen).replaceAll(id, 'ID'));
}
