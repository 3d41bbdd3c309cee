import { useState } from 'react';
import { UpdateVpcEndpointWhitelistDocument } from 'vpcep-gateway/documents';
import { readWhitelistInput } from '../../../../src/graphql/endpoint/endpoint.validation.ts';
import { useWrite } from '../../gateway/hooks.ts';
import { EditablePart, EditDialog } from '../../parts/edit-dialog.tsx';
import { CheckField, LinesField } from '../../parts/form.tsx';
import { Facts, Values } from '../../parts/small.tsx';
import { useText } from '../../preferences.ts';
import { type EditProps, type Endpoint, useWhole } from './edit.ts';

const en = {
  title: 'Access control',
  state: 'State',
  on: 'On: only the allowed addresses may use the endpoint.',
  off: 'Off: every address in the VPC may use the endpoint.',
  unknown: 'The cloud does not tell whether it is on.',
  enable: 'Only the allowed addresses may use the endpoint',
  enableHint: 'While it is off, every address in the VPC may.',
  addresses: 'Allowed addresses',
  lines: 'IPv4 addresses or CIDR blocks.',
};
const zh: typeof en = {
  title: '访问控制',
  state: '状态',
  on: '已开启：只有允许的地址可以使用终端节点。',
  off: '已关闭：虚拟私有云内的所有地址都可以使用终端节点。',
  unknown: '云服务没有说明是否已开启。',
  enable: '只有允许的地址可以使用终端节点',
  enableHint: '关闭时，虚拟私有云内的所有地址都可以使用。',
  addresses: '允许的地址',
  lines: 'IPv4 地址或网段。',
};

const stateOf = (t: typeof en, { enableWhitelist }: Endpoint) =>
  enableWhitelist === null ? t.unknown : enableWhitelist ? t.on : t.off;

export function Whitelist({ endpoint, canEdit }: EditProps) {
  const t = useText({ en, zh });
  return (
    <EditablePart
      title={t.title}
      canEdit={canEdit}
      edit={(close) => <EditWhitelist endpoint={endpoint} onClose={close} />}
    >
      <Facts
        rows={[
          [t.state, stateOf(t, endpoint)],
          [t.addresses, <Values key="addresses" of={endpoint.whitelist} />],
        ]}
      />
    </EditablePart>
  );
}

function EditWhitelist({ endpoint, onClose }: Pick<EditProps, 'endpoint'> & { readonly onClose: () => void }) {
  const t = useText({ en, zh });
  const { id, projectId } = endpoint;
  const { run } = useWrite(UpdateVpcEndpointWhitelistDocument);
  const whole = useWhole(endpoint, (shown) => [stateOf(t, shown), ...shown.whitelist]);
  const [addresses, setAddresses] = useState<readonly string[]>(endpoint.whitelist);
  // Null, which is not known, stays so unless the user decides: false would open the endpoint.
  const [isOn, setOn] = useState(endpoint.enableWhitelist);
  return (
    <EditDialog
      title={t.title}
      input={{ id, enableWhitelist: isOn, whitelist: [...addresses] }}
      read={readWhitelistInput}
      write={async (input) => (await run({ projectId, input })).error}
      whole={whole}
      onClose={onClose}
    >
      {(form) => (
        <>
          <CheckField label={t.enable} hint={t.enableHint} checked={isOn ?? false} onChange={setOn} />
          <LinesField
            form={form}
            path="input.whitelist"
            label={t.addresses}
            hint={t.lines}
            lines={addresses}
            onChange={setAddresses}
          />
        </>
      )}
    </EditDialog>
  );
}
