/** Who may connect to a service besides the account of its owner. There is no feed of them: they are read again after a change. */
import { useState } from 'react';
import {
  AddServicePermissionsDocument,
  RemoveServicePermissionsDocument,
  ServicePermissionsDocument,
  type ServicePermissionsQuery,
  type ServicePermissionsQueryVariables,
  UpdateServicePermissionDescriptionDocument,
} from 'vpcep-gateway/documents';
import { readAddPermissions, readPermissionText } from '../../../src/graphql/permission/permission.validation.ts';
import { type Fault, faultOf, partFaultOf } from '../gateway/faults.ts';
import { usePages, useWrite } from '../gateway/hooks.ts';
import { Confirm } from '../parts/dialog.tsx';
import { EditDialog } from '../parts/edit-dialog.tsx';
import { TextField } from '../parts/form.tsx';
import { ErrorBox, When } from '../parts/small.tsx';
import { usePreferences, useText } from '../preferences.ts';
import type { Service } from './settings.tsx';

const en = {
  title: 'Permissions',
  about: 'The account of the owner may always connect.',
  empty: 'No other account may connect.',
  loading: 'Loading …',
  add: 'Add permissions',
  another: 'Another one',
  leaveOut: (permission: string) => `Leave out ${permission}`,
  permission: 'Permission',
  hint: 'iam:domain:: and an account ID or *, organizations:orgPath:: and a path, or * for everyone.',
  description: 'Description',
  created: 'Added',
  change: 'Change',
  edit: 'Edit',
  remove: 'Remove',
  removeTitle: 'Remove this permission?',
  removeAbout: (permission: string) => `${permission} cannot create endpoints for this service any more.`,
};

const zh: typeof en = {
  title: '授权',
  about: '所有者的账号始终可以连接。',
  empty: '没有其他账号可以连接。',
  loading: '加载中…',
  add: '添加授权',
  another: '再加一项',
  leaveOut: (permission: string) => `去掉 ${permission}`,
  permission: '授权对象',
  hint: 'iam:domain:: 加账号 ID 或 *，organizations:orgPath:: 加路径，或 * 表示所有人。',
  description: '描述',
  created: '添加时间',
  change: '更改',
  edit: '编辑',
  remove: '移除',
  removeTitle: '移除此授权？',
  removeAbout: (permission: string) => `${permission} 将无法再为此服务创建终端节点。`,
};

type PermissionPage = NonNullable<NonNullable<ServicePermissionsQuery['endpointService']>['permissions']>;
type Permission = PermissionPage['edges'][number]['node'];

const pageOf = ({ endpointService }: ServicePermissionsQuery) => endpointService?.permissions;

interface Failed {
  readonly permission: string;
  readonly fault: Fault;
}

type Open = { readonly kind: 'add' } | { readonly kind: 'edit' | 'remove'; readonly permission: Permission };

export function Permissions({
  service: { id, projectId },
  canEdit,
}: {
  readonly service: Service;
  readonly canEdit: boolean;
}) {
  const t = useText({ en, zh });
  const { language } = usePreferences();
  const [open, setOpen] = useState<Open | null>(null);
  const [failed, setFailed] = useState<readonly Failed[]>([]);
  const pages = usePages<Permission, ServicePermissionsQuery, ServicePermissionsQueryVariables>(
    ServicePermissionsDocument,
    { id, projectId },
    pageOf,
  );
  const dialog = {
    endpointServiceId: id,
    projectId,
    onChanged: (failures: readonly Failed[]) => {
      setFailed(failures);
      pages.again();
    },
    onClose: () => setOpen(null),
  };
  return (
    <section className="box" aria-labelledby="permissions">
      <div className="title">
        <h2 id="permissions">{t.title}</h2>
        {canEdit && (
          <button type="button" onClick={() => setOpen({ kind: 'add' })}>
            {t.add}
          </button>
        )}
      </div>
      <p>
        <small>{t.about}</small>
      </p>
      {pages.error && <ErrorBox fault={faultOf(pages.error, language)} again={pages.again} />}
      {failed.map(({ permission, fault }) => (
        <ErrorBox key={permission} fault={{ ...fault, message: `${permission}: ${fault.message}` }} />
      ))}
      {pages.rows.length === 0 && <p role="status">{pages.loading ? t.loading : t.empty}</p>}
      {pages.rows.length > 0 && (
        <table>
          <caption className="unseen">{t.title}</caption>
          <thead>
            <tr>
              <th scope="col">{t.permission}</th>
              <th scope="col">{t.description}</th>
              <th scope="col">{t.created}</th>
              {canEdit && <th scope="col">{t.change}</th>}
            </tr>
          </thead>
          <tbody>
            {pages.rows.map((row) => (
              <tr key={row.id}>
                <td data-title={t.permission}>{row.permission}</td>
                <td data-title={t.description}>{row.description ?? '–'}</td>
                <td data-title={t.created}>
                  <When at={row.createdAt} />
                </td>
                {canEdit && (
                  <td data-title={t.change}>
                    <div className="buttons">
                      <button
                        type="button"
                        aria-label={`${t.edit}: ${row.permission}`}
                        onClick={() => setOpen({ kind: 'edit', permission: row })}
                      >
                        {t.edit}
                      </button>
                      <button
                        type="button"
                        aria-label={`${t.remove}: ${row.permission}`}
                        onClick={() => setOpen({ kind: 'remove', permission: row })}
                      >
                        {t.remove}
                      </button>
                    </div>
                  </td>
                )}
              </tr>
            ))}
          </tbody>
        </table>
      )}
      {open?.kind === 'add' && <Add {...dialog} />}
      {open?.kind === 'edit' && <Edit {...dialog} permission={open.permission} />}
      {open?.kind === 'remove' && <Remove {...dialog} permission={open.permission} />}
    </section>
  );
}

