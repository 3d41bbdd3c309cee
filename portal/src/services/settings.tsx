/** The fields of a service, and the dialog that changes them. */
import { useState } from 'react';
import { type EndpointServiceQuery, UpdateEndpointServiceDocument } from 'vpcep-gateway/documents';
import { readUpdateServiceInput } from '../../../src/graphql/service/service.validation.ts';
import { useWrite } from '../gateway/hooks.ts';
import { EditablePart, EditDialog } from '../parts/edit-dialog.tsx';
import { CheckField, TextField } from '../parts/form.tsx';
import { Copy, Facts, Values, When } from '../parts/small.tsx';
import { useText } from '../preferences.ts';
import { type PortDraft, PortsField, ProxyField, type ProxyOption, portsOf } from './service-fields.tsx';
import { portsText, serviceText, shortNameOf } from './service-text.ts';

const en = {
  title: 'Settings',
  approval: 'Accept each connection by hand',
  nameHint: 'A short name. The cloud makes the long one of it.',
  portHint: 'Another backend: the port of a load balancer, or the network card of a cloud server.',
};
const zh: typeof en = {
  title: '设置',
  approval: '手动审批每个连接',
  nameHint: '短名称。云服务会生成完整名称。',
  portHint: '更换后端：负载均衡器的端口，或云服务器的网卡。',
};

export type Service = NonNullable<EndpointServiceQuery['endpointService']>;

interface SettingsProps {
  readonly service: Service;
  readonly canEdit: boolean;
}

export function Settings({ service, canEdit }: SettingsProps) {
  const t = useText({ en, zh });
  const { facts, backends, approvals, policies, proxies } = useText(serviceText);
  const { id, serverType, rawServerType, tcpProxy, rawTcpProxy } = service;
  return (
    <EditablePart
      title={t.title}
      canEdit={canEdit}
      edit={(close) => <EditSettings service={service} onClose={close} />}
    >
      <Facts
        rows={[
          [
            facts.id,
            <span key="id" className="id">
              {id} <Copy value={id} subject={id} />
            </span>,
          ],
          [facts.name, service.serviceName],
          [facts.description, service.description],
          [facts.type, service.rawServiceType],
          [facts.backend, backends[serverType ?? ''] ?? rawServerType],
          [facts.port, service.portId],
          [facts.address, service.ip],
          [facts.vpc, service.vpcId],
          [facts.ports, <Values key="ports" of={portsText(service.ports)} />],
          [facts.approval, approvals[String(service.approvalEnabled)]],
          [facts.tcpProxy, proxies[tcpProxy ?? ''] ?? rawTcpProxy],
          [facts.policy, policies[String(service.enablePolicy)]],
          [facts.ipVersion, service.rawIpVersion],
          [facts.snatNetwork, service.snatNetworkId],
          [facts.pool, service.poolId],
          [facts.created, <When key="created" at={service.createdAt} />],
          [facts.updated, <When key="updated" at={service.updatedAt} />],
        ]}
      />
    </EditablePart>
  );
}

interface Draft {
  readonly serviceName: string;
  readonly description: string;
  readonly portId: string;
  readonly ports: readonly PortDraft[];
  readonly approvalEnabled: boolean;
  readonly tcpProxy: ProxyOption;
}

function draftOf({ serviceName, description, portId, ports, approvalEnabled, tcpProxy }: Service): Draft {
  return {
    serviceName: shortNameOf(serviceName),
    description: description ?? '',
    portId: portId ?? '',
    ports: ports.map((port) => ({
      clientPort: String(port.clientPort ?? ''),
      serverPort: String(port.serverPort ?? ''),
    })),
    approvalEnabled: approvalEnabled ?? true,
    tcpProxy: tcpProxy ?? 'CLOSE',
  };
}

/** Only what differs, so that a change made elsewhere meanwhile is not undone. */
function changesOf(before: Draft, after: Draft) {
  const isChanged = (field: keyof Draft) => JSON.stringify(before[field]) !== JSON.stringify(after[field]);
  const { approvalEnabled, tcpProxy } = after;
  return {
    ...(isChanged('serviceName') && { serviceName: after.serviceName.trim() }),
    ...(isChanged('description') && { description: after.description.trim() }),
    ...(isChanged('portId') && { backend: { portId: after.portId.trim() } }),
    ...(isChanged('ports') && { ports: portsOf(after.ports) }),
    ...(isChanged('approvalEnabled') && { approvalEnabled }),
    ...(isChanged('tcpProxy') && tcpProxy !== 'UNKNOWN' && { tcpProxy }),
  };
}

function EditSettings({ service, onClose }: { readonly service: Service; readonly onClose: () => void }) {
  const t = useText({ en, zh });
  const { facts } = useText(serviceText);
  const { id, projectId } = service;
  const { run } = useWrite(UpdateEndpointServiceDocument);
  const [before] = useState(() => draftOf(service));
  const [draft, setDraft] = useState(before);
  const change = (part: Partial<Draft>) => setDraft((now) => ({ ...now, ...part }));
  const changes = changesOf(before, draft);
  return (
    <EditDialog
      title={t.title}
      input={changes}
      read={(input) => Object.keys(input).length > 0 && readUpdateServiceInput({ id, ...input })}
      write={async (input) =>
        Object.keys(input).length === 0 ? undefined : (await run({ projectId, input: { id, ...input } })).error
      }
      onClose={onClose}
    >
      {(form) => (
        <>
          <TextField
            form={form}
            path="input.serviceName"
            label={facts.name}
            hint={t.nameHint}
            value={draft.serviceName}
            onChange={(serviceName) => change({ serviceName })}
          />
          <TextField
            form={form}
            path="input.description"
            label={facts.description}
            value={draft.description}
            onChange={(description) => change({ description })}
          />
          <TextField
            form={form}
            path="input.backend.portId"
            label={facts.port}
            hint={t.portHint}
            required
            value={draft.portId}
            onChange={(portId) => change({ portId })}
          />
          <PortsField form={form} ports={draft.ports} onChange={(ports) => change({ ports })} />
          <CheckField
            label={t.approval}
            checked={draft.approvalEnabled}
            onChange={(approvalEnabled) => change({ approvalEnabled })}
          />
          <ProxyField form={form} value={draft.tcpProxy} onChange={(tcpProxy) => change({ tcpProxy })} />
        </>
      )}
    </EditDialog>
  );
}
