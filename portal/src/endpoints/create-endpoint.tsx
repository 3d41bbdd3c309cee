/** The form for a new endpoint. It creates once, however often it is sent: it has one idempotency key. */
import { type FormEvent, useMemo, useState } from 'react';
import {
  CreateVpcEndpointDocument,
  DescribeEndpointServiceDocument,
  EndpointServicesDocument,
  type EndpointServicesQuery,
  type EndpointServicesQueryVariables,
  PublicEndpointServicesDocument,
  type PublicEndpointServicesQuery,
  type PublicEndpointServicesQueryVariables,
} from 'vpcep-gateway/documents';
import { uuidRule } from '../../../src/graphql/core/input-check.ts';
import { checkCreate, readCreateInput } from '../../../src/graphql/endpoint/endpoint.validation.ts';
import { type Fault, faultOf } from '../gateway/faults.ts';
import { usePages, useRead, useWrite } from '../gateway/hooks.ts';
import { newKey } from '../gateway/idempotency-key.ts';
import { useProject } from '../gateway/project.ts';
import { Combobox, type Option } from '../parts/combobox.tsx';
import { CreateEnd } from '../parts/create-end.tsx';
import { CheckField, Field, LinesField, type TagPair, TagsField, TextField, useForm } from '../parts/form.tsx';
import { usePreferences, useText } from '../preferences.ts';
import { usePageLink } from '../shell/links.ts';
import { useShownQuery } from '../shell/shown-query.ts';
import { type Created, Creation } from './creation.tsx';

const en = {
  title: 'Create a VPC endpoint',
  service: 'Endpoint service',
  serviceHint: 'Search by name or ID, or enter the ID of a service that was shared with you.',
  own: 'own',
  public: 'public',
  kinds: { INTERFACE: 'interface', GATEWAY: 'gateway', UNKNOWN: 'unknown kind' } as { readonly [kind: string]: string },
  unknownService: 'The kind of this service is not known, so fields of both kinds are shown.',
  vpc: 'VPC ID',
  subnet: 'Subnet (network ID)',
  subnetHint: 'The network ID of the subnet, not the subnet ID.',
  ip: 'IPv4 address',
  ipHint: 'An address of the subnet. Without it, the cloud chooses one.',
  dns: 'Create a private domain name',
  dnsHint: 'Programs in the VPC then reach the service by a name. It is off by default here; Terraform has it on.',
  whitelistOn: 'Access control',
  whitelistHint: 'Only the addresses below may use the endpoint. While it is off, every address in the VPC may.',
  whitelist: 'Allowed addresses',
  whitelistLines: 'IPv4 addresses or CIDR blocks.',
  routeTables: 'Route tables',
  routeTablesHint: 'IDs. Without one, the default route table of the VPC is used.',
  description: 'Description',
  tags: 'Tags',
};

const zh: typeof en = {
  title: '创建终端节点',
  service: '终端节点服务',
  serviceHint: '按名称或 ID 搜索，或填写共享给您的服务的 ID。',
  own: '自有',
  public: '公共',
  kinds: { INTERFACE: '接口型', GATEWAY: '网关型', UNKNOWN: '未知类型' },
  unknownService: '此服务的类型未知，因此显示两种类型的字段。',
  vpc: '虚拟私有云 ID',
  subnet: '子网（网络 ID）',
  subnetHint: '子网的网络 ID，不是子网 ID。',
  ip: 'IPv4 地址',
  ipHint: '子网内的地址。不填时由云服务分配。',
  dns: '创建内网域名',
  dnsHint: '虚拟私有云内的程序可以通过域名访问服务。这里默认关闭，Terraform 默认开启。',
  whitelistOn: '访问控制',
  whitelistHint: '只有下面的地址可以使用终端节点。关闭时，虚拟私有云内的所有地址都可以使用。',
  whitelist: '允许的地址',
  whitelistLines: 'IPv4 地址或网段。',
  routeTables: '路由表',
  routeTablesHint: '填写 ID。不填时使用虚拟私有云的默认路由表。',
  description: '描述',
  tags: '标签',
};