interface DialogProps {
  readonly endpointServiceId: string;
  readonly projectId: string;
  /** With what was not done, although the rest was. */
  readonly onChanged: (failures: readonly Failed[]) => void;
  readonly onClose: () => void;
}

interface Draft {
  readonly permission: string;
  readonly description: string;
}

const BLANK: Draft = { permission: '', description: '' };

function Add({ endpointServiceId, projectId, onChanged, onClose }: DialogProps) {
  const t = useText({ en, zh });
  const { language } = usePreferences();
  const { run } = useWrite(AddServicePermissionsDocument);
  const [drafts, setDrafts] = useState<readonly Draft[]>([BLANK]);
  const change = (index: number, part: Partial<Draft>) =>
    setDrafts((before) => before.map((draft, at) => (at === index ? { ...draft, ...part } : draft)));
  const permissions = drafts.map(({ permission, description }) => ({ permission: permission.trim(), description }));
  return (
    <EditDialog
      title={t.add}
      input={{ endpointServiceId, permissions }}
      read={(input) => readAddPermissions(input, projectId)}
      write={async (input) => {
        const { data, error } = await run({ projectId, input });
        const failures = data?.addServicePermissions?.failures ?? [];
        if (error === undefined) {
          onChanged(failures.map(({ permission, error: why }) => ({ permission, fault: partFaultOf(why, language) })));
        }
        return error;
      }}
      onClose={onClose}
    >
      {(form) => (
        <>
          <p>
            <small>{t.hint}</small>
          </p>
          {drafts.map(({ permission, description }, index) => (
            // biome-ignore lint/suspicious/noArrayIndexKey: it has no other identity while it is typed
            <div key={index} className="pair">
              <TextField
                form={form}
                path={`input.permissions.${index}.permission`}
                label={t.permission}
                required
                value={permission}
                onChange={(next) => change(index, { permission: next })}
              />
              <TextField
                form={form}
                path={`input.permissions.${index}.description`}
                label={t.description}
                value={description}
                onChange={(next) => change(index, { description: next })}
              />
              {drafts.length > 1 && (
                <button
                  type="button"
                  aria-label={t.leaveOut(permission)}
                  onClick={() => setDrafts((before) => before.filter((_, at) => at !== index))}
                >
                  ✕
                </button>
              )}
            </div>
          ))}
          <p>
            <button type="button" onClick={() => setDrafts((before) => [...before, BLANK])}>
              {t.another}
            </button>
          </p>
        </>
      )}
    </EditDialog>
  );
}

function Edit({
  endpointServiceId,
  projectId,
  permission,
  onChanged,
  onClose,
}: DialogProps & { readonly permission: Permission }) {
  const t = useText({ en, zh });
  const { run } = useWrite(UpdateServicePermissionDescriptionDocument);
  const [description, setDescription] = useState(permission.description ?? '');
  return (
    <EditDialog
      title={permission.permission}
      input={{ endpointServiceId, permissionId: permission.id, description: description.trim() }}
      read={(input) => readPermissionText(input, projectId)}
      write={async (input) => {
        const { error } = await run({ projectId, input });
        if (error === undefined) onChanged([]);
        return error;
      }}
      onClose={onClose}
    >
      {(form) => (
        <TextField
          form={form}
          path="input.description"
          label={t.description}
          value={description}
          onChange={setDescription}
        />
      )}
    </EditDialog>
  );
}

function Remove({
  endpointServiceId,
  projectId,
  permission,
  onChanged,
  onClose,
}: DialogProps & { readonly permission: Permission }) {
  const t = useText({ en, zh });
  const { language } = usePreferences();
  const { run, fetching } = useWrite(RemoveServicePermissionsDocument);
  const [fault, setFault] = useState<Fault | null>(null);
  const confirm = async () => {
    const by = { permissionIds: [permission.id] };
    const { error } = await run({ projectId, input: { endpointServiceId, by } });
    if (error !== undefined) return setFault(faultOf(error, language));
    onChanged([]);
    onClose();
  };
  return (
    <Confirm
      title={t.removeTitle}
      word={null}
      action={t.remove}
      busy={fetching}
      onConfirm={() => void confirm()}
      onClose={onClose}
    >
      <p>{t.removeAbout(permission.permission)}</p>
      {fault !== null && <ErrorBox fault={fault} />}
    </Confirm>
  );
}
