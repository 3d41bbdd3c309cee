/**
 * Inputs of the operations on endpoint services. The rules are checked in service.validation.ts. Answers of the mutations
 * of endpoint services.
 */
import { ArgsType, type ClassType, Field, ID, InputType, Int } from 'type-graphql';
import {
  EndpointServiceStatus,
  NetType,
  ServerType,
  ServiceIpVersion,
  ServiceUpgradeAction,
  TcpProxy,
} from '../../vpcep/service/model.ts';
import '../core/scalars.ts';
import './service.type.ts';
import { inputEnum, OneOf } from '../core/input-type.ts';
import { SortedPageArguments } from '../core/pagination.ts';
import { Payload } from '../core/payload.ts';
import { IDEMPOTENCY_KEY, NEW_TAGS, TagInput } from '../core/tag.type.ts';
import { EndpointServiceObject } from './service.type.ts';

const EndpointServiceStatusInput = inputEnum(EndpointServiceStatus, ['DELETED', 'UNKNOWN']);
const ServerTypeInput = inputEnum(ServerType, ['VIP', 'UNKNOWN']);
const ServiceIpVersionInput = inputEnum(ServiceIpVersion, ['UNKNOWN']);
const TcpProxyInput = inputEnum(TcpProxy, ['UNKNOWN']);

@InputType('PublicEndpointServiceFilter', {
  description: 'Which public services to list. Given conditions must all hold.',
})
export class PublicEndpointServiceFilter {
  @Field(() => ID, { nullable: true, description: 'This service only.' })
  id?: string | null;

  @Field(() => String, { nullable: true, description: 'Part of the name, in any case; 1 to 128 characters.' })
  serviceName?: string | null;
}

@ArgsType()
export class PublicEndpointServicesArguments extends SortedPageArguments {
  @Field(() => PublicEndpointServiceFilter, { nullable: true, description: 'Which services.' })
  filter?: PublicEndpointServiceFilter | null | undefined;
}

@OneOf()
@InputType('EndpointServiceRefInput', { description: 'One service.' })
export class EndpointServiceRefInput {
  @Field(() => ID, { nullable: true, description: 'By its ID.' })
  id?: string;

  @Field(() => String, { nullable: true, description: 'By its full stored name; 1 to 128 characters.' })
  serviceName?: string;
}

@InputType('EndpointServiceFilter', { description: 'Which services to list. Given conditions must all hold.' })
export class EndpointServiceFilter extends PublicEndpointServiceFilter {
  @Field(() => EndpointServiceStatusInput, { nullable: true, description: 'Services in this status.' })
  status?: keyof typeof EndpointServiceStatusInput | null;

  @Field(() => ServerTypeInput, {
    nullable: true,
    description: 'Services with such a backend. Upstream does not document this filter and may ignore it.',
  })
  serverType?: keyof typeof ServerTypeInput | null;

  @Field(() => NetType, { nullable: true, description: 'Services whose backend is in such a network.' })
  netType?: NetType | null;

  @Field(() => String, { nullable: true, description: 'Services of this border group.' })
  publicBorderGroup?: string | null;
}

@ArgsType()
export class EndpointServicesArguments extends SortedPageArguments {
  @Field(() => EndpointServiceFilter, { nullable: true, description: 'Which services.' })
  filter?: EndpointServiceFilter | null | undefined;
}

@InputType('PortMappingInput', { description: 'A TCP port of the endpoint and where it leads.' })
class PortMappingInputType {
  @Field(() => Int, { description: 'Port on the side of the endpoint, 1 to 65535.' })
  clientPort!: number;

  @Field(() => Int, { description: 'Port of the backend, 1 to 65535.' })
  serverPort!: number;
}

const NAME = '1 to 16 letters, digits, `_` and `-`. It is stored, and shown as `serviceName`, as `region.name.id`.';
const PORTS = '1 to 200 mappings, each once.';
const APPROVAL = 'Whether the owner has to accept each connection.';

@InputType('CreateEndpointServiceInput', {
  description:
    'What to create. Every broken rule is reported at once in `extensions.issues`. Lengths count Unicode code points. ' +
    'An empty list of tags is the same as none.',
})
export class CreateEndpointServiceInput {
  @Field(() => ID, { description: 'Port of the private IP of a load balancer, or network card of a cloud server.' })
  portId!: string;

  @Field(() => ID, { description: 'The VPC of the backend.' })
  vpcId!: string;

  @Field(() => ServerTypeInput, { description: 'What is behind it.' })
  serverType!: keyof typeof ServerTypeInput;

  @Field(() => [PortMappingInputType], { description: PORTS })
  ports!: PortMappingInputType[];

  @Field(() => String, { nullable: true, description: `Short name: ${NAME}` })
  serviceName?: string | null;

  @Field(() => Boolean, { nullable: true, defaultValue: true, description: APPROVAL })
  approvalEnabled?: boolean | null;

  @Field(() => TcpProxyInput, {
    nullable: true,
    description: 'What the backend learns about the client; CLOSE by default.',
  })
  tcpProxy?: keyof typeof TcpProxyInput | null;

  @Field(() => String, { nullable: true, description: 'IPv4 address or domain name of the server (VLAN services).' })
  ip?: string | null;

  @Field(() => [TagInput], { nullable: true, description: NEW_TAGS })
  tags?: TagInput[] | null;

  @Field(() => String, { nullable: true, description: 'At most 512 characters, without `<` and `>`.' })
  description?: string | null;

  @Field(() => ServiceIpVersionInput, { nullable: true, description: 'Address family; professional services only.' })
  ipVersion?: keyof typeof ServiceIpVersionInput | null;