interface Draft {
  readonly endpointServiceId: string;
  readonly vpcId: string;
  readonly subnetId: string;
  readonly portIp: string;
  readonly enableDns: boolean;
  readonly enableWhitelist: boolean;
  readonly whitelist: readonly string[];
  readonly routeTables: readonly string[];
  readonly description: string;
  readonly tags: readonly TagPair[];
}

const BLANK: Draft = {
  endpointServiceId: '',
  vpcId: '',
  subnetId: '',
  portIp: '',
  enableDns: false,
  enableWhitelist: false,
  whitelist: [],
  routeTables: [],
  description: '',
  tags: [],
};

interface Kind {
  readonly type: 'INTERFACE' | 'GATEWAY' | 'UNKNOWN' | null;
  readonly enablePolicy: boolean | null;
}

const publicPage = ({ publicEndpointServices }: PublicEndpointServicesQuery) => publicEndpointServices;
const ownPage = ({ endpointServices }: EndpointServicesQuery) => endpointServices;
type PublicService = NonNullable<PublicEndpointServicesQuery['publicEndpointServices']>['edges'][number]['node'];
type OwnService = NonNullable<EndpointServicesQuery['endpointServices']>['edges'][number]['node'];

/** Fields of the other kind stay in the draft, in case the user changes the service again. */
function inputOf(draft: Draft, { type }: Kind, idempotencyKey: string) {
  const { endpointServiceId, vpcId, description, tags } = draft;
  const given = (text: string) => (text.trim() === '' ? null : text.trim());
  return {
    endpointServiceId: endpointServiceId.trim(),
    vpcId: vpcId.trim(),
    description: given(description),
    tags: tags.map((tag) => ({ ...tag })),
    idempotencyKey,
    ...(type !== 'GATEWAY' && {
      subnetId: given(draft.subnetId),
      portIp: given(draft.portIp),
      enableDns: draft.enableDns,
      enableWhitelist: draft.enableWhitelist || null,
      whitelist: draft.enableWhitelist ? [...draft.whitelist] : null,
    }),
    ...(type !== 'INTERFACE' && { routeTables: [...draft.routeTables] }),
  };
}

/** Each is looked up, so what is still being typed must not count. */
const isId = (value: string) => uuidRule(value) === null;

export function CreateEndpoint() {
  const [created, setCreated] = useState<Created | null>(null);
  const [forms, setForms] = useState(0);
  if (created === null) return <CreateForm key={forms} onCreated={setCreated} />;
  const another = () => {
    setForms((count) => count + 1);
    setCreated(null);
  };
  return <Creation created={created} onAnother={another} />;
}

