import { Ctx, Field, ObjectType, Query, Resolver } from 'type-graphql';
import type { GatewayContext, ReachableProject } from './core/context.ts';
import { Cost } from './cost/cost.ts';
import { ProjectType } from './project.resolver.ts';

@ObjectType('Viewer', { simpleResolvers: true, description: 'Who the gateway takes the caller for.' })
class ViewerType {
  @Field(() => String, { description: 'Stable name of the caller.' })
  subject!: string;

  @Cost({ rows: 'projects' })
  @Field(() => [ProjectType], {
    description:
      'Every project that the caller may read: not paged, as there are only those that the gateway is configured with, and ' +
      "those of the caller's token.",
  })
  projects!: ProjectType[];
}

@Resolver()
export class ViewerResolver {
  @Cost({})
  @Query(() => ViewerType, { description: 'Who the gateway takes the caller for, and what the caller may do.' })
  viewer(@Ctx() context: GatewayContext): { readonly subject: string; readonly projects: readonly ReachableProject[] } {
    return { subject: context.identity.subject, projects: context.projects.reachable() };
  }
}
