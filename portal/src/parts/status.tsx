/** Statuses of endpoints, connections and services, with the cloud's own explanation. */
import { useText } from '../preferences.ts';

const en = {
  frozen: 'Frozen',
  frozenHint: 'The account is frozen. The endpoint cannot be used until the bill is paid.',
  names: {
    CREATING: 'Creating',
    ACCEPTED: 'Accepted',
    PENDING_ACCEPTANCE: 'Pending acceptance',
    REJECTED: 'Rejected',
    FAILED: 'Failed',
    DELETING: 'Deleting',
    DELETED: 'Deleted',
    AVAILABLE: 'Available',
    UNKNOWN: 'Unknown',
  } as { readonly [status: string]: string },
  hints: {
    CREATING: 'It is being built. This usually takes 1 to 2 minutes.',
    ACCEPTED: 'It is connected and can be used.',
    PENDING_ACCEPTANCE: 'It waits until the owner of the endpoint service accepts the connection.',
    REJECTED: 'The owner of the endpoint service rejected the connection.',
    FAILED: 'It could not be built. Delete it and create another one.',
    DELETING: 'It is being deleted. This cannot be undone.',
    DELETED: 'It was deleted.',
    AVAILABLE: 'Endpoints can connect to it.',
    UNKNOWN: 'The cloud uses a word for this status that this version does not know.',
  } as { readonly [status: string]: string },
};

const zh: typeof en = {
  frozen: '已冻结',
  frozenHint: '账户已冻结。结清欠费之前无法使用该终端节点。',
  names: {
    CREATING: '创建中',
    ACCEPTED: '已接受',
    PENDING_ACCEPTANCE: '待接受',
    REJECTED: '已拒绝',
    FAILED: '失败',
    DELETING: '删除中',
    DELETED: '已删除',
    AVAILABLE: '可连接',
    UNKNOWN: '未知',
  },
  hints: {
    CREATING: '正在创建，通常需要 1 到 2 分钟。',
    ACCEPTED: '已连接，可以使用。',
    PENDING_ACCEPTANCE: '等待终端节点服务的所有者接受连接。',
    REJECTED: '终端节点服务的所有者拒绝了连接。',
    FAILED: '创建失败。请删除后重新创建。',
    DELETING: '正在删除，无法撤销。',
    DELETED: '它已被删除。',
    AVAILABLE: '终端节点可以连接。',
    UNKNOWN: '云服务返回了此版本不认识的状态。',
  },
};

export const statusText = { en, zh };

export interface StatusProps {
  readonly status: string;
  readonly rawStatus: string;
  readonly frozen?: boolean;
}

export function Status({ status, rawStatus, frozen = false }: StatusProps) {
  const t = useText(statusText);
  const name = status === 'UNKNOWN' ? rawStatus : (t.names[status] ?? status);
  return (
    <span className="statuses">
      <span className={`status ${status.toLowerCase()}`} title={t.hints[status]}>
        {name}
      </span>
      {frozen && (
        <span className="status frozen" title={t.frozenHint}>
          {t.frozen}
        </span>
      )}
    </span>
  );
}
