/** Prints the microseconds of one signature, ours and the official SDK's, of the same requests; run for each start. */
import { AKSKSigner } from '@huaweicloud/huaweicloud-sdk-core/auth/AKSKSigner.js';
import { BasicCredentials } from '@huaweicloud/huaweicloud-sdk-core/auth/BasicCredentials.js';
import { sdkDate, sign } from '../../src/vpcep/signing/signature.ts';
import { CREDENTIAL, endpointId, PROJECT_ID } from '../support/sample.ts';

const HOST = 'vpcep.cn-north-4.myhuaweicloud.com';
const ENDPOINTS = `/v1/${PROJECT_ID}/vpc-endpoints`;
const INPUT = { endpoint_service_id: endpointId(1), vpc_id: endpointId(2), subnet_id: endpointId(3) };
const SIGNATURES = 10_000;
const FIXED = '20260110T082951Z';

const official = new BasicCredentials().withAk(CREDENTIAL.ak).withSk(CREDENTIAL.sk.reveal()).withProjectId(PROJECT_ID);

interface Case {
  readonly name: string;
  readonly ours: (date?: string) => string;
  readonly theirs: (date?: string) => string;
}

function requestOf(name: string, method: 'GET' | 'POST', path: string, query: Readonly<Record<string, string>>): Case {
  const data = method === 'POST' ? INPUT : undefined;
  const headers = { 'content-type': 'application/json', 'X-Project-Id': PROJECT_ID };
  const text = new URLSearchParams(query).toString();
  const bytes = data === undefined ? {} : { body: JSON.stringify(data) };
  const input = { method, host: HOST, path, query: text, projectId: PROJECT_ID, ...bytes };
  const own = [['content-type', 'application/json']] as const;
  return {
    name,
    ours: (date = sdkDate(Date.now())) => sign({ ...input, headers: own }, CREDENTIAL, date).authorization,
    theirs: (date) => {
      const dated = date === undefined ? headers : { ...headers, 'X-Sdk-Date': date };
      const request = { method, endpoint: `https://${HOST}${path}`, queryParams: { ...query }, headers: dated, data };
      const signed = AKSKSigner.sign(request as Parameters<typeof AKSKSigner.sign>[0], official);
      return (signed as { readonly Authorization: string }).Authorization;
    },
  };
}

const CASES = [
  requestOf('create', 'POST', ENDPOINTS, {}),
  requestOf('one', 'GET', `${ENDPOINTS}/${endpointId(0)}`, {}),
  requestOf('list', 'GET', ENDPOINTS, { limit: '50', offset: '0', sort_dir: 'desc', vpc_id: endpointId(2) }),
];

function micros(signature: () => string): number {
  const startedAt = process.hrtime.bigint();
  for (let n = 0; n < SIGNATURES; n += 1) signature();
  return Number(process.hrtime.bigint() - startedAt) / 1000 / SIGNATURES;
}

const samples = Number(process.argv[2]);
const measured = CASES.map(({ name, ours, theirs }) => {
  const [own, other] = [ours(FIXED), theirs(FIXED)];
  if (own !== other) throw new Error(`${name}: different signatures\n${own}\n${other}`);
  const times: { ours: number; theirs: number }[] = [];
  for (let n = -2; n < samples; n += 1) {
    const pair = { ours: micros(ours), theirs: micros(theirs) };
    // The first rounds warm up.
    if (n >= 0) times.push(pair);
  }
  return { name, times };
});
console.log(JSON.stringify(measured));
