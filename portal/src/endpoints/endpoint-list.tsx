/** The endpoints of the project, live. */

import { VpcEndpointsDocument, type VpcEndpointsQuery, type VpcEndpointsQueryVariables } from 'vpcep-gateway/documents';
import { Link } from 'wouter';
import { faultOf } from '../gateway/faults.ts';
import { useLiveRows, usePages } from '../gateway/hooks.ts';
import { useProject } from '../gateway/project.ts';
import { type Column, DataTable } from '../parts/data-table.tsx';
import { Copy, ErrorBox, When } from '../parts/small.tsx';
import { Status, statusText } from '../parts/status.tsx';
import { usePreferences, useText } from '../preferences.ts';
import { type PageLink, usePageLink } from '../shell/links.ts';
import { useShownQuery } from '../shell/shown-query.ts';

const en = {
  title: 'VPC endpoints',
  create: 'Create endpoint',
  placeholder: 'ID, service name or tag',
  allStatuses: 'All statuses',
  status: 'Status',
  empty: 'There is no endpoint in this project yet.',
  columns: {
    id: 'ID',
    name: 'Name',
    status: 'Status',
    type: 'Type',
    service: 'Service name',
    vpc: 'VPC',
    ip: 'IP address',
    created: 'Created',
    tags: 'Tags',
    description: 'Description',
    updated: 'Updated',
    packet: 'Packet ID',
    subnet: 'Subnet',
  },
};

const zh: typeof en = {
  title: '终端节点',
  create: '创建终端节点',
  placeholder: 'ID、服务名称或标签',
  allStatuses: '所有状态',
  status: '状态',
  empty: '此项目中还没有终端节点。',
  columns: {
    id: 'ID',
    name: '名称',
    status: '状态',
    type: '类型',
    service: '服务名称',
    vpc: '虚拟私有云',
    ip: 'IP 地址',
    created: '创建时间',
    tags: '标签',
    description: '描述',
    updated: '更新时间',
    packet: '报文标识',
    subnet: '子网',
  },
};

export type Endpoint = NonNullable<VpcEndpointsQuery['vpcEndpoints']>['edges'][number]['node'];

const idOf = ({ id }: Endpoint) => id;
const pageOf = ({ vpcEndpoints }: VpcEndpointsQuery) => vpcEndpoints;

/** Upstream has no name for endpoints: its console shows this tag. */
export function nameOf({ tags }: Pick<Endpoint, 'tags'>): string {
  return tags.find(({ key }) => key === 'Name')?.value ?? '';
}

export function isFrozen({ activeStatus }: Pick<Endpoint, 'activeStatus'>): boolean {
  return activeStatus.includes('frozen');
}

function columnsFor(t: typeof en, names: typeof statusText.en.names, page: PageLink): readonly Column<Endpoint>[] {
  const { columns } = t;
  return [
    {
      key: 'id',
      title: columns.id,
      value: ({ id }) => id,
      cell: ({ id }) => (
        <span className="id">
          <Link href={page(`/endpoints/${id}`)}>{id}</Link> <Copy value={id} subject={id} />
        </span>
      ),
    },
    { key: 'name', title: columns.name, value: nameOf },
    {
      key: 'status',
      title: columns.status,
      value: ({ status }) => names[status] ?? status,
      cell: (row) => <Status {...row} frozen={isFrozen(row)} />,
      unsearched: true,
    },
    {
      key: 'type',
      title: columns.type,
      value: ({ serviceType, rawServiceType }) => rawServiceType ?? serviceType ?? '',
      unsearched: true,
    },
    { key: 'service', title: columns.service, value: ({ endpointServiceName }) => endpointServiceName ?? '' },
    { key: 'vpc', title: columns.vpc, value: ({ vpcId }) => vpcId ?? '' },
    { key: 'ip', title: columns.ip, value: ({ ip }) => ip ?? '' },
    {
      key: 'created',
      title: columns.created,
      value: ({ createdAt }) => createdAt ?? '',
      cell: ({ createdAt }) => <When at={createdAt} />,
      unsearched: true,
    },
    {
      key: 'tags',
      title: columns.tags,
      value: ({ tags }) => tags.map(({ key, value }) => `${key}=${value}`).join(' '),
      extra: true,
    },
    { key: 'description', title: columns.description, value: ({ description }) => description ?? '', extra: true },
    { key: 'packet', title: columns.packet, value: ({ markerId }) => markerId ?? '', extra: true },
    { key: 'subnet', title: columns.subnet, value: ({ subnetId }) => subnetId ?? '', extra: true },
    {
      key: 'updated',
      title: columns.updated,
      value: ({ updatedAt }) => updatedAt ?? '',
      cell: ({ updatedAt }) => <When at={updatedAt} />,
      unsearched: true,
      extra: true,
    },
  ];
}

export function EndpointList() {
  const t = useText({ en, zh });
  const { names } = useText(statusText);
  const { language } = usePreferences();
  const { project, endpoints, mayWrite } = useProject();
  const page = usePageLink();
  const variables = { projectId: project.id };
  useShownQuery(VpcEndpointsDocument, variables);
  const pages = usePages<Endpoint, VpcEndpointsQuery, VpcEndpointsQueryVariables>(
    VpcEndpointsDocument,
    variables,
    pageOf,
  );
  const rows = useLiveRows(pages, endpoints, idOf);
  return (
    <>
      <div className="title">
        <h1>{t.title}</h1>
        {mayWrite && (
          <Link className="button primary" href={page('/endpoints/new')}>
            {t.create}
          </Link>
        )}
      </div>
      {pages.error && <ErrorBox fault={faultOf(pages.error, language)} again={pages.again} />}
      <DataTable
        name="endpoints"
        caption={t.title}
        rows={rows}
        columns={columnsFor(t, names, page)}
        idOf={idOf}
        loading={pages.loading}
        failed={pages.error !== undefined}
        empty={t.empty}
        placeholder={t.placeholder}
        sort={{ key: 'created', down: true }}
        filter={{
          param: 'status',
          label: t.status,
          all: t.allStatuses,
          value: ({ status }) => status,
          text: (status) => names[status] ?? status,
        }}
      />
    </>
  );
}
