/** The edition of a service: upgrade, and the backends that only a professional one takes. */
import { useState } from 'react';
import { AddEndpointServiceServerResourcesDocument, UpgradeEndpointServiceDocument } from 'vpcep-gateway/documents';
import { readServerResources } from '../../../src/graphql/service/service.validation.ts';
import { type Fault, faultOf } from '../gateway/faults.ts';
import { useWrite } from '../gateway/hooks.ts';
import { Confirm } from '../parts/dialog.tsx';
import { EditDialog } from '../parts/edit-dialog.tsx';
import { LinesField } from '../parts/form.tsx';
import { ErrorBox, Values } from '../parts/small.tsx';
import { usePreferences, useText } from '../preferences.ts';
import { serviceText } from './service-text.ts';
import type { Service } from './settings.tsx';

const en = {
  upgrade: 'Upgrade',
  upgradeTitle: 'Upgrade to the professional edition?',
  upgradeAbout: 'Endpoints of the professional edition can connect to it then.',
  addBackends: 'Add backends',
  balancers: 'Load balancers',
  balancersHint: 'IDs of load balancers in front of the same service.',
};
const zh: typeof en = {
  upgrade: '升级',
  upgradeTitle: '升级到专业版？',
  upgradeAbout: '升级后，专业版终端节点可以连接此服务。',
  addBackends: '添加后端',
  balancers: '负载均衡器',
  balancersHint: '同一服务的负载均衡器的 ID。',
};

interface EditionProps {
  readonly service: Service;
  readonly canEdit: boolean;
}

export function Edition({ service, canEdit }: EditionProps) {
  const t = useText({ en, zh });
  const { editions: title } = useText(serviceText).facts;
  const [open, setOpen] = useState<'upgrade' | 'backends' | null>(null);
  const isProfessional = service.supportedEditions.includes('profession');
  const close = () => setOpen(null);
  return (
    <section className="box" aria-labelledby="edition">
      <h2 id="edition">{title}</h2>
      <Values of={service.supportedEditions} />
      {canEdit && (
        <div className="buttons">
          {isProfessional ? (
            <button type="button" onClick={() => setOpen('backends')}>
              {t.addBackends}
            </button>
          ) : (
            <button type="button" onClick={() => setOpen('upgrade')}>
              {t.upgrade}
            </button>
          )}
        </div>
      )}
      {open === 'upgrade' && <Upgrade service={service} onClose={close} />}
      {open === 'backends' && <AddBackends service={service} onClose={close} />}
    </section>
  );
}

interface DialogProps {
  readonly service: Service;
  readonly onClose: () => void;
}

function Upgrade({ service: { id, projectId }, onClose }: DialogProps) {
  const t = useText({ en, zh });
  const { language } = usePreferences();
  const { run, fetching } = useWrite(UpgradeEndpointServiceDocument);
  const [fault, setFault] = useState<Fault | null>(null);
  const confirm = async () => {
    const { error } = await run({ projectId, input: { id, action: 'UPGRADE' } });
    if (error === undefined) onClose();
    else setFault(faultOf(error, language));
  };
  return (
    <Confirm
      title={t.upgradeTitle}
      word={null}
      action={t.upgrade}
      busy={fetching}
      onConfirm={() => void confirm()}
      onClose={onClose}
    >
      <p>{t.upgradeAbout}</p>
      {fault !== null && <ErrorBox fault={fault} />}
    </Confirm>
  );
}

function AddBackends({ service: { id, projectId }, onClose }: DialogProps) {
  const t = useText({ en, zh });
  const { run } = useWrite(AddEndpointServiceServerResourcesDocument);
  const [ids, setIds] = useState<readonly string[]>([]);
  return (
    <EditDialog
      title={t.addBackends}
      input={{ id, serverResources: ids.map((resourceId) => ({ resourceId })) }}
      read={readServerResources}
      write={async (input) => (await run({ projectId, input })).error}
      onClose={onClose}
    >
      {(form) => (
        <LinesField
          form={form}
          path="input.serverResources"
          label={t.balancers}
          hint={t.balancersHint}
          required
          lines={ids}
          onChange={setIds}
        />
      )}
    </EditDialog>
  );
}
