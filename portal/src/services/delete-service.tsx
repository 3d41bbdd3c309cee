import { useState } from 'react';
import { DeleteEndpointServiceDocument } from 'vpcep-gateway/documents';
import { type Fault, faultOf } from '../gateway/faults.ts';
import { useWrite } from '../gateway/hooks.ts';
import { Confirm } from '../parts/dialog.tsx';
import { ErrorBox } from '../parts/small.tsx';
import { usePreferences, useText } from '../preferences.ts';
import type { Service } from './settings.tsx';

const en = {
  delete: 'Delete',
  title: 'Delete this endpoint service?',
  about: (id: string) => `${id} is gone then, with its permissions. This cannot be undone.`,
  connected: 'Endpoints are connected to it. Their owners have to delete them first.',
};
const zh: typeof en = {
  delete: '删除',
  title: '删除此终端节点服务？',
  about: (id: string) => `${id} 及其授权将不复存在，无法撤销。`,
  connected: '仍有终端节点连接到此服务，须先由其所有者删除。',
};

const WORD = 6;

export function DeleteService({ service: { id, projectId } }: { readonly service: Service }) {
  const t = useText({ en, zh });
  const { language } = usePreferences();
  const { run, fetching } = useWrite(DeleteEndpointServiceDocument);
  const [isOpen, setOpen] = useState(false);
  const [fault, setFault] = useState<Fault | null>(null);
  const close = () => {
    setOpen(false);
    setFault(null);
  };
  const confirm = async () => {
    const { error } = await run({ projectId, input: { id } });
    if (error === undefined) close();
    else setFault(faultOf(error, language));
  };
  return (
    <>
      <button type="button" className="danger" onClick={() => setOpen(true)}>
        {t.delete}
      </button>
      {isOpen && (
        <Confirm
          title={t.title}
          word={id.slice(-WORD)}
          action={t.delete}
          busy={fetching}
          onConfirm={() => void confirm()}
          onClose={close}
        >
          <p>{t.about(id)}</p>
          {fault !== null && <ErrorBox fault={fault} />}
          {fault?.code === 'CONFLICT' && <p>{t.connected}</p>}
        </Confirm>
      )}
    </>
  );
}
