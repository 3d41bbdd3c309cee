/** Inputs and payloads of the connection operations. The rules are checked in connection.validation.ts. */
import { Field, ID, InputType, ObjectType } from 'type-graphql';
import { VpcEndpointStatus } from '../../vpcep/endpoint/model.ts';
import { ServiceConnectionType } from './connection.type.ts';
import '../core/enums.ts';
import { WriteFailureType } from '../core/failure.type.ts';

const ENDPOINT_IDS =
  '1 to 100 endpoints, each once. Upstream takes one per call: they are sent one by one, in this order.';
const RESULTS = 'One for each endpoint, in the order of the input.';

@InputType('ServiceConnectionFilter', { description: 'Which connections to list. Given conditions must all hold.' })
export class ServiceConnectionFilter {
  @Field(() => ID, { nullable: true, description: 'This endpoint only.' })
  endpointId?: string | null;

  @Field(() => ID, { nullable: true, description: 'Packet ID, as decimal digits.' })
  markerId?: string | null;

  @Field(() => VpcEndpointStatus, {
    nullable: true,
    description: 'PENDING_ACCEPTANCE, ACCEPTED, REJECTED or FAILED: upstream cannot be asked for another one.',
  })
  status?: VpcEndpointStatus | null;
}

@InputType('AcceptServiceConnectionInput', { description: 'Which endpoints to let in.' })
export class AcceptServiceConnectionInput {
  @Field(() => ID, { description: 'The endpoint service.' })
  endpointServiceId!: string;

  @Field(() => [ID], { description: ENDPOINT_IDS })
  endpointIds!: string[];
}

@InputType('RejectServiceConnectionInput', { description: 'Which endpoints to keep or throw out.' })
export class RejectServiceConnectionInput {
  @Field(() => ID, { description: 'The endpoint service.' })
  endpointServiceId!: string;

  @Field(() => [ID], { description: ENDPOINT_IDS })
  endpointIds!: string[];
}

@InputType('UpdateServiceConnectionDescriptionInput', { description: "A new text for the service owner's note." })
export class UpdateServiceConnectionDescriptionInput {
  @Field(() => ID, { description: 'The endpoint service.' })
  endpointServiceId!: string;

  @Field(() => ID, { description: 'The endpoint at the other end.' })
  endpointId!: string;

  @Field(() => String, { description: 'At most 512 characters, without `<` and `>`; empty clears it.' })
  description!: string;
}

@ObjectType('ServiceConnectionResult', {
  simpleResolvers: true,
  description: 'What became of one endpoint of an accept or reject.',
})
export class ServiceConnectionResultType {
  @Field(() => ID, { description: 'The endpoint, as it was given.' })
  endpointId!: string;

  @Field(() => ServiceConnectionType, {
    nullable: true,
    description: 'The connection after the decision. Null when there is an `error`, or when upstream did not show it.',
  })
  connection!: ServiceConnectionType | null;

  @Field(() => WriteFailureType, {
    nullable: true,
    description: 'Null: it was done. After a failure of the way to upstream the remaining ones are not sent.',
  })
  error!: WriteFailureType | null;
}

@ObjectType('AcceptServiceConnectionPayload', {
  simpleResolvers: true,
  description: 'Answer of `acceptServiceConnection`.',
})
export class AcceptServiceConnectionPayload {
  @Field(() => [ServiceConnectionResultType], { description: RESULTS })
  results!: ServiceConnectionResultType[];
}

@ObjectType('RejectServiceConnectionPayload', {
  simpleResolvers: true,
  description: 'Answer of `rejectServiceConnection`.',
})
export class RejectServiceConnectionPayload {
  @Field(() => [ServiceConnectionResultType], { description: RESULTS })
  results!: ServiceConnectionResultType[];
}

@ObjectType('UpdateServiceConnectionDescriptionPayload', {
  simpleResolvers: true,
  description: 'Answer of `updateServiceConnectionDescription`.',
})
export class UpdateServiceConnectionDescriptionPayload {
  @Field(() => ServiceConnectionType, { description: 'The connection with its new text.' })
  connection!: ServiceConnectionType;
}
