/** A gateway in AUTH_MODE=iam-token over a simulator that is VPCEP and IAM in one, and callers with tokens. */
import type { Gateway } from '../../src/app/gateway.ts';
import type { RecordedRequest } from '../../src/simulator/core/request-log.ts';
import type { Simulator } from '../../src/simulator/server.ts';
import { SIMULATOR_PROJECT_ID, type SimulatorToken } from '../../src/simulator/world/identity.ts';
import { type GraphqlAnswer, post } from './fake-gateway.ts';
import { SocketClient } from './socket-client.ts';
import { startTestGateway, type TestGatewayOptions } from './start-gateway.ts';

const NO_KEYS = { HUAWEICLOUD_SDK_AK: '', HUAWEICLOUD_SDK_SK: '', HUAWEICLOUD_SDK_PROJECT_ID: '' };

/** Without service credentials, unless `env` has them. */
export function startIamGateway(simulator: Simulator, options: TestGatewayOptions = {}): Promise<Gateway> {
  const env = { AUTH_MODE: 'iam-token', IAM_URL: simulator.url, ...NO_KEYS, ...options.env };
  return startTestGateway(simulator, { ...options, env });
}

let issued = 0;

/** A fresh token of the simulator's project, or of another. */
export function issue(simulator: Simulator, token: Partial<SimulatorToken> = {}): string {
  issued += 1;
  const text = `callers-token-${issued}-not-to-be-seen`;
  simulator.issueToken({ token: text, projectId: SIMULATOR_PROJECT_ID, ...token });
  return text;
}

export function as(token: string): Record<string, string> {
  return { 'x-auth-token': token };
}

export function postAs(url: string, token: string, query: string, variables?: unknown): Promise<GraphqlAnswer> {
  return post(url, query, variables, as(token));
}

export async function socketAs(url: string, token: string): Promise<SocketClient> {
  const socket = new SocketClient(url);
  await socket.init({ 'X-Auth-Token': token });
  return socket;
}

/** All requests to VPCEP, without those to IAM. */
export function callsOf({ requests }: Simulator): readonly RecordedRequest[] {
  return requests.filter(({ path }) => !path.startsWith('/v3/'));
}

export function carriesToken({ headerNames }: RecordedRequest): boolean {
  return headerNames.includes('x-auth-token') && !headerNames.includes('authorization');
}

export function isSigned({ headerNames }: RecordedRequest): boolean {
  return headerNames.includes('authorization') && !headerNames.includes('x-auth-token');
}
