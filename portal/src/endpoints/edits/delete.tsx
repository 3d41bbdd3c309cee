import { useState } from 'react';
import { DeleteVpcEndpointDocument } from 'vpcep-gateway/documents';
import { type Fault, faultOf } from '../../gateway/faults.ts';
import { useWrite } from '../../gateway/hooks.ts';
import { Confirm } from '../../parts/dialog.tsx';
import { ErrorBox } from '../../parts/small.tsx';
import { usePreferences, useText } from '../../preferences.ts';
import type { Endpoint } from './edit.ts';

const en = {
  delete: 'Delete',
  title: 'Delete this endpoint?',
  about: (id: string) => `${id} and its addresses are gone then. This cannot be undone.`,
};
const zh: typeof en = {
  delete: '删除',
  title: '删除此终端节点？',
  about: (id: string) => `${id} 及其地址将不复存在，无法撤销。`,
};

const WORD = 6;

export function Delete({ endpoint: { id, projectId } }: { readonly endpoint: Endpoint }) {
  const t = useText({ en, zh });
  const { language } = usePreferences();
  const { run, fetching } = useWrite(DeleteVpcEndpointDocument);
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
        </Confirm>
      )}
    </>
  );
}
