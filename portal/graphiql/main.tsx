import 'graphiql/setup-workers/vite';
import 'graphiql/style.css';
import './main.css';
import { GraphiQL } from 'graphiql';
import { createRoot } from 'react-dom/client';
import { send } from './send.ts';
import { linkedTab, TABS } from './tabs.ts';

const linked = linkedTab(window.location.hash);
// Otherwise a reload would open the tab again.
if (linked !== undefined) window.history.replaceState(null, '', window.location.pathname);
// The browser does not load the page anew for another link to it.
window.addEventListener('hashchange', () => window.location.reload());

const root = document.getElementById('root');
if (root !== null) {
  createRoot(root).render(
    <GraphiQL
      fetcher={send}
      defaultTabs={linked === undefined ? TABS : [linked, ...TABS]}
      {...(linked && { initialQuery: linked.query ?? '', initialVariables: linked.variables ?? '' })}
      defaultEditorToolsVisibility="variables"
      shouldPersistHeaders={false}
    />,
  );
}
