/** Who is connected to a service or wants to be, live: pending requests on top. */
import { type ReactNode, useRef, useState } from 'react';
import { flushSync } from 'react-dom';
import {
  ConnectedEndpointsDocument,
  type ConnectedEndpointsQuery,
  type ConnectedEndpointsQueryVariables,
  ServiceConnectionStatusDocument,
  type ServiceConnectionStatusSubscription,
  type ServiceConnectionStatusSubscriptionVariables,
  UpdateServiceConnectionDescriptionDocument,
} from 'vpcep-gateway/documents';
import { readConnectionText } from '../../../src/graphql/connection/connection.validation.ts';
import { faultOf } from '../gateway/faults.ts';
import { useLiveRows, useLiveSet, usePages, useWrite } from '../gateway/hooks.ts';
import { type Column, DataTable } from '../parts/data-table.tsx';
import { Confirm } from '../parts/dialog.tsx';
import { EditDialog } from '../parts/edit-dialog.tsx';
import { TextField } from '../parts/form.tsx';
import { Copy, ErrorBox, Values, When } from '../parts/small.tsx';
import { Status, statusText } from '../parts/status.tsx';
import { usePreferences, useText } from '../preferences.ts';
import { useDecisions } from './decisions.ts';
import type { Service } from './settings.tsx';

const en = {
  pending: 'Pending requests',
  waiting: (count: number) => `Waiting for your decision: ${count}`,
  none: 'No endpoint waits for a decision.',
  title: 'Connections',
  empty: 'No endpoint is connected.',
  placeholder: 'Endpoint, account, packet ID or note',
  accept: 'Accept',
  reject: 'Reject',
  acceptAll: 'Accept all',
  acceptTitle: (count: number) => `Accept these ${count} requests?`,
  rejectTitle: 'Reject this connection?',
  rejectAbout: (id: string) => `Endpoint ${id} is disconnected at once. It can be accepted again.`,
  editNote: 'Edit the note',
  note: 'Note',
  columns: {
    endpoint: 'Endpoint',
    status: 'Status',
    account: 'Account',
    packet: 'Packet ID',
    note: 'Note',
    created: 'Created',
    updated: 'Updated',
    decide: 'Decide',
  },
};

const zh: typeof en = {
  pending: '待处理的请求',
  waiting: (count: number) => `等待您处理：${count} 个`,
  none: '没有等待处理的终端节点。',
  title: '连接',
  empty: '没有已连接的终端节点。',
  placeholder: '终端节点、账号、报文标识或备注',
  accept: '接受',
  reject: '拒绝',
  acceptAll: '全部接受',
  acceptTitle: (count: number) => `接受这 ${count} 个请求？`,
  rejectTitle: '拒绝此连接？',
  rejectAbout: (id: string) => `终端节点 ${id} 会立即断开，之后可以再次接受。`,
  editNote: '编辑备注',
  note: '备注',
  columns: {
    endpoint: '终端节点',
    status: '状态',
    account: '账号',
    packet: '报文标识',
    note: '备注',
    created: '创建时间',
    updated: '更新时间',
    decide: '处理',
  },
};

type ConnectionPage = NonNullable<NonNullable<ConnectedEndpointsQuery['endpointService']>['connections']>;
type Connection = ConnectionPage['edges'][number]['node'];
type ConnectionEvent = NonNullable<ServiceConnectionStatusSubscription['serviceConnectionStatus']>;

const idOf = ({ endpointId }: Connection) => endpointId;
const eventIdOf = ({ endpointId }: ConnectionEvent) => endpointId;
const pageOf = ({ endpointService }: ConnectedEndpointsQuery) => endpointService?.connections;

