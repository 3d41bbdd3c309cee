import { Ctx, Field, ID, ObjectType, Query, Resolver, registerEnumType } from 'type-graphql';
import type { Right } from '../auth/identity.ts';
import type { GatewayContext, ReachableProject } from './core/context.ts';
import { Cost } from './cost/cost.ts';

const RightWords = { READ: 'read', WRITE: 'write', ADMIN: 'admin' } as const satisfies Record<string, Right>;

registerEnumType(RightWords, {
  name: 'Right',
  description: 'What a caller may do in a project.',
  valuesConfig: {
    READ: { description: 'Look at everything.' },
    WRITE: { description: 'Create, change and delete.' },
    ADMIN: { description: 'What goes beyond the daily work.' },
  },
});

@ObjectType('ViewerProject', { simpleResolvers: true, description: 'A project that the caller may read.' })
class ViewerProjectType {
  @Field(() => ID, { description: 'Give it to `projectId`.' })
  id!: string;

  @Field(() => String, { nullable: true, description: 'Its name; null when the gateway was not told one.' })
  name!: string | null;

  @Field(() => [RightWords], { description: 'What the caller may do in it.' })
  rights!: Right[];

  @Field(() => Boolean, { description: 'True: this is the project that is meant when `projectId` is left out.' })
  isDefault!: boolean;
}

@ObjectType('Viewer', { simpleResolvers: true, description: 'Who the gateway takes the caller for.' })
class ViewerType {
  @Field(() => String, { description: 'Stable name of the caller.' })
  subject!: string;

  @Field(() => [ViewerProjectType], { description: 'Every project that the caller may read.' })
  projects!: ViewerProjectType[];
}

@Resolver()
export class ViewerResolver {
  @Cost({})
  @Query(() => ViewerType, { description: 'Who the gateway takes the caller for, and what the caller may do.' })
  viewer(@Ctx() context: GatewayContext): { readonly subject: string; readonly projects: readonly ReachableProject[] } {
    return { subject: context.identity.subject, projects: context.projects.reachable() };
  }
}
