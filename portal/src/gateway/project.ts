/** The project that the page is about, and what the shell knows of it. */
import { createContext, useContext } from 'react';
import type { ViewerQuery } from 'vpcep-gateway/documents';
import type { Fault } from './faults.ts';
import type { LiveState } from './live.ts';
import type { LiveSet } from './live-set.ts';

type Viewer = NonNullable<ViewerQuery['viewer']>;
export type Project = Viewer['projects'][number];

export interface ProjectView {
  readonly project: Project;
  readonly live: LiveState;
  /** The endpoints that exist by the feed, which the shell follows on every page. */
  readonly endpoints: LiveSet;
  /** Why that feed has ended; null while it goes on. */
  readonly feedFault: Fault | null;
}

export const ProjectContext = createContext<ProjectView | null>(null);

/** @throws Error outside of the shell. */
export function useProject(): ProjectView & { readonly mayWrite: boolean } {
  const view = useContext(ProjectContext);
  if (view === null) throw new Error('useProject is used outside of the shell');
  return { ...view, mayWrite: view.project.rights.includes('WRITE') };
}
