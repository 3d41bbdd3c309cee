/** Errors of the gateway in the language of the user. Its own texts are English; others go by code and rule. */
import type { CombinedError } from 'urql';
import type { InputIssue } from '../../../src/graphql/errors/gateway-errors.ts';

type Language = 'en' | 'zh';

export interface Fault {
  /** `extensions.code`, or `NETWORK`. */
  readonly code: string;
  readonly message: string;
  /** The message of the gateway, when another text stands in its place. */
  readonly original?: string | undefined;
  /** Of the cloud, for its support. */
  readonly requestId?: string | undefined;
  readonly issues: readonly InputIssue[];
}

const ZH_CODES: { readonly [code: string]: string } = {
  NETWORK: '无法连接网关。请检查网络，然后重试。',
  BAD_USER_INPUT: '部分内容不符合规则。',
  CONFLICT: '与资源的当前状态冲突。',
  FORBIDDEN: '您没有执行此操作的权限。',
  IDEMPOTENCY_IN_PROGRESS: '相同的创建请求正在处理中，请稍候。',
  IDEMPOTENCY_KEY_REUSED: '此表单已用于创建另一个资源。',
  INTERNAL_SERVER_ERROR: '网关内部错误。',
  NOT_FOUND: '资源不存在，或您无权查看。',
  QUERY_TOO_COMPLEX: '请求过大。',
  QUOTA_EXCEEDED: '配额已用完。请删除不用的资源，或申请提高配额。',
  RATE_LIMITED: '请求过于频繁，请稍后再试。',
  UNAUTHENTICATED: '令牌无效或已过期，请重新登录。',
  UPSTREAM_ERROR: '云服务返回错误。',
  UPSTREAM_OUTCOME_UNKNOWN: '请求已发送，但没有收到结果。再次操作前请先查看列表。',
  UPSTREAM_THROTTLED: '云服务限制了请求频率，请稍后再试。',
  UPSTREAM_TIMEOUT: '云服务响应超时。',
  UPSTREAM_UNAVAILABLE: '暂时无法连接云服务。',
};

/** By rule; the numbers are those in the English message. */
const ZH_RULES: { readonly [rule: string]: (numbers: readonly string[]) => string } = {
  id: () => '必须是 1 到 64 个字符的 ID（字母、数字、_ 和 -），请从资源处复制',
  uuid: () => '必须是 UUID，请填写子网的网络 ID',
  ipv4: () => '必须是 IPv4 地址，例如 192.168.0.10',
  ipv6: () => '必须是不带区域的 IPv6 地址，例如 2001:db8::10',
  'ipv4-or-cidr': () => '必须是 IPv4 地址或网段，例如 192.168.0.10 或 192.168.0.0/24',
  length: ([min, max, has]) => `长度必须为 ${min} 到 ${max} 个字符，现为 ${has} 个`,
  characters: () => '包含不允许的字符',
  'outer-space': () => '开头和结尾不能有空格',
  prefix: () => '不能以 _sys_ 开头（系统标签）',
  reserved: () => '是网关保留的键，请换一个',
  count: ([most, has]) => `最多 ${most} 项，现为 ${has} 项`,
  empty: () => '不能为空',
  duplicate: () => '重复，请删除一个',
  required: () => '必填',
  name: () => '必须是 1 到 16 个字符的短名称（字母、数字、_ 和 -），完整名称由云服务生成',
  range: ([min, max]) => `必须是 ${min} 到 ${max} 之间的端口`,
  exclusive: () => '与另一个条件冲突，只能填写其中一个',
  permission: () => '必须是 iam:domain::<账号 ID 或 *>、organizations:orgPath::<路径> 或 *',
  digits: () => '必须是 1 到 40 位十进制数字',
  blank: () => '不能只有空格',
  json: () => '不是此处可用的 JSON',
  'service-kind': () => '不适用于此类终端节点服务',
};

function textsOf({ code, message }: Pick<Fault, 'code' | 'message'>, language: Language) {
  const zh = language === 'zh' ? ZH_CODES[code] : undefined;
  return zh === undefined ? { message } : { message: zh, original: code === 'NETWORK' ? undefined : message };
}

/** Of one item of a mutation that did the rest. */
export function partFaultOf(failure: Pick<Fault, 'code' | 'message'>, language: Language): Fault {
  return { code: failure.code, ...textsOf(failure, language), issues: [] };
}

export function faultOf(error: CombinedError, language: Language): Fault {
  const first = error.graphQLErrors[0];
  const code = first === undefined ? 'NETWORK' : String(first.extensions.code ?? 'INTERNAL_SERVER_ERROR');
  const english = first?.message ?? 'The gateway cannot be reached. Check the connection, then try again.';
  const upstream = first?.extensions.upstream as { readonly requestId: string | null } | undefined;
  return {
    code,
    ...textsOf({ code, message: english }, language),
    requestId: upstream?.requestId ?? undefined,
    issues: (first?.extensions.issues ?? []) as readonly InputIssue[],
  };
}

/** @param label the name of the field in the form; takes the place of the path in the message. */
export function issueText({ path, rule, message }: InputIssue, language: Language, label: string): string {
  const rest = message.startsWith(path) ? message.slice(path.length) : ` ${message}`;
  const zh = ZH_RULES[rule];
  if (language === 'en' || zh === undefined) return `${label}${rest}`;
  return `${label} ${zh(rest.match(/\d+/g) ?? [])}`;
}
