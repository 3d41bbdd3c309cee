/** A real nginx with docker/nginx.conf, in front of gateways of the test. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { endWithUs } from './end-with-us.ts';
import { freePort } from './redis-process.ts';
import { until } from './until.ts';

const RECOMMENDED = new URL('../../docker/nginx.conf', import.meta.url);
/** Debian's are in folders of root. */
const OWN_FILES = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi'];

export interface Nginx {
  readonly url: string;
  /** Its error log. */
  log(): string;
  stop(): Promise<void>;
}

/** @param ports of gateways on loopback, in place of those that the file names */
export async function startNginx(ports: readonly number[]): Promise<Nginx> {
  const dir = mkdtempSync(join(tmpdir(), 'vpcep-nginx-'));
  const file = join(dir, 'nginx.conf');
  const port = await freePort();
  writeFileSync(file, configured(readFileSync(RECOMMENDED, 'utf8'), ports, port, dir));
  const child = endWithUs(
    spawn(process.env.NGINX ?? 'nginx', ['-p', dir, '-c', file, '-e', 'stderr', '-g', `daemon off; pid ${dir}/pid;`], {
      stdio: ['ignore', 'ignore', 'pipe'],
    }),
  );
  let log = '';
  child.stderr.on('data', (chunk: Buffer) => {
    log += chunk.toString();
  });
  const ended = once(child, 'exit');
  const url = `http://127.0.0.1:${port}`;
  await until(async () => (await fetch(`${url}/livez`)).ok, 'nginx serves').catch((error: unknown) => {
    child.kill();
    throw new Error(`nginx does not serve:\n${log}`, { cause: error });
  });
  return {
    url,
    log: () => log,
    stop: async () => {
      child.kill('SIGTERM');
      await ended;
      rmSync(dir, { recursive: true, force: true });
    },
  };
}

function configured(text: string, ports: readonly number[], port: number, dir: string): string {
  const server = /^ *server gateway-1:4000(?<options>.*);\n(?: *server gateway-\d+:4000.*;\n)*/m;
  const { options = '' } = server.exec(text)?.groups ?? {};
  const servers = ports.map((one) => `server 127.0.0.1:${one}${options};\n`).join('');
  const folders = OWN_FILES.map((name) => `${name}_temp_path ${dir}/${name};`).join(' ');
  return text
    .replace(server, servers)
    .replace('http {', `http { ${folders}`)
    .replace('listen 8080', `listen 127.0.0.1:${port}`);
}
