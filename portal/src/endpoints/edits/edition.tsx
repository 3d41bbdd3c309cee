import { useState } from 'react';
import { UpgradeVpcEndpointDocument } from 'vpcep-gateway/documents';
import { type Fault, faultOf } from '../../gateway/faults.ts';
import { useWrite } from '../../gateway/hooks.ts';
import { Confirm } from '../../parts/dialog.tsx';
import { ErrorBox, Facts } from '../../parts/small.tsx';
import { usePreferences, useText } from '../../preferences.ts';
import type { EditProps } from './edit.ts';

const en = {
  title: 'Edition',
  specification: 'Specification',
  edition: 'Edition',
  professional: 'Professional: up to 1,000,000 connections at a time',
  limits: 'The basic edition carries up to 3,000 connections at a time, the professional one up to 1,000,000.',
  upgrade: 'Upgrade',
  ask: 'Upgrade to the professional edition?',
  final: 'This cannot be undone.',
  ordered: 'The upgrade is ordered. It takes a while.',
};
const zh: typeof en = {
  title: '规格',
  specification: '规格名称',
  edition: '版本',
  professional: '专业版：最多 1,000,000 个并发连接',
  limits: '基础版最多 3,000 个并发连接，专业版最多 1,000,000 个。',
  upgrade: '升级',
  ask: '升级到专业版？',
  final: '此操作无法撤销。',
  ordered: '已提交升级，需要一些时间。',
};

export function Edition({ endpoint, canEdit }: EditProps) {
  const t = useText({ en, zh });
  const { language } = usePreferences();
  const { id, projectId, serviceType, specificationName, ipVersion } = endpoint;
  const { run, fetching } = useWrite(UpgradeVpcEndpointDocument);
  const [step, setStep] = useState<'ask' | 'ordered' | null>(null);
  const [fault, setFault] = useState<Fault | null>(null);
  // Only professional endpoints have an address family.
  const isProfessional = ipVersion !== null;
  const close = () => {
    setStep(null);
    setFault(null);
  };
  const confirm = async () => {
    const { error } = await run({ projectId, input: { id } });
    if (error === undefined) setStep('ordered');
    setFault(error === undefined ? null : faultOf(error, language));
  };
  return (
    <section className="box" aria-labelledby="edition">
      <div className="title">
        <h2 id="edition">{t.title}</h2>
        {canEdit && !isProfessional && serviceType !== 'GATEWAY' && (
          <button type="button" onClick={() => setStep('ask')}>
            {t.upgrade}
          </button>
        )}
      </div>
      <Facts
        rows={[
          [t.specification, specificationName],
          [t.edition, isProfessional ? t.professional : null],
        ]}
      />
      {step === 'ordered' && !isProfessional && <p role="status">{t.ordered}</p>}
      {step === 'ask' && (
        <Confirm
          title={t.ask}
          word={null}
          action={t.upgrade}
          busy={fetching}
          onConfirm={() => void confirm()}
          onClose={close}
        >
          <p>{t.limits}</p>
          <p>{t.final}</p>
          {fault !== null && <ErrorBox fault={fault} />}
        </Confirm>
      )}
    </section>
  );
}
