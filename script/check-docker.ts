/**
 * Checks of docker/ that need no container engine: what the Dockerfile copies exists and is not ignored, it keeps a
 * few rules, the compose file holds together, nginx accepts its file where nginx is installed, and the chart has the
 * version, the settings and the alerts of the gateway. script/check-chart checks the rest of the chart, with helm.
 */
import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parse } from 'yaml';
import { z } from 'zod';

const faults: string[] = [];
const must = (holds: boolean, fault: string): void => {
  if (!holds) faults.push(fault);
};

function checkDockerfile(): void {
  const lines = readFileSync('docker/Dockerfile', 'utf8')
    .replaceAll(/\\\n/g, ' ')
    .split('\n')
    .filter((line) => line !== '' && !line.startsWith('#'));
  const sent = readFileSync('.dockerignore', 'utf8')
    .split('\n')
    .flatMap((line) => (line.startsWith('!') ? [line.slice(1)] : []));
  const stages = new Set<string>();
  let last: string[] = [];
  for (const line of lines) {
    const [word = '', ...rest] = line.split(/\s+/);
    if (word === 'FROM') {
      must(rest[0] === 'scratch' || !/(:latest|^[^:]+)$/.test(rest[0] ?? ''), `Dockerfile: ${line}: name a version`);
      if (rest[2] !== undefined) stages.add(rest[2]);
      last = [];
    }
    last.push(line);
    if (word === 'ADD') faults.push(`Dockerfile: ${line}: use COPY`);
    if (/^(ENV|ARG)\b.*(SECRET|TOKEN|PASSWORD|_SK|_AK)/.test(line))
      faults.push(`Dockerfile: ${line}: no secrets in an image`);
    if (/^(CMD|ENTRYPOINT) /.test(line))
      must(rest[0]?.startsWith('[') === true, `Dockerfile: ${line}: use the exec form`);
    if (word === 'COPY') checkCopy(line, rest, stages, sent);
  }
  const user = last.find((line) => line.startsWith('USER '));
  must(user !== undefined && !/root|\b0\b/.test(user), 'Dockerfile: the last stage must not run as root');
  must(
    last.some((line) => line.startsWith('HEALTHCHECK ')),
    'Dockerfile: the last stage needs a HEALTHCHECK',
  );
}

function checkCopy(line: string, rest: readonly string[], stages: ReadonlySet<string>, sent: readonly string[]): void {
  const from = /^--from=(.*)$/.exec(rest[0] ?? '')?.[1];
  if (from !== undefined) {
    must(stages.has(from), `Dockerfile: ${line}: there is no stage ${from}`);
    return;
  }
  for (const path of rest.slice(0, -1)) {
    must(existsSync(path), `Dockerfile: ${line}: ${path} does not exist`);
    must(
      sent.some((root) => path === root || path.startsWith(`${root}/`)),
      `.dockerignore keeps ${path} out of the build`,
    );
  }
}

const Compose = z.object({
  services: z.record(
    z.string(),
    z.object({
      image: z.string(),
      build: z.object({ context: z.string(), dockerfile: z.string() }).optional(),
      environment: z.record(z.string(), z.string()).optional(),
      depends_on: z.record(z.string(), z.object({ condition: z.string() })).optional(),
      healthcheck: z.looseObject({}).optional(),
      ports: z.array(z.string()).optional(),
      volumes: z.array(z.string()).optional(),
    }),
  ),
});

