/** Answers of the mutations of endpoint services. */
import { Field, ObjectType } from 'type-graphql';
import { EndpointServiceObject } from './service.type.ts';

const CHANGED = 'The service after it.';

@ObjectType('CreateEndpointServicePayload', {
  simpleResolvers: true,
  description: 'Answer of `createEndpointService`.',
})
export class CreateEndpointServicePayload {
  @Field(() => EndpointServiceObject, { description: 'The new service; usually still CREATING.' })
  service!: EndpointServiceObject;

  @Field(() => Boolean, { description: 'True: this key was seen before, and nothing new was created.' })
  replayed!: boolean;
}

@ObjectType('UpdateEndpointServicePayload', {
  simpleResolvers: true,
  description: 'Answer of `updateEndpointService`.',
})
export class UpdateEndpointServicePayload {
  @Field(() => EndpointServiceObject, { description: CHANGED })
  service!: EndpointServiceObject;
}

@ObjectType('RenameEndpointServicePayload', {
  simpleResolvers: true,
  description: 'Answer of `renameEndpointService`.',
})
export class RenameEndpointServicePayload {
  @Field(() => EndpointServiceObject, { description: CHANGED })
  service!: EndpointServiceObject;
}

@ObjectType('DeleteEndpointServicePayload', {
  simpleResolvers: true,
  description: 'Answer of `deleteEndpointService`.',
})
export class DeleteEndpointServicePayload {
  @Field(() => EndpointServiceObject, { description: 'The service as it was just before, now DELETING.' })
  service!: EndpointServiceObject;
}

@ObjectType('UpgradeEndpointServicePayload', {
  simpleResolvers: true,
  description: 'Answer of `upgradeEndpointService`.',
})
export class UpgradeEndpointServicePayload {
  @Field(() => EndpointServiceObject, { description: CHANGED })
  service!: EndpointServiceObject;
}

@ObjectType('AddEndpointServiceServerResourcesPayload', {
  simpleResolvers: true,
  description: 'Answer of `addEndpointServiceServerResources`.',
})
export class AddEndpointServiceServerResourcesPayload {
  @Field(() => EndpointServiceObject, { description: CHANGED })
  service!: EndpointServiceObject;
}
