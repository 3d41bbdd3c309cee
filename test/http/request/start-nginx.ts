import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { endWithUs } from '../../support/end-with-us.ts';
import { freePort } from '../../support/start-redis.ts';
import { until } from '../../support/until.ts';

const CONFIG = new URL('../../../docker/nginx.conf', import.meta.url);
/** The default folders may need root. */
const FOLDERS = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi'];

export const HAS_NGINX = spawnSync('nginx', ['-v']).error === undefined;

export interface Nginx {
  readonly url: string;
  stop(): Promise<void>;
}

/** A real nginx with docker/nginx.conf, in front of one gateway instead of two. */
export async function startNginx(gatewayUrl: string): Promise<Nginx> {
  const dir = mkdtempSync(join(tmpdir(), 'vpcep-nginx-'));
  const port = await freePort();
  const http = FOLDERS.map((kind) => `${kind}_temp_path ${dir}/${kind};`).join(' ');
  const text = readFileSync(CONFIG, 'utf8')
    .replace('http {', `http { ${http}`)
    .replace('listen 8080;', `listen 127.0.0.1:${port};`)
    .replaceAll(/gateway-\d:4000/g, new URL(gatewayUrl).host);
  writeFileSync(join(dir, 'nginx.conf'), `daemon off; pid ${dir}/pid;\n${text}`);
  const child = endWithUs(
    spawn('nginx', ['-e', 'stderr', '-c', join(dir, 'nginx.conf')], { stdio: ['ignore', 'ignore', 'inherit'] }),
  );
  const exited = once(child, 'exit');
  const url = `http://127.0.0.1:${port}`;
  await until(async () => (await fetch(`${url}/livez`)).ok, 'nginx answers');
  return {
    url,
    stop: async () => {
      child.kill('SIGTERM');
      await exited;
      rmSync(dir, { recursive: true, force: true });
    },
  };
}
