/**
 * Checks docker/chart without a cluster: helm lints and renders it, the documents fit the schemas and the types of
 * Kubernetes, every pod is hardened, and wrong values are refused. script/check-chart runs it.
 */
import { execFile, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { isDeepStrictEqual, promisify } from 'node:util';
import { parse, parseAllDocuments } from 'yaml';
import { z } from 'zod';

const CHART = 'docker/chart';
const FULL = ['--values', 'test/chart/values.yaml'];
/** The values that the document goes through. */
const DOCUMENTED = /^# values\.yaml\n[^`]+/m.exec(readFileSync('docs/operations/deployment.md', 'utf8'))?.[0] ?? '';
mkdirSync('test/chart/dist', { recursive: true });
writeFileSync('test/chart/dist/documented.yaml', DOCUMENTED);
const SETS = {
  full: FULL,
  'deployment.md': ['--values', 'test/chart/dist/documented.yaml'],
  'one replica': ['--set', 'image.repository=r,settings.AUTH_MODE=jwt,replicaCount=1'],
  container: ['--values', 'test/container/values.yaml'],
};

/** Arguments beside the full values, and what the refusal must say. */
const REFUSED: readonly (readonly [arguments_: readonly string[], message: string])[] = [
  [['--set', 'replicas=3'], "additional properties 'replicas' not allowed"],
  [['--set', 'resources.limit.memory=1Gi'], "at '/resources': additional properties 'limit' not allowed"],
  [['--set', 'replicaCount=0'], "at '/replicaCount': minimum: got 0, want 1"],
  [['--set', 'image.tag=latest'], 'image.tag must not be latest'],
  [['--set', 'image.repository='], 'image.repository must be set'],
  [['--set', 'settings.AUTH_MOD=jwt'], "at '/settings': additional properties 'AUTH_MOD' not allowed"],
  [['--set', 'settings.HUAWEICLOUD_SDK_SK=x'], "additional properties 'HUAWEICLOUD_SDK_SK' not allowed"],
  [['--set', 'settings.REDIS_URL=redis://:secret@redis'], 'settings.REDIS_URL must not hold a password'],
  [
    ['--set', 'settings.REDIS_URL=redis+sentinel://redis/main?sentinelPassword=secret'],
    'settings.REDIS_URL must not hold a password',
  ],
  [['--set', 'settings.HTTPS_PROXY=http://user:secret@proxy'], 'settings.HTTPS_PROXY must not hold a password'],
  [['--set', 'settings.VPCEP_URL=https://user:secret@vpcep'], 'settings.VPCEP_URL must not hold a password'],
  [
    ['--set', 'settings.OTEL_EXPORTER_OTLP_HEADERS=key=secret'],
    "at '/settings/OTEL_EXPORTER_OTLP_HEADERS': false schema",
  ],
  [
    ['--set', 'settings.OTEL_EXPORTER_OTLP_TRACES_HEADERS=key=secret'],
    "at '/settings/OTEL_EXPORTER_OTLP_TRACES_HEADERS': false schema",
  ],
  [['--set', 'settings.AUTH_MODE=none'], 'name http://edge-vpcep-gateway:4000 and the host of the ingress'],
  [['--set', 'settings.MAX_CONNECTIONS=1000'], 'settings.MAX_CONNECTIONS closes the connections of probes'],
  [['--set', 'settings.AUDIT_LOG=/audit'], "at '/settings/AUDIT_LOG': value must be one of 'stdout', 'off'"],
  [['--set', 'settings.AUTH_MODE='], "at '/settings/AUTH_MODE': value must be one of 'none', 'iam-token', 'jwt'"],
  [['--set', 'files[0].settings.PROJECTS_FILE=projects'], 'PROJECTS_FILE is set twice'],
  [['--set', 'files[0].configMap=x'], "at '/files/0': maxProperties: got 3, want 2"],
  [['--set', 'files[1].configMap=keys'], 'keys is named twice'],
  [['--set-json', 'files=[{"secret":"keys","settings":{"METRICS_TOKEN_FILE":"a"}}]'], 'several replicas need Redis'],
  [
    ['--set-json', 'files=[{"secret":"keys","settings":{"REDIS_URL_FILE":"a"}}]'],
    'serviceMonitor needs METRICS_TOKEN_FILE',
  ],
  [['--set', 'serviceMonitor.enabled=false'], 'prometheusRule needs serviceMonitor'],
  [['--set', 'projects.projects[0].url=https://vpcep:8443'], 'needs port 8443, which the NetworkPolicy closes'],
  [['--set', 'ingress.tlsSecret='], "at '/ingress/tlsSecret': minLength: got 0, want 1"],
  [['--set', 'autoscaling.minReplicas=7'], 'autoscaling.minReplicas must not be greater'],
  [['--set', 'autoscaling.cpu=lots'], "at '/autoscaling/cpu': got string, want integer"],
];

/** Addresses whose ports the NetworkPolicy closes. */
const CLOSED = [
  ['REDIS_URL', 'redis://one:6379,two:6380', 6380],
  ['REDIS_URL', 'redis+sentinel://redis/main', 26379],
  ['HTTPS_PROXY', 'http://proxy:3128', 3128],
  ['HTTPS_PROXY', 'http://proxy', 80],
  ['JWT_ISSUER', 'https://login:8443/realm', 8443],
  ['VPCEP_URL', 'https://[::2]:8443', 8443],
  ['OTEL_EXPORTER_OTLP_ENDPOINT', 'http://collector:4318', 4318],
] as const;

const Pod = z.object({
  automountServiceAccountToken: z.literal(false),
  enableServiceLinks: z.literal(false),
  securityContext: z.object({
    runAsNonRoot: z.literal(true),
    runAsUser: z.literal(1000),
    seccompProfile: z.object({ type: z.literal('RuntimeDefault') }),
  }),
  containers: z.array(
    z.object({
      env: z.array(z.object({ name: z.string(), value: z.string() })),
      securityContext: z.object({
        allowPrivilegeEscalation: z.literal(false),
        readOnlyRootFilesystem: z.literal(true),
        capabilities: z.object({ drop: z.tuple([z.literal('ALL')]) }),
      }),
      resources: z.object({ requests: z.looseObject({}), limits: z.object({ memory: z.string() }) }),
    }),
  ),
});
const Doc = z.looseObject({ apiVersion: z.string(), kind: z.string(), spec: z.looseObject({}).optional() });
type Doc = z.infer<typeof Doc>;

const faults: string[] = [];
const must = (holds: boolean, fault: string): void => {
  if (!holds) faults.push(fault);
};

function helm(...args: readonly string[]) {
  const { status, stdout, stderr } = spawnSync('script/helm', args, { encoding: 'utf8' });
  return { ok: status === 0, stdout, text: `${stdout}${stderr}`.trim() };
}

function render(set: string, args: readonly string[]): Doc[] {
  const { ok, stdout, text } = helm('template', 'edge', CHART, ...args);
  must(ok, `${set}: ${text}`);
  return parseAllDocuments(ok ? stdout : '').map((document) => Doc.parse(document.toJS()));
}

const moduleOf = ({ apiVersion }: Doc) =>
  apiVersion.startsWith('monitoring.')
    ? `@kubernetes-models/prometheus-operator/${apiVersion}`
    : `kubernetes-models/${apiVersion}`;

/** Wrong values, and members that are missing. */
async function checkSchema(set: string, doc: Doc): Promise<void> {
  const models = await import(moduleOf(doc));
  try {
    new models[doc.kind](doc).validate();
  } catch (error) {
    faults.push(`${set}: ${doc.kind}: ${error instanceof Error ? error.message : error}`);
  }
}

/** Members that Kubernetes does not know: only the compiler finds these. */
function checkTypes(docs: readonly Doc[]): void {
  const lines = docs.map(
    (doc, i) =>
      `import type { I${doc.kind} as T${i} } from '${moduleOf(doc)}/${doc.kind}';\nexport const d${i}: T${i} = ${JSON.stringify(doc, null, 2)};`,
  );
  writeFileSync('test/chart/dist/rendered.ts', `${lines.join('\n')}\n`);
  const options = ['--ignoreConfig', '--noEmit', '--strict', '--skipLibCheck', '--module', 'nodenext'];
  const { status, stdout } = spawnSync('node_modules/.bin/tsc', [...options, 'test/chart/dist/rendered.ts'], {
    encoding: 'utf8',
  });
  must(status === 0, stdout);
}

function checkPod(set: string, spec: unknown, { grace }: { readonly grace: boolean }): void {
  const { data, error } = Pod.safeParse(spec);
  if (data === undefined) {
    faults.push(`${set}: a pod is not safe: ${z.prettifyError(error)}`);
    return;
  }
  const delay = Number(data.containers[0]?.env.find(({ name }) => name === 'SHUTDOWN_DELAY_SECONDS')?.value);
  const seconds = z.object({ terminationGracePeriodSeconds: z.number() }).safeParse(spec).data;
  // src/http/server.ts drains for 10 s, and src/app/gateway.ts waits for the last calls and their records.
  if (grace)
    must((seconds?.terminationGracePeriodSeconds ?? 0) >= delay + 30, `${set}: killed before the drain has ended`);
}

/** The alerts of docker/observability, which have tests, for the job that the ServiceMonitor makes of this release. */
function checkAlerts(set: string, spec: unknown): void {
  const alerts = readFileSync('docker/observability/alerts.yaml', 'utf8');
  const job = 'job="edge-vpcep-gateway",namespace="default"';
  must(
    isDeepStrictEqual(spec, parse(alerts.replaceAll('job="vpcep-gateway"', job))),
    `${set}: the PrometheusRule has other alerts than docker/observability/alerts.yaml: run script/codegen`,
  );
}

/** What `helm upgrade` renders where the Deployment runs already: as much of an API server as it asks for. */
async function renderUpgrade(docs: readonly Doc[], live: object): Promise<string> {
  const resources = (version: string) =>
    docs.flatMap(({ apiVersion, kind }) =>
      apiVersion === version ? { name: `${kind.toLowerCase()}s`, kind, namespaced: true, verbs: ['get'] } : [],
    );
  const versions = [...new Set(docs.map(({ apiVersion }) => apiVersion))].filter((version) => version !== 'v1');
  const groups = versions.map((groupVersion) => {
    const [name = '', version = ''] = groupVersion.split('/');
    return { name, versions: [{ groupVersion, version }] };
  });
  const answers: Record<string, object> = {
    '/version': { gitVersion: 'v1.33.0' },
    '/api': { kind: 'APIVersions', versions: ['v1'] },
    '/apis': { kind: 'APIGroupList', apiVersion: 'v1', groups },
    '/api/v1': { kind: 'APIResourceList', groupVersion: 'v1', resources: resources('v1') },
    '/apis/apps/v1/namespaces/default/deployments/edge-vpcep-gateway': live,
  };
  for (const groupVersion of versions)
    answers[`/apis/${groupVersion}`] = { kind: 'APIResourceList', groupVersion, resources: resources(groupVersion) };
  const server = createServer(({ url = '' }, response) => {
    const answer = answers[url.split('?')[0] ?? ''];
    response.writeHead(answer ? 200 : 404, { 'content-type': 'application/json' });
    response.end(JSON.stringify(answer ?? { kind: 'Status', apiVersion: 'v1', reason: 'NotFound', code: 404 }));
  });
  await once(server.listen(0, '127.0.0.1'), 'listening');
  const address = server.address();
  const port = typeof address === 'object' ? address?.port : undefined;
  const options = ['--is-upgrade', '--dry-run=server', '--disable-openapi-validation'];
  const args = ['template', 'edge', CHART, ...FULL, ...options, `--kube-apiserver=http://127.0.0.1:${port}`];
  try {
    return (await promisify(execFile)('script/helm', args)).stdout;
  } finally {
    server.close();
  }
}

for (const args of [[], FULL]) {
  const { ok, text } = helm('lint', '--strict', CHART, ...args);
  must(ok, text);
}
const docs: Doc[] = [];
for (const [set, args] of Object.entries(SETS)) {
  const rendered = render(set, args);
  docs.push(...rendered);
  for (const doc of rendered) {
    await checkSchema(set, doc);
    if (doc.kind === 'PrometheusRule') checkAlerts(set, doc.spec);
    if (doc.kind === 'Pod') checkPod(set, doc.spec, { grace: false });
    const template = z.object({ template: z.object({ spec: z.unknown() }) }).safeParse(doc.spec).data?.template;
    if (doc.kind === 'Deployment') checkPod(set, template?.spec, { grace: true });
  }
}
checkTypes(docs);
const kinds = new Set(docs.map(({ kind }) => kind));
must(kinds.size === 10, `10 kinds of documents were expected, not ${[...kinds].join(', ')}`);
for (const [args, message] of REFUSED) {
  const { ok, text } = helm('template', 'edge', CHART, ...FULL, ...args);
  must(
    !ok && text.includes(message),
    `${args.join(' ')}: expected a refusal with "${message}", not: ${text.slice(0, 500)}`,
  );
}
for (const [name, url, port] of CLOSED) {
  const one = ['--set', 'image.repository=r,settings.AUTH_MODE=jwt,replicaCount=1'];
  const args = [...one, '--set-json', `settings.${name}="${url}"`];
  const { text } = helm('template', 'edge', CHART, ...args);
  must(
    text.includes(`${name} needs port ${port}, which`),
    `${name}=${url}: expected a refusal, not: ${text.slice(0, 500)}`,
  );
  const listed = helm('template', 'edge', CHART, ...args, '--set', `networkPolicy.ports={443,6379,${port}}`);
  must(listed.ok, `${name}=${url} with an open port: ${listed.text}`);
}
const strategyOf = (args: readonly string[]) =>
  render('strategy', args).find(({ kind }) => kind === 'Deployment')?.spec?.['strategy'];
must(
  isDeepStrictEqual(strategyOf(SETS['one replica']), { type: 'Recreate' }),
  'without Redis, two replicas can overlap',
);
must(!isDeepStrictEqual(strategyOf(FULL), { type: 'Recreate' }), 'a rollout with Redis takes all replicas away');
const live = { apiVersion: 'apps/v1', kind: 'Deployment', spec: { replicas: 5 } };
must(
  (await renderUpgrade(docs, live)).includes('\n  replicas: 5\n'),
  'an upgrade with autoscaling must keep the number of replicas',
);
const bare = helm('template', 'edge', CHART, '--set', 'image.repository=r');
must(!bare.ok && bare.text.includes('settings.AUTH_MODE must be set'), 'the chart can be rendered without AUTH_MODE');

for (const fault of faults) process.stderr.write(`${fault}\n`);
if (faults.length === 0)
  process.stdout.write(`${docs.length} documents of ${kinds.size} kinds, ${REFUSED.length} refusals\n`);
process.exitCode = faults.length > 0 ? 1 : 0;
