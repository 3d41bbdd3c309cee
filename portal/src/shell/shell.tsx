/** What is around every page: navigation, project, connection, preferences. It follows the project's endpoints all the time. */
import { type ReactNode, useEffect, useMemo, useState } from 'react';
import {
  ProjectEndpointStatusDocument,
  type ProjectEndpointStatusSubscription,
  type ProjectEndpointStatusSubscriptionVariables,
  ViewerDocument,
} from 'vpcep-gateway/documents';
import { Link, useLocation, useSearchParams } from 'wouter';
import { faultOf } from '../gateway/faults.ts';
import { useLiveSet, useRead } from '../gateway/hooks.ts';
import type { LiveState } from '../gateway/live.ts';
import { type Project, ProjectContext } from '../gateway/project.ts';
import { ErrorBox } from '../parts/small.tsx';
import { usePreferences, useText } from '../preferences.ts';
import type { Session } from '../session/session.ts';
import type { PortalSettings } from '../session/settings.ts';
import { Choices } from './choices.tsx';
import { Connection } from './connection.tsx';
import { graphiqlAddress, type ShownQuery, ShownQueryContext } from './shown-query.ts';

const en = {
  skip: 'Skip to the content',
  main: 'Main',
  endpoints: 'Endpoints',
  services: 'Endpoint services',
  quotas: 'Quotas',
  project: 'Project',
  region: 'Region',
  unknownProject: 'There is no such project, or you may not see it.',
  noProject: 'Your account has no project here. Ask the operator of the gateway for access.',
  loading: 'Loading …',
  signOut: 'Sign out',
  graphiql: 'Open in GraphiQL',
  version: (version: string) => `Version ${version}`,
  zone: (zone: string) => `Times in ${zone}`,
};

const zh: typeof en = {
  skip: '跳到内容',
  main: '主导航',
  endpoints: '终端节点',
  services: '终端节点服务',
  quotas: '配额',
  project: '项目',
  region: '区域',
  unknownProject: '项目不存在，或您无权查看。',
  noProject: '您的账户在此没有项目，请联系网关的运维人员。',
  loading: '加载中…',
  signOut: '退出登录',
  graphiql: '在 GraphiQL 中打开',
  version: (version: string) => `版本 ${version}`,
  zone: (zone: string) => `时区：${zone}`,
};

interface ShellProps {
  readonly settings: PortalSettings;
  readonly session: Session;
  readonly live: LiveState;
  readonly children: ReactNode;
}

type EndpointEvent = NonNullable<ProjectEndpointStatusSubscription['projectEndpointStatus']>;

const idOf = ({ endpointId }: EndpointEvent) => endpointId;

export function Shell({ settings, session, live, children }: ShellProps) {
  const t = useText({ en, zh });
  const { language } = usePreferences();
  const [params] = useSearchParams();
  const [location, navigate] = useLocation();
  const [shown, setShown] = useState<ShownQuery | null>(null);
  const { data, error, again } = useRead(ViewerDocument, {});
  const projects = data?.viewer.projects ?? [];
  const wanted = params.get('project');
  const project =
    wanted === null
      ? (projects.find(({ isDefault }) => isDefault) ?? projects[0])
      : projects.find(({ id }) => id === wanted);

  return (
    <ShownQueryContext.Provider value={setShown}>
      <a className="skip" href="#content">
        {t.skip}
      </a>
      <header>
        <nav aria-label={t.main}>
          <Section path="/endpoints" project={project}>
            {t.endpoints}
          </Section>
          <Section path="/services" project={project}>
            {t.services}
          </Section>
          <Section path="/quotas" project={project}>
            {t.quotas}
          </Section>
        </nav>
        {projects.length > 0 && (
          <label>
            <span className="unseen">{t.project}</span>
            <select
              value={project?.id ?? ''}
              onChange={({ currentTarget }) =>
                navigate(`${listOf(location)}?project=${encodeURIComponent(currentTarget.value)}`)
              }
            >
              {project === undefined && <option value="">–</option>}
              {projects.map(({ id, name, region }) => (
                <option key={id} value={id}>
                  {[name ?? id, region].filter(Boolean).join(' · ')}
                </option>
              ))}
            </select>
          </label>
        )}
        <Connection live={live} />
        <Choices />
        {settings.authMode !== 'none' && (
          <button type="button" onClick={() => session.signOut()}>
            {t.signOut}
          </button>
        )}
      </header>
      <main id="content" tabIndex={-1}>
        {error && <ErrorBox fault={faultOf(error, language)} again={again} />}
        {data === undefined && !error && <p role="status">{t.loading}</p>}
        {data !== undefined && project === undefined && (
          <p role="alert">{projects.length === 0 ? t.noProject : t.unknownProject}</p>
        )}
        {project !== undefined && (
          <Followed key={project.id} project={project} live={live}>
            {children}
          </Followed>
        )}
      </main>
      <footer>
        <span>{t.version(settings.version)}</span>
        <span>{t.zone(Intl.DateTimeFormat().resolvedOptions().timeZone)}</span>
        {settings.graphiql && (
          <a href={graphiqlAddress(shown)} target="_blank" rel="noreferrer">
            {t.graphiql}
          </a>
        )}
      </footer>
    </ShownQueryContext.Provider>
  );
}

/** A resource belongs to one project: in another one, its list is shown instead. */
function listOf(path: string): string {
  return path.replace(/^(\/(?:endpoints|services))\/(?!new$).*/, '$1');
}

function Section({
  path,
  project,
  children,
}: {
  readonly path: string;
  readonly project: Project | undefined;
  readonly children: ReactNode;
}) {
  const [location] = useLocation();
  const isHere = location.startsWith(path) || (path === '/endpoints' && location === '/');
  return (
    <Link
      href={project === undefined ? path : `${path}?project=${encodeURIComponent(project.id)}`}
      aria-current={isHere ? 'page' : undefined}
    >
      {children}
    </Link>
  );
}

function Followed({
  project,
  live,
  children,
}: {
  readonly project: Project;
  readonly live: LiveState;
  readonly children: ReactNode;
}) {
  const { language } = usePreferences();
  const { set, error, again } = useLiveSet<
    EndpointEvent,
    ProjectEndpointStatusSubscription,
    ProjectEndpointStatusSubscriptionVariables
  >(ProjectEndpointStatusDocument, { projectId: project.id }, idOf, live.heard);
  const feedFault = useMemo(() => (error === undefined ? null : faultOf(error, language)), [error, language]);
  useEffect(() => {
    if (error !== undefined) live.stopped();
  }, [error, live]);
  const view = useMemo(() => ({ project, live, endpoints: set, feedFault }), [project, live, set, feedFault]);
  return (
    <ProjectContext.Provider value={view}>
      {feedFault !== null && <ErrorBox fault={feedFault} again={again} />}
      {children}
    </ProjectContext.Provider>
  );
}
