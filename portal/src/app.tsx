import { type ReactNode, useEffect, useMemo, useState, useSyncExternalStore } from 'react';
import { Provider } from 'urql';
import { Link, Route, Switch } from 'wouter';
import { CreateEndpoint } from './endpoints/create-endpoint.tsx';
import { EndpointList } from './endpoints/endpoint-list.tsx';
import { EndpointPage } from './endpoints/endpoint-page.tsx';
import { openGateway } from './gateway/gateway.ts';
import { useProject } from './gateway/project.ts';
import { useText } from './preferences.ts';
import { Quotas } from './quotas.tsx';
import { CreateService } from './services/create-service.tsx';
import { ServiceList } from './services/service-list.tsx';
import { ServicePage } from './services/service-page.tsx';
import type { Session } from './session/session.ts';
import { type PortalSettings, SettingsContext } from './session/settings.ts';
import { useHeading } from './shell/heading.ts';
import { Shell } from './shell/shell.tsx';
import { SignIn } from './shell/sign-in.tsx';

const en = {
  missing: 'There is no such page.',
  home: 'All endpoints',
  readOnly: 'You may read this project, but not change it. Ask the operator of the gateway for the right to write.',
  creating: 'Nothing can be created',
};
const zh: typeof en = {
  missing: '没有这个页面。',
  home: '所有终端节点',
  readOnly: '您只能查看此项目，不能修改。请联系网关的运维人员获取写权限。',
  creating: '无法创建',
};

interface AppProps {
  readonly settings: PortalSettings;
  readonly session: Session;
  /** What the OpenID provider answered instead of a token. */
  readonly failure: string | null;
}

export function App({ settings, session, failure }: AppProps) {
  const state = useSyncExternalStore(session.subscribe, session.snapshot);
  const [problem, setProblem] = useState(failure);
  useHeading();
  if (state.kind === 'signed-out') {
    return <SignIn settings={settings} session={session} reason={state.reason} failure={problem} />;
  }
  // It belongs to the sign-in before.
  if (problem !== null) setProblem(null);
  return <Pages settings={settings} session={session} />;
}

/** With a connection of its own, so that nothing of one user is left for the next. */
function Pages({ settings, session }: Omit<AppProps, 'failure'>) {
  const t = useText({ en, zh });
  const gateway = useMemo(() => openGateway(session), [session]);
  useEffect(() => gateway.close, [gateway]);
  return (
    <SettingsContext.Provider value={settings}>
      <Provider value={gateway.client}>
        <Shell settings={settings} session={session} live={gateway.live}>
          <Switch>
            <Route path="/">
              <EndpointList />
            </Route>
            <Route path="/endpoints">
              <EndpointList />
            </Route>
            <Route path="/endpoints/new">
              <Writers>
                <CreateEndpoint />
              </Writers>
            </Route>
            <Route path="/endpoints/:id">{({ id }) => <EndpointPage key={id} id={id} />}</Route>
            <Route path="/services">
              <ServiceList />
            </Route>
            <Route path="/services/new">
              <Writers>
                <CreateService />
              </Writers>
            </Route>
            <Route path="/services/:id">{({ id }) => <ServicePage key={id} id={id} />}</Route>
            <Route path="/quotas">
              <Quotas />
            </Route>
            <Route>
              <h1>{t.missing}</h1>
              <Link href="/endpoints">{t.home}</Link>
            </Route>
          </Switch>
        </Shell>
      </Provider>
    </SettingsContext.Provider>
  );
}

function Writers({ children }: { readonly children: ReactNode }) {
  const t = useText({ en, zh });
  const { mayWrite } = useProject();
  if (mayWrite) return children;
  return (
    <>
      <h1>{t.creating}</h1>
      <p role="alert">{t.readOnly}</p>
    </>
  );
}
