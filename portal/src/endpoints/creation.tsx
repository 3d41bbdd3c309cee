/** A creation under way: every transition from the moment of the request on. */
import { type CreateVpcEndpointMutation, EndpointStatusDocument } from 'vpcep-gateway/documents';
import { Link } from 'wouter';
import { faultOf } from '../gateway/faults.ts';
import { useEvents } from '../gateway/hooks.ts';
import { useProject } from '../gateway/project.ts';
import { Copy, ErrorBox, Facts } from '../parts/small.tsx';
import { Timeline } from '../parts/timeline.tsx';
import { usePreferences, useText } from '../preferences.ts';
import { usePageLink } from '../shell/links.ts';

const en = {
  title: 'New VPC endpoint',
  id: 'ID',
  ip: 'IP address',
  history: 'Status',
  first: 'Waiting for the first status …',
  open: 'Open the endpoint',
  another: 'Create another one',
};
const zh: typeof en = {
  title: '新的终端节点',
  id: 'ID',
  ip: 'IP 地址',
  history: '状态',
  first: '正在等待第一个状态…',
  open: '打开终端节点',
  another: '再创建一个',
};

type Endpoint = NonNullable<CreateVpcEndpointMutation['createVpcEndpoint']>['endpoint'];

export interface Created {
  readonly endpoint: Endpoint;
  readonly statusCursor: string;
}

export function Creation({ created, onAnother }: { readonly created: Created; readonly onAnother: () => void }) {
  const t = useText({ en, zh });
  const { language } = usePreferences();
  const { project } = useProject();
  const page = usePageLink();
  const { id } = created.endpoint;
  const { events, error } = useEvents(EndpointStatusDocument, {
    id,
    projectId: project.id,
    after: created.statusCursor,
    until: 'DELETED',
  });
  const last = events.at(-1);
  return (
    <>
      <h1>{t.title}</h1>
      <Facts
        rows={[
          [
            t.id,
            <span key="id" className="id">
              {id} <Copy value={id} subject={id} />
            </span>,
          ],
          [t.ip, last?.endpoint?.ip],
        ]}
      />
      <h2>{t.history}</h2>
      <Timeline steps={events} label={t.history} first={t.first} />
      {last?.faults.map(({ code, message }) => (
        <ErrorBox key={`${code} ${message}`} fault={{ code: code ?? '', message: message ?? '', issues: [] }} />
      ))}
      {error && <ErrorBox fault={faultOf(error, language)} />}
      <div className="buttons">
        <Link className="button primary" href={page(`/endpoints/${id}`)}>
          {t.open}
        </Link>
        <button type="button" onClick={onAnother}>
          {t.another}
        </button>
      </div>
    </>
  );
}
