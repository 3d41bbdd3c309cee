/** The form for a new endpoint service. It creates once, however often it is sent: it has one idempotency key. */
import { type FormEvent, useState } from 'react';
import { CreateEndpointServiceDocument } from 'vpcep-gateway/documents';
import { useLocation } from 'wouter';
import { readCreateServiceInput } from '../../../src/graphql/service/service.validation.ts';
import { type Fault, faultOf } from '../gateway/faults.ts';
import { useWrite } from '../gateway/hooks.ts';
import { newKey } from '../gateway/idempotency-key.ts';
import { useProject } from '../gateway/project.ts';
import { CreateEnd } from '../parts/create-end.tsx';
import { CheckField, type TagPair, TagsField, TextField, useForm } from '../parts/form.tsx';
import { usePreferences, useText } from '../preferences.ts';
import { usePageLink } from '../shell/links.ts';
import { useShownQuery } from '../shell/shown-query.ts';
import {
  BLANK_PORT,
  type PortDraft,
  PortsField,
  ProxyField,
  type ProxyOption,
  portsOf,
  SelectField,
} from './service-fields.tsx';
import { serviceText } from './service-text.ts';

const en = {
  title: 'Create an endpoint service',
  vpc: 'VPC ID',
  portHint: 'The port of the private IP of the load balancer, or the network card of the cloud server.',
  nameHint: 'A short name. The cloud makes the long one of it: region.name.ID.',
  approval: 'Accept each connection by hand',
  approvalHint: 'While it is off, endpoints of all permitted accounts connect at once.',
};

const zh: typeof en = {
  title: '创建终端节点服务',
  vpc: '虚拟私有云 ID',
  portHint: '负载均衡器私有 IP 的端口，或云服务器的网卡。',
  nameHint: '短名称。云服务会生成完整名称：区域.名称.ID。',
  approval: '手动审批每个连接',
  approvalHint: '关闭时，所有获得授权的账号的终端节点会直接连接。',
};

interface Draft {
  readonly serverType: 'VM' | 'LB';
  readonly portId: string;
  readonly vpcId: string;
  readonly ports: readonly PortDraft[];
  readonly serviceName: string;
  readonly approvalEnabled: boolean;
  readonly tcpProxy: ProxyOption;
  readonly description: string;
  readonly tags: readonly TagPair[];
}

const BLANK: Draft = {
  serverType: 'LB',
  portId: '',
  vpcId: '',
  ports: [BLANK_PORT],
  serviceName: '',
  approvalEnabled: true,
  tcpProxy: 'CLOSE',
  description: '',
  tags: [],
};

function inputOf(draft: Draft, idempotencyKey: string) {
  const given = (text: string) => (text.trim() === '' ? null : text.trim());
  const { serverType, approvalEnabled, tcpProxy } = draft;
  return {
    serverType,
    approvalEnabled,
    tcpProxy: tcpProxy === 'UNKNOWN' ? null : tcpProxy,
    portId: draft.portId.trim(),
    vpcId: draft.vpcId.trim(),
    ports: portsOf(draft.ports),
    serviceName: given(draft.serviceName),
    description: given(draft.description),
    tags: draft.tags.map((tag) => ({ ...tag })),
    idempotencyKey,
  };
}

export function CreateService() {
  const t = useText({ en, zh });
  const { facts, backends } = useText(serviceText);
  const { language } = usePreferences();
  const { project } = useProject();
  const projectId = project.id;
  const page = usePageLink();
  const [, go] = useLocation();
  const [draft, setDraft] = useState(BLANK);
  const [key, setKey] = useState(newKey);
  const [fault, setFault] = useState<Fault | null>(null);
  const { run, fetching } = useWrite(CreateEndpointServiceDocument);
  const input = inputOf(draft, key);
  useShownQuery(CreateEndpointServiceDocument, { projectId, input });
  const form = useForm(() => readCreateServiceInput(input), fault?.issues);
  const change = (part: Partial<Draft>) => {
    setDraft((before) => ({ ...before, ...part }));
    setFault(null);
  };

  const another = () => {
    setKey(newKey());
    setFault(null);
  };

  const submit = async (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    if (fetching || !form.check(event.currentTarget)) return;
    setFault(null);
    const { data, error } = await run({ projectId, input });
    const service = data?.createEndpointService?.service;
    if (service) go(page(`/services/${service.id}`));
    else if (error) setFault(faultOf(error, language));
  };

  return (
    <>
      <h1>{t.title}</h1>
      <form noValidate onSubmit={(event) => void submit(event)}>
        <SelectField
          form={form}
          path="input.serverType"
          label={facts.backend}
          value={draft.serverType}
          options={(['LB', 'VM'] as const).map((type) => [type, backends[type] ?? type] as const)}
          onChange={(serverType) => change({ serverType })}
        />
        <TextField
          form={form}
          path="input.portId"
          label={facts.port}
          hint={t.portHint}
          required
          value={draft.portId}
          onChange={(portId) => change({ portId })}
        />
        <TextField
          form={form}
          path="input.vpcId"
          label={t.vpc}
          required
          value={draft.vpcId}
          onChange={(vpcId) => change({ vpcId })}
        />
        <PortsField form={form} ports={draft.ports} onChange={(ports) => change({ ports })} />
        <TextField
          form={form}
          path="input.serviceName"
          label={facts.name}
          hint={t.nameHint}
          value={draft.serviceName}
          onChange={(serviceName) => change({ serviceName })}
        />
        <CheckField
          label={t.approval}
          hint={t.approvalHint}
          checked={draft.approvalEnabled}
          onChange={(approvalEnabled) => change({ approvalEnabled })}
        />
        <ProxyField form={form} value={draft.tcpProxy} onChange={(tcpProxy) => change({ tcpProxy })} />
        <TextField
          form={form}
          path="input.description"
          label={facts.description}
          value={draft.description}
          onChange={(description) => change({ description })}
        />
        <TagsField
          form={form}
          path="input.tags"
          label={facts.tags}
          tags={draft.tags}
          onChange={(tags) => change({ tags })}
        />
        <CreateEnd form={form} fault={fault} creating={fetching} list={page('/services')} onAnother={another} />
      </form>
    </>
  );
}
