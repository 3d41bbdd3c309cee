/** Every field of an endpoint that has no part of its own on its page. */
import { EndpointServiceDocument } from 'vpcep-gateway/documents';
import { Link } from 'wouter';
import { useRead } from '../gateway/hooks.ts';
import { Copy, Facts, Values, When } from '../parts/small.tsx';
import { useText } from '../preferences.ts';
import { usePageLink } from '../shell/links.ts';
import type { Endpoint } from './edits/edit.ts';

const en = {
  title: 'Details',
  id: 'ID',
  status: 'Status as the cloud reports it',
  account: 'Account',
  available: 'Available',
  type: 'Type',
  service: 'Endpoint service',
  serviceName: 'Service name',
  own: 'your own service',
  accept: 'your own service: accept the connection there',
  ip: 'IPv4 address',
  ipv6: 'IPv6 address',
  family: 'Address family',
  dns: 'Private domain name',
  dnsNames: 'Domain names',
  on: 'on',
  off: 'off',
  vpc: 'VPC',
  subnet: 'Subnet (network ID)',
  project: 'Project',
  group: 'Public border group',
  packet: 'Packet ID',
  description: 'Description',
  created: 'Created',
  updated: 'Updated',
};
const zh: typeof en = {
  title: '详情',
  id: 'ID',
  status: '云服务返回的状态',
  account: '账户状态',
  available: '可用状态',
  type: '类型',
  service: '终端节点服务',
  serviceName: '服务名称',
  own: '自有服务',
  accept: '自有服务：请在服务页面接受连接',
  ip: 'IPv4 地址',
  ipv6: 'IPv6 地址',
  family: '地址类型',
  dns: '内网域名',
  dnsNames: '域名',
  on: '开启',
  off: '关闭',
  vpc: '虚拟私有云',
  subnet: '子网（网络 ID）',
  project: '项目',
  group: '公共边界组',
  packet: '报文标识',
  description: '描述',
  created: '创建时间',
  updated: '更新时间',
};

export function EndpointFacts({ endpoint }: { readonly endpoint: Endpoint }) {
  const t = useText({ en, zh });
  const page = usePageLink();
  const { endpointServiceId, projectId, enableDns } = endpoint;
  // One call. `VpcEndpoint.service` could take two lists for services that are not own ones.
  const { data } = useRead(
    EndpointServiceDocument,
    { id: endpointServiceId ?? '', projectId },
    endpointServiceId === null,
  );
  const isOwn = data?.endpointService?.id === endpointServiceId;
  return (
    <section className="box" aria-labelledby="details">
      <h2 id="details">{t.title}</h2>
      <Facts
        rows={[
          [t.id, <Copyable key="id" value={endpoint.id} />],
          [t.status, endpoint.rawStatus],
          [t.account, endpoint.activeStatus.join(', ')],
          [t.available, endpoint.rawEnableStatus ?? endpoint.enableStatus],
          [t.type, endpoint.rawServiceType ?? endpoint.serviceType],
          [
            t.service,
            endpointServiceId !== null && isOwn ? (
              <span key="service">
                <Link className="id" href={page(`/services/${endpointServiceId}`)}>
                  {endpointServiceId}
                </Link>{' '}
                <small>{endpoint.status === 'PENDING_ACCEPTANCE' ? t.accept : t.own}</small>
              </span>
            ) : (
              <Copyable key="service" value={endpointServiceId} />
            ),
          ],
          [t.serviceName, endpoint.endpointServiceName],
          [t.ip, <Copyable key="ip" value={endpoint.ip} />],
          [t.ipv6, <Copyable key="ipv6" value={endpoint.ipv6Address} />],
          [t.family, endpoint.rawIpVersion ?? endpoint.ipVersion],
          [t.dns, enableDns === null ? null : enableDns ? t.on : t.off],
          [t.dnsNames, <Values key="names" of={endpoint.dnsNames} />],
          [t.vpc, <Copyable key="vpc" value={endpoint.vpcId} />],
          [t.subnet, <Copyable key="subnet" value={endpoint.subnetId} />],
          [t.project, <Copyable key="project" value={projectId} />],
          [t.group, endpoint.publicBorderGroup],
          [t.packet, <Copyable key="packet" value={endpoint.markerId} />],
          [t.description, endpoint.description],
          [t.created, <When key="created" at={endpoint.createdAt} />],
          [t.updated, <When key="updated" at={endpoint.updatedAt} />],
        ]}
      />
    </section>
  );
}

function Copyable({ value }: { readonly value: string | null }) {
  if (value === null) return <>–</>;
  return (
    <span className="id">
      {value} <Copy value={value} subject={value} />
    </span>
  );
}
