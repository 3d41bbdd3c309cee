/** Addresses within the portal. They name the project, so that a link shows the same to everyone. */
import { useProject } from '../gateway/project.ts';

export type PageLink = (path: string) => string;

export function usePageLink(): PageLink {
  const { project } = useProject();
  return (path) => `${path}?project=${encodeURIComponent(project.id)}`;
}
