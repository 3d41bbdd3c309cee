/** The own endpoint services of the project, live. */
import {
  EndpointServicesDocument,
  type EndpointServicesQuery,
  type EndpointServicesQueryVariables,
  ProjectEndpointServiceStatusDocument,
  type ProjectEndpointServiceStatusSubscription,
  type ProjectEndpointServiceStatusSubscriptionVariables,
} from 'vpcep-gateway/documents';
import { Link } from 'wouter';
import { faultOf } from '../gateway/faults.ts';
import { useAgainAfter, useLiveRows, useLiveSet, usePages } from '../gateway/hooks.ts';
import { useProject } from '../gateway/project.ts';
import { type Column, DataTable } from '../parts/data-table.tsx';
import { Copy, ErrorBox, When } from '../parts/small.tsx';
import { Status, statusText } from '../parts/status.tsx';
import { usePreferences, useText } from '../preferences.ts';
import { type PageLink, usePageLink } from '../shell/links.ts';
import { useShownQuery } from '../shell/shown-query.ts';
import { portsText, serviceText, shortNameOf } from './service-text.ts';

const en = {
  title: 'Endpoint services',
  create: 'Create endpoint service',
  placeholder: 'ID, name, VPC or tag',
  empty: 'There is no endpoint service in this project yet.',
  connections: 'Connections',
};

const zh: typeof en = {
  title: '终端节点服务',
  create: '创建终端节点服务',
  placeholder: 'ID、名称、虚拟私有云或标签',
  empty: '此项目中还没有终端节点服务。',
  connections: '连接数',
};

type Service = NonNullable<EndpointServicesQuery['endpointServices']>['edges'][number]['node'];
type ServiceEvent = NonNullable<ProjectEndpointServiceStatusSubscription['projectEndpointServiceStatus']>;

const idOf = ({ id }: Service) => id;
const eventIdOf = ({ endpointServiceId }: ServiceEvent) => endpointServiceId;
const pageOf = ({ endpointServices }: EndpointServicesQuery) => endpointServices;

function columnsFor(
  t: typeof en,
  words: typeof serviceText.en,
  names: typeof statusText.en.names,
  page: PageLink,
): readonly Column<Service>[] {
  const { facts } = words;
  return [
    {
      key: 'id',
      title: facts.id,
      value: ({ id }) => id,
      cell: ({ id }) => (
        <span className="id">
          <Link href={page(`/services/${id}`)}>{id}</Link> <Copy value={id} subject={id} />
        </span>
      ),
    },
    {
      key: 'name',
      title: facts.name,
      value: ({ serviceName }) => serviceName ?? '',
      cell: ({ serviceName }) => shortNameOf(serviceName) || serviceName,
    },
    {
      key: 'status',
      title: facts.status,
      value: ({ status }) => names[status] ?? status,
      cell: (row) => <Status {...row} />,
    },
    {
      key: 'backend',
      title: facts.backend,
      value: ({ serverType, rawServerType }) => words.backends[serverType ?? ''] ?? rawServerType ?? '',
    },
    { key: 'vpc', title: facts.vpc, value: ({ vpcId }) => vpcId ?? '' },
    { key: 'ports', title: facts.ports, value: ({ ports }) => portsText(ports).join(', '), unsearched: true },
    {
      key: 'approval',
      title: facts.approval,
      value: ({ approvalEnabled }) => words.approvals[String(approvalEnabled)] ?? '',
      unsearched: true,
    },
    {
      key: 'connections',
      title: t.connections,
      value: ({ connectionCount }) => String(connectionCount ?? ''),
      unsearched: true,
    },
    {
      key: 'created',
      title: facts.created,
      value: ({ createdAt }) => createdAt ?? '',
      cell: ({ createdAt }) => <When at={createdAt} />,
      unsearched: true,
    },
    {
      key: 'tags',
      title: facts.tags,
      value: ({ tags }) => tags.map(({ key, value }) => `${key}=${value}`).join(' '),
      extra: true,
    },
    { key: 'description', title: facts.description, value: ({ description }) => description ?? '', extra: true },
  ];
}

export function ServiceList() {
  const t = useText({ en, zh });
  const words = useText(serviceText);
  const { names } = useText(statusText);
  const { language } = usePreferences();
  const { project, endpoints, mayWrite } = useProject();
  const page = usePageLink();
  const variables = { projectId: project.id };
  useShownQuery(EndpointServicesDocument, variables);
  const pages = usePages<Service, EndpointServicesQuery, EndpointServicesQueryVariables>(
    EndpointServicesDocument,
    variables,
    pageOf,
  );
  // Connections have no feed of the project; those of its own endpoints are counted anew with their events.
  useAgainAfter(endpoints, pages.again);
  const { set, error, again } = useLiveSet<
    ServiceEvent,
    ProjectEndpointServiceStatusSubscription,
    ProjectEndpointServiceStatusSubscriptionVariables
  >(ProjectEndpointServiceStatusDocument, variables, eventIdOf);
  const rows = useLiveRows(pages, set, idOf);
  return (
    <>
      <div className="title">
        <h1>{t.title}</h1>
        {mayWrite && (
          <Link className="button primary" href={page('/services/new')}>
            {t.create}
          </Link>
        )}
      </div>
      {error && <ErrorBox fault={faultOf(error, language)} again={again} />}
      {pages.error && <ErrorBox fault={faultOf(pages.error, language)} again={pages.again} />}
      <DataTable
        name="services"
        caption={t.title}
        rows={rows}
        columns={columnsFor(t, words, names, page)}
        idOf={idOf}
        loading={pages.loading}
        failed={pages.error !== undefined}
        empty={t.empty}
        placeholder={t.placeholder}
        sort={{ key: 'created', down: true }}
      />
    </>
  );
}
