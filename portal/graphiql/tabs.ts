import type { GraphiQLProps } from 'graphiql';

type Tab = NonNullable<GraphiQLProps['defaultTabs']>[number];
export const TABS: Tab[] = [{ query: '{ vpcEndpoints { nodes { id } } }' }];