function columnsFor(
  t: typeof en,
  names: typeof statusText.en.names,
  actions: (row: Connection) => ReactNode,
): readonly Column<Connection>[] {
  const { columns } = t;
  return [
    {
      key: 'endpoint',
      title: columns.endpoint,
      value: idOf,
      cell: ({ endpointId }) => (
        <span className="id">
          {endpointId} <Copy value={endpointId} subject={endpointId} />
        </span>
      ),
    },
    {
      key: 'status',
      title: columns.status,
      value: ({ status }) => names[status] ?? status,
      cell: (row) => <Status {...row} />,
    },
    { key: 'account', title: columns.account, value: ({ domainId }) => domainId ?? '' },
    { key: 'packet', title: columns.packet, value: ({ markerId }) => markerId ?? '', extra: true },
    { key: 'note', title: columns.note, value: ({ description }) => description ?? '' },
    {
      key: 'created',
      title: columns.created,
      value: ({ createdAt }) => createdAt ?? '',
      cell: ({ createdAt }) => <When at={createdAt} />,
      unsearched: true,
    },
    {
      key: 'updated',
      title: columns.updated,
      value: ({ updatedAt }) => updatedAt ?? '',
      cell: ({ updatedAt }) => <When at={updatedAt} />,
      unsearched: true,
      extra: true,
    },
    { key: 'decide', title: columns.decide, value: () => '', cell: actions, unsearched: true, unwritten: true },
  ];
}

interface ConnectionsProps {
  readonly service: Service;
  readonly canDecide: boolean;
}

