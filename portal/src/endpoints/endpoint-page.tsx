/** One endpoint: what it is, what became of it, and what can be done with it. Live. */
import { useState } from 'react';
import { DeleteVpcEndpointDocument, EndpointStatusDocument, VpcEndpointDocument } from 'vpcep-gateway/documents';
import { Link } from 'wouter';
import { faultOf } from '../gateway/faults.ts';
import { useEvents, useRead } from '../gateway/hooks.ts';
import { useProject } from '../gateway/project.ts';
import { CopyAs } from '../parts/copy-as.tsx';
import { Delete } from '../parts/dialog.tsx';
import { ErrorBox } from '../parts/small.tsx';
import { Status, statusText } from '../parts/status.tsx';
import { Tags } from '../parts/tags.tsx';
import { type Step, Timeline } from '../parts/timeline.tsx';
import { usePreferences, useText } from '../preferences.ts';
import { usePageLink } from '../shell/links.ts';
import { useShownQuery } from '../shell/shown-query.ts';
import type { Endpoint } from './edits/edit.ts';
import { Edition } from './edits/edition.tsx';
import { hasPolicy, Policy } from './edits/policy.tsx';
import { RouteTables } from './edits/route-tables.tsx';
import { Whitelist } from './edits/whitelist.tsx';
import { EndpointFacts } from './endpoint-facts.tsx';
import { isFrozen, nameOf } from './endpoint-list.tsx';

const en = {
  title: 'VPC endpoint',
  loading: 'Loading …',
  missing: (id: string) => `There is no endpoint ${id} in this project, or it was deleted.`,
  history: 'Status',
  list: 'All endpoints',
  deletion: 'Delete this endpoint?',
  lost: (id: string) => `${id} and its addresses are gone then. This cannot be undone.`,
};
const zh: typeof en = {
  title: '终端节点',
  loading: '加载中…',
  missing: (id: string) => `此项目中没有终端节点 ${id}，或已被删除。`,
  history: '状态',
  list: '所有终端节点',
  deletion: '删除此终端节点？',
  lost: (id: string) => `${id} 及其地址将不复存在，无法撤销。`,
};

export function EndpointPage({ id }: { readonly id: string }) {
  const t = useText({ en, zh });
  const { language } = usePreferences();
  const { project } = useProject();
  const page = usePageLink();
  const variables = { id, projectId: project.id };
  useShownQuery(VpcEndpointDocument, variables);
  const { data, error, fetching, again } = useRead(VpcEndpointDocument, variables);
  const endpoint = data?.vpcEndpoint;
  const fault = error && <ErrorBox fault={faultOf(error, language)} again={again} />;
  if (endpoint != null) {
    return (
      <>
        {fault}
        <Shown endpoint={endpoint} again={again} />
      </>
    );
  }
  return (
    <>
      <h1>{t.title}</h1>
      {fault ?? <p role="status">{fetching ? t.loading : t.missing(id)}</p>}
      <p>
        <Link href={page('/endpoints')}>{t.list}</Link>
      </p>
    </>
  );
}

const GOING = ['DELETING', 'DELETED'];
/** The cloud refuses changes meanwhile. */
const FIXED = ['CREATING', 'FAILED', ...GOING];

function Shown({ endpoint, again }: { readonly endpoint: Endpoint; readonly again: () => void }) {
  const t = useText({ en, zh });
  const { frozenHint, hints } = useText(statusText);
  const { language } = usePreferences();
  const { mayWrite } = useProject();
  const page = usePageLink();
  const { id, projectId } = endpoint;
  const { steps, now, fault } = useHistory(endpoint);
  const canEdit = mayWrite && !FIXED.includes(now.status);
  const name = nameOf(endpoint);
  return (
    <>
      <div className="title">
        <div className="pair">
          <h1>{name || t.title}</h1>
          <Status {...now} frozen={isFrozen(endpoint)} />
        </div>
        {mayWrite && !GOING.includes(now.status) && (
          <Delete document={DeleteVpcEndpointDocument} resource={endpoint} title={t.deletion} about={t.lost(id)} />
        )}
      </div>
      {now.status === 'DELETED' && (
        <p className="box" role="status">
          {hints.DELETED} <Link href={page('/endpoints')}>{t.list}</Link>
        </p>
      )}
      {isFrozen(endpoint) && (
        <p className="box" role="alert">
          {frozenHint}
        </p>
      )}
      {endpoint.faults.map(({ code, message }) => (
        <ErrorBox key={`${code} ${message}`} fault={{ code: code ?? '', message: message ?? '', issues: [] }} />
      ))}
      <EndpointFacts endpoint={endpoint} />
      <div className="columns">
        <section className="box" aria-labelledby="history">
          <h2 id="history">{t.history}</h2>
          {fault && <ErrorBox fault={faultOf(fault, language)} />}
          <Timeline steps={steps} label={t.history} />
        </section>
        {endpoint.serviceType !== 'GATEWAY' && <Whitelist endpoint={endpoint} canEdit={canEdit} />}
        {endpoint.serviceType !== 'INTERFACE' && <RouteTables endpoint={endpoint} canEdit={canEdit} />}
        <Tags type="ENDPOINT" resource={endpoint} canEdit={canEdit} again={again} />
        <Edition endpoint={endpoint} canEdit={canEdit} />
        {hasPolicy(endpoint) && <Policy endpoint={endpoint} canEdit={canEdit} />}
      </div>
      <CopyAs
        query={VpcEndpointDocument}
        variables={{ id, projectId }}
        terraform={{ type: 'huaweicloud_vpcep_endpoint', name: name || 'endpoint', id }}
      />
    </>
  );
}

/** What the gateway knew when the page was opened, and every change since. */
function useHistory({ id, projectId, status, rawStatus, statusHistory }: Endpoint) {
  const [known] = useState(statusHistory ?? []);
  const { events, error } = useEvents(EndpointStatusDocument, {
    id,
    projectId,
    after: known.at(-1)?.cursor ?? null,
    until: 'DELETED',
  });
  const last = events.at(-1);
  return {
    steps: [...new Map([...known, ...events].map((step: Step) => [step.cursor, step])).values()],
    // The cache keeps what an endpoint was last: an event of its end has none.
    now: last?.status === 'DELETED' ? last : { status, rawStatus },
    fault: error,
  };
}
