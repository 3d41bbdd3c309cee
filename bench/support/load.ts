/** Load by wrk: requests that were prepared before, over connections that ask again as soon as they have their answer. */
import { writeFileSync } from 'node:fs';
import { run, SCRATCH } from './process.ts';
import { type Operation, ROTATING } from './sample.ts';

const CONNECTIONS = 16;
const PREPARED = 1_000;
const JSON_TYPE = { 'content-type': 'application/json', accept: 'application/json' };

export interface Target {
  /** With its path. */
  readonly url: string;
  readonly headers?: Readonly<Record<string, string>>;
}

/** The answer to one request as text. @throws when it is no success: errors must not be measured. */
export async function send({ url, headers }: Target, { name, body }: Operation): Promise<string> {
  const response = await fetch(url, { method: 'POST', headers: { ...JSON_TYPE, ...headers }, body });
  const text = await response.text();
  if (response.status !== 200 || /"errors":\s*\[/.test(text)) throw new Error(`${name}: ${response.status} ${text}`);
  return text;
}

/** @returns the number of answers. @throws when one was no success. */
export async function saturate(target: Target, operation: Operation, seconds: number): Promise<number> {
  const script = `${SCRATCH}/${operation.name}.lua`;
  writeFileSync(script, lua({ ...JSON_TYPE, ...target.headers }, operation.body));
  // A cold server on a busy machine may need longer than the two seconds of wrk.
  const patient = ['-t1', `-c${CONNECTIONS}`, `-d${seconds}s`, '--timeout', '20s'];
  const output = await run('wrk', [...patient, '-s', script, target.url]);
  const count = Number(/(\d+) requests in/.exec(output)?.[1]);
  if (!(count > 0) || /Non-2xx|Socket errors/.test(output)) throw new Error(`${target.url}: ${output}`);
  return count;
}

function lua(headers: Readonly<Record<string, string>>, body: string): string {
  const lines = Object.entries(headers).map(([name, value]) => `wrk.headers["${name}"] = "${value}"`);
  return `wrk.method = "POST"
${lines.join('\n')}
local prepared, n = {}, 0
function init()
  for i = 1, ${PREPARED} do
    local body = ([==[${body}]==]):gsub("${ROTATING}", string.format("%012x", i))
    prepared[i] = wrk.format(nil, nil, nil, body)
  end
end
function request()
  n = n % ${PREPARED} + 1
  return prepared[n]
end
`;
}
