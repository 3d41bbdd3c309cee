/** Rules on the input of the service operations that GraphQL cannot check (docs/upstream/NOTES.md, "Rules on input"). Pure. */

import { withoutEmpty, withoutUndefined } from '../../shared/objects.ts';
import type {
  CreateServiceInput,
  DescribeServiceQuery,
  ListServicesQuery,
  PortMappingInput,
  ServerResource,
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
  readTags,
  SERVICE_NAME_MAX,
  uuidRule,
} from '../core/input-check.ts';
import type {
  AddEndpointServiceServerResourcesInput,
  CreateEndpointServiceInput,
  EndpointServiceFilter,
  EndpointServiceRefInput,
  RenameEndpointServiceInput,
  UpdateEndpointServiceInput,
  UpgradeEndpointServiceInput,
} from './service.input.ts';

const MAX_PORTS = 200;
const LAST_PORT = 65_535;

function readNumber(check: InputCheck, path: string, value: number): number {
  if (value < 1 || value > LAST_PORT) {
    check.report(path, { rule: 'range', message: `must be a port, 1 to ${LAST_PORT}` });
  }
  return value;
}

type Ports = CreateEndpointServiceInput['ports'];

function readPort(check: InputCheck, path: string, port: Ports[number]): PortMappingInput {
  return {
    clientPort: readNumber(check, `${path}.clientPort`, port.clientPort),
    serverPort: readNumber(check, `${path}.serverPort`, port.serverPort),
    protocol: 'TCP',
  };
}