  @Field(() => ID, { nullable: true, description: 'Any network (UUID) of the VPC; needed for IPV6.' })
  snatNetworkId?: string | null;

  @Field(() => Boolean, { nullable: true, description: 'Whether endpoints may have a policy.' })
  enablePolicy?: boolean | null;

  @Field(() => ID, { nullable: true, description: 'Cluster to put it in.' })
  poolId?: string | null;

  @Field(() => String, { nullable: true, description: IDEMPOTENCY_KEY })
  idempotencyKey?: string | null;
}

@OneOf()
@InputType('ServiceBackendInput', { description: 'Another backend. Upstream changes one of these in a call.' })
class ServiceBackendInput {
  @Field(() => ID, { nullable: true, description: 'Port of the load balancer, or network card of the server.' })
  portId?: string;

  @Field(() => String, { nullable: true, description: 'IPv4 address or domain name of the server (VLAN services).' })
  ip?: string;
}

@InputType('UpdateEndpointServiceInput', {
  description: 'What to change. What is left out or null stays as it is; at least one change must be given.',
})
export class UpdateEndpointServiceInput {
  @Field(() => ID, { description: 'The service to change.' })
  id!: string;

  @Field(() => Boolean, {
    nullable: true,
    description:
      `${APPROVAL} Upstream may take its absence for true; so when it is left out here, the gateway reads it first and ` +
      'sends what it read. A concurrent change of it in between is lost: give it to be sure.',
  })
  approvalEnabled?: boolean | null;

  @Field(() => String, { nullable: true, description: `New short name: ${NAME}` })
  serviceName?: string | null;

  @Field(() => [PortMappingInputType], {
    nullable: true,
    description: `Replaces all ports of the service: give those that shall stay as well. ${PORTS}`,
  })
  ports?: PortMappingInputType[] | null;

  @Field(() => ServiceBackendInput, { nullable: true, description: 'What is behind it from now on.' })
  backend?: ServiceBackendInput | null;

  @Field(() => TcpProxyInput, { nullable: true, description: 'What the backend learns about the client.' })
  tcpProxy?: keyof typeof TcpProxyInput | null;

  @Field(() => String, {
    nullable: true,
    description: 'At most 512 characters, without `<` and `>`; empty to clear it.',
  })
  description?: string | null;
}

@InputType('RenameEndpointServiceInput', { description: 'Which service, and its new name.' })
export class RenameEndpointServiceInput {
  @Field(() => ID, { description: 'The service to rename.' })
  id!: string;

  @Field(() => String, { description: `New short name: ${NAME}` })
  serviceName!: string;
}

@InputType('DeleteEndpointServiceInput', { description: 'What to delete.' })
export class DeleteEndpointServiceInput {
  @Field(() => ID, { description: 'The service to delete. It must have no endpoints. This cannot be undone.' })
  id!: string;
}

@InputType('UpgradeEndpointServiceInput', { description: 'Which service to upgrade, and how.' })
export class UpgradeEndpointServiceInput {
  @Field(() => ID, { description: 'The service to upgrade.' })
  id!: string;

  @Field(() => ServiceUpgradeAction, {
    nullable: true,
    description: 'Which way; upstream upgrades when it is left out.',
  })
  action?: ServiceUpgradeAction | null;

  @Field(() => Boolean, { nullable: true, description: 'Whether to allow several backends.' })
  enableMultiServer?: boolean | null;
}

@InputType('ServerResourceInput', { description: 'A load balancer to add as a backend.' })
class ServerResourceInput {
  @Field(() => ID, { description: 'The load balancer (UUID).' })
  resourceId!: string;

  @Field(() => String, { nullable: true, description: 'The availability zone that it is in.' })
  availabilityZoneId?: string | null;
}

@InputType('AddEndpointServiceServerResourcesInput', { description: 'Which backends to add to which service.' })
export class AddEndpointServiceServerResourcesInput {
  @Field(() => ID, { description: 'The service, which must be a professional one.' })
  id!: string;

  @Field(() => [ServerResourceInput], { description: 'At least one; each once.' })
  serverResources!: ServerResourceInput[];
}

const AFTER = 'The service after it';

function changed(mutation: string): ClassType {
  @Payload(mutation)
  class ServicePayload {
    @Field(() => EndpointServiceObject, {
      nullable: true,
      description: `${AFTER}; null when it could not be read again.`,
    })
    service!: EndpointServiceObject | null;
  }
  return ServicePayload;
}

const STATUS_CURSOR =
  'Cursor just before this change. Pass it to `endpointServiceStatus(after:)` to receive every later event.';

@Payload('createEndpointService')
export class CreateEndpointServicePayload {
  @Field(() => EndpointServiceObject, { description: 'The new service; usually still CREATING.' })
  service!: EndpointServiceObject;

  @Field(() => Boolean, { description: 'True: this key was seen before, and nothing new was created.' })
  replayed!: boolean;

  @Field(() => String, { description: STATUS_CURSOR })
  statusCursor!: string;
}

@Payload('deleteEndpointService')
export class DeleteEndpointServicePayload {
  @Field(() => EndpointServiceObject, { description: 'The service as it was just before, now DELETING.' })
  service!: EndpointServiceObject;

  @Field(() => String, { description: STATUS_CURSOR })
  statusCursor!: string;
}

@Payload('updateEndpointService')
export class UpdateEndpointServicePayload {
  @Field(() => EndpointServiceObject, { description: `${AFTER}.` })
  service!: EndpointServiceObject;
}

export const RenameEndpointServicePayload = changed('renameEndpointService');
export const UpgradeEndpointServicePayload = changed('upgradeEndpointService');
export const AddEndpointServiceServerResourcesPayload = changed('addEndpointServiceServerResources');
