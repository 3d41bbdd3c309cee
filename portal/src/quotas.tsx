import { QuotasDocument } from 'vpcep-gateway/documents';
import { faultOf } from './gateway/faults.ts';
import { useAgainAfter, useRead } from './gateway/hooks.ts';
import { useProject } from './gateway/project.ts';
import { ErrorBox } from './parts/small.tsx';
import { usePreferences, useText } from './preferences.ts';
import { useShownQuery } from './shell/shown-query.ts';

const en = {
  title: 'Quotas',
  loading: 'Loading …',
  used: (used: string, limit: string) => `${used} of ${limit} used`,
  types: { ENDPOINT: 'VPC endpoints', ENDPOINT_SERVICE: 'Endpoint services' } as { readonly [type: string]: string },
  full: 'Nothing can be created until something is deleted or the quota is raised.',
};

const zh: typeof en = {
  title: '配额',
  loading: '加载中…',
  used: (used: string, limit: string) => `已用 ${used}，共 ${limit}`,
  types: { ENDPOINT: '终端节点', ENDPOINT_SERVICE: '终端节点服务' },
  full: '删除资源或提高配额后才能继续创建。',
};

export function Quotas() {
  const t = useText({ en, zh });
  const { language } = usePreferences();
  const { project, endpoints } = useProject();
  const variables = { projectId: project.id };
  useShownQuery(QuotasDocument, variables);
  const { data, error, again } = useRead(QuotasDocument, variables);
  useAgainAfter(endpoints.ids, again);
  const quotas = data?.quotas;
  return (
    <>
      <h1>{t.title}</h1>
      {error && <ErrorBox fault={faultOf(error, language)} again={again} />}
      {!quotas && !error && <p role="status">{t.loading}</p>}
      {quotas?.map(({ type, rawType, used, limit }) => {
        const name = t.types[type] ?? rawType;
        const most = limit ?? 0;
        return (
          <section key={rawType} className="box quota" aria-label={name}>
            <h2>{name}</h2>
            <meter aria-label={name} min={0} max={Math.max(most, 1)} high={most * 0.8} optimum={0} value={used ?? 0} />
            <p>{t.used(String(used ?? '–'), String(limit ?? '–'))}</p>
            {used !== null && limit !== null && used >= limit && <p role="alert">{t.full}</p>}
          </section>
        );
      })}
    </>
  );
}
