import { randomUUID } from 'node:crypto';
import { addAbortSignal } from 'node:stream';
import { text } from 'node:stream/consumers';
import { parse, YAMLError } from 'yaml';
import { CreateVpcEndpointDocument, type CreateVpcEndpointInput } from '../client/generated/documents.ts';
import { withoutUndefined } from '../shared/objects.ts';
import { COMMON, command, EXIT, stopSignal, UsageError } from './command.ts';
import { GatewayClient, readText } from './gateway-client.ts';
import { Screen } from './screen.ts';
import { Following, quoted } from './watch-command.ts';

export const createCommand = command({
  summary: 'create an endpoint and print its id',
  options: {
    service: { type: 'string', value: 'ID', help: 'the endpoint service to connect to' },
    vpc: { type: 'string', value: 'ID', help: 'the VPC to create it in' },
    subnet: { type: 'string', value: 'ID', help: 'a subnet of the VPC; needed for interface services' },
    ip: { type: 'string', value: 'ADDRESS', help: 'the IPv4 address that it shall have' },
    'route-table': { type: 'string', value: 'ID', multiple: true, help: 'for gateway services; repeatable' },
    allow: {
      type: 'string',
      value: 'CIDR',
      multiple: true,
      help: 'who may use it (turns the whitelist on); repeatable',
    },
    dns: { type: 'boolean', help: 'create a private domain name' },
    tag: { type: 'string', value: 'KEY=VALUE', multiple: true, help: 'repeatable' },
    description: { type: 'string', value: 'TEXT', help: 'at most 512 characters' },
    file: {
      type: 'string',
      short: 'f',
      value: 'FILE',
      help: 'CreateVpcEndpointInput as YAML or JSON, - is stdin; options win',
    },
    'idempotency-key': { type: 'string', value: 'KEY', help: 'the same key creates only once; "auto" makes one' },
    wait: { type: 'boolean', help: 'until it is accepted' },
    ...COMMON,
  },
  inputFlags: {
    input: '--file',
    endpointServiceId: '--service',
    vpcId: '--vpc',
    subnetId: '--subnet',
    portIp: '--ip',
    routeTables: '--route-table',
    whitelist: '--allow',
    enableWhitelist: '--allow',
    enableDns: '--dns',
    tags: '--tag',
    description: '--description',
    idempotencyKey: '--idempotency-key',
  },
  async run(values, _, io) {
    const { file, project, timeout, json, wait } = values;
    const signal = stopSignal(io, timeout);
    const gateway = new GatewayClient(io);
    const screen = new Screen(io);
    const key = values['idempotency-key'] === 'auto' ? randomUUID() : values['idempotency-key'];
    const given = file === undefined ? {} : await inputOf(file, signal);
    const input = {
      ...given,
      ...withoutUndefined({
        endpointServiceId: values.service,
        vpcId: values.vpc,
        subnetId: values.subnet,
        portIp: values.ip,
        routeTables: values['route-table'],
        whitelist: values.allow,
        enableWhitelist: values.allow && true,
        enableDns: values.dns,
        tags: values.tag?.map(tagOf),
        description: values.description,
        idempotencyKey: key,
      }),
    } as CreateVpcEndpointInput;
    if (!input.endpointServiceId || !input.vpcId) throw new UsageError('--service and --vpc are needed');
    // Before it is sent: with it the command can be repeated when no answer came.
    if (values['idempotency-key'] === 'auto') screen.say(`To repeat it safely: --idempotency-key ${key}`);

    const unanswered = input.idempotencyKey
      ? `The endpoint may have been created: repeat the command with --idempotency-key ${quoted(String(input.idempotencyKey))}`
      : 'The endpoint may have been created: look with `vpcep-gateway list`. Only a command with --idempotency-key can be repeated safely.';
    const variables = { input, projectId: project };
    const { createVpcEndpoint } = await gateway.ask(CreateVpcEndpointDocument, variables, signal, unanswered);
    if (createVpcEndpoint === null) throw new Error('no endpoint in the answer');
    const { endpoint, statusCursor, replayed } = createVpcEndpoint;
    const { id, status } = endpoint;
    screen.print(json ? JSON.stringify({ id, status, cursor: statusCursor, replayed, endpoint }) : id);
    if (!json) screen.say(`${replayed ? 'It was created before' : 'Created'}. Cursor: ${statusCursor}`);
    if (!wait) return EXIT.ok;
    return new Following(gateway, screen, { project, json, signal, data: false }).endpoints([id], {
      after: statusCursor,
    });
  },
});

async function inputOf(file: string, signal: AbortSignal): Promise<object> {
  const content = file === '-' ? await stdin(signal) : readText(file, '--file');
  let input: unknown;
  try {
    // JSON is YAML.
    input = parse(content);
  } catch (error) {
    if (!(error instanceof YAMLError)) throw error;
    if (error.code === 'MULTIPLE_DOCS') throw new UsageError('--file must be one document');
    throw new UsageError(`--file: ${error.message.split('\n')[0]?.replace(/:$/, '')}`);
  }
  if (typeof input !== 'object' || input === null || Array.isArray(input)) {
    throw new UsageError('--file must hold an object: the fields of CreateVpcEndpointInput');
  }
  return input;
}

async function stdin(signal: AbortSignal): Promise<string> {
  try {
    return await text(addAbortSignal(signal, process.stdin));
  } catch (error) {
    signal.throwIfAborted();
    throw error;
  }
}

function tagOf(text: string): { key: string; value: string } {
  const [, key, value] = /^([^=]+)=(.*)$/s.exec(text) ?? [];
  if (key === undefined || value === undefined) throw new UsageError(`--tag must be KEY=VALUE; it is ${text}`);
  return { key, value };
}