export function Connections({ service: { id, projectId }, canDecide }: ConnectionsProps) {
  const t = useText({ en, zh });
  const { names } = useText(statusText);
  const { language } = usePreferences();
  const { decide, busy, faults } = useDecisions(id, projectId);
  const [rejecting, setRejecting] = useState<string | null>(null);
  const [accepting, setAccepting] = useState<readonly string[] | null>(null);
  const [noting, setNoting] = useState<Connection | null>(null);
  const pages = usePages<Connection, ConnectedEndpointsQuery, ConnectedEndpointsQueryVariables>(
    ConnectedEndpointsDocument,
    { id, projectId },
    pageOf,
  );
  const { set, error, again } = useLiveSet<
    ConnectionEvent,
    ServiceConnectionStatusSubscription,
    ServiceConnectionStatusSubscriptionVariables
  >(ServiceConnectionStatusDocument, { endpointServiceId: id, projectId }, eventIdOf);
  const rows = useLiveRows(pages, set, idOf);
  const isPending = ({ status }: Connection) => status === 'PENDING_ACCEPTANCE';
  // The list has the newest first. Here it is last, so that it does not move a button from under the pointer.
  const pending = rows
    .filter(isPending)
    .reverse()
    .sort((a, b) => (a.createdAt ?? '').localeCompare(b.createdAt ?? ''));
  const others = rows.filter((row) => !isPending(row));

  const heading = useRef<HTMLHeadingElement>(null);
  /** The request goes away with its buttons: the next key press starts at the first that is left. */
  const settle = (decision: 'accept' | 'reject', endpointIds: readonly string[]) => {
    heading.current?.focus();
    void decide(decision, endpointIds);
  };
  const fault = (endpointId: string) => {
    const found = faults.get(endpointId);
    return found && <ErrorBox fault={found} />;
  };
  const button = (name: string, endpointId: string, act: () => void, style = '') => (
    <button
      type="button"
      className={style}
      aria-label={`${name}: ${endpointId}`}
      disabled={busy.has(endpointId)}
      onClick={act}
    >
      {name}
    </button>
  );
  const actions = (row: Connection) => {
    const { endpointId, status } = row;
    return (
      <>
        {canDecide && (
          <div className="buttons">
            {status === 'REJECTED' && button(t.accept, endpointId, () => void decide('accept', [endpointId]))}
            {status === 'ACCEPTED' && button(t.reject, endpointId, () => setRejecting(endpointId))}
            {button(t.editNote, endpointId, () => setNoting(row))}
          </div>
        )}
        {fault(endpointId)}
      </>
    );
  };

  return (
    <>
      {error && <ErrorBox fault={faultOf(error, language)} again={again} />}
      {pages.error && <ErrorBox fault={faultOf(pages.error, language)} again={pages.again} />}
      <section className="box" aria-labelledby="pending">
        <div className="title">
          <h2 id="pending" ref={heading} tabIndex={-1}>
            {t.pending} ({pending.length})
          </h2>
          {canDecide && pending.length > 1 && (
            <button type="button" className="primary" onClick={() => setAccepting(pending.map(idOf))}>
              {t.acceptAll}
            </button>
          )}
        </div>
        <p role="status">{pending.length === 0 ? t.none : t.waiting(pending.length)}</p>
        <ul className="requests" aria-labelledby="pending">
          {pending.map((row) => {
            const { endpointId, domainId, description, createdAt } = row;
            return (
              <li key={endpointId}>
                <div className="pair">
                  {canDecide && (
                    <>
                      {button(t.accept, endpointId, () => settle('accept', [endpointId]), 'primary')}
                      {button(t.reject, endpointId, () => settle('reject', [endpointId]), 'danger')}
                    </>
                  )}
                  <span className="id">
                    {endpointId} <Copy value={endpointId} subject={endpointId} />
                  </span>
                  <span>
                    {t.columns.account} {domainId ?? '–'}
                  </span>
                  <When at={createdAt} />
                  {description}
                  {canDecide && button(t.editNote, endpointId, () => setNoting(row), 'quiet')}
                </div>
                {fault(endpointId)}
              </li>
            );
          })}
        </ul>
      </section>
      <div className="box">
        <h2>{t.title}</h2>
        <DataTable
          name="connections"
          caption={t.title}
          rows={others}
          columns={columnsFor(t, names, actions).filter(({ key }) => canDecide || key !== 'decide')}
          idOf={idOf}
          loading={pages.loading}
          failed={pages.error !== undefined}
          empty={t.empty}
          placeholder={t.placeholder}
          sort={{ key: 'created', down: true }}
        />
      </div>
      {rejecting !== null && (
        <Confirm
          title={t.rejectTitle}
          word={null}
          action={t.reject}
          busy={false}
          onConfirm={() => {
            void decide('reject', [rejecting]);
            setRejecting(null);
          }}
          onClose={() => setRejecting(null)}
        >
          <p>{t.rejectAbout(rejecting)}</p>
        </Confirm>
      )}
      {accepting !== null && (
        <Confirm
          title={t.acceptTitle(accepting.length)}
          word={null}
          action={t.acceptAll}
          busy={false}
          onConfirm={() => {
            // Nothing outside of an open dialog takes the focus.
            flushSync(() => setAccepting(null));
            settle('accept', accepting);
          }}
          onClose={() => setAccepting(null)}
        >
          <Values of={accepting} />
        </Confirm>
      )}
      {noting !== null && <EditNote connection={noting} projectId={projectId} onClose={() => setNoting(null)} />}
    </>
  );
}

interface EditNoteProps {
  readonly connection: Connection;
  readonly projectId: string;
  readonly onClose: () => void;
}

function EditNote({ connection, projectId, onClose }: EditNoteProps) {
  const t = useText({ en, zh });
  const { endpointServiceId, endpointId } = connection;
  const { run } = useWrite(UpdateServiceConnectionDescriptionDocument);
  const [description, setDescription] = useState(connection.description ?? '');
  return (
    <EditDialog
      title={t.editNote}
      input={{ endpointServiceId, endpointId, description: description.trim() }}
      read={(input) => readConnectionText(input, projectId)}
      write={async (input) => (await run({ projectId, input })).error}
      onClose={onClose}
    >
      {(form) => (
        <TextField form={form} path="input.description" label={t.note} value={description} onChange={setDescription} />
      )}
    </EditDialog>
  );
}