function CreateForm({ onCreated }: { readonly onCreated: (created: Created) => void }) {
  const t = useText({ en, zh });
  const { language } = usePreferences();
  const { project } = useProject();
  const projectId = project.id;
  const page = usePageLink();
  const [draft, setDraft] = useState(BLANK);
  const [key, setKey] = useState(newKey);
  const [fault, setFault] = useState<Fault | null>(null);
  const { run, fetching } = useWrite(CreateVpcEndpointDocument);

  const publicServices = usePages<PublicService, PublicEndpointServicesQuery, PublicEndpointServicesQueryVariables>(
    PublicEndpointServicesDocument,
    { projectId },
    publicPage,
  );
  const ownServices = usePages<OwnService, EndpointServicesQuery, EndpointServicesQueryVariables>(
    EndpointServicesDocument,
    { projectId },
    ownPage,
  );
  const services = useMemo(
    () => [
      ...ownServices.rows.map((service) => ({ ...service, from: t.own })),
      ...publicServices.rows
        .filter(({ id }) => !ownServices.rows.some((own) => own.id === id))
        .map((service) => ({ ...service, from: t.public })),
    ],
    [ownServices.rows, publicServices.rows, t],
  );
  const options = useMemo<readonly Option[]>(
    () =>
      services.map(({ id, serviceName, serviceType, from }) => ({
        value: id,
        label: serviceName ?? id,
        detail: `${t.kinds[serviceType ?? 'UNKNOWN']}, ${from}`,
      })),
    [services, t],
  );
  const id = draft.endpointServiceId;
  const listed = services.find((service) => service.id === id);
  const listsRead = !publicServices.loading && !ownServices.loading;
  const described = useRead(
    DescribeEndpointServiceDocument,
    { projectId, by: { id } },
    listed !== undefined || !listsRead || !isId(id),
  );
  const found = listed ?? described.data?.describeEndpointService;
  const isFound = found?.id === id;
  const kind: Kind = {
    type: (isFound && found.serviceType) || null,
    enablePolicy: isFound ? found.enablePolicy : null,
  };

  const input = inputOf(draft, kind, key);
  useShownQuery(CreateVpcEndpointDocument, { projectId, input });
  const form = useForm(() => checkCreate(readCreateInput(input), { ...kind, policy: null }), fault?.issues);
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
    const payload = data?.createVpcEndpoint;
    if (payload) onCreated({ endpoint: payload.endpoint, statusCursor: payload.statusCursor });
    else if (error) setFault(faultOf(error, language));
  };

  return (
    <>
      <h1>{t.title}</h1>
      <form noValidate onSubmit={(event) => void submit(event)}>
        <Field
          form={form}
          path="input.endpointServiceId"
          label={t.service}
          hint={t.serviceHint}
          required
          isEmpty={id === ''}
        >
          {(props) => (
            <Combobox
              {...props}
              label={t.service}
              value={id}
              options={options}
              onChange={(endpointServiceId) => change({ endpointServiceId })}
            />
          )}
        </Field>
        {described.data !== undefined && !isFound && isId(id) && listed === undefined && <p>{t.unknownService}</p>}
        <TextField
          form={form}
          path="input.vpcId"
          label={t.vpc}
          required
          value={draft.vpcId}
          onChange={(vpcId) => change({ vpcId })}
        />
        {kind.type !== 'GATEWAY' && (
          <>
            <TextField
              form={form}
              path="input.subnetId"
              label={t.subnet}
              hint={t.subnetHint}
              required={kind.type === 'INTERFACE'}
              value={draft.subnetId}
              onChange={(subnetId) => change({ subnetId })}
            />
            <TextField
              form={form}
              path="input.portIp"
              label={t.ip}
              hint={t.ipHint}
              value={draft.portIp}
              onChange={(portIp) => change({ portIp })}
            />
            <CheckField
              label={t.dns}
              hint={t.dnsHint}
              checked={draft.enableDns}
              onChange={(enableDns) => change({ enableDns })}
            />
            <CheckField
              label={t.whitelistOn}
              hint={t.whitelistHint}
              checked={draft.enableWhitelist}
              onChange={(enableWhitelist) => change({ enableWhitelist })}
            />
            {draft.enableWhitelist && (
              <LinesField
                form={form}
                path="input.whitelist"
                label={t.whitelist}
                hint={t.whitelistLines}
                lines={draft.whitelist}
                onChange={(whitelist) => change({ whitelist })}
              />
            )}
          </>
        )}
        {kind.type !== 'INTERFACE' && (
          <LinesField
            form={form}
            path="input.routeTables"
            label={t.routeTables}
            hint={t.routeTablesHint}
            lines={draft.routeTables}
            onChange={(routeTables) => change({ routeTables })}
          />
        )}
        <TextField
          form={form}
          path="input.description"
          label={t.description}
          value={draft.description}
          onChange={(description) => change({ description })}
        />
        <TagsField
          form={form}
          path="input.tags"
          label={t.tags}
          tags={draft.tags}
          onChange={(tags) => change({ tags })}
        />
        <CreateEnd form={form} fault={fault} creating={fetching} list={page('/endpoints')} onAnother={another} />
      </form>
    </>
  );
}
