/**
 * Port mappings of an endpoint service. Rules: docs/upstream/NOTES.md, "Rules on input". Pure. Input of the
 * operations on endpoint services, checked before anything is sent upstream. Pure.
 */

import { withoutEmpty, withoutUndefined } from '../../shared/objects.ts';
import type {
  CreateServiceInput,
  DescribeServiceQuery,
  ListServicesQuery,
  PortMappingInput,
  ServerResource,
  TcpProxy,
  UpdateServiceInput,
  UpgradeServiceInput,
} from '../../vpcep/service/model.ts';
import {
  DESCRIPTION_MAX,
  IDEMPOTENCY_KEY_MAX,
  InputCheck,
  idRule,
  lengthRule,
  noAngleBrackets,
  type Rule,
  SERVICE_NAME_MAX,
  uuidRule,
} from '../core/input-check.ts';
import { readTags } from '../core/tag.ts';

const MAX_PORTS = 200;
const LAST_PORT = 65_535;

function readNumber(check: InputCheck, path: string, value: unknown): number {
  if (typeof value === 'number' && Number.isInteger(value) && value >= 1 && value <= LAST_PORT) {
    return value;
  }
  check.report(path, { rule: 'range', message: `must be a port, 1 to ${LAST_PORT}` });
  return 0;
}

function readPort(check: InputCheck, path: string, value: unknown): PortMappingInput {
  const port = check.object(path, value) ?? {};
  if ((port.protocol ?? 'TCP') !== 'TCP') {
    check.report(`${path}.protocol`, { rule: 'protocol', message: 'must be TCP: upstream knows no other' });
  }
  return {
    clientPort: readNumber(check, `${path}.clientPort`, port.clientPort),
    serverPort: readNumber(check, `${path}.serverPort`, port.serverPort),
    protocol: 'TCP',
  };
}

function readPorts(check: InputCheck, path: string, value: unknown): readonly PortMappingInput[] | undefined {
  const ports = check.list(path, value, (itemPath, item) => readPort(check, itemPath, item));
  check.notEmpty(path, ports);
  if (ports !== undefined && ports.length > MAX_PORTS) {
    check.report(path, { rule: 'count', message: `may hold at most ${MAX_PORTS} ports: it holds ${ports.length}` });
  }
  check.unique(
    path,
    ports?.map(({ clientPort, serverPort }) => `${clientPort} ${serverPort}`),
  );
  return ports;
}

const ADDRESS_MAX = 255;
const SHORT_NAME = /^[A-Za-z0-9_-]{1,16}$/;

const shortName: Rule<string> = (value) =>
  SHORT_NAME.test(value)
    ? null
    : {
        rule: 'name',
        message: 'must be a short name of 1 to 16 characters A-Z, a-z, 0-9, _ and -: upstream makes the long one',
      };

const networkId: Rule<string> = (value) => {
  const fault = uuidRule(value);
  return fault && { ...fault, message: 'must be the UUID of a network of the VPC' };
};

const resourceId: Rule<string> = (value) => {
  const fault = uuidRule(value);
  return fault && { ...fault, message: 'must be the UUID of a load balancer' };
};

/** One of the words that upstream takes; undefined when it is absent or faulty. */
function readWord<const Word extends string>(
  check: InputCheck,
  path: string,
  value: unknown,
  words: readonly Word[],
): Word | undefined {
  if (value === undefined || value === null) {
    return undefined;
  }
  const word = words.find((candidate) => candidate === value);
  if (word === undefined) {
    check.report(path, { rule: 'word', message: `must be ${words.join(' or ')}` });
  }
  return word;
}

const TCP_PROXIES = ['CLOSE', 'TOA_OPEN', 'PROXY_OPEN', 'OPEN', 'PROXY_VNI'] as const satisfies readonly TcpProxy[];

type Fields = Readonly<Record<string, unknown>>;

function readSettings(check: InputCheck, input: Fields) {
  return {
    serviceName: check.text('input.serviceName', input.serviceName, shortName),
    tcpProxy: readWord(check, 'input.tcpProxy', input.tcpProxy, TCP_PROXIES),
    ip: check.text('input.ip', input.ip, lengthRule(1, ADDRESS_MAX)),
    description: check.text('input.description', input.description, lengthRule(0, DESCRIPTION_MAX), noAngleBrackets),
  };
}

/** @throws InputError with every broken rule. */
export function readCreateServiceInput(value: unknown): CreateServiceInput {
  const check = new InputCheck();
  const input = check.object('input', value) ?? {};
  const serverType = readWord(check, 'input.serverType', input.serverType, ['VM', 'LB']);
  const required = {
    portId: check.requiredText('input.portId', input.portId, idRule),
    vpcId: check.requiredText('input.vpcId', input.vpcId, idRule),
    serverType: serverType ?? 'VM',
    ports: readPorts(check, 'input.ports', input.ports) ?? [],
    approvalEnabled: check.flag('input.approvalEnabled', input.approvalEnabled) ?? true,
  };
  const optional = {
    ...readSettings(check, input),
    serviceType: readWord(check, 'input.serviceType', input.serviceType, ['INTERFACE']),
    tags: readTags(check, 'input.tags', input.tags),
    ipVersion: readWord(check, 'input.ipVersion', input.ipVersion, ['IPV4', 'IPV6']),
    snatNetworkId: check.text('input.snatNetworkId', input.snatNetworkId, networkId),
    enablePolicy: check.flag('input.enablePolicy', input.enablePolicy),
    poolId: check.text('input.poolId', input.poolId, idRule),
  };
  if (optional.ipVersion === 'IPV6' && optional.snatNetworkId === undefined) {
    check.report('input.snatNetworkId', {
      rule: 'required',
      message: 'is required for IPV6: name a network of the VPC',
    });
  }
  // Checked with the rest so that every fault is told at once; it is no parameter of the call.
  check.text('input.idempotencyKey', input.idempotencyKey, lengthRule(1, IDEMPOTENCY_KEY_MAX));
  check.done();
  return { ...required, ...withoutEmpty(optional) };
}