function checkCompose(): string[] {
  const { services } = Compose.parse(parse(readFileSync('docker/compose.yaml', 'utf8'), { merge: true }));
  for (const [name, service] of Object.entries(services)) {
    for (const other of Object.keys(service.depends_on ?? {}))
      must(other in services, `compose: ${name} waits for ${other}, which is not there`);
    for (const port of service.ports ?? [])
      must(port.startsWith('127.0.0.1:'), `compose: ${name} is published beyond 127.0.0.1`);
    for (const volume of service.volumes ?? []) {
      const source = join('docker', volume.split(':')[0] ?? '');
      must(existsSync(source), `compose: ${name} mounts ${source}, which does not exist`);
    }
    if (service.build)
      must(
        existsSync(join('docker', service.build.context, service.build.dockerfile)),
        `compose: ${name} has no Dockerfile`,
      );
    for (const [variable, value] of Object.entries(service.environment ?? {})) {
      const host = /_URL$/.test(variable) ? (URL.parse(value)?.hostname ?? '') : undefined;
      must(host === undefined || host in services, `compose: ${variable} of ${name} names ${host}, which is not there`);
    }
  }
  return Object.keys(services);
}

function checkNginx(services: readonly string[]): void {
  const config = readFileSync('docker/nginx.conf', 'utf8');
  for (const [, host = ''] of config.matchAll(/^\s*server ([^\s:]+):\d+/gm))
    must(services.includes(host), `nginx.conf: no service ${host}`);
  const folder = mkdtempSync(join(tmpdir(), 'nginx-'));
  try {
    // The services' names resolve in the compose network only, and the default folders may need root.
    const kinds = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi'];
    const folders = kinds.map((kind) => `${kind}_temp_path ${folder}/${kind};`).join(' ');
    const file = join(folder, 'nginx.conf');
    const local = services.reduce((text, host) => text.replaceAll(`${host}:`, '127.0.0.1:'), config);
    writeFileSync(file, `pid ${folder}/pid;\n${local.replace('http {', `http { ${folders}`)}`);
    const { error, status, stderr } = spawnSync('nginx', ['-t', '-q', '-e', 'stderr', '-c', file], {
      encoding: 'utf8',
    });
    if (error === undefined) must(status === 0, `nginx.conf: ${stderr}`);
    else console.log('nginx is not installed: nginx.conf was not given to it.');
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** Settings that the chart does not name: files and secrets, what it sets itself, those of the simulator, OTEL_* (a pattern). */
const NOT_IN_CHART =
  /_FILE$|^OTEL_|^SIMULATOR_|SDK_(AK|SK|SECURITY_TOKEN)$|^METRICS_TOKEN$|^(PORT|SHUTDOWN_DELAY_SECONDS|VPCEP_BUDGET_REPLICAS)$/;

function checkChart(): void {
  const reference = readFileSync('docs/reference/configuration.md', 'utf8');
  const cells = [...reference.matchAll(/^\| (`[A-Z][^|]*`) \|/gm)].map(([, cell = '']) => cell);
  const known = new Set(
    cells.flatMap((cell) => [...cell.matchAll(/`([A-Z][A-Z0-9_]+)`/g)].map(([, name = '']) => name)),
  );
  const schema = JSON.parse(readFileSync('docker/chart/values.schema.json', 'utf8'));
  const passed = new Set(Object.keys(schema.properties.settings.properties));
  for (const name of passed)
    must(known.has(name) || name === 'NODE_OPTIONS', `values.schema.json: configuration.md has no setting ${name}`);
  for (const name of known)
    must(passed.has(name) || NOT_IN_CHART.test(name), `values.schema.json: the setting ${name} is missing`);
  must(known.size > 40, 'the settings of configuration.md were not found');
  const [tested, ours] = ['observability', 'chart/files'].map((folder) =>
    readFileSync(`docker/${folder}/alerts.yaml`, 'utf8'),
  );
  must(tested === ours, 'docker/chart/files/alerts.yaml is not docker/observability/alerts.yaml: run script/codegen');
  const { version } = JSON.parse(readFileSync('package.json', 'utf8'));
  const chart = parse(readFileSync('docker/chart/Chart.yaml', 'utf8'));
  must(chart.version === version && chart.appVersion === version, `Chart.yaml: both versions must be ${version}`);
}

checkDockerfile();
checkChart();
checkNginx(checkCompose());
for (const fault of faults) console.error(fault);
process.exitCode = faults.length > 0 ? 1 : 0;
