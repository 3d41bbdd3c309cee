/** nginx with fixed answers: it costs a tenth of a node:http stub, and it counts. No signature check, no state. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import { endWithUs } from '../../test/support/end-with-us.ts';
import { freePort } from '../../test/support/redis-process.ts';
import { until } from '../../test/support/until.ts';
import { OTHER_CORE, SCRATCH } from './process.ts';
import { endpointId, LIST_LENGTH, upstreamEndpoint } from './sample.ts';

export interface Upstream {
  readonly url: string;
  /** Requests so far, these questions left out. */
  requests(): Promise<number>;
  stop(): Promise<void>;
}

const ID = '00000000-0000-4000-8000-000000000000';
const ONE = JSON.stringify(upstreamEndpoint(ID, 'accepted'));
const ENDPOINTS = '^/v1/[0-9a-f]+/vpc-endpoints';

/** Every creation has an id of its own, and is settled, so that nothing is waited for. */
function configuration(port: number): string {
  const kinds = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi'];
  const temp = kinds.map((name) => `${name}_temp_path ${SCRATCH}/${name};`);
  return `daemon off; master_process off; pid ${SCRATCH}/nginx.pid; error_log stderr;
events { worker_connections 4096; }
http {
  access_log off; default_type application/json; keepalive_requests 100000000; keepalive_timeout 1h;
  open_file_cache max=10; ${temp.join(' ')}
  map $request_id $created { "~^(?<digits>.{12})" $digits; }
  server {
    listen 127.0.0.1:${port};
    location = /requests { stub_status; }
    location = /list.json { root ${SCRATCH}; }
    location ~ ${ENDPOINTS}/(?<id>.+)$ { return 200 '${ONE.replaceAll(ID, '$id')}'; }
    location ~ ${ENDPOINTS}$ {
      if ($request_method = POST) { return 200 '${ONE.replaceAll(ID, '4189d3c2-8882-4871-a3c2-$created')}'; }
      rewrite ^ /list.json last;
    }
    location / { return 404; }
  }
}`;
}

export async function startUpstream(): Promise<Upstream> {
  const port = await freePort();
  const rows = Array.from({ length: LIST_LENGTH }, (_, n) => upstreamEndpoint(endpointId(n), 'accepted'));
  writeFileSync(`${SCRATCH}/list.json`, JSON.stringify({ endpoints: rows, total_count: LIST_LENGTH }));
  writeFileSync(`${SCRATCH}/nginx.conf`, configuration(port));
  const args = ['-c', String(OTHER_CORE), 'nginx', '-p', SCRATCH, '-c', 'nginx.conf'];
  const child = endWithUs(spawn('taskset', args, { stdio: ['ignore', 'ignore', 'inherit'] }));
  const ended = once(child, 'exit');
  const url = `http://127.0.0.1:${port}`;
  let asked = 0;
  const requests = async (): Promise<number> => {
    const text = await (await fetch(`${url}/requests`)).text();
    asked += 1;
    return Number(/^ \d+ \d+ (\d+)/m.exec(text)?.[1]) - asked;
  };
  await until(async () => (await requests()) >= 0, 'nginx answers');
  return {
    url,
    requests,
    stop: async () => {
      child.kill('SIGTERM');
      await ended;
    },
  };
}