function readPorts(check: InputCheck, value: Ports | null | undefined): readonly PortMappingInput[] | undefined {
  const path = 'input.ports';
  const ports = check.list(path, value, (itemPath, item) => readPort(check, itemPath, item));
  check.notEmpty(path, ports);
  check.atMost(path, ports, MAX_PORTS, 'ports');
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

function readSettings(check: InputCheck, input: CreateEndpointServiceInput | UpdateEndpointServiceInput) {
  return {
    serviceName: check.text('input.serviceName', input.serviceName, shortName),
    tcpProxy: input.tcpProxy ?? undefined,
    description: check.text('input.description', input.description, lengthRule(0, DESCRIPTION_MAX), noAngleBrackets),
  };
}

/** @throws InputError with every broken rule. */
export function readCreateServiceInput(input: CreateEndpointServiceInput): CreateServiceInput {
  const check = new InputCheck();
  const required = {
    portId: check.text('input.portId', input.portId, idRule),
    vpcId: check.text('input.vpcId', input.vpcId, idRule),
    serverType: input.serverType,
    ports: readPorts(check, input.ports) ?? [],
    approvalEnabled: input.approvalEnabled ?? true,
  };
  const optional = {
    ...readSettings(check, input),
    ip: check.text('input.ip', input.ip, lengthRule(1, ADDRESS_MAX)),
    tags: readTags(check, 'input.tags', input.tags),
    ipVersion: input.ipVersion ?? undefined,
    snatNetworkId: check.text('input.snatNetworkId', input.snatNetworkId, networkId),
    enablePolicy: input.enablePolicy ?? undefined,
    poolId: check.text('input.poolId', input.poolId, idRule),
  };
  if (optional.ipVersion === 'IPV6' && optional.snatNetworkId === undefined) {
    check.report('input.snatNetworkId', {
      rule: 'required',
      message: 'is required for IPV6: name a network of the VPC',
    });
  }
  // Checked with the rest so that every fault is reported at once; it is no parameter of the call.
  check.text('input.idempotencyKey', input.idempotencyKey, lengthRule(1, IDEMPOTENCY_KEY_MAX));
  check.done();
  return { ...required, ...withoutEmpty(optional) };
}

/** Without `approvalEnabled` its present value must be read first. */
export type ServiceChange = Omit<UpdateServiceInput, 'approvalEnabled'> &
  Partial<Pick<UpdateServiceInput, 'approvalEnabled'>>;

/** @throws InputError with every broken rule, or when nothing would change. */
export function readUpdateServiceInput(input: UpdateEndpointServiceInput): ServiceChange & { readonly id: string } {
  const check = new InputCheck();
  const id = check.text('input.id', input.id, idRule);
  const change = withoutUndefined({
    approvalEnabled: input.approvalEnabled ?? undefined,
    ...readSettings(check, input),
    ports: readPorts(check, input.ports),
    portId: check.text('input.backend.portId', input.backend?.portId, idRule),
    ip: check.text('input.backend.ip', input.backend?.ip, lengthRule(1, ADDRESS_MAX)),
  });
  if (Object.keys(change).length === 0) {
    check.report('input', { rule: 'empty', message: 'must name a change: give at least one field beside id' });
  }
  check.done();
  return { id, ...change };
}

/** @throws InputError */
export function readRenameInput(input: RenameEndpointServiceInput): { readonly id: string; readonly name: string } {
  const check = new InputCheck();
  const id = check.text('input.id', input.id, idRule);
  const name = check.text('input.serviceName', input.serviceName, shortName);
  check.done();
  return { id, name };
}

/** @throws InputError */
export function readUpgradeServiceInput(
  input: UpgradeEndpointServiceInput,
): UpgradeServiceInput & { readonly id: string } {
  const check = new InputCheck();
  const id = check.text('input.id', input.id, idRule);
  check.done();
  const { action, enableMultiServer } = input;
  return {
    id,
    ...withoutUndefined({ action: action ?? undefined, enableMultiServer: enableMultiServer ?? undefined }),
  };
}

/** @throws InputError */
export function readServerResources(input: AddEndpointServiceServerResourcesInput): {
  readonly id: string;
  readonly resources: readonly ServerResource[];
} {
  const check = new InputCheck();
  const id = check.text('input.id', input.id, idRule);
  const path = 'input.serverResources';
  const resources = check.list(path, input.serverResources, (itemPath, given): ServerResource => {
    const zone = check.text(`${itemPath}.availabilityZoneId`, given.availabilityZoneId, lengthRule(1, ADDRESS_MAX));
    return {
      resourceId: check.text(`${itemPath}.resourceId`, given.resourceId, resourceId),
      ...withoutUndefined({ availabilityZoneId: zone }),
    };
  });
  check.notEmpty(path, resources);
  check.unique(
    path,
    resources.map((resource) => `${resource.resourceId} ${resource.availabilityZoneId ?? ''}`),
  );
  check.done();
  return { id, resources };
}

/** Public services know the first two conditions only; the schema lets no other through. @throws InputError */
export function readServiceFilter(
  filter: EndpointServiceFilter | null | undefined,
): Pick<ListServicesQuery, 'id' | 'serviceName' | 'status' | 'serverType' | 'netType' | 'publicBorderGroup'> {
  const check = new InputCheck();
  const name = filter?.serviceName;
  const group = filter?.publicBorderGroup;
  const conditions = withoutUndefined({
    id: check.text('filter.id', filter?.id, idRule),
    serviceName: check.text('filter.serviceName', name, lengthRule(1, SERVICE_NAME_MAX)),
    status: filter?.status ?? undefined,
    serverType: filter?.serverType ?? undefined,
    netType: filter?.netType ?? undefined,
    publicBorderGroup: check.text('filter.publicBorderGroup', group, lengthRule(1, ADDRESS_MAX)),
  });
  check.done();
  return conditions;
}

/** @throws InputError */
export function readDescribe({ id, serviceName = '' }: EndpointServiceRefInput): DescribeServiceQuery {
  const check = new InputCheck();
  if (id === undefined) check.text('by.serviceName', serviceName, lengthRule(1, SERVICE_NAME_MAX));
  else check.text('by.id', id, idRule);
  check.done();
  return id === undefined ? { serviceName } : { id };
}
