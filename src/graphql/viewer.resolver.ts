import { Ctx, Query, Resolver } from 'type-graphql';
import type { GatewayContext, ReachableProject } from './core/context.ts';
import { ViewerType } from './viewer.type.ts';

@Resolver()
export class ViewerResolver {
  @Query(() => ViewerType, { description: 'Who the gateway takes the caller for, and what the caller may do.' })
  viewer(@Ctx() context: GatewayContext): { readonly subject: string; readonly projects: readonly ReachableProject[] } {
    return { subject: context.identity.subject, projects: context.projects.reachable() };
  }
}
