import { readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { createGatewayRuntime, type GatewayPlugin } from '@graphql-hive/gateway-runtime';
import { useJIT } from '@graphql-mesh/plugin-jit';
import { sdkDate, sign } from '../../src/vpcep/signing/signature.ts';
import { listen } from '../servers/listen.ts';
import { CREDENTIAL, PROJECT_ID } from '../support/sample.ts';

/** Our signature on the calls that Hive makes; its REST transport has its own HTTP client. */
const signing: GatewayPlugin = {
  onFetch: ({ url, options, setOptions }) => {
    const { host, pathname: path, searchParams } = new URL(url);
    searchParams.sort();
    const method = options.method ?? 'GET';
    const body = typeof options.body === 'string' ? { body: options.body } : {};
    const headers = [['content-type', 'application/json']] as const;
    const input = { method, host, path, query: searchParams.toString(), headers, projectId: PROJECT_ID, ...body };
    setOptions({ ...options, headers: sign(input, CREDENTIAL, sdkDate(Date.now())).headers });
  },
};

const gateway = createGatewayRuntime({
  supergraph: readFileSync(process.argv[2] ?? '', 'utf8'),
  plugins: () => [useJIT(), signing],
  logging: false,
});
listen(createServer((request, response) => void gateway(request, response)));
