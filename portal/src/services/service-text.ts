/** Names of the fields of a service and of their values. */

interface Port {
  readonly clientPort: number | null;
  readonly serverPort: number | null;
}

const en = {
  facts: {
    id: 'ID',
    name: 'Name',
    status: 'Status',
    type: 'Type',
    backend: 'Backend',
    port: 'Port ID',
    vpc: 'VPC',
    ports: 'Ports',
    approval: 'Approval',
    tcpProxy: 'Client address to the backend',
    tags: 'Tags',
    description: 'Description',
    created: 'Created',
    updated: 'Updated',
    address: 'Address',
    ipVersion: 'IP version',
    snatNetwork: 'SNAT network',
    pool: 'Cluster',
    editions: 'Editions',
    policy: 'Endpoint policies',
  },
  backends: { VM: 'Cloud server', LB: 'Load balancer', VIP: 'Virtual IP' } as { readonly [type: string]: string },
  approvals: { true: 'required', false: 'not required' } as { readonly [enabled: string]: string },
  policies: { true: 'allowed', false: 'not allowed' } as { readonly [enabled: string]: string },
  proxies: {
    CLOSE: 'Nothing',
    PROXY_OPEN: 'Proxy Protocol',
    OPEN: 'Proxy Protocol and TCP option (TOA)',
    TOA_OPEN: 'TCP option (TOA), for OBS only',
  } as { readonly [option: string]: string },
};

const zh: typeof en = {
  facts: {
    id: 'ID',
    name: '名称',
    status: '状态',
    type: '类型',
    backend: '后端资源',
    port: '端口 ID',
    vpc: '虚拟私有云',
    ports: '端口映射',
    approval: '连接审批',
    tcpProxy: '传给后端的客户端地址',
    tags: '标签',
    description: '描述',
    created: '创建时间',
    updated: '更新时间',
    address: '地址',
    ipVersion: 'IP 版本',
    snatNetwork: 'SNAT 网络',
    pool: '集群',
    editions: '版本',
    policy: '终端节点策略',
  },
  backends: { VM: '云服务器', LB: '负载均衡器', VIP: '虚拟 IP' },
  approvals: { true: '需要', false: '不需要' },
  policies: { true: '允许', false: '不允许' },
  proxies: {
    CLOSE: '无',
    PROXY_OPEN: 'Proxy Protocol',
    OPEN: 'Proxy Protocol 和 TCP 选项（TOA）',
    TOA_OPEN: 'TCP 选项（TOA），仅用于 OBS',
  },
};

export const serviceText = { en, zh };

export function portsText(ports: readonly Port[]): readonly string[] {
  return ports.map(({ clientPort, serverPort }) => `${clientPort ?? '?'} → ${serverPort ?? '?'}`);
}

/** Of the stored name `region.name.id`; empty for `region.id`. */
export function shortNameOf(serviceName: string | null): string {
  const parts = (serviceName ?? '').split('.');
  return parts.length < 3 ? '' : parts.slice(1, -1).join('.');
}
