/** One own endpoint service: what it is, who is connected or wants to be, and who may connect. Live. */
import {
  DeleteEndpointServiceDocument,
  EndpointServiceDocument,
  EndpointServiceStatusDocument,
} from 'vpcep-gateway/documents';
import { Link } from 'wouter';
import { faultOf } from '../gateway/faults.ts';
import { useEvents, useRead } from '../gateway/hooks.ts';
import { useProject } from '../gateway/project.ts';
import { CopyAs } from '../parts/copy-as.tsx';
import { Delete } from '../parts/dialog.tsx';
import { ErrorBox } from '../parts/small.tsx';
import { Status, statusText } from '../parts/status.tsx';
import { Tags } from '../parts/tags.tsx';
import { Timeline } from '../parts/timeline.tsx';
import { usePreferences, useText } from '../preferences.ts';
import { usePageLink } from '../shell/links.ts';
import { useShownQuery } from '../shell/shown-query.ts';
import { Connections } from './connections.tsx';
import { Edition } from './edition.tsx';
import { Permissions } from './permissions.tsx';
import { shortNameOf } from './service-text.ts';
import { type Service, Settings } from './settings.tsx';

const en = {
  title: 'Endpoint service',
  loading: 'Loading …',
  missing: (id: string) => `There is no endpoint service ${id} in this project, or it was deleted.`,
  history: 'Status',
  list: 'All endpoint services',
  deletion: 'Delete this endpoint service?',
  lost: (id: string) => `${id} is gone then, with its permissions. This cannot be undone.`,
  connected: 'Endpoints are connected to it. Their owners have to delete them first.',
};
const zh: typeof en = {
  title: '终端节点服务',
  loading: '加载中…',
  missing: (id: string) => `此项目中没有终端节点服务 ${id}，或已被删除。`,
  history: '状态',
  list: '所有终端节点服务',
  deletion: '删除此终端节点服务？',
  lost: (id: string) => `${id} 及其授权将不复存在，无法撤销。`,
  connected: '仍有终端节点连接到此服务，须先由其所有者删除。',
};

export function ServicePage({ id }: { readonly id: string }) {
  const t = useText({ en, zh });
  const { language } = usePreferences();
  const { project } = useProject();
  const page = usePageLink();
  const variables = { id, projectId: project.id };
  useShownQuery(EndpointServiceDocument, variables);
  const { data, error, fetching, again } = useRead(EndpointServiceDocument, variables);
  const service = data?.endpointService;
  const fault = error && <ErrorBox fault={faultOf(error, language)} again={again} />;
  if (service != null) {
    return (
      <>
        {fault}
        <Shown service={service} again={again} />
      </>
    );
  }
  return (
    <>
      <h1>{t.title}</h1>
      {fault ?? <p role="status">{fetching ? t.loading : t.missing(id)}</p>}
      <p>
        <Link href={page('/services')}>{t.list}</Link>
      </p>
    </>
  );
}

const GOING = ['DELETING', 'DELETED'];
/** The cloud refuses changes meanwhile. */
const FIXED = ['CREATING', 'FAILED', ...GOING];

function Shown({ service, again }: { readonly service: Service; readonly again: () => void }) {
  const t = useText({ en, zh });
  const { hints } = useText(statusText);
  const { language } = usePreferences();
  const { mayWrite } = useProject();
  const page = usePageLink();
  const { events, error } = useEvents(EndpointServiceStatusDocument, { id: service.id, projectId: service.projectId });
  const last = events.at(-1);
  const name = shortNameOf(service.serviceName);
  // The cache keeps what a service was last: an event of its end has none.
  const now = last?.status === 'DELETED' ? last : service;
  const canEdit = mayWrite && !FIXED.includes(now.status);
  return (
    <>
      <div className="title">
        <div className="pair">
          <h1>{name || t.title}</h1>
          <Status status={now.status} rawStatus={now.rawStatus} />
        </div>
        {mayWrite && !GOING.includes(now.status) && (
          <Delete
            document={DeleteEndpointServiceDocument}
            resource={service}
            title={t.deletion}
            about={t.lost(service.id)}
            conflict={t.connected}
          />
        )}
      </div>
      {now.status === 'DELETED' && (
        <p className="box" role="status">
          {hints.DELETED} <Link href={page('/services')}>{t.list}</Link>
        </p>
      )}
      {service.faults.map(({ code, message }) => (
        <ErrorBox key={`${code} ${message}`} fault={{ code: code ?? '', message: message ?? '', issues: [] }} />
      ))}
      {now.status !== 'DELETED' && <Connections service={service} canDecide={mayWrite} />}
      <Settings service={service} canEdit={canEdit} />
      <section className="box" aria-labelledby="history">
        <h2 id="history">{t.history}</h2>
        {error && <ErrorBox fault={faultOf(error, language)} />}
        <Timeline steps={events} label={t.history} />
      </section>
      {now.status !== 'DELETED' && <Permissions service={service} canEdit={canEdit} />}
      <Tags type="ENDPOINT_SERVICE" resource={service} canEdit={canEdit} again={again} />
      <Edition service={service} canEdit={canEdit} />
      <CopyAs
        query={EndpointServiceDocument}
        variables={{ id: service.id, projectId: service.projectId }}
        terraform={{ type: 'huaweicloud_vpcep_service', name: name || 'service', id: service.id }}
      />
    </>
  );
}
