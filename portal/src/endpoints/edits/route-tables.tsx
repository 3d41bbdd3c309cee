import { useState } from 'react';
import {
  UpdateVpcEndpointRouteTablesDocument,
  type UpdateVpcEndpointRouteTablesMutation,
} from 'vpcep-gateway/documents';
import { readRouteTablesInput } from '../../../../src/graphql/endpoint/endpoint.validation.ts';
import { useWrite } from '../../gateway/hooks.ts';
import { EditablePart, EditDialog } from '../../parts/edit-dialog.tsx';
import { LinesField } from '../../parts/form.tsx';
import { Values } from '../../parts/small.tsx';
import { useText } from '../../preferences.ts';
import { type EditProps, useWhole } from './edit.ts';

const en = {
  title: 'Route tables',
  ids: 'Route table IDs',
  idsHint: 'The whole list: a route table that is not in it is removed.',
  partly: 'Not everything was done:',
  actions: {
    BIND: (id: string) => `${id} could not be added`,
    UNBIND: (id: string) => `${id} could not be removed`,
  },
};
const zh: typeof en = {
  title: '路由表',
  ids: '路由表 ID',
  idsHint: '完整的列表：不在此处的路由表会被移除。',
  partly: '部分更改未完成：',
  actions: { BIND: (id: string) => `无法添加 ${id}`, UNBIND: (id: string) => `无法移除 ${id}` },
};

type Failures = NonNullable<UpdateVpcEndpointRouteTablesMutation['updateVpcEndpointRouteTables']>['failures'];

interface EditRouteTablesProps extends Pick<EditProps, 'endpoint'> {
  readonly onFailures: (failures: Failures) => void;
  readonly onClose: () => void;
}

export function RouteTables({ endpoint, canEdit }: EditProps) {
  const t = useText({ en, zh });
  const [failures, setFailures] = useState<Failures>([]);
  return (
    <EditablePart
      title={t.title}
      canEdit={canEdit}
      edit={(close) => <EditRouteTables endpoint={endpoint} onFailures={setFailures} onClose={close} />}
    >
      {failures.length > 0 && (
        <div className="error box" role="alert">
          <p>{t.partly}</p>
          <ul>
            {failures.map(({ action, routeTableId, message }) => (
              <li key={`${action} ${routeTableId}`}>
                {t.actions[action](routeTableId ?? '')}
                {message && `: ${message}`}
              </li>
            ))}
          </ul>
        </div>
      )}
      <Values of={endpoint.routeTables} />
    </EditablePart>
  );
}

function EditRouteTables({ endpoint, onFailures, onClose }: EditRouteTablesProps) {
  const t = useText({ en, zh });
  const { id, projectId } = endpoint;
  const { run } = useWrite(UpdateVpcEndpointRouteTablesDocument);
  const whole = useWhole(endpoint, (shown) => shown.routeTables);
  const [routeTables, setRouteTables] = useState<readonly string[]>(endpoint.routeTables);
  return (
    <EditDialog
      title={t.title}
      input={{ id, routeTables: [...routeTables] }}
      read={readRouteTablesInput}
      write={async (input) => {
        const { data, error } = await run({ projectId, input });
        onFailures(data?.updateVpcEndpointRouteTables?.failures ?? []);
        return error;
      }}
      whole={whole}
      onClose={onClose}
    >
      {(form) => (
        <LinesField
          form={form}
          path="input.routeTables"
          label={t.ids}
          hint={t.idsHint}
          lines={routeTables}
          onChange={setRouteTables}
        />
      )}
    </EditDialog>
  );
}
