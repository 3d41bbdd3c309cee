import 'graphiql/setup-workers/vite';
import 'graphiql/style.css';
import './main.css';
import { GraphiQL } from 'graphiql';
import { createRoot } from 'react-dom/client';
import { send } from './send.ts';
import { TABS } from './tabs.ts';

const root = document.getElementById('root');
if (root !== null) createRoot(root).render(<GraphiQL fetcher={send} defaultTabs={TABS} shouldPersistHeaders={false} />);
