/**
 * A connection as the owner of its service sees it. Scalar and leaf fields only: the endpoint is a field resolver.
 * Inputs and payloads of the connection operations. The rules are checked in connection.validation.ts.
 */
import { type ClassType, Field, ID, InputType, ObjectType } from 'type-graphql';
import { VpcEndpointStatus } from '../../vpcep/endpoint/model.ts';
import '../core/scalars.ts';
import { inputEnum } from '../core/input-type.ts';
import { pageOf } from '../core/pagination.ts';
import { Payload } from '../core/payload.ts';
import { DateTime } from '../core/scalars.ts';
import { UpstreamFaultType, WriteFailureType } from '../errors/fault.type.ts';

@ObjectType('ConnectedEndpoint', {
  simpleResolvers: true,
  description:
    'An endpoint of any tenant that is connected to a service, or wants to be, as the service owner sees it.',
})
export class ConnectedEndpointType {
  @Field(() => ID, { description: 'The service. Caches identify a connection by this and `endpointId`.' })
  endpointServiceId!: string;

  @Field(() => ID, { description: 'The endpoint at the other end.' })
  endpointId!: string;

  @Field(() => VpcEndpointStatus, {
    description: 'Where the endpoint is in its life. PENDING_ACCEPTANCE waits for `acceptServiceConnection`.',
  })
  status!: VpcEndpointStatus;

  @Field(() => String, { description: "Upstream's own word for the status." })
  rawStatus!: string;

  @Field(() => ID, {
    nullable: true,
    description: 'Packet ID: decimal digits as text, because it can be larger than a JSON number carries.',
  })
  markerId!: string | null;

  @Field(() => ID, { nullable: true, description: "Account of the endpoint's owner." })
  domainId!: string | null;

  @Field(() => String, { nullable: true, description: "The service owner's note about the connection." })
  description!: string | null;

  @Field(() => DateTime, { nullable: true, description: 'When the endpoint was created.' })
  createdAt!: string | null;

  @Field(() => DateTime, { nullable: true, description: 'When it was last updated.' })
  updatedAt!: string | null;

  @Field(() => [UpstreamFaultType], { description: 'Why it failed, when upstream says so.' })
  faults!: UpstreamFaultType[];
}

export const ConnectedEndpointConnectionType = pageOf(ConnectedEndpointType, 'ConnectedEndpoint', {
  row: 'connected endpoint',
  rows: 'connected endpoints',
  moving: 'endpoints',
});

const ConnectionStatusInput = inputEnum(VpcEndpointStatus, ['CREATING', 'DELETING', 'DELETED', 'UNKNOWN'], {
  name: 'ConnectionStatusInput',
  description: 'What connections can be filtered by: upstream cannot be asked for another status.',
});

@InputType('ConnectedEndpointFilter', {
  description: 'Which connected endpoints to list. Given conditions must all hold.',
})
export class ConnectedEndpointFilter {
  @Field(() => ID, { nullable: true, description: 'This endpoint only.' })
  endpointId?: string | null;

  @Field(() => ID, { nullable: true, description: 'Packet ID, as decimal digits.' })
  markerId?: string | null;

  @Field(() => ConnectionStatusInput, { nullable: true, description: 'In this status only.' })
  status?: keyof typeof ConnectionStatusInput | null;
}

@InputType('AcceptServiceConnectionInput', { description: 'Which endpoints to let in.' })
export class AcceptServiceConnectionInput {
  @Field(() => ID, { description: 'The own service that they connect to.' })
  endpointServiceId!: string;

  @Field(() => [ID], {
    description: '1 to 100 endpoints, each once. Upstream takes one per call: they are sent one by one, in this order.',
  })
  endpointIds!: string[];
}

@InputType('RejectServiceConnectionInput', { description: 'Which endpoints to refuse or disconnect.' })
export class RejectServiceConnectionInput extends AcceptServiceConnectionInput {}

@InputType('UpdateServiceConnectionDescriptionInput', { description: "A new text for the service owner's note." })
export class UpdateServiceConnectionDescriptionInput {
  @Field(() => ID, { description: 'The endpoint service.' })
  endpointServiceId!: string;

  @Field(() => ID, { description: 'The endpoint at the other end.' })
  endpointId!: string;

  @Field(() => String, { description: 'At most 512 characters, without `<` and `>`; empty clears it.' })
  description!: string;
}

@ObjectType('ConnectionDecisionResult', {
  simpleResolvers: true,
  description: 'What became of one endpoint of an accept or reject.',
})
class ConnectionDecisionResultType {
  @Field(() => ID, { description: 'The endpoint, as it was given.' })
  endpointId!: string;

  @Field(() => ConnectedEndpointType, {
    nullable: true,
    description: 'The connection after the decision. Null when there is an `error`, or when upstream did not show it.',
  })
  connection!: ConnectedEndpointType | null;

  @Field(() => WriteFailureType, {
    nullable: true,
    description:
      'Null: it was done. When upstream cannot be reached, throttles or refuses the credentials, the remaining endpoints are ' +
      'not sent, and can be repeated safely.',
  })
  error!: WriteFailureType | null;
}

function decided(mutation: string): ClassType {
  @Payload(mutation)
  class DecisionPayload {
    @Field(() => [ConnectionDecisionResultType], { description: 'One for each endpoint, in the order of the input.' })
    results!: ConnectionDecisionResultType[];

    @Field(() => String, {
      nullable: true,
      description:
        'Cursor just before these changes. Pass it to `serviceConnectionStatus(after:)` to receive every later event. ' +
        'Null when nothing was done.',
    })
    statusCursor!: string | null;
  }
  return DecisionPayload;
}

export const AcceptServiceConnectionPayload = decided('acceptServiceConnection');
export const RejectServiceConnectionPayload = decided('rejectServiceConnection');

@Payload('updateServiceConnectionDescription')
export class UpdateServiceConnectionDescriptionPayload {
  @Field(() => ConnectedEndpointType, { description: 'The connection with its new text.' })
  connection!: ConnectedEndpointType;
}