/** `approvalEnabled` may be missing still: what it is now has to be read then. */
export type ServiceChange = Omit<UpdateServiceInput, 'approvalEnabled'> &
  Partial<Pick<UpdateServiceInput, 'approvalEnabled'>>;

/** @throws InputError with every broken rule, or when nothing would change. */
export function readUpdateServiceInput(value: unknown): ServiceChange & { readonly id: string } {
  const check = new InputCheck();
  const input = check.object('input', value) ?? {};
  const id = check.requiredText('input.id', input.id, idRule);
  const change = withoutUndefined({
    approvalEnabled: check.flag('input.approvalEnabled', input.approvalEnabled),
    ...readSettings(check, input),
    ports: readPorts(check, 'input.ports', input.ports),
    portId: check.text('input.portId', input.portId, idRule),
  });
  if (change.portId !== undefined && change.ip !== undefined) {
    // EndPoint.3052 of schema/vpcep.openapi.yaml, `x-error-codes`.
    check.report('input.ip', {
      rule: 'exclusive',
      message: 'must not change together with input.portId: do one first',
    });
  }
  if (Object.keys(change).length === 0) {
    check.report('input', { rule: 'empty', message: 'must name a change: give at least one field beside id' });
  }
  check.done();
  return { id, ...change };
}

/** @throws InputError */
export function readRenameInput(value: unknown): { readonly id: string; readonly name: string } {
  const check = new InputCheck();
  const input = check.object('input', value) ?? {};
  const id = check.requiredText('input.id', input.id, idRule);
  const name = check.requiredText('input.endpointServiceName', input.endpointServiceName, shortName);
  check.done();
  return { id, name };
}

/** @throws InputError */
export function readUpgradeServiceInput(value: unknown): UpgradeServiceInput & { readonly id: string } {
  const check = new InputCheck();
  const input = check.object('input', value) ?? {};
  const id = check.requiredText('input.id', input.id, idRule);
  const upgrade = {
    action: readWord(check, 'input.action', input.action, ['UPGRADE', 'ROLLBACK']),
    enableMultiServer: check.flag('input.enableMultiServer', input.enableMultiServer),
  };
  check.done();
  return { id, ...withoutUndefined(upgrade) };
}

/** @throws InputError */
export function readServerResources(value: unknown): {
  readonly id: string;
  readonly resources: readonly ServerResource[];
} {
  const check = new InputCheck();
  const input = check.object('input', value) ?? {};
  const id = check.requiredText('input.id', input.id, idRule);
  const path = 'input.serverResources';
  const resources = check.list(path, input.serverResources, (itemPath, item): ServerResource => {
    const given = check.object(itemPath, item) ?? {};
    const zone = check.text(`${itemPath}.availabilityZoneId`, given.availabilityZoneId, lengthRule(1, ADDRESS_MAX));
    return {
      resourceId: check.requiredText(`${itemPath}.resourceId`, given.resourceId, resourceId),
      ...withoutUndefined({ availabilityZoneId: zone }),
    };
  });
  check.notEmpty(path, resources);
  check.unique(
    path,
    resources?.map((resource) => `${resource.resourceId} ${resource.availabilityZoneId ?? ''}`),
  );
  check.done();
  return { id, resources: resources ?? [] };
}

/** Public services know the first two conditions only; the schema lets no other through. @throws InputError */
export function readServiceFilter(
  filter: unknown,
): Pick<ListServicesQuery, 'id' | 'endpointServiceName' | 'status' | 'serverType' | 'netType' | 'publicBorderGroup'> {
  const check = new InputCheck();
  const given = check.object('filter', filter) ?? {};
  const name = given.endpointServiceName;
  const conditions = withoutUndefined({
    id: check.text('filter.id', given.id, idRule),
    endpointServiceName: check.text('filter.endpointServiceName', name, lengthRule(1, SERVICE_NAME_MAX)),
    status: readWord(check, 'filter.status', given.status, ['CREATING', 'AVAILABLE', 'FAILED', 'DELETING']),
    serverType: readWord(check, 'filter.serverType', given.serverType, ['VM', 'LB', 'VIP']),
    netType: readWord(check, 'filter.netType', given.netType, ['VLAN', 'VXLAN', 'ALL']),
    publicBorderGroup: check.text('filter.publicBorderGroup', given.publicBorderGroup, lengthRule(1, ADDRESS_MAX)),
  });
  check.done();
  return conditions;
}

/** Upstream takes exactly one of the two (`x-one-of-query`). @throws InputError */
export function readDescribe(args: {
  readonly id?: unknown;
  readonly endpointServiceName?: unknown;
}): DescribeServiceQuery {
  const check = new InputCheck();
  const id = check.text('id', args.id, idRule);
  const name = check.text('endpointServiceName', args.endpointServiceName, lengthRule(1, SERVICE_NAME_MAX));
  if (id === undefined && name === undefined) {
    check.report('id', { rule: 'required', message: 'or endpointServiceName must be given' });
  }
  if (id !== undefined && name !== undefined) {
    const message = 'must not be given together with id: give one of the two';
    check.report('endpointServiceName', { rule: 'exclusive', message });
  }
  check.done();
  return id === undefined ? { endpointServiceName: name ?? '' } : { id };
}
